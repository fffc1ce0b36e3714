/* SPDX-License-Identifier: Apache-2.0 */
#include "airlock/crypto.h"
#include "airlock/unwrap.h"

static int open_outgoing(struct alk_content_key *key, uint8_t *buf, const struct alk_image *img,
                         const struct alk_keys *keys)
{
    int err = alk_tlv_get(buf, img, ALK_TLV_SHA256, 32);

    if (err <= 0)
        return err;
    err = alk_outgoing_key(key, buf, 0, keys);
    return err == ALK_E_KEY ? ALK_OK : err;
}

/* return: 1 - t is the first key TLV; 0 - there is none; or an error */
static int find_wrapped(struct alk_tlv *t, const struct alk_image *img)
{
    int more;

    do
        more = alk_tlv_next(t, img);
    while (more > 0 && (t->prot || t->type >> 4 != ALK_TLV_ENC_RSA2048 >> 4));
    return more;
}

int alk_content_open(struct alk_content_key *key, uint8_t *buf, const struct alk_image *img,
                     const struct alk_keys *keys)
{
    uint32_t flags = img->flags & ALK_IMAGE_ENCRYPTED;
    struct alk_tlv t = {0};
    int err = find_wrapped(&t, img);

    key->len = 0;
    if (err < 0)
        return err;
    if (err == 0)
        return flags != 0 ? ALK_E_KEY : open_outgoing(key, buf, img, keys);
    if (t.len > ALK_WRAP_MAX)
        return ALK_E_SUPPORT;
    err = alk_tlv_read(buf, img, &t, t.len);
    if (err == ALK_OK)
        err = alk_unwrap(key, t.type, buf, t.len, keys);
    if (err == ALK_OK && key->len != flags / ALK_IMAGE_ENC_AES128 * 16)
        err = ALK_E_FORMAT;
    if (err != ALK_OK)
        alk_wipe(key, sizeof *key);
    return err;
}
