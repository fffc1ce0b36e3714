/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/chain_toy.h"

#include <string.h>

#include "core/bytes.h"

#define AREA(at, sector, n)                     \
    {                                           \
        &alk_sim_ops, &sim, at, sector, n, UNIT \
    }
const struct alk_chain chain = {AREA(PAGE, ROOM, 1), {AREA(0, SECTOR, 2), AREA(STAGE, SECTOR, 2)}};
const struct alk_map device = {.secondary = AREA(WAITS, SECTOR, 3)};

const unsigned chain_images[IMAGES] = {IMAGE(1, 0, 0), IMAGE(2, 0, 1), IMAGE(2, 1, 1), IMAGE(3, 0, 0),
                                       IMAGE(3, 1, 0)};

uint8_t chain_byte(unsigned image, uint32_t off)
{
    static const uint8_t tlv[36] = {8, 0x69, 12, 0, 0x50, 0, 4, 0, 0, 0, 0, 0, 7, 0x69, 24, 0, 0x10, 0, 16};
    uint8_t h[ALK_IMAGE_HDR_SIZE] = {0};

    if (off >= 40)
        return off == 48 ? (uint8_t)(image / 4) : off >= 60 ? (uint8_t)(0xa0 + image) : tlv[off - 40];
    if (off >= 32)
        return (uint8_t)(image << 3 | (off & 7));
    alk_put32(h, ALK_IMAGE_MAGIC);
    alk_put32(h + 4, chain.stage[image & 1].base);
    alk_put16(h + 8, 32);
    alk_put16(h + 10, 12);
    alk_put32(h + 12, 8);
    alk_put32(h + 16, ALK_IMAGE_ROM_FIXED | ALK_IMAGE_ENC_AES128);
    h[20] = (uint8_t)(image / 4);
    return h[off];
}

uint8_t chain_cipher(uint32_t off)
{
    return off >= 32 && off < 40 ? 0x55 : 0;
}

/* The image whose bytes these are, 0: none whole. */
unsigned chain_whole(const uint8_t *p, uint8_t mask)
{
    for (unsigned k = 0; k < IMAGES; k++) {
        uint32_t i = 0;

        while (i < END && p[i] == (chain_byte(chain_images[k], i) ^ (chain_cipher(i) & mask)))
            i++;
        if (i == END)
            return chain_images[k];
    }
    return 0;
}

void alk_wipe(void *p, size_t len)
{
    memset(p, 0, len);
}

int alk_keys_open(struct alk_keys *keys, const struct alk_flash *area)
{
    keys->area = area;
    keys->count = 2;
    return ALK_OK;
}

bool chain_revoked(unsigned index)
{
    uint8_t unit[UNIT];
    uint8_t ones = 0xff;

    alk_flash_read(unit, &chain.provision, ROOM - (ALK_KEYS_MAX - index) * UNIT, UNIT);
    for (unsigned i = 0; i < UNIT; i++)
        ones &= unit[i];
    return ones != 0xff;
}

int alk_keys_next(struct alk_key *k, const struct alk_keys *keys)
{
    if (k->value == 0)
        k->index = 0;
    else
        k->index++;
    k->value = 1;
    k->use = ALK_USE_VERIFY;
    k->revoked = chain_revoked(k->index);
    return k->index < keys->count;
}

void alk_image_crypt(uint8_t *buf, size_t len, const struct alk_image *img, uint32_t off,
                     const struct alk_content_key *key)
{
    (void)img;
    for (size_t i = 0; i < len && key->len != 0; i++)
        buf[i] ^= chain_cipher(off + (uint32_t)i);
}

int alk_verify(struct alk_verdict *v, const struct alk_image *img, const struct alk_check *c)
{
    uint8_t bytes[END];
    unsigned image;

    memset(v, 0, sizeof *v);
    if (img->end != END || alk_image_read(bytes, img, 0, END) != ALK_OK)
        return ALK_E_AUTH;
    image = chain_whole(bytes, c->key.len != 0 ? 0xff : 0);
    v->signer = image / 4 == 3;
    if (image == 0 || (c->keys->area == &chain.provision && chain_revoked(v->signer)))
        return ALK_E_AUTH;
    v->word = ALK_VERDICT_GOOD;
    return ALK_OK;
}

int alk_verify_secondary(struct alk_verdict *v, const struct alk_image *img, struct alk_check *c)
{
    c->key.len = 16;
    return alk_verify(v, img, c);
}

int alk_admit(const struct alk_image *img, const struct alk_demand *d, const struct alk_keys *keys)
{
    (void)keys;
    return img->end > d->max_size ? ALK_E_SIZE : img->load_addr != d->exec_addr ? ALK_E_POLICY : ALK_OK;
}
