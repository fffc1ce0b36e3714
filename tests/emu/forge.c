/* SPDX-License-Identifier: Apache-2.0 */
/* forge.c - keys, key areas, and images around a random payload. */
#include "forge.h"

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>

#include "airlock/image.h"
#include "airlock/keys.h"
#include "core/bytes.h"
#include "forge_crypto.h"
#include "sim/emu/emu.h"

#define TAIL_MAX 512u /* TLVs of one image */
#define DER_LEN  71u

static uint8_t *put_tlv(uint8_t *p, uint16_t type, const void *value, uint16_t len)
{
    alk_put16(p, type);
    alk_put16(p + 2, len);
    memcpy(p + 4, value, len);
    return p + 4 + len;
}

static void put_header(uint8_t *p, const struct alk_forge_spec *s)
{
    memset(p, 0, s->hdr_size);
    alk_put32(p, ALK_IMAGE_MAGIC);
    alk_put16(p + 8, s->hdr_size);
    alk_put32(p + 12, s->payload);
    alk_put32(p + 16, s->key_tlv ? ALK_IMAGE_ENC_AES128 : 0);
    p[20] = s->version;
}

static void put_payload(uint8_t *p, const struct alk_forge_spec *s)
{
    uint32_t rng = alk_emu_seed(s->seed);

    for (uint32_t i = 0; i < s->payload; i += 4)
        alk_put32(p + i, alk_emu_random(&rng));
    alk_put32(p, ALK_EMU_RAM + 0x2000u);
    alk_put32(p + 4, (s->primary + s->hdr_size + 0x100u) | 1u);
}

static int put_tail(uint8_t **end, struct alk_forge_image *img, const struct alk_forge_spec *s,
                    const struct alk_forge_key *sign, const struct alk_forge_key *encrypt)
{
    uint8_t hash[32], der[80], wrapped[113];
    uint8_t *area = img->plain + img->payload_at + img->payload, *p = area + 4;
    size_t der_len = 0;

    EVP_Digest(img->plain, (size_t)(area - img->plain), hash, NULL, EVP_sha256(), NULL);
    for (uint8_t try = 0; der_len != DER_LEN; try++)
        if (alk_forge_sign(der, &der_len, sign, hash, try) != 0)
            return -1;
    p = put_tlv(p, ALK_TLV_SHA256, hash, 32);
    p = put_tlv(p, ALK_TLV_KEYHASH, sign->id, 32);
    p = put_tlv(p, ALK_TLV_ECDSA, der, (uint16_t)der_len);
    if (s->key_tlv) {
        if (alk_forge_wrap(wrapped, img, encrypt, s->seed) != 0)
            return -1;
        p = put_tlv(p, ALK_TLV_ENC_EC256, wrapped, sizeof wrapped);
    }
    alk_put16(area, ALK_TLV_MAGIC);
    alk_put16(area + 2, (uint16_t)(p - area));
    *end = p;
    return 0;
}

int alk_forge_image_make(struct alk_forge_image *out, const struct alk_forge_spec *s,
                         const struct alk_forge_key *sign, const struct alk_forge_key *encrypt)
{
    size_t cap = s->hdr_size + s->payload + TAIL_MAX;
    uint8_t *end;

    *out = (struct alk_forge_image){.payload_at = s->hdr_size, .payload = s->payload};
    out->plain = malloc(cap);
    out->sealed = malloc(cap);
    if (!out->plain || !out->sealed)
        return -1;
    put_header(out->plain, s);
    put_payload(out->plain + s->hdr_size, s);
    if (put_tail(&end, out, s, sign, encrypt) != 0)
        return -1;
    out->len = (size_t)(end - out->plain);
    memcpy(out->sealed, out->plain, out->len);
    return s->key_tlv ? alk_forge_ctr(out->sealed + s->hdr_size, s->payload, out->content_key) : 0;
}

void alk_forge_image_free(struct alk_forge_image *i)
{
    free(i->plain);
    free(i->sealed);
    *i = (struct alk_forge_image){0};
}

static uint8_t *put_entry(uint8_t *p, uint8_t use, const struct alk_forge_key *k, const uint8_t *value,
                          uint16_t len)
{
    p[0] = use;
    p[1] = ALK_ALG_P256;
    alk_put16(p + 2, len);
    memcpy(p + 4, k->id, 32);
    memcpy(p + 36, value, len);
    return p + 36 + len;
}

static uint32_t crc32(const uint8_t *p, size_t len)
{
    uint32_t crc = 0xffffffffu;

    for (size_t i = 0; i < 8 * len; i++)
        crc = crc >> 1 ^ (((crc ^ p[i / 8] >> (i % 8)) & 1u) ? 0xedb88320u : 0);
    return ~crc;
}

void alk_forge_key_area(uint8_t *area, size_t len, const struct alk_forge_key *verify,
                        const struct alk_forge_key *decrypt)
{
    uint8_t *p = area + 12;

    memset(area, 0xff, len);
    alk_put32(area, ALK_KEYS_MAGIC);
    area[4] = ALK_KEYS_VERSION;
    area[5] = decrypt ? 2 : 1;
    alk_put32(area + 8, decrypt ? ALK_POLICY_REQUIRE_ENCRYPTION : 0);
    p = put_entry(p, ALK_USE_VERIFY, verify, verify->pub, 64);
    if (decrypt)
        p = put_entry(p, ALK_USE_DECRYPT, decrypt, decrypt->priv, 32);
    alk_put16(area + 6, (uint16_t)(p + 4 - area));
    alk_put32(p, crc32(area, (size_t)(p - area)));
}
