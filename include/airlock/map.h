/* SPDX-License-Identifier: Apache-2.0 */
/* map.h - where things are on a board: facts, given by ports/, read by everyone. */
#ifndef AIRLOCK_MAP_H
#define AIRLOCK_MAP_H

#include "airlock/flash.h"

/* What a board asks of an image, beyond a good signature. */
struct alk_demand {
    uint32_t exec_addr; /* where the primary's slot begins, as the CPU sees it */
    uint32_t max_size;  /* image with all TLVs, bytes */
    uint16_t hdr_size;  /* the one header size that can run here; 0 = any multiple of 4 */
};

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
