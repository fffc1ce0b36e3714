/* SPDX-License-Identifier: Apache-2.0 */
#include "airlock/port.h"
#include "ports/nrf/nrf.h"

void alk_port_tick(void)
{
    for (unsigned n = 0; n < 8 && REG(WDT_RUNSTATUS) != 0; n++)
        REG(WDT_RR(n)) = WDT_RELOAD;
}
