/* SPDX-License-Identifier: Apache-2.0 */
/* lock_first_mpu.c - nRF51, before a second stage runs: what only the first stage may change. */
#include "airlock/chain_port.h"
#include "board.h"
#include "ports/nrf/nrf.h"

#define BLOCK 4096u

_Static_assert(BOARD_LOCK_FIRST % BLOCK == 0 && BOARD_LOCK_FIRST >= BOARD_PROVISION + BOARD_PAGE,
               "whole blocks");

void alk_port_lock_first(void)
{
    REG(MPU_PROTENSET0) = (1u << BOARD_LOCK_FIRST / BLOCK) - 1u;
}
