/* SPDX-License-Identifier: Apache-2.0 */
#include "airlock/port.h"
#include "board.h"
#include "ports/nrf/nrf.h"
#include "ports/nrf/retain.h"
#include "ports/nrf/uart.h"

#define BREAK_SAMPLES 4000u /* of the line: far longer than a character */

/* The receiver's word for a break.  Parity is off: that bit is an emulator's. */
#define ERROR_BREAK  (1u << 3)
#define ERROR_PARITY (1u << 1)

void alk_port_open(void)
{
    nrf_uart_open();
}

/* Either the receiver saw it begin, or the line has been low all the time. */
static bool break_held(void)
{
    for (unsigned i = 0; i < BREAK_SAMPLES; i++) {
        if ((REG(UART_ERRORSRC) & (ERROR_BREAK | ERROR_PARITY)) != 0)
            return true;
        if ((REG(GPIO0 + GPIO_IN) >> BOARD_PIN_RX & 1u) != 0)
            return false;
    }
    return true;
}

bool alk_port_wants_recovery(void)
{
    bool asked = nrf_retained_take() == ALK_MODE_RECOVERY;

    return break_held() || asked;
}

void alk_port_tick(void)
{
    for (unsigned n = 0; n < 8 && REG(WDT_RUNSTATUS) != 0; n++)
        REG(WDT_RR(n)) = WDT_RELOAD;
}

_Noreturn void alk_port_reset(void)
{
    REG(SCB_AIRCR) = AIRCR_RESET;
    for (;;)
        ;
}
