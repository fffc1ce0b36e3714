/* SPDX-License-Identifier: Apache-2.0 */
#include "core/crc.h"

uint32_t alk_crc32(uint32_t crc, const void *p, size_t len)
{
    const uint8_t *b = p;

    crc = ~crc;
    while (len-- != 0) {
        crc ^= *b++;
        for (unsigned i = 0; i < 8; i++)
            crc = crc >> 1 ^ (0xedb88320u & -(crc & 1));
    }
    return ~crc;
}
