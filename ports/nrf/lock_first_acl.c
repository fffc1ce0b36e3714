/* SPDX-License-Identifier: Apache-2.0 */
/* lock_first_acl.c - nRF52840, before a second stage runs: what only the first stage may change. */
#include "airlock/chain_port.h"
#include "board.h"
#include "ports/nrf/nrf.h"

#define LIST 7u /* the second stage's come from the front */

void alk_port_lock_first(void)
{
    REG(ACL_ADDRESS(LIST)) = BOARD_BOOT;
    REG(ACL_SIZE(LIST)) = BOARD_LOCK_FIRST;
    REG(ACL_PERM(LIST)) = ACL_NO_WRITE;
}
