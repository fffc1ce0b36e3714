/* SPDX-License-Identifier: Apache-2.0 */
/*
 * retain_ram.c - in two words of RAM that no program clears: the mode under a
 * magic, and its complement.  What RAM holds after power-up does not pass.
 */
#include "airlock/port.h"
#include "board.h"
#include "ports/nrf/nrf.h"
#include "ports/nrf/retain.h"

#define MAGIC 0x414c4b00u /* "ALK", and the mode */

uint8_t nrf_retained_take(void)
{
    uint32_t word = REG(BOARD_RETAINED);
    uint32_t check = REG(BOARD_RETAINED + 4);

    REG(BOARD_RETAINED) = 0;
    return (word ^ MAGIC) < 256 && check == ~word ? (uint8_t)word : ALK_MODE_NORMAL;
}

void alk_port_retain(uint8_t mode)
{
    REG(BOARD_RETAINED) = MAGIC | mode;
    REG(BOARD_RETAINED + 4) = ~(MAGIC | mode);
}
