/* SPDX-License-Identifier: Apache-2.0 */
/*
 * install.h - how an image gets from the secondary to the primary.
 *
 * A plan is a list of steps; step k is a pure function of (plan, place, n, k).
 * P, S: the slots; n: sectors of the longer image; i: a sector of an image.
 *
 *   slide, place 0: k = 0, 2, ..  P[i] -> S[i+1]   i = n-1 .. 0 (down)
 *                   k = 1, 3, ..  S[i] -> P[i]
 *   slide, place 1: k = 0, 2, ..  P[i] -> S[i]     i = 0 .. n-1 (up)
 *                   k = 1, 3, ..  S[i+1] -> P[i]
 *   copy:           each k        S[i+place] -> P[i]
 *
 * S -> P carries the image that comes and decrypts, P -> S the one that goes
 * and encrypts.  A slide can be taken back: by a copy from the other place.
 *
 * (S1) A step never writes the sector it reads.
 * (S2) At every instant, also within a step, each sector of both images of a
 *      slide lies whole somewhere; alk_plan_moved() says where.
 * (S3) Marks are made in order, each after its step.
 * (S4) The end is what the plan promises: P the new image, and after a slide
 *      the old one whole at the other place.
 * (S5) A step writes image bytes only: up to the image's end, padded to a unit.
 */
#ifndef AIRLOCK_INSTALL_H
#define AIRLOCK_INSTALL_H

#include "airlock/journal.h"
#include "airlock/mailbox.h"
#include "airlock/map.h"
#include "airlock/unwrap.h"

enum alk_plan_id { ALK_PLAN_SLIDE, ALK_PLAN_COPY };

/*
 * Longest image, with all TLVs, that can be installed and taken back: a
 * board's demand.max_size.  Slots of equal size, mailboxes of one sector.
 */
#define ALK_INSTALL_CAPACITY(slot, sector, unit) ((slot) - (sector)-ALK_MAILBOX_SIZE(unit))

/* Steps of the record's plan. */
uint32_t alk_plan_steps(const struct alk_record *r);

/* out: pos - which sector of the image step k moves;  return: alk_role, whose image */
unsigned alk_plan_step(uint32_t *pos, const struct alk_record *r, uint32_t k);

/* Does sector pos of that image lie, after k steps, in the slot it goes to? */
bool alk_plan_moved(const struct alk_record *r, uint32_t k, uint32_t pos, unsigned role);

/* Where that sector lies when it lies in the secondary; in the primary it is at pos. */
uint32_t alk_plan_sector(const struct alk_record *r, uint32_t pos, unsigned role);

/* An update under way: the caller's state. */
struct alk_install {
    struct alk_journal j;
    const struct alk_map *map;
    struct alk_check c; /* c.key: of the image that comes; len 0: not opened, or plain */
    struct alk_content_key out; /* of the image that goes, the same */
};

/*
 * Do the steps that are left, with their marks.
 *
 * in:     u->j - a record written in this boot (J4)
 * cuts:   any: resume with a fresh record
 * secret: the keys are left to the caller to wipe; c.buf holds plaintext
 * return: ALK_OK; ALK_E_FLASH; else an image or its key does not open: the
 *         steps are done, but what came is not the image that was verified
 * proof:  sim/sym.c (S1 S2 S4), sim/prove.c
 */
int alk_install_run(struct alk_install *u);

/*
 * Behind the last step: clear request and left-over sector, tell the
 * application through the primary's mailbox.  Repeating it is harmless.
 *
 * cuts:   any, before "done" is marked
 * return: ALK_OK or ALK_E_FLASH
 */
int alk_install_finish(const struct alk_install *u);

/* Erase the sector the slot's mailbox lies in.  return: ALK_OK or ALK_E_FLASH */
int alk_install_clear(const struct alk_flash *slot);

/* Clear and write the primary's mailbox for this record.  return: ALK_OK or ALK_E_FLASH */
int alk_install_tell(const struct alk_install *u, bool confirmed);

#endif
