/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mcuboot_keys.h - keys compiled into a bootloader's binary.
 *
 * MCUboot carries public keys as DER (SubjectPublicKeyInfo; RSA: PKCS#1) and
 * the private decryption key as PKCS#8, SEC1 or PKCS#1, all in clear, and a
 * version in words.  They are found by how they begin, and believed if they
 * parse to their last byte.
 */
#ifndef AIRLOCK_MCUBOOT_KEYS_H
#define AIRLOCK_MCUBOOT_KEYS_H

#include "airlock/hexfile.h"
#include "airlock/key.h"

#define ALK_FOUND_MAX 16

struct alk_found_key {
    struct alk_hostkey key;
    uint32_t addr;
};

struct alk_found_keys {
    struct alk_found_key at[ALK_FOUND_MAX];
    size_t n;
    char version[40]; /* "v2.1.0", or "" */
};

/* Look through all spans; found must be freed. */
void alk_keys_search(struct alk_found_keys *found, const struct alk_hex *h);
void alk_found_keys_free(struct alk_found_keys *found);

#endif
