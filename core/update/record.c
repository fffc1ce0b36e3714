/* SPDX-License-Identifier: Apache-2.0 */
#include "airlock/journal.h"
#include "core/crc.h"

#define CRC_AT (ALK_RECORD_SIZE - 4u)

void alk_record_close(struct alk_record *r)
{
    alk_put32(r->magic, ALK_RECORD_MAGIC);
    alk_put32(r->crc, alk_crc32(0, r, CRC_AT));
}

/*
 * The CRC of a lone 1 bit, from the last bit of the record backwards: each
 * step divides by x.  The bit whose CRC is the difference is the wrong one.
 */
static void mend(uint8_t *raw, uint32_t difference)
{
    uint32_t c = 0x80000000u;

    for (unsigned bit = 8 * ALK_RECORD_SIZE; difference != 0 && bit-- > 0;) {
        if (c == difference)
            raw[bit / 8] ^= (uint8_t)(1u << bit % 8);
        c = c >> 1 ^ (0xedb88320u & (0u - (c & 1u)));
    }
}

static uint32_t difference(const struct alk_record *r)
{
    return alk_crc32(0, r, CRC_AT) ^ alk_get32(r->crc);
}

bool alk_record_check(struct alk_record *r)
{
    mend((uint8_t *)r, difference(r));
    return alk_get32(r->magic) == ALK_RECORD_MAGIC && difference(r) == 0;
}
