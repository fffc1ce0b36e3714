/* SPDX-License-Identifier: Apache-2.0 */
/* image.h - what the commands of the image group share. */
#ifndef ALK_CORE_SMP_IMAGE_H
#define ALK_CORE_SMP_IMAGE_H

#include "airlock/mailbox.h"
#include "core/smp/args.h"

#define ALK_IMG_NO_FREE_SLOT  ALK_SMP_ERR(9, 6)
#define ALK_IMG_READ_FAILED   ALK_SMP_ERR(11, 1)
#define ALK_IMG_WRITE_FAILED  ALK_SMP_ERR(12, 1)
#define ALK_IMG_ERASE_FAILED  ALK_SMP_ERR(13, 1)
#define ALK_IMG_HASH_UNKNOWN  ALK_SMP_ERR(8, 1)
#define ALK_IMG_BAD_SLOT_PAGE ALK_SMP_ERR(10, 1)
#define ALK_IMG_INVALID_SLOT  ALK_SMP_ERR(14, 3)
#define ALK_IMG_NO_OFFSET     ALK_SMP_ERR(20, 3)
#define ALK_IMG_NO_LENGTH     ALK_SMP_ERR(21, 3)
#define ALK_IMG_BAD_HEADER    ALK_SMP_ERR(22, 3)
#define ALK_IMG_BAD_MAGIC     ALK_SMP_ERR(23, 1)
#define ALK_IMG_BAD_HASH      ALK_SMP_ERR(24, 3)
#define ALK_IMG_BAD_ADDRESS   ALK_SMP_ERR(25, 3)
#define ALK_IMG_NO_VERSION    ALK_SMP_ERR(26, 1)
#define ALK_IMG_OLDER         ALK_SMP_ERR(27, 6)
#define ALK_IMG_PENDING       ALK_SMP_ERR(28, 6)
#define ALK_IMG_TOO_LARGE     ALK_SMP_ERR(30, 1)
#define ALK_IMG_OVERRUN       ALK_SMP_ERR(31, 1)
#define ALK_IMG_DENIED        ALK_SMP_ERR(32, 1)
#define ALK_IMG_ACTIVE        ALK_SMP_ERR(33, 1)

/* Both mailboxes, and what they mean. */
struct alk_slots {
    struct alk_mailbox primary, secondary;
    bool unconfirmed; /* what runs is on trial */
    bool fallback;    /* and the secondary holds what would come back */
    bool pending;     /* the secondary is asked for */
};

/* return: ALK_SMP_RC_OK or ALK_IMG_READ_FAILED */
int alk_slots_look(struct alk_slots *l, const struct alk_map *map);

/*
 * Erase the sector of the mailbox, and with it any request.
 *
 * cuts:   afterwards any mailbox may read back; settle knows what to do
 * return: ALK_SMP_RC_OK or ALK_IMG_ERASE_FAILED
 */
int alk_slots_forget(const struct alk_flash *slot);

/*
 * Ask for an image of the secondary.
 *
 * in:     request - ALK_REQ_TEST or ALK_REQ_PERM
 * cuts:   none, a TEST, or the whole request
 * return: ALK_SMP_RC_OK, or why not, after the program's check
 */
int alk_slots_request(struct alk_smp *s, const struct alk_image *img, uint8_t request);

#endif
