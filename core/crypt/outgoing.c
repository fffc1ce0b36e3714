/* SPDX-License-Identifier: Apache-2.0 */
#include "airlock/unwrap.h"
#include "core/crypt/hmac.h"

static const char info[] = "airlock outgoing v1"; /* its end is the number of the one pair of slots */

static int unwrap_outgoing(struct alk_content_key *out, const uint8_t *hash, size_t len, const uint8_t *priv)
{
    if (len != 32)
        return ALK_E_FORMAT;
    alk_hkdf_sha256(out->key, 1, hash, priv, info, sizeof info);
    out->len = 16;
    return ALK_OK;
}

const struct alk_wrap_alg alk_wrap_outgoing = {
    .tlv = ALK_TLV_SHA256,
    .alg = ALK_ALG_P256,
    .unwrap = unwrap_outgoing,
    .priv_len = 32,
};
