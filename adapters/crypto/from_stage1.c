/* SPDX-License-Identifier: Apache-2.0 */
/* from_stage1.c - hash and curve as the first stage lends them; in place of sha256.c and p256.c. */
#include "airlock/stage1.h"

extern const struct alk_stage1_table __stage1_table__; /* the linker script knows where */

bool alk_stage1_fits(void)
{
    return __stage1_table__.magic == ALK_STAGE1_MAGIC && __stage1_table__.version == ALK_STAGE1_VERSION &&
           __stage1_table__.length >= sizeof(struct alk_stage1_table);
}

void alk_sha256_init(struct alk_sha256 *c)
{
    __stage1_table__.sha256_init(c);
}

void alk_sha256_update(struct alk_sha256 *c, const void *data, size_t len)
{
    __stage1_table__.sha256_update(c, data, len);
}

void alk_sha256_final(uint8_t digest[32], struct alk_sha256 *c)
{
    __stage1_table__.sha256_final(digest, c);
}

int alk_p256_verify(uint8_t x[32], const uint8_t sig[64], const uint8_t pub[64], const uint8_t hash[32])
{
    return __stage1_table__.p256_verify(x, sig, pub, hash);
}

int alk_p256_ecdh(uint8_t secret[32], const uint8_t priv[32], const uint8_t pub[64])
{
    return __stage1_table__.p256_ecdh(secret, priv, pub);
}
