/* SPDX-License-Identifier: Apache-2.0 */
#include "airlock/frame.h"
#include "core/bytes.h"
#include "core/frame/crc16.h"

#define RAW_A_LINE 93u /* bytes that 124 characters carry */

const char alk_frame_digit[66] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";

/* Byte i of length | packet | CRC | zeros; around is length and CRC. */
static uint8_t raw(const uint8_t *packet, size_t len, uint32_t around, size_t i)
{
    if (i >= 2 && i - 2 < len)
        return packet[i - 2];
    i = i < 2 ? i : i - len;
    return i < 4 ? (uint8_t)(around >> (24u - 8u * i)) : 0;
}

ALK_APART void alk_frame_send(const uint8_t *packet, size_t len,
                              void (*put)(void *ctx, const uint8_t *p, size_t len), void *ctx)
{
    uint8_t line[ALK_FRAME_LINE];
    uint32_t around = (uint32_t)(len + 2) << 16 | alk_frame_crc(packet, len), bits;
    size_t i = 0, total = len + 4, stop, n;
    unsigned k;

    while (i < total) {
        line[0] = i == 0 ? 0x06 : 0x04;
        line[1] = i == 0 ? 0x09 : 0x14;
        stop = i + RAW_A_LINE;
        for (n = 2; i < stop && i < total; n += 4) {
            bits = 0;
            for (k = 0; k < 3; k++, i++)
                bits = bits << 8 | raw(packet, len, around, i);
            for (k = 0; k < 4; k++, bits <<= 6)
                line[n + k] = (uint8_t)alk_frame_digit[i - 3u + k <= total ? bits >> 18 & 63u : 64u];
        }
        line[n++] = '\n';
        put(ctx, line, n);
    }
}
