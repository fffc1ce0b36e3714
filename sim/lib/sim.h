/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sim.h - flash that obeys NOR rules and loses power.
 *
 * Three layers of the same bytes: v and a are what a cell holds (where they
 * differ, the cell is unstable and may read as either, anew at each boot),
 * r is what this boot reads.  Before each unit written and each sector erased
 * `event` is told; it may note what a cut would leave, or cut.
 */
#ifndef ALK_SIM_H
#define ALK_SIM_H

#include <stdbool.h>

#include "airlock/flash.h"

enum alk_sim_how {
    ALK_SIM_DONE,     /* the cut comes after the operation */
    ALK_SIM_PART,     /* some bits written; a sector of noise */
    ALK_SIM_UNSTABLE, /* each bit old or new, at each boot */
    ALK_SIM_LOWER,    /* erase only: lower half erased */
    ALK_SIM_UPPER,    /* erase only: upper half erased */
    ALK_SIM_TOP,      /* erase only: the last 16 bytes erased */
    ALK_SIM_HOWS
};

struct alk_sim_op {
    const uint8_t *data; /* NULL: erase */
    uint32_t at;
    uint32_t len; /* one unit, or one sector */
};

struct alk_sim {
    uint8_t *v, *a, *r;
    uint32_t size;
    uint16_t unit;
    void *ctx;
    void (*event)(struct alk_sim *s, const struct alk_sim_op *op); /* NULL: none */
    void (*broken)(struct alk_sim *s, const char *rule);           /* a rule of flash.h was broken */
    unsigned long erases, bytes_written, bytes_read;
    uint32_t dead_from, dead_to; /* reads in here fail */
};

extern const struct alk_flash_ops alk_sim_ops;

/* What one operation leaves in v and a. */
void alk_sim_leave(uint8_t *v, uint8_t *a, const struct alk_sim_op *op, enum alk_sim_how how);

/* false: this operation has no such way of ending. */
bool alk_sim_can(const struct alk_sim_op *op, enum alk_sim_how how);

/* The rule that flash with a flipped bit breaks by itself: the bit stays 0. */
#define ALK_SIM_ONE_OVER_ZERO "L9: a written 1 over a 0"

#endif
