/* SPDX-License-Identifier: Apache-2.0 */
#include "airlock/frame.h"
#include "core/bytes.h"
#include "core/frame/crc16.h"

#define RAW_A_LINE 93u /* bytes that 124 characters carry */

/* Byte i of length | packet | CRC. */
static uint8_t raw(const uint8_t *packet, size_t len, uint16_t crc, size_t i)
{
    uint8_t around[4];

    alk_put16be(around, (uint16_t)(len + 2));
    alk_put16be(around + 2, crc);
    if (i >= 2 && i - 2 < len)
        return packet[i - 2];
    return around[i < 2 ? i : i - len];
}

/* Three bytes, of which n are there, as four characters. */
static void quad(uint8_t out[4], const uint8_t in[3], unsigned n)
{
    static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    uint32_t bits = (uint32_t)in[0] << 16 | (uint32_t)in[1] << 8 | in[2];
    unsigned i;

    for (i = 0; i < 4; i++, bits <<= 6)
        out[i] = i <= n ? (uint8_t)digit[bits >> 18 & 63u] : '=';
}

void alk_frame_send(const uint8_t *packet, size_t len, void (*put)(void *ctx, const uint8_t *p, size_t len),
                    void *ctx)
{
    uint8_t line[ALK_FRAME_LINE], in[3];
    uint16_t crc = alk_frame_crc(packet, len);
    size_t i = 0, total = len + 4, stop, n;
    unsigned k;

    while (i < total) {
        line[0] = i == 0 ? 0x06 : 0x04;
        line[1] = i == 0 ? 0x09 : 0x14;
        stop = alk_min((uint32_t)total, (uint32_t)(i + RAW_A_LINE));
        for (n = 2; i < stop; n += 4) {
            in[1] = in[2] = 0;
            for (k = 0; k < 3 && i < stop; k++)
                in[k] = raw(packet, len, crc, i++);
            quad(line + n, in, k);
        }
        line[n++] = '\n';
        put(ctx, line, n);
    }
}
