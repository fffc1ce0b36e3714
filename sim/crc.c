/* SPDX-License-Identifier: Apache-2.0 */
/*
 * crc.c - the CRC of core/crc.c, four bytes at a time, for the closure's
 * sake.  The program that links it compares both before it starts.
 */
#include <string.h>

#include "core/crc.h"

static uint32_t table[4][256];

static void make_table(void)
{
    for (unsigned b = 0; b < 256; b++) {
        uint32_t c = b;

        for (unsigned i = 0; i < 8; i++)
            c = c >> 1 ^ (0xedb88320u & (0u - (c & 1u)));
        table[0][b] = c;
    }
    for (unsigned k = 1; k < 4; k++)
        for (unsigned b = 0; b < 256; b++)
            table[k][b] = table[k - 1][b] >> 8 ^ table[0][table[k - 1][b] & 255];
}

uint32_t alk_crc32(uint32_t crc, const void *p, size_t len)
{
    const uint8_t *b = p;

    if (table[0][1] == 0)
        make_table();
    for (crc = ~crc; len >= 4; len -= 4, b += 4) {
        uint32_t x;

        memcpy(&x, b, 4);
        crc ^= x;
        crc = table[3][crc & 255] ^ table[2][crc >> 8 & 255] ^ table[1][crc >> 16 & 255] ^
              table[0][crc >> 24];
    }
    for (; len > 0; len--)
        crc = crc >> 8 ^ table[0][(crc ^ *b++) & 255];
    return ~crc;
}
