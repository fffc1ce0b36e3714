/* SPDX-License-Identifier: Apache-2.0 */
/*
 * chain.h - a first stage that never changes, and two slots for the second.
 *
 *   | stage 1 | provision | keys | journal | s0 | s1 | primary | secondary |
 *
 *   s0, s1:     | image, plain | ..0xff.. | void | sure | confirmed | tried | ready |  <- end
 *   provision:  | a key area | ..0xff.. | counter 64 .. 1 | revocation words |
 *
 * An image of a slot is an MCUboot image with ROM_FIXED and the slot's address
 * in its signed header.  Marks are units of zeros, set when more than half of
 * their bits are; so is the counter, where the highest one that is set counts.
 *
 *   class of a slot   a: sure; or not void, and confirmed, or ready and not tried     b: the rest
 *
 * The first stage starts the slot of class a before b, then of the higher
 * version, then the confirmed one; if that does not verify, the other.
 *
 * (C1) The first stage writes a `tried` mark before it starts what is not
 *      confirmed; and when it starts what is confirmed, counter and revocation
 *      words that are behind it.  Nothing else, and nothing on a failed check.
 * (C2) The second stage never writes its own slot but for its marks, and the
 *      other only when its own `sure` mark is set: that one is written after
 *      `confirmed` is whole, so that it cannot read unset later.
 * (C3) An image under an old mark cannot be: the slot is marked void, the header
 *      goes before the marks are erased, and comes back after them.
 * (C4) `ready` is written in the boot that copied the image, after the first
 *      stage has judged it in place; then the request is cleared.  So what is
 *      ready is stable; a cut between the two costs one trial more, no loop.
 * (C5) A slot of class b still starts if there is no other: whatever a torn
 *      mark reads, a slot that verifies is never left unused.
 */
#ifndef AIRLOCK_CHAIN_H
#define AIRLOCK_CHAIN_H

#include "airlock/boot.h"

#define ALK_COUNTER_MAX 64u

#define ALK_STAGE_MARKS 5u /* units at the end of a slot */

/* Marks count from the end of their area. */
enum alk_stage_mark {
    ALK_STAGE_READY = 1,
    ALK_STAGE_TRIED,
    ALK_STAGE_CONFIRMED,
    ALK_STAGE_SURE,
    ALK_STAGE_VOID
};

/* Where the chain's parts are: given by the port. */
struct alk_chain {
    struct alk_flash provision; /* one sector */
    struct alk_flash stage[2];
};

bool alk_stage_marked(const struct alk_flash *area, unsigned mark);

/* cuts: set, unset, or different at each reading (C5) */
int alk_stage_mark(const struct alk_flash *area, unsigned mark);

/* return: as alk_image_open(), or ALK_E_POLICY when it does not belong into this slot */
int alk_stage_open(struct alk_image *img, const struct alk_flash *slot);

/* The slot the first stage would try first; what a program on the device takes for the one that runs. */
unsigned alk_stage_first(const struct alk_chain *c);

/* The security counter of a verified image, 0 when it has none; or an error, ALK_E_SUPPORT above
 * ALK_COUNTER_MAX. */
int alk_counter_of(const struct alk_image *img);

/* The counter in the provision page, 0 when it is new: the highest mark n behind the revocation words counts.
 */
int alk_counter_read(const struct alk_flash *provision);

/*
 * The first stage's own answer: may what lies in this slot run?  Writes nothing.
 *
 * in:     map - b->map, to be filled: primary and demand are those of the slot
 * return: ALK_OK - and the gate would open; else why not
 */
int alk_stage_judge(struct alk_boot *b, struct alk_map *map, const struct alk_chain *c, unsigned slot);

/*
 * The first stage: choose, verify, and write what (C1) allows.
 *
 * in:     b, map - as of alk_stage_judge()
 * cuts:   any; the next call starts a slot that verifies, if there is one
 * return: ALK_OK - the gate may open; else nothing may run
 * proof:  sim/chain.c
 */
int alk_stage_select(struct alk_boot *b, struct alk_map *map, const struct alk_chain *c);

/*
 * The second stage, before it settles: take an update of itself from the
 * secondary into the slot it does not run from.
 *
 * in:     own - the slot this program runs from
 *         judge - the first stage's alk_stage_judge(), through its table
 * cuts:   any: the request stands until the image is ready, and this slot stays
 *         as it is
 * secret: content key and plaintext are wiped; plaintext is written to the other slot only
 * return: 1 - reset now, the first stage tries it; 0 - go on: what is not fit
 *         for a stage is settle's to refuse
 * proof:  sim/chain.c
 */
int alk_chain_take(struct alk_boot *b, const struct alk_chain *c, unsigned own, int (*judge)(unsigned slot));

/*
 * The second stage, after its gate has opened: it can do its work.
 *
 * cuts:   confirmed or on trial
 */
int alk_chain_confirm(const struct alk_chain *c, unsigned own);

#endif
