/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "host/lib/build_tlv.h"

static void put16(struct alk_buf *out, uint16_t v, bool big_endian)
{
    alk_buf_put16(out, big_endian ? (uint16_t)(v << 8 | v >> 8) : v);
}

static void put_entry(struct alk_buf *area, uint16_t raw_type, const uint8_t *value, size_t len,
                      bool big_endian)
{
    if (len > UINT16_MAX) {
        area->failed = true;
        return;
    }
    alk_buf_put16(area, raw_type);
    put16(area, (uint16_t)len, big_endian);
    alk_buf_put(area, value, len);
}

void alk_tlv_add(struct alk_buf *area, uint16_t type, const uint8_t *value, size_t len, bool big_endian)
{
    put_entry(area, type, value, len, big_endian);
}

void alk_tlv_add_custom(struct alk_buf *area, const struct alk_extra_tlv *t, bool big_endian)
{
    uint16_t raw = big_endian ? (uint16_t)(t->type << 8 | t->type >> 8) : t->type;

    put_entry(area, raw, t->data, t->len, big_endian);
}

static void put_text(struct alk_buf *out, const char *text)
{
    alk_buf_put8(out, (uint8_t)(0x60 | strlen(text)));
    alk_buf_put(out, text, strlen(text));
}

static uint8_t *put_bytes(struct alk_buf *out, size_t len)
{
    alk_buf_put8(out, 0x58);
    alk_buf_put8(out, (uint8_t)len);
    return alk_buf_fill(out, 0, len);
}

bool alk_tlv_add_boot_record(struct alk_buf *area, const struct alk_build *b, enum alk_hash hash)
{
    static const char *const names[] = {"SHA256", "SHA384", "SHA512"};
    struct alk_buf map = {0};
    uint8_t signer[64] = {0};
    size_t signer_len = 32;
    char version[24];

    if (strlen(b->boot_record) > 12) {
        return false;
    }
    if (b->n_signers > 0) {
        signer_len = alk_key_hash(signer, b->signers[0], hash);
    }
    snprintf(version, sizeof version, "%u.%u.%u", b->version.major, b->version.minor, b->version.revision);
    alk_buf_put(&map, "\xa5\x01", 2);
    put_text(&map, b->boot_record);
    alk_buf_put8(&map, 4);
    put_text(&map, version);
    alk_buf_put8(&map, 5);
    if (put_bytes(&map, signer_len) != NULL) {
        memcpy(map.data + map.len - signer_len, signer, signer_len);
    }
    alk_buf_put8(&map, 6);
    put_text(&map, names[hash]);
    alk_buf_put8(&map, 2);
    put_bytes(&map, alk_hash_size(hash));
    alk_tlv_add(area, ALK_TLV_BOOT_RECORD, map.data, map.len, b->big_endian);
    alk_buf_free(&map);
    return true;
}

void alk_tlv_area(struct alk_buf *out, const struct alk_buf *area, uint16_t magic, bool big_endian)
{
    if (area->len == 0 && magic == ALK_TLV_PROT_MAGIC) {
        return;
    }
    put16(out, magic, big_endian);
    put16(out, (uint16_t)(area->len + 4), big_endian);
    alk_buf_put(out, area->data, area->len);
}
