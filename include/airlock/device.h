/* SPDX-License-Identifier: Apache-2.0 */
/*
 * device.h - the standard commands of an SMP server, one function each.
 *
 * The functions wait for the answer and return its result (alk_smp_reply in
 * client.h).  Those that can be refused also hand out the reply, from which
 * alk_smp_words() makes words.
 */
#ifndef AIRLOCK_DEVICE_H
#define AIRLOCK_DEVICE_H

#include "airlock/client.h"

#define ALK_DEVICE_SLOTS    16u
#define ALK_DEVICE_HASH_MAX 64u

enum alk_slot_flag {
    ALK_SLOT_BOOTABLE = 1,
    ALK_SLOT_PENDING = 2,
    ALK_SLOT_CONFIRMED = 4,
    ALK_SLOT_ACTIVE = 8,
    ALK_SLOT_PERMANENT = 16,
};

/* One line of the image list.  The hash is what the image claims; servers need not have checked it. */
struct alk_slot_state {
    uint32_t image, slot;
    char version[32];
    uint8_t hash[ALK_DEVICE_HASH_MAX];
    uint8_t hash_len; /* 0: not told */
    uint8_t flags;    /* alk_slot_flag */
};

struct alk_slot_list {
    struct alk_slot_state slot[ALK_DEVICE_SLOTS];
    size_t count;
};

/* The line with this hash, or NULL. */
const struct alk_slot_state *alk_slot_list_find(const struct alk_slot_list *l, const uint8_t *hash,
                                                size_t hash_len);
/* The running image with this number, or NULL (recovery tells no flags). */
const struct alk_slot_state *alk_slot_list_active(const struct alk_slot_list *l, uint32_t image);

/* Decode an image list reply; ALK_OK or ALK_E_FORMAT. */
int alk_slot_list_parse(struct alk_slot_list *l, const struct alk_cbor *map);

/* Where in the flash a slot is: one line of the slot info. */
struct alk_slot_place {
    uint32_t image, slot, size;
    uint32_t upload_id; /* `image` key of an upload into it; UINT32_MAX: not told */
};

struct alk_boot_info {
    char bootloader[32]; /* "MCUboot"; empty: not told */
    int32_t mode;        /* alk_boot_mode_words(); -1: not known */
    bool no_downgrade;
};

int alk_device_params(uint32_t *buf_size, uint32_t *buf_count, struct alk_client *c);
int alk_device_echo(char *out, size_t cap, struct alk_client *c, const char *text, struct alk_smp_reply *r);
/* in: format - letters as `uname`: s n r v b m p i o, a = all */
int alk_device_info(char *out, size_t cap, struct alk_client *c, const char *format, struct alk_smp_reply *r);
int alk_device_boot_info(struct alk_boot_info *b, struct alk_client *c);
int alk_device_images(struct alk_slot_list *l, struct alk_client *c, struct alk_smp_reply *r);
int alk_device_places(struct alk_slot_place *p, size_t cap, size_t *count, struct alk_client *c);

/*
 * Ask for an image to be tried at the next reset, or to stay.
 *
 * in:     hash - NULL with confirm: the running image
 * out:    l - the list after it, as the server answers
 */
int alk_device_set_state(struct alk_slot_list *l, struct alk_client *c, const uint8_t *hash, size_t hash_len,
                         bool confirm, struct alk_smp_reply *r);

/* in: slot - -1: the server's choice (the one that does not run) */
int alk_device_erase(struct alk_client *c, int slot, struct alk_smp_reply *r);

/* in: boot_mode - 0: normal; 1: stay in the bootloader's recovery */
int alk_device_reset(struct alk_client *c, bool force, unsigned boot_mode, struct alk_smp_reply *r);

/* A refusal in words: what it is, and what can be done.  Never NULL. */
struct alk_smp_words {
    const char *name; /* "NO_FREE_SLOT" */
    const char *why;
    const char *way_out; /* may be NULL */
};
struct alk_smp_words alk_smp_words(const struct alk_smp_reply *r);

const char *alk_boot_mode_words(int32_t mode);

#endif
