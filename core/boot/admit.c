/* SPDX-License-Identifier: Apache-2.0 */
#include "airlock/verify.h"

#include <string.h>

/* Of the vendors and of the classes in the key area, the image must carry one each where it is signed. */
static int check_uuids(const struct alk_image *img, const struct alk_keys *keys)
{
    unsigned asked = 0, met = 0;
    struct alk_key k = {0};
    uint8_t want[16], have[16];
    int err;

    while ((err = alk_keys_next(&k, keys)) > 0) {
        unsigned kind = k.use - (unsigned)ALK_USE_VENDOR;

        if (kind > 1 || k.revoked)
            continue;
        asked |= 1u << kind;
        if (alk_keys_read(want, keys, &k, sizeof want) == ALK_OK &&
            alk_tlv_get(have, img, (uint16_t)(ALK_TLV_UUID_VID + kind), sizeof have) == ALK_TLV_SIGNED &&
            memcmp(want, have, sizeof have) == 0)
            met |= 1u << kind;
    }
    return err == 0 && asked != met ? ALK_E_POLICY : err;
}

int alk_admit_header(const struct alk_image *img, const struct alk_demand *d)
{
    if ((img->flags & ALK_IMAGE_COMPRESSED) != 0 || (d->hdr_size != 0 && img->hdr_size != d->hdr_size) ||
        img->hdr_size % 4 != 0)
        return ALK_E_SUPPORT;
    if (img->end > d->max_size)
        return ALK_E_SIZE;
    if ((img->flags & ALK_IMAGE_NON_BOOTABLE) != 0 ||
        ((img->flags & ALK_IMAGE_ROM_FIXED) != 0 && img->load_addr != d->exec_addr))
        return ALK_E_POLICY;
    return ALK_OK;
}

int alk_admit(const struct alk_image *img, const struct alk_demand *d, const struct alk_keys *keys)
{
    int err = alk_admit_header(img, d);

    return err != ALK_OK ? err : check_uuids(img, keys);
}
