/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lock_mpu.c - nRF51: write protection in blocks of 4 KiB, until reset.  It
 * has no protection against reads by code from the same flash.
 */
#include "airlock/port.h"
#include "board.h"
#include "ports/nrf/nrf.h"

#define BLOCK 4096u

_Static_assert(BOARD_PRIMARY % BLOCK == 0 && BOARD_PRIMARY / BLOCK < 32, "one register's worth of blocks");

void alk_port_lock(const struct alk_map *map)
{
    (void)map; /* code, keys and journal are all that lies below the primary */
    REG(MPU_PROTENSET0) = (1u << BOARD_PRIMARY / BLOCK) - 1u;
}
