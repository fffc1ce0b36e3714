/* SPDX-License-Identifier: Apache-2.0 */
#include "airlock/port.h"
#include "ports/nrf/nrf.h"
#include "ports/nrf/retain.h"
#include "ports/nrf/uart.h"

void alk_port_open(void)
{
    nrf_uart_open();
}

bool alk_port_wants_recovery(void)
{
    bool asked = nrf_retained_take() == ALK_MODE_RECOVERY;

    return nrf_break_held() || asked;
}

_Noreturn void alk_port_reset(void)
{
    REG(SCB_AIRCR) = AIRCR_RESET;
    for (;;)
        ;
}
