/* SPDX-License-Identifier: Apache-2.0 */
#include "airlock/unwrap.h"
#include "airlock/crypto.h"
#include "core/bytes.h"
#include "core/crypt/hmac.h"

#define PRIV_MAX 32u

static int device_key(uint8_t priv[PRIV_MAX], size_t len, const struct alk_keys *keys, uint8_t alg)
{
    struct alk_key k;
    int err = alk_keys_find(&k, keys, ALK_USE_DECRYPT, alg, NULL);

    return err != ALK_OK ? err : alk_keys_read(priv, keys, &k, len);
}

int alk_unwrap(struct alk_content_key *out, uint16_t tlv, const uint8_t *wrapped, size_t len,
               const struct alk_keys *keys)
{
    const struct alk_wrap_alg *const *row = alk_wrap_algs;
    uint8_t priv[PRIV_MAX];
    int err;

    out->len = 0;
    while (*row != NULL && (*row)->tlv != tlv)
        row++;
    if (*row == NULL)
        return ALK_E_SUPPORT;
    err = device_key(priv, (*row)->priv_len, keys, (*row)->alg);
    if (err == ALK_OK)
        err = (*row)->unwrap(out, wrapped, len, priv);
    alk_wipe(priv, sizeof priv);
    return err;
}

int alk_outgoing_key(struct alk_content_key *out, const uint8_t hash[32], uint8_t slot,
                     const struct alk_keys *keys)
{
    char info[] = "airlock outgoing v1";
    uint8_t priv[PRIV_MAX];
    int err = device_key(priv, sizeof priv, keys, ALK_ALG_P256);

    out->len = 0;
    if (err == ALK_OK) {
        info[sizeof info - 1] = (char)slot;
        alk_hkdf_sha256(out->key, 1, hash, priv, info, sizeof info);
        out->len = 16;
    }
    alk_wipe(priv, sizeof priv);
    return err;
}

void alk_image_crypt(uint8_t *buf, size_t len, const struct alk_image *img, uint32_t off,
                     const struct alk_content_key *key)
{
    uint32_t end = alk_min(off + (uint32_t)len, img->tlv_off);
    uint32_t skip = off < img->hdr_size ? img->hdr_size - off : 0;

    if (key->len != 0 && off + skip < end)
        alk_aes_ctr(buf + skip, end - off - skip, key->key, key->len, off + skip - img->hdr_size);
}
