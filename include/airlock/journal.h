/* SPDX-License-Identifier: Apache-2.0 */
/*
 * journal.h - the one place where the progress of an update is written down.
 *
 * An area of two banks, each of half its sectors, holding one record each:
 *
 *     0        64     64 + u   64 + 2u
 *     | record | seal | mark 0 | mark 1 | ...     u: the write unit
 *
 * Record, little-endian:
 *      0 u16 number   2 u8 kind   3 u8 plan   4 u8 place   5 u8 attempts
 *      6 u16 n        8 u16 base
 *     10 id of the image that comes    22 id of the one that goes
 *     34 id of the last one asked for  46 i8 why that was refused or taken
 *                                      back (alk_err; 0: neither)
 *     47 u8 flags   48 .. 0            60 u32 CRC-32 of bytes 0..59
 * An id is the first 12 bytes of an image's hash.
 *
 * The valid record with the higher number is the state, the other bank is
 * room for the next one.  A mark is one unit of zeros; it is set when more
 * than half of its first byte's bits read 0.  Marks count what is done: one per step,
 * then two "done" (D1 D2), then two "confirmed" (C1 C2).
 *
 * (J1) Any one wrong bit in record, seal or marks changes nothing: the CRC
 *      finds and mends it, a mark is decided by majority.
 * (J2) The seal is written after the record is whole: once it reads set, the
 *      newer record is stable.  A newer record found unsealed is written once
 *      more over itself, then sealed, before anything else happens.
 * (J3) A bank is erased only while the other holds the newer record, sealed:
 *      whatever a torn erase leaves is older, and so never counts.
 * (J4) Only the last mark may be torn.  No step follows a boot before a new
 *      record with the progress read has replaced the one with that mark.
 * (J5) D1, C1 are written again before D2, C2 when D2, C2 are not set: a pair
 *      that reads set can not read unset later.
 *
 * Applications never write the journal.
 */
#ifndef AIRLOCK_JOURNAL_H
#define AIRLOCK_JOURNAL_H

#include <stdbool.h>

#include "airlock/flash.h"

#define ALK_RECORD_SEED 0x4a4b4c41u /* the CRC goes on from here: no blank, no other program's data */
#define ALK_RECORD_SIZE 64u
#define ALK_ID_SIZE     12u
#define ALK_WORDS       4u /* marks behind the steps: D1 D2 C1 C2 */

/* Bytes a bank must have for images of up to n sectors: for build-time checks. */
#define ALK_JOURNAL_BANK(unit, n) (ALK_RECORD_SIZE + (1u + 2u * (n) + ALK_WORDS) * (unit))

enum alk_role { ALK_IN, ALK_OUT, ALK_LAST }; /* the image that comes, that goes, last asked for */

enum alk_record_flag { ALK_RECORD_PLAIN = 1 /* the image that comes lies unencrypted */ };

/* In RAM what it is in flash. */
struct alk_record {
    uint16_t number;  /* compared as serial numbers */
    uint8_t kind;     /* alk_request: what was asked; ALK_REQ_NONE: nothing yet */
    uint8_t plan;     /* alk_plan_id */
    uint8_t place;    /* first sector of the image that comes, in the secondary */
    uint8_t attempts; /* boots that went on with it, saturating */
    uint16_t sectors;
    uint16_t base; /* marks done before this record was written */
    uint8_t id[3][ALK_ID_SIZE];
    uint8_t why;
    uint8_t flags; /* alk_record_flag */
    uint8_t spare[12];
    uint32_t crc;
};

_Static_assert(sizeof(struct alk_record) == ALK_RECORD_SIZE, "no gaps");

struct alk_journal {
    uint16_t progress; /* marks done: base, or one more than the highest set */
    uint8_t bank;      /* where rec lies */
    bool sealed;
    bool paired; /* the other bank holds an older record */
    const struct alk_flash *area;
    struct alk_record rec;
};

/* The CRC of r's other fields. */
uint32_t alk_record_crc(const struct alk_record *r);

/*
 * in:     r - as read; one wrong bit is mended in place
 * return: is it a record?
 */
bool alk_record_check(struct alk_record *r);

/*
 * Find the current record.  Writes nothing.
 *
 * return: ALK_OK; ALK_E_FORMAT - neither bank holds one (j->rec is zero)
 */
int alk_journal_open(struct alk_journal *j, const struct alk_flash *area);

/*
 * Write the current record over itself, then its seal.
 *
 * cuts:   the same record or, while unsealed, the one before it
 * return: ALK_OK or ALK_E_FLASH
 */
int alk_journal_seal(struct alk_journal *j);

/*
 * Replace the current record by j->rec, one number higher, with j->progress
 * as its base and without marks.
 *
 * cuts:   the record before or the new one
 * return: ALK_OK, or ALK_E_FLASH (also when it does not read back)
 */
int alk_journal_begin(struct alk_journal *j);

/*
 * Set the next mark.
 *
 * cuts:   set, unset, or different at each reading (J4, J5)
 * return: ALK_OK, ALK_E_RANGE or ALK_E_FLASH
 */
int alk_journal_mark(struct alk_journal *j);

#endif
