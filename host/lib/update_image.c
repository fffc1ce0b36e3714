/* SPDX-License-Identifier: Apache-2.0 */
/* update_image.c - a file as the core's reader sees it: what will be sent, and under which name. */
#include "airlock/upgrade.h"

#include "airlock/crypto.h"
#include "airlock/memory.h"

#include <string.h>

static int read_hash(struct alk_update_image *im, const struct alk_image *img)
{
    static const struct {
        uint16_t type;
        uint8_t len;
    } kinds[] = {{ALK_TLV_SHA256, 32}, {ALK_TLV_SHA384, 48}, {ALK_TLV_SHA512, 64}};

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        struct alk_tlv t = {0};
        int rc = alk_tlv_find(&t, img, kinds[i].type);

        if (rc < 0)
            return rc;
        if (rc == 0)
            continue;
        im->hash_len = kinds[i].len;
        return alk_tlv_read(im->hash, img, &t, kinds[i].len);
    }
    return ALK_E_FORMAT;
}

int alk_update_image_open(struct alk_update_image *im, const uint8_t *data, size_t len)
{
    struct alk_flash file;
    struct alk_sha256 sha;
    struct alk_image img;
    int rc;

    memset(im, 0, sizeof *im);
    if (len > INT32_MAX)
        return ALK_E_FORMAT;
    alk_flash_memory(&file, data, len);
    rc = alk_image_open(&img, &file, 0, (uint32_t)len);
    if (rc != ALK_OK)
        return rc;
    im->data = data;
    im->len = img.end;
    im->padding = (uint32_t)len - img.end;
    im->version = img.version;
    im->encrypted = (img.flags & ALK_IMAGE_ENCRYPTED) != 0;
    alk_sha256_init(&sha);
    alk_sha256_update(&sha, data, im->len);
    alk_sha256_final(im->sha, &sha);
    return read_hash(im, &img);
}
