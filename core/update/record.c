/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "airlock/journal.h"
#include "core/bytes.h"
#include "core/crc.h"

#define CRC_AT (ALK_RECORD_SIZE - 4u)

void alk_record_encode(uint8_t raw[ALK_RECORD_SIZE], const struct alk_record *r)
{
    memset(raw, 0xff, ALK_RECORD_SIZE);
    alk_put32(raw, ALK_RECORD_MAGIC);
    alk_put32(raw + 4, r->number);
    raw[8] = r->kind;
    raw[9] = r->plan;
    raw[10] = r->place;
    raw[11] = r->attempts;
    alk_put16(raw + 12, r->sectors);
    alk_put16(raw + 14, r->base);
    memcpy(raw + 16, r->id, sizeof r->id);
    raw[52] = (uint8_t)r->why;
    raw[53] = r->flags;
    alk_put32(raw + CRC_AT, alk_crc32(0, raw, CRC_AT));
}

/*
 * The CRC of a lone 1 bit, from the last bit of the record backwards: each
 * step divides by x.  The bit whose CRC is the difference is the wrong one.
 */
static void mend(uint8_t raw[ALK_RECORD_SIZE], uint32_t difference)
{
    uint32_t c = 0x80000000u;

    for (unsigned bit = 8 * ALK_RECORD_SIZE; difference != 0 && bit-- > 0;) {
        if (c == difference)
            raw[bit / 8] ^= (uint8_t)(1u << bit % 8);
        c = c >> 1 ^ (0xedb88320u & (0u - (c & 1u)));
    }
}

int alk_record_decode(struct alk_record *r, uint8_t raw[ALK_RECORD_SIZE])
{
    mend(raw, alk_crc32(0, raw, CRC_AT) ^ alk_get32(raw + CRC_AT));
    if (alk_get32(raw) != ALK_RECORD_MAGIC || alk_crc32(0, raw, CRC_AT) != alk_get32(raw + CRC_AT))
        return ALK_E_FORMAT;
    r->number = alk_get32(raw + 4);
    r->kind = raw[8];
    r->plan = raw[9];
    r->place = raw[10];
    r->attempts = raw[11];
    r->sectors = alk_get16(raw + 12);
    r->base = alk_get16(raw + 14);
    memcpy(r->id, raw + 16, sizeof r->id);
    r->why = (int8_t)raw[52];
    r->flags = raw[53];
    return ALK_OK;
}
