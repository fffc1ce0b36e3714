/* SPDX-License-Identifier: Apache-2.0 */
#include "alk_config.h"
#include "ports/nrf/nrf.h"
#include "ports/nrf/uart.h"

#define BREAK_SAMPLES 4000u /* of the line: far longer than a character */

/* The receiver's word for a break.  Parity is off: that bit is an emulator's. */
#define ERROR_BREAK  (1u << 3)
#define ERROR_PARITY (1u << 1)

/* Either the receiver saw it begin, or the line has been low all the time. */
bool nrf_break_held(void)
{
    for (unsigned i = 0; i < BREAK_SAMPLES; i++) {
        if ((REG(UART_ERRORSRC) & (ERROR_BREAK | ERROR_PARITY)) != 0)
            return true;
        if ((REG(GPIO0 + GPIO_IN) >> CONFIG_ALK_UART_PIN_RX & 1u) != 0)
            return false;
    }
    return true;
}
