/* SPDX-License-Identifier: Apache-2.0 */
/* keyarea.h - the key area (keys.h) made from key files, and read back for people. */
#ifndef AIRLOCK_KEYAREA_H
#define AIRLOCK_KEYAREA_H

#include "airlock/board.h"
#include "airlock/key.h"
#include "airlock/keys.h"

struct alk_provision {
    const struct alk_hostkey *verify[ALK_KEYS_MAX];
    size_t n_verify;
    const struct alk_hostkey *decrypt[ALK_KEYS_MAX];
    size_t n_decrypt;
    const uint8_t *vendor, *class; /* 16 bytes, or NULL */
    uint32_t policy;               /* alk_policy */
};

/*
 * The bytes of a key area, without the 0xff behind them.
 *
 * in:     size, unit - of the area: the revocation words need their place
 * return: ALK_OK; ALK_E_SIZE (more than ALK_KEYS_MAX entries, or no room);
 *         ALK_E_SUPPORT (a kind the device has no row for); ALK_E_KEY (wrong half)
 */
int alk_keyarea_make(struct alk_buf *out, const struct alk_provision *p, uint32_t size, uint16_t unit,
                     struct alk_why *why);

/* The id an entry carries: SHA-256 of the public key, zero for others. */
void alk_keyarea_id(uint8_t id[32], const struct alk_hostkey *key);

#endif
