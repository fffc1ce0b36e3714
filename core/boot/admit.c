/* SPDX-License-Identifier: Apache-2.0 */
#include "airlock/verify.h"

#include <string.h>

/* Of the uuids in the key area, if it has any, the image must carry one where it is signed. */
static int check_uuid(const struct alk_image *img, const struct alk_keys *keys, uint8_t use, uint16_t tlv)
{
    uint8_t want[16], have[16];
    struct alk_tlv t = {0};
    struct alk_key k = {0};
    int verdict = ALK_OK;
    int err = alk_tlv_find(&t, img, tlv);
    bool carried = err > 0 && t.prot && alk_tlv_read(have, img, &t, sizeof have) == ALK_OK;

    while (err >= 0 && (err = alk_keys_next(&k, keys)) > 0) {
        if (k.use != use || k.revoked)
            continue;
        if (carried && alk_keys_read(want, keys, &k, sizeof want) == ALK_OK &&
            memcmp(want, have, sizeof want) == 0)
            return ALK_OK;
        verdict = ALK_E_POLICY;
    }
    return err < 0 ? err : verdict;
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

    if (err != ALK_OK)
        return err;
    err = check_uuid(img, keys, ALK_USE_VENDOR, ALK_TLV_UUID_VID);
    return err != ALK_OK ? err : check_uuid(img, keys, ALK_USE_CLASS, ALK_TLV_UUID_CID);
}
