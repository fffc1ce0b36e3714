/* SPDX-License-Identifier: Apache-2.0 */
/* port.c - what include/airlock/port.h promises, each function empty or the least that is true. */
#include "airlock/port.h"
#include "ports/template/board.h"

void alk_port_open(void)
{
    /* Clock, pins, console line at 115200 8N1. */
}

bool alk_port_wants_recovery(void)
{
    /* Take and clear the retained mode; look whether the line's input is held low. */
    return false;
}

void alk_port_tick(void)
{
    /* Feed the watchdog if it runs; never start it. */
}

void alk_port_retain(uint8_t mode)
{
    /* A register or RAM words that outlive a reset; RAM needs a magic and a check. */
    (void)mode;
}

void alk_port_lock(const struct alk_map *map)
{
    /* Until reset: no writes below the primary, no reads of map->keys. */
    (void)map;
}

_Noreturn void alk_port_jump(uint32_t vectors)
{
    /* Undo alk_port_open(), move the vectors, wipe BOARD_BOOT_RAM from registers, load SP and PC. */
    (void)vectors;
    for (;;)
        ;
}

_Noreturn void alk_port_reset(void)
{
    for (;;)
        ;
}

static int get(void *dev)
{
    (void)dev;
    return -1;
}

static void put(void *dev, const uint8_t *p, size_t len)
{
    (void)dev, (void)p, (void)len;
}

static void wait(void *dev)
{
    (void)dev;
}

const struct alk_link alk_port_link = {.get = get, .put = put, .wait = wait};
