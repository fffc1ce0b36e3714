/* SPDX-License-Identifier: Apache-2.0 */
/*
 * world.h - a small device for the closure: its flash, what of it matters.
 *
 *   | P: n + 1 sectors | S: n + 1, roomy n + 2 | bank 0 | bank 1 |
 *
 * canon() is the abstraction of the proof.  It merges contents which the code
 * cannot, or need not, tell apart:
 * (A1) a sector that is not, byte for byte, a sector of an image in the form
 *      its slot holds (plain in P, encrypted in S) is blank;
 * (A2) a mailbox magic is good, unset or bad; a flag set, unset or bad;
 * (A3) a bank without a record that decodes is blank; a mark is set or unset;
 * (A4) record numbers count by order only; attempts, cause and rejected id do
 *      not count; stable marks are folded into `base`; all done records alike
 *      but for the outgoing id;
 * (A5) behind a newer record that is stable and sealed, the older counts only
 *      as decodable or not.
 * The concrete program runs on the canonical content, so a merge that is too
 * bold shows as a run that differs: sim/merge.c tests that.
 */
#ifndef ALK_WORLD_H
#define ALK_WORLD_H

#include "sim/lib/sim.h"
#include "sim/toy.h"

#define WORLD_MAX     1536u
#define WORLD_REGIONS 11u

struct ghost {
    uint8_t good;  /* tag that is permanent */
    uint8_t trial; /* tag that has run unconfirmed, 0: none */
    uint8_t maybe; /* a confirm of it was begun and cut */
    uint8_t asked; /* bit per tag: a request may still be found */
    uint8_t perm;  /* the same, permanent */
    uint8_t gone;  /* rejected, not uploaded since */
    uint8_t lost;  /* the application destroyed what a trial would go back to */
    uint8_t pad;
};

struct world {
    uint8_t v[WORLD_MAX], a[WORLD_MAX];
    struct ghost g;
};

struct geometry {
    unsigned n, roomy, unit, sector, banks; /* banks: sectors of one */
    unsigned tags, misuse, unstable;
};

struct shape {
    struct geometry geo;
    struct alk_map map;
    uint32_t box, secondary, journal, bank, size; /* offsets; box: bytes of a mailbox */
    struct {
        uint32_t at, len;
    } region[WORLD_REGIONS];
    unsigned regions;
};

void world_shape(struct shape *s, const struct geometry *geo, struct alk_sim *sim);

/* Factory: image 1 in P, all else blank. */
void world_factory(struct world *w, const struct shape *s);

/* Region a byte of flash belongs to. */
unsigned world_region(const struct shape *s, uint32_t at);

/* Bring one region, given as its own bytes, to its canonical form. */
void world_canon(const struct shape *s, unsigned region, uint8_t *v, uint8_t *a);

/* Call use() with every reading of the unstable cells in r. */
void world_readings(const struct shape *s, const struct world *w, uint8_t *r, void (*use)(void));

#endif
