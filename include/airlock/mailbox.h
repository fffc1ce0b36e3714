/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mailbox.h - how application and bootloader leave each other word.
 *
 * The fields MCUboot defines at the end of each slot, at its offsets.  With
 * A = max(8, write unit) and every field written as a whole number of units:
 *
 *      ... | swap_info | copy_done | image_ok | magic |  <- end of the slot
 *              A            A          A        align_up(16, A)
 *
 * magic is the last 16 bytes of its field: one pattern for A = 8, another
 * (that names A) for 16 and 32.  A flag byte is 0x01 = set, erased = unset,
 * anything else = bad.  swap_info: low nibble what was asked, high nibble
 * the image number.
 *
 * Requests: TEST is magic, then swap_info.  PERM is magic, image_ok, then
 * swap_info.  Confirm is image_ok in the primary, if its magic is good.
 * The bootloader keeps its own progress in the journal, never here.
 */
#ifndef AIRLOCK_MAILBOX_H
#define AIRLOCK_MAILBOX_H

#include <stdbool.h>

#include "airlock/flash.h"

enum alk_field { ALK_UNSET, ALK_SET, ALK_BAD };

enum alk_request { ALK_REQ_NONE = 1, ALK_REQ_TEST = 2, ALK_REQ_PERM = 3, ALK_REQ_REVERT = 4 };

struct alk_mailbox {
    uint8_t magic;     /* alk_field */
    uint8_t image_ok;  /* alk_field */
    uint8_t copy_done; /* alk_field */
    uint8_t swap_info; /* raw byte, 0xff = unset */
};

/* The same as a constant, for build-time sums. */
#define ALK_MAILBOX_SIZE(unit) ((unit) <= 8u ? 40u : 4u * (unit))

#define ALK_MAILBOX_MAGIC_SIZE 16u
#define ALK_MAILBOX_MAGIC_8                                                                            \
    {                                                                                                  \
        0x77, 0xc2, 0x95, 0xf3, 0x60, 0xd2, 0xef, 0x7f, 0x35, 0x52, 0x50, 0x0f, 0x2c, 0xb6, 0x79, 0x80 \
    }

/* A, and the last 16 bytes of a magic that is set. */
uint32_t alk_mailbox_align(const struct alk_flash *slot);
void alk_mailbox_magic(uint8_t magic[ALK_MAILBOX_MAGIC_SIZE], const struct alk_flash *slot);

/* Bytes at the end of a slot that belong to the mailbox: 3 A + align_up(16, A). */
uint32_t alk_mailbox_size(const struct alk_flash *slot);

/* return: ALK_OK or ALK_E_FLASH */
int alk_mailbox_read(struct alk_mailbox *m, const struct alk_flash *slot);

/*
 * Ask for the image in this (secondary) slot.
 *
 * in:     request - ALK_REQ_TEST or ALK_REQ_PERM
 * cuts:   afterwards no request, or a TEST, or the whole request
 * return: ALK_OK, ALK_E_FLASH, or ALK_E_STATE when the mailbox is neither
 *         blank nor holds a request that this one can follow (a PERM follows any, a TEST a TEST)
 */
int alk_mailbox_request(const struct alk_flash *slot, uint8_t request);

/*
 * Confirm the image that runs from this (primary) slot.
 *
 * cuts:   afterwards unconfirmed or confirmed
 * return: ALK_OK (also when the magic is unset: nothing waits for a word),
 *         ALK_E_STATE (magic or flag bad), ALK_E_FLASH
 */
int alk_mailbox_confirm(const struct alk_flash *slot);

/*
 * Write what the application must read after an update: swap_info, image_ok
 * (if confirmed), copy_done, and magic last.
 *
 * in:     the mailbox's units are blank
 * cuts:   until the last write the magic is not good
 * return: ALK_OK or ALK_E_FLASH
 */
int alk_mailbox_finish(const struct alk_flash *slot, uint8_t request, bool confirmed);

#endif
