/* SPDX-License-Identifier: Apache-2.0 */
/* map.h - where things are on a board: facts, given by ports/, read by everyone. */
#ifndef AIRLOCK_MAP_H
#define AIRLOCK_MAP_H

#include "airlock/flash.h"
#include "airlock/verify.h"

struct alk_map {
    const char *board;          /* "microbit" */
    struct alk_flash primary;   /* the image that runs */
    struct alk_flash secondary; /* the image that comes, or the one that went */
    struct alk_flash journal;   /* two banks, one after the other, of sectors / 2 each */
    struct alk_flash keys;      /* one sector */
    struct alk_demand demand;
    uint8_t plan; /* alk_plan_id: slide (0), or copy: updates overwrite and can not be taken back */
};

#endif
