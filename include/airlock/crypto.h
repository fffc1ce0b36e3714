/* SPDX-License-Identifier: Apache-2.0 */
/*
 * crypto.h - the primitives a device needs, as raw fixed-size values.
 *
 * Each function is defined by exactly one adapter (adapters/crypto), chosen
 * by the file list of the build.  No DER, no TLVs, no key objects here.
 * Numbers of P-256 are 32 bytes big-endian, points are X || Y.
 *
 * The device links what is referenced from config/tables.c and nothing else.
 */
#ifndef AIRLOCK_CRYPTO_H
#define AIRLOCK_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "airlock/err.h"

#define ALK_SHA256_SIZE 32u
#define ALK_AES_BLOCK   16u

/* SHA-256 (FIPS 180-4).  May be copied; holds no pointers. */
struct alk_sha256 {
    uint32_t state[8];
    uint32_t len;       /* bytes so far, < 2^29 */
    uint32_t block[16]; /* as they came, filled by bytes */
};

void alk_sha256_init(struct alk_sha256 *c);
void alk_sha256_update(struct alk_sha256 *c, const void *data, size_t len);
/* out: digest; c is wiped. */
void alk_sha256_final(uint8_t digest[32], struct alk_sha256 *c);

/*
 * AES-CTR (SP 800-38A) on a piece of a stream, in place.
 *
 * The counter block of the stream's block b is b as a 128-bit big-endian
 * number, b from 0 (MCUboot image encryption).  Cipher state is (key, off):
 * there is no context that could be used before it is set.
 *
 * in:     off - position of buf[0] in the stream, any value
 *         key_len - 16 or 32
 * secret: key schedule and keystream are wiped before return
 */
void alk_aes_ctr(uint8_t *buf, size_t len, const uint8_t *key, size_t key_len, uint32_t off);

/*
 * ECDSA over P-256 (FIPS 186-5, 6.4.2) on an already hashed message.
 *
 * in:     sig - r || s;  pub - X || Y, checked to be on the curve
 * out:    x - the r that s, pub and hash lead to: the signature holds iff it
 *         equals sig's, which the gate compares once more; untouched or
 *         unequal on failure
 * return: ALK_OK, or ALK_E_AUTH for everything else
 */
int alk_p256_verify(uint8_t x[32], const uint8_t sig[64], const uint8_t pub[64], const uint8_t hash[32]);

/*
 * X coordinate of priv * pub (SP 800-56A, 5.7.1.2).
 *
 * secret: constant time in priv
 * return: ALK_OK; ALK_E_AUTH when pub is not a point of the curve;
 *         ALK_E_KEY when priv is not in [1, n-1]
 */
int alk_p256_ecdh(uint8_t secret[32], const uint8_t priv[32], const uint8_t pub[64]);

/* true iff equal, in time that depends on len only. */
bool alk_equal(const uint8_t *a, const uint8_t *b, size_t len);

/* Zero len bytes; never optimised away. */
void alk_wipe(void *p, size_t len);

#endif
