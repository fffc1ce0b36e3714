/* SPDX-License-Identifier: Apache-2.0 */
#include "airlock/image.h"

#include <string.h>

int alk_image_read(void *buf, const struct alk_image *img, uint32_t off, size_t len)
{
    if (off > img->end || len > img->end - off)
        return ALK_E_RANGE;
    return alk_flash_read(buf, img->area, img->at + off, len);
}

/* Is this a header, and does what it names fit into limit? */
static int check(struct alk_image *img, uint32_t limit)
{
    img->end = limit;
    if (img->magic != ALK_IMAGE_MAGIC || img->hdr_size < ALK_IMAGE_HDR_SIZE)
        return ALK_E_FORMAT;
    if (img->hdr_size > limit || img->img_size > limit - img->hdr_size)
        return ALK_E_SIZE;
    img->tlv_off = img->hdr_size + img->img_size;
    return ALK_OK;
}

int alk_image_parse(struct alk_image *img, const uint8_t h[ALK_IMAGE_HDR_SIZE], uint32_t limit)
{
    memcpy(img, h, ALK_IMAGE_HDR_SIZE);
    return check(img, limit);
}

/* Check the TLV area at off.  return: its whole length, or an error */
static int32_t open_tlvs(const struct alk_image *img, uint32_t off, uint16_t magic)
{
    uint16_t info[2];
    int err = alk_image_read(info, img, off, sizeof info);

    if (err != ALK_OK)
        return err;
    if (info[0] != magic || info[1] < sizeof info)
        return ALK_E_FORMAT;
    return info[1] > img->end - off ? ALK_E_RANGE : info[1];
}

/* return: as alk_image_open(), but ALK_E_RANGE where a TLV area passes limit */
static int32_t open_areas(struct alk_image *img)
{
    uint32_t off = img->tlv_off;
    int32_t n = 0;

    if (img->prot_size != 0)
        n = open_tlvs(img, off, ALK_TLV_PROT_MAGIC);
    if (n < 0)
        return n;
    if (n != img->prot_size)
        return ALK_E_FORMAT;
    off += (uint32_t)n;
    n = open_tlvs(img, off, ALK_TLV_MAGIC);
    if (n < 0)
        return n;
    img->end = off + (uint32_t)n;
    return ALK_OK;
}

int alk_image_open(struct alk_image *img, const struct alk_flash *area, uint32_t at, uint32_t limit)
{
    int32_t err;

    img->area = area;
    img->at = at;
    img->end = limit;
    if (limit < ALK_IMAGE_HDR_SIZE)
        return ALK_E_FORMAT;
    err = alk_image_read(img, img, 0, ALK_IMAGE_HDR_SIZE);
    if (err == ALK_OK)
        err = check(img, limit);
    if (err == ALK_OK)
        err = open_areas(img);
    return err == ALK_E_RANGE ? ALK_E_SIZE : err;
}

int alk_version_compare(const struct alk_version *a, const struct alk_version *b)
{
    uint32_t x = (uint32_t)a->major << 24 | (uint32_t)a->minor << 16 | a->revision;
    uint32_t y = (uint32_t)b->major << 24 | (uint32_t)b->minor << 16 | b->revision;

    if (x == y) {
        x = a->build;
        y = b->build;
    }
    return (x > y) - (x < y);
}
