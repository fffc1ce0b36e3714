/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ec256.c - the key TLV 0x32, ECIES over P-256:
 *
 *   04 | ephemeral X | Y | HMAC-SHA-256 of the wrapped key | wrapped key
 *   1     32           32   32                               16 or 32
 *
 *   HKDF-SHA-256(ECDH) = AES-CTR key, as long as the wrapped key | HMAC key
 */
#include "airlock/crypto.h"
#include "airlock/unwrap.h"
#include "core/crypt/hmac.h"

#include <string.h>

#define POINT   1u
#define TAG     65u
#define WRAPPED 97u

static const char info[] = {'M', 'C', 'U', 'B', 'o', 'o', 't', '_', 'E', 'C', 'I', 'E', 'S', '_', 'v', '1'};

struct secrets {
    uint8_t shared[32]; /* then the tag */
    uint8_t okm[64];
};

static int open_wrapped(struct alk_content_key *out, struct secrets *s, const uint8_t *wrapped,
                        size_t key_len, const uint8_t *priv)
{
    if (alk_p256_ecdh(s->shared, priv, wrapped + POINT) != ALK_OK)
        return ALK_E_AUTH;
    alk_hkdf_sha256(s->okm, 2, NULL, s->shared, info, sizeof info);
    alk_hmac_sha256(s->shared, s->okm + key_len, 32, wrapped + WRAPPED, key_len);
    if (!alk_equal(s->shared, wrapped + TAG, sizeof s->shared))
        return ALK_E_AUTH;
    memcpy(out->key, wrapped + WRAPPED, key_len);
    alk_aes_ctr(out->key, key_len, s->okm, key_len, 0);
    out->len = (uint32_t)key_len;
    return ALK_OK;
}

static int unwrap_ec256(struct alk_content_key *out, const uint8_t *wrapped, size_t len, const uint8_t *priv)
{
    struct secrets s;
    int err;

    if ((len != WRAPPED + 16 && len != WRAPPED + 32) || wrapped[0] != 4)
        return ALK_E_AUTH;
    err = open_wrapped(out, &s, wrapped, len - WRAPPED, priv);
    alk_wipe(&s, sizeof s);
    return err;
}

const struct alk_wrap_alg alk_wrap_ec256 = {
    .tlv = ALK_TLV_ENC_EC256,
    .alg = ALK_ALG_P256,
    .unwrap = unwrap_ec256,
    .priv_len = 32,
};
