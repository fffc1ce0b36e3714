/* SPDX-License-Identifier: Apache-2.0 */
/* retain_gpregret.c - in the register that is meant for it; Zephyr's boot mode lies there too. */
#include "airlock/port.h"
#include "ports/nrf/nrf.h"
#include "ports/nrf/retain.h"

uint8_t nrf_retained_take(void)
{
    uint8_t mode = (uint8_t)REG(POWER_GPREGRET);

    REG(POWER_GPREGRET) = ALK_MODE_NORMAL;
    return mode;
}

void alk_port_retain(uint8_t mode)
{
    REG(POWER_GPREGRET) = mode;
}
