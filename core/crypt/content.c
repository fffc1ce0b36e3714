/* SPDX-License-Identifier: Apache-2.0 */
#include "airlock/crypto.h"
#include "airlock/unwrap.h"

/* The first key TLV of a kind this build can open; if there is none, any. */
static int find_wrapped(struct alk_tlv *found, const struct alk_image *img)
{
    struct alk_tlv t = {0};
    int more;

    while ((more = alk_tlv_next(&t, img)) > 0) {
        if (t.prot || t.type >> 4 != ALK_TLV_ENC_RSA2048 >> 4)
            continue;
        *found = t;
        for (const struct alk_wrap_alg *const *row = alk_wrap_algs; *row != NULL; row++)
            if ((*row)->tlv == t.type)
                return ALK_OK;
    }
    return more;
}

static int open_outgoing(struct alk_content_key *key, uint8_t *buf, const struct alk_image *img,
                         const struct alk_keys *keys)
{
    struct alk_tlv t = {0};
    int err = alk_tlv_find(&t, img, ALK_TLV_SHA256);

    if (err <= 0)
        return err;
    err = alk_tlv_read(buf, img, &t, 32);
    if (err == ALK_OK)
        err = alk_outgoing_key(key, buf, 0, keys);
    return err == ALK_E_KEY ? ALK_OK : err;
}

int alk_content_open(struct alk_content_key *key, uint8_t *buf, const struct alk_image *img,
                     const struct alk_keys *keys)
{
    uint32_t flags = img->flags & ALK_IMAGE_ENCRYPTED;
    struct alk_tlv t = {0};
    int err = find_wrapped(&t, img);

    key->len = 0;
    if (err != ALK_OK)
        return err;
    if (t.off == 0 && flags == 0)
        return open_outgoing(key, buf, img, keys);
    if (t.off == 0)
        return ALK_E_KEY;
    if (flags == 0 || flags == ALK_IMAGE_ENCRYPTED)
        return ALK_E_FORMAT;
    if (t.len > ALK_WRAP_MAX)
        return ALK_E_SUPPORT;
    err = alk_tlv_read(buf, img, &t, t.len);
    if (err == ALK_OK)
        err = alk_unwrap(key, t.type, buf, t.len, keys);
    if (err == ALK_OK && key->len != (flags == ALK_IMAGE_ENC_AES128 ? 16 : 32))
        err = ALK_E_FORMAT;
    if (err != ALK_OK)
        alk_wipe(key, sizeof *key);
    return err;
}
