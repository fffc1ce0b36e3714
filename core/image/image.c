/* SPDX-License-Identifier: Apache-2.0 */
#include "airlock/image.h"
#include "core/bytes.h"

int alk_image_read(void *buf, const struct alk_image *img, uint32_t off, size_t len)
{
    if (off > img->end || len > img->end - off)
        return ALK_E_RANGE;
    return alk_flash_read(buf, img->area, img->at + off, len);
}

int alk_image_parse(struct alk_image *img, const uint8_t h[ALK_IMAGE_HDR_SIZE], uint32_t limit)
{
    img->end = limit;
    img->load_addr = alk_get32(h + 4);
    img->hdr_size = alk_get16(h + 8);
    img->prot_size = alk_get16(h + 10);
    img->img_size = alk_get32(h + 12);
    img->flags = alk_get32(h + 16);
    img->version.major = h[20];
    img->version.minor = h[21];
    img->version.revision = alk_get16(h + 22);
    img->version.build = alk_get32(h + 24);
    if (alk_get32(h) != ALK_IMAGE_MAGIC || img->hdr_size < ALK_IMAGE_HDR_SIZE)
        return ALK_E_FORMAT;
    if (img->hdr_size > limit || img->img_size > limit - img->hdr_size)
        return ALK_E_SIZE;
    img->tlv_off = img->hdr_size + img->img_size;
    return ALK_OK;
}

/*
 * Check the TLV area at off.
 *
 * in:     size - its whole length if the header gives it, else 0
 * return: its whole length, or an error
 */
static int32_t open_tlvs(const struct alk_image *img, uint32_t off, uint16_t magic, uint16_t size)
{
    uint8_t info[4];
    uint16_t total;
    int err = alk_image_read(info, img, off, sizeof info);

    if (err != ALK_OK)
        return err == ALK_E_RANGE ? ALK_E_SIZE : err;
    total = alk_get16(info + 2);
    if (alk_get16(info) != magic || total < sizeof info || (size != 0 && total != size))
        return ALK_E_FORMAT;
    return total > img->end - off ? ALK_E_SIZE : total;
}

int alk_image_open(struct alk_image *img, const struct alk_flash *area, uint32_t at, uint32_t limit)
{
    uint8_t header[ALK_IMAGE_HDR_SIZE];
    int32_t n;

    img->area = area;
    img->at = at;
    img->end = limit;
    n = alk_image_read(header, img, 0, sizeof header);
    if (n != ALK_OK)
        return n == ALK_E_RANGE ? ALK_E_FORMAT : n;
    n = alk_image_parse(img, header, limit);
    if (n != ALK_OK)
        return n;
    if (img->prot_size != 0) {
        n = open_tlvs(img, img->tlv_off, ALK_TLV_PROT_MAGIC, img->prot_size);
        if (n < 0)
            return n;
    }
    n = open_tlvs(img, img->tlv_off + img->prot_size, ALK_TLV_MAGIC, 0);
    if (n < 0)
        return n;
    img->end = img->tlv_off + img->prot_size + (uint32_t)n;
    return ALK_OK;
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
