/* SPDX-License-Identifier: Apache-2.0 */
#include "airlock/journal.h"
#include "core/crc.h"

uint32_t alk_record_crc(const struct alk_record *r)
{
    return alk_crc32(ALK_RECORD_SEED, r, ALK_RECORD_SIZE - 4u);
}

/*
 * c: the CRC of a lone 1 bit, from the last bit of the record backwards, each
 * turn divided by x.  The bit whose CRC is the difference is the wrong one.
 */
bool alk_record_check(struct alk_record *r)
{
    uint32_t difference = alk_record_crc(r) ^ r->crc;
    uint32_t c = 0x80000000u;
    unsigned bit = 8 * ALK_RECORD_SIZE;

    if (difference == 0)
        return true;
    while (bit-- > 0) {
        if (c == difference) {
            ((uint8_t *)r)[bit / 8] ^= (uint8_t)(1u << bit % 8);
            return true;
        }
        c = c >> 1 ^ (0xedb88320u & (0u - (c & 1u)));
    }
    return false;
}
