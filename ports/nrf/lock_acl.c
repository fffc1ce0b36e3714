/* SPDX-License-Identifier: Apache-2.0 */
/* lock_acl.c - nRF52840: access control lists, which only a reset clears. */
#include "airlock/port.h"
#include "board.h"
#include "ports/nrf/nrf.h"

static void deny(unsigned list, uint32_t at, uint32_t size, uint32_t what)
{
    REG(ACL_ADDRESS(list)) = at;
    REG(ACL_SIZE(list)) = size;
    REG(ACL_PERM(list)) = what;
}

void alk_port_lock(const struct alk_map *map)
{
    deny(0, BOARD_BOOT, BOARD_PRIMARY, ACL_NO_WRITE);
    deny(1, map->keys.base, BOARD_PAGE, ACL_NO_READ);
}
