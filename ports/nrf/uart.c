/* SPDX-License-Identifier: Apache-2.0 */
/* uart.c - the UART's own part: start, send, take a byte. */
#include "ports/nrf/uart.h"
#include "alk_config.h"
#include "ports/nrf/nrf.h"

_Static_assert(UART_BAUD(CONFIG_ALK_UART_BAUD) != 0, "the UART has no such rate");

static const uint32_t opening[][2] = {
    {CLOCK_HFCLKSTART, 1}, /* the crystal: an RC clock drifts out of the baud rate */
    {GPIO0 + GPIO_OUTSET, 1u << CONFIG_ALK_UART_PIN_TX},
    {GPIO0 + GPIO_DIRSET, 1u << CONFIG_ALK_UART_PIN_TX},
    {GPIO0 + GPIO_CNF(CONFIG_ALK_UART_PIN_RX), GPIO_INPUT_PULLUP},
    {UART_PSELTXD, CONFIG_ALK_UART_PIN_TX},
    {UART_PSELRXD, CONFIG_ALK_UART_PIN_RX},
    {UART_BAUDRATE, UART_BAUD(CONFIG_ALK_UART_BAUD)},
    {UART_ENABLE, 4},
    {UART_STARTTX, 1},
    {UART_STARTRX, 1},
};

void nrf_uart_open(void)
{
    for (unsigned i = 0; i < sizeof(opening) / sizeof(opening[0]); i++)
        REG(opening[i][0]) = opening[i][1];
}

void nrf_uart_put(void *dev, const uint8_t *p, size_t len)
{
    (void)dev;
    while (len-- != 0) {
        REG(UART_TXDRDY) = 0;
        REG(UART_TXD) = *p++;
        while (REG(UART_TXDRDY) == 0)
            ;
    }
}

int nrf_uart_take(void)
{
    if (REG(UART_RXDRDY) == 0)
        return -1;
    REG(UART_RXDRDY) = 0;
    return (int)REG(UART_RXD);
}
