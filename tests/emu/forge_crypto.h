/* SPDX-License-Identifier: Apache-2.0 */
/* forge_crypto.h - the few OpenSSL calls behind forge.c. return: 0, or -1 */
#ifndef AIRLOCK_TESTS_EMU_FORGE_CRYPTO_H
#define AIRLOCK_TESTS_EMU_FORGE_CRYPTO_H

#include "forge.h"

/* ECDSA over a digest, DER; each try has another nonce, the same in every run. */
int alk_forge_sign(uint8_t der[80], size_t *der_len, const struct alk_forge_key *k, const uint8_t hash[32],
                   uint8_t try);

/* AES-128-CTR from counter zero, in place. */
int alk_forge_ctr(uint8_t *buf, size_t len, const uint8_t key[16]);

/* A fresh content key (from the seed) wrapped for `to`: TLV 0x32.  Leaves all secrets in img. */
int alk_forge_wrap(uint8_t wrapped[113], struct alk_forge_image *img, const struct alk_forge_key *to,
                   uint32_t seed);

#endif
