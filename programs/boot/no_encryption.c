/* SPDX-License-Identifier: Apache-2.0 */
/*
 * no_encryption.c - in place of core/crypt and core/boot/content.c in a boot
 * program that takes plain images only.  An encrypted one is ALK_E_SUPPORT.
 */
#include "airlock/unwrap.h"
#include "airlock/verify.h"

int alk_content_open(struct alk_content_key *key, uint8_t *buf, const struct alk_image *img,
                     const struct alk_keys *keys)
{
    (void)buf;
    (void)keys;
    key->len = 0;
    return (img->flags & ALK_IMAGE_ENCRYPTED) != 0 ? ALK_E_SUPPORT : ALK_OK;
}

int alk_verify_secondary(struct alk_verdict *v, const struct alk_image *img, struct alk_check *c)
{
    int err = alk_content_open(&c->key, c->buf, img, c->keys);

    return err == ALK_OK ? alk_verify(v, img, c) : err;
}

int alk_unwrap(struct alk_content_key *out, uint16_t tlv, const uint8_t *wrapped, size_t len,
               const struct alk_keys *keys)
{
    (void)tlv;
    (void)wrapped;
    (void)len;
    (void)keys;
    out->len = 0;
    return ALK_E_SUPPORT;
}

void alk_image_crypt(uint8_t *buf, size_t len, const struct alk_image *img, uint32_t off,
                     const struct alk_content_key *key)
{
    (void)buf;
    (void)len;
    (void)img;
    (void)off;
    (void)key;
}
