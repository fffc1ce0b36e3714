/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keys.h - the key area: whose images this device takes.
 *
 * One sector of its own, part of no code image, filled by `airlock
 * provision` without compiling anything (SPEC, "Key area"):
 *
 *   0   u32 magic "ALKK"     4 u8 version (1)   5 u8 entry count
 *   6   u16 length, from the magic to the CRC's end
 *   8   u32 policy bits (alk_policy)
 *  12   entries { u8 use, u8 algorithm, u16 value length, u8 id[32],
 *                 value, padded with 0xff to a multiple of 4 }
 *   .   u32 CRC-32 (IEEE 802.3) of all before it
 *   ... 0xff ...
 *   last 8 * unit bytes: revocation words, one unit per entry in order;
 *        a unit that is not blank revokes its entry
 *
 * id: SHA-256 of the key's SubjectPublicKeyInfo (what MCUboot's KEYHASH
 * holds), for a decrypt key that of its public half, zero for the rest.
 *
 * (K1) An empty, damaged or unknown area holds no keys: nothing boots and
 *      nothing is accepted.
 */
#ifndef AIRLOCK_KEYS_H
#define AIRLOCK_KEYS_H

#include <stdbool.h>

#include "airlock/flash.h"

#define ALK_KEYS_MAGIC   0x4b4b4c41u /* "ALKK" */
#define ALK_KEYS_VERSION 1u
#define ALK_KEYS_MAX     8u /* entries */

enum alk_key_use {
    ALK_USE_VERIFY = 1,  /* value: public key */
    ALK_USE_DECRYPT = 2, /* value: private key */
    ALK_USE_VENDOR = 3,  /* value: 16-byte UUID_VID the image must carry */
    ALK_USE_CLASS = 4,   /* value: 16-byte UUID_CID the image must carry */
};

enum alk_key_alg {
    ALK_ALG_NONE = 0,
    ALK_ALG_P256 = 1, /* public: X || Y, 64 bytes; private: 32 bytes */
};

enum alk_policy {
    ALK_POLICY_REQUIRE_ENCRYPTION = 1, /* no plain image from the secondary */
    ALK_POLICY_NO_DOWNGRADE = 2,       /* version must not fall on update */
};

struct alk_keys {
    const struct alk_flash *area; /* one sector */
    uint32_t policy;
    uint8_t count; /* entries; 0 when unprovisioned */
};

struct alk_key {
    /* An entry's head, as it is read. */
    uint8_t use, alg;
    uint16_t len; /* of the value */
    uint8_t id[32];

    uint32_t value; /* offset of the value in the area */
    uint32_t index;
    uint32_t revoked; /* 0 or 1 */
};

/*
 * Check magic, version and CRC.  What is inside is as its tool wrote it.
 *
 * out:    keys->count == 0 on every failure
 * return: ALK_OK; ALK_E_KEY when blank; ALK_E_FORMAT when damaged or of an
 *         unknown version; ALK_E_FLASH when not even the head can be read
 */
int alk_keys_open(struct alk_keys *keys, const struct alk_flash *area);

/*
 * Step to the next entry (k all zero before the first call).
 *
 * return: 1 - k is it; 0 - no more; ALK_E_FLASH
 */
int alk_keys_next(struct alk_key *k, const struct alk_keys *keys);

/*
 * The first entry, not revoked, of that use and algorithm, whose id is id
 * (NULL: any).
 *
 * return: ALK_OK, ALK_E_KEY (there is none) or ALK_E_FLASH
 */
int alk_keys_find(struct alk_key *k, const struct alk_keys *keys, uint8_t use, uint8_t alg,
                  const uint8_t *id);

/* Read the value of k, len == k->len. */
int alk_keys_read(uint8_t *value, const struct alk_keys *keys, const struct alk_key *k, size_t len);

#endif
