/* SPDX-License-Identifier: Apache-2.0 */
#include "airlock/unwrap.h"
#include "airlock/crypto.h"
#include "core/bytes.h"
#include "core/crypt/hmac.h"

#define PRIV_MAX 32u

/* The device key of that kind. */
ALK_APART static int device_key(uint8_t *priv, const struct alk_wrap_alg *row, const struct alk_keys *keys)
{
    struct alk_key k;
    int err = alk_keys_find(&k, keys, ALK_USE_DECRYPT, row->alg, NULL);

    return err != ALK_OK ? err : alk_keys_read(priv, keys, &k, row->priv_len);
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
    err = device_key(priv, *row, keys);
    if (err == ALK_OK)
        err = (*row)->unwrap(out, wrapped, len, priv);
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
