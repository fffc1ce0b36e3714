/* SPDX-License-Identifier: Apache-2.0 */
/* watchdog_none.c - for products whose applications start no watchdog. */
#include "airlock/port.h"

void alk_port_tick(void)
{
}
