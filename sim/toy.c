/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/toy.h"

#include <string.h>

#include "core/bytes.h"

#define HDR 32u
#define TLV 40u /* info 4, entry 4, hash 32 */

uint32_t toy_end[TOY_TAGS];

static uint8_t id_byte(unsigned tag)
{
    return (uint8_t)(0xa0 + tag);
}

static uint8_t stream(unsigned tag, uint32_t off)
{
    return (uint8_t)(0x80 | (tag * 37 + off * 5));
}

static void make_head(uint8_t head[HDR], uint32_t end)
{
    memset(head, 0, HDR);
    alk_put32(head, ALK_IMAGE_MAGIC);
    alk_put16(head + 8, HDR);
    alk_put32(head + 12, end - HDR - TLV);
}

uint8_t toy_byte(unsigned tag, uint32_t end, uint32_t off)
{
    static const uint8_t tlv[8] = {0x07, 0x69, TLV, 0, ALK_TLV_SHA256, 0, 32, 0};
    uint8_t head[HDR];

    if (off < HDR) {
        make_head(head, end);
        return head[off];
    }
    if (off < end - TLV)
        return (uint8_t)(tag << 4 | (off * 3 & 15));
    off -= end - TLV;
    return off < sizeof tlv ? tlv[off] : id_byte(tag);
}

static bool payload(uint32_t end, uint32_t off)
{
    return off >= HDR && off < end - TLV;
}

uint8_t toy_cipher(unsigned tag, uint32_t end, uint32_t off)
{
    return toy_byte(tag, end, off) ^ (payload(end, off) ? stream(tag, off) : 0);
}

static bool is_tag(const uint8_t *p, unsigned tag, bool cipher)
{
    for (uint32_t i = 0; i < toy_end[tag]; i++)
        if (p[i] != (cipher ? toy_cipher : toy_byte)(tag, toy_end[tag], i))
            return false;
    return true;
}

unsigned toy_tag_at(const uint8_t *p, uint32_t room, bool cipher)
{
    for (unsigned tag = 1; tag < TOY_TAGS; tag++)
        if (toy_end[tag] != 0 && toy_end[tag] <= room && is_tag(p, tag, cipher))
            return tag;
    return 0;
}

/* --- in place of verify.h, unwrap.h and keys.h ------------------------------ */

void alk_wipe(void *p, size_t len)
{
    memset(p, 0, len);
}

int alk_keys_open(struct alk_keys *keys, const struct alk_flash *area)
{
    keys->area = area;
    keys->policy = ALK_POLICY_REQUIRE_ENCRYPTION;
    keys->count = 1;
    return ALK_OK;
}

static unsigned named(const struct alk_image *img)
{
    struct alk_tlv t = {0};
    uint8_t id;

    if (alk_tlv_find(&t, img, ALK_TLV_SHA256) != 1 || alk_image_read(&id, img, t.off, 1) != ALK_OK)
        return 0;
    return id > 0xa0 && id < 0xa0 + TOY_TAGS ? id - 0xa0u : 0;
}

int alk_content_open(struct alk_content_key *key, uint8_t *buf, const struct alk_image *img,
                     const struct alk_keys *keys)
{
    (void)buf, (void)keys;
    memset(key, 0, sizeof *key);
    key->key[0] = (uint8_t)named(img);
    key->len = key->key[0] == 0 ? 0 : 16;
    return key->len == 0 ? ALK_E_KEY : ALK_OK;
}

void alk_image_crypt(uint8_t *buf, size_t len, const struct alk_image *img, uint32_t off,
                     const struct alk_content_key *key)
{
    for (size_t i = 0; i < len && key->len != 0; i++)
        if (off + i >= img->hdr_size && off + i < img->tlv_off)
            buf[i] ^= stream(key->key[0], (uint32_t)(off + i));
}

int alk_verify(struct alk_verdict *v, const struct alk_image *img, const struct alk_check *c)
{
    unsigned tag = named(img);
    uint8_t byte;

    memset(v, 0, sizeof *v);
    if (tag == 0 || img->end != toy_end[tag])
        return ALK_E_AUTH;
    for (uint32_t i = 0; i < img->end; i++) {
        if (alk_image_read(&byte, img, i, 1) != ALK_OK)
            return ALK_E_FLASH;
        alk_image_crypt(&byte, 1, img, i, &c->key);
        if (byte != toy_byte(tag, img->end, i))
            return ALK_E_AUTH;
    }
    v->word = ALK_VERDICT_GOOD;
    return ALK_OK;
}

int alk_verify_secondary(struct alk_verdict *v, const struct alk_image *img, struct alk_check *c)
{
    int err = alk_content_open(&c->key, c->buf, img, c->keys);

    return err != ALK_OK ? err : alk_verify(v, img, c);
}

int alk_admit(const struct alk_image *img, const struct alk_demand *d, const struct alk_keys *keys)
{
    (void)keys;
    return img->end > d->max_size ? ALK_E_SIZE : ALK_OK;
}
