/* SPDX-License-Identifier: Apache-2.0 */
/* uart.c - the UART's own part: start, send, take a byte. */
#include "ports/nrf/uart.h"
#include "board.h"
#include "ports/nrf/nrf.h"

void nrf_uart_open(void)
{
    REG(CLOCK_HFCLKSTART) = 1; /* the crystal: an RC clock drifts out of the baud rate */
    REG(GPIO0 + GPIO_OUTSET) = 1u << BOARD_PIN_TX;
    REG(GPIO0 + GPIO_DIRSET) = 1u << BOARD_PIN_TX;
    REG(GPIO0 + GPIO_CNF(BOARD_PIN_RX)) = GPIO_INPUT_PULLUP;
    REG(UART_PSELTXD) = BOARD_PIN_TX;
    REG(UART_PSELRXD) = BOARD_PIN_RX;
    REG(UART_BAUDRATE) = UART_BAUD_115K;
    REG(UART_ENABLE) = 4;
    REG(UART_STARTTX) = 1;
    REG(UART_STARTRX) = 1;
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
