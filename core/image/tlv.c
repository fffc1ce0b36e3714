/* SPDX-License-Identifier: Apache-2.0 */
#include "airlock/image.h"

int alk_tlv_next(struct alk_tlv *t, const struct alk_image *img)
{
    uint32_t prot_end = img->tlv_off + img->prot_size;
    uint32_t off = t->off + t->len;
    uint32_t end;
    uint16_t head[2];
    int err;

    if (t->off == 0)
        off = img->prot_size != 0 ? img->tlv_off + sizeof head : prot_end;
    if (off == prot_end)
        off += sizeof head;
    if (off == img->end)
        return 0;
    t->prot = off < prot_end;
    end = t->prot ? prot_end : img->end;
    if (off > end || end - off < sizeof head)
        return ALK_E_FORMAT;
    err = alk_image_read(head, img, off, sizeof head);
    if (err != ALK_OK)
        return err;
    t->off = off + sizeof head;
    t->type = head[0];
    t->len = head[1];
    return t->len > end - t->off ? ALK_E_FORMAT : 1;
}

int alk_tlv_find(struct alk_tlv *t, const struct alk_image *img, uint16_t type)
{
    int found;

    do
        found = alk_tlv_next(t, img);
    while (found > 0 && t->type != type);
    return found;
}

int alk_tlv_read(void *buf, const struct alk_image *img, const struct alk_tlv *t, size_t len)
{
    if (t->len != len)
        return ALK_E_FORMAT;
    return alk_image_read(buf, img, t->off, len);
}

int alk_tlv_get(void *buf, const struct alk_image *img, uint16_t type, size_t len)
{
    struct alk_tlv t = {0};
    int found = alk_tlv_find(&t, img, type);

    if (found <= 0)
        return found;
    if (t.len < len)
        return ALK_E_FORMAT;
    found = alk_image_read(buf, img, t.off, len);
    return found != ALK_OK ? found : ALK_TLV_PLAIN + t.prot;
}
