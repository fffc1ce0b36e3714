/* SPDX-License-Identifier: Apache-2.0 */
/* lock_none.c - an application that may write everything, for boards on a desk. */
#include "airlock/port.h"

void alk_port_lock(const struct alk_map *map)
{
    (void)map;
}
