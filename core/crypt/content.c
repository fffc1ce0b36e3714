/* SPDX-License-Identifier: Apache-2.0 */
#include "airlock/crypto.h"
#include "airlock/unwrap.h"

/* return: 1 - t is what the content key is made from: the first key TLV, or the hash; 0 - nothing; or an
 * error */
static int find_wrapped(struct alk_tlv *t, const struct alk_image *img, uint32_t flags)
{
    int more;

    do
        more = alk_tlv_next(t, img);
    while (more > 0 && (t->prot || t->type >> 4 != ALK_TLV_ENC_RSA2048 >> 4));
    if (more != 0)
        return more;
    t->off = t->len = 0;
    return flags != 0 ? ALK_E_KEY : alk_tlv_find(t, img, ALK_TLV_SHA256);
}

int alk_content_open(struct alk_content_key *key, uint8_t *buf, const struct alk_image *img,
                     const struct alk_keys *keys)
{
    uint32_t flags = img->flags & ALK_IMAGE_ENCRYPTED;
    struct alk_tlv t = {0};
    int err = find_wrapped(&t, img, flags);

    key->len = 0;
    if (err <= 0)
        return err;
    if (t.len > ALK_WRAP_MAX)
        return ALK_E_SUPPORT;
    err = alk_tlv_read(buf, img, &t, t.len);
    if (err == ALK_OK)
        err = alk_unwrap(key, t.type, buf, t.len, keys);
    if (t.type == ALK_TLV_SHA256)
        return err == ALK_E_KEY ? ALK_OK : err;
    if (err == ALK_OK && key->len != flags / ALK_IMAGE_ENC_AES128 * 16)
        err = ALK_E_FORMAT;
    if (err != ALK_OK)
        alk_wipe(key, sizeof *key);
    return err;
}
