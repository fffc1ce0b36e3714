/* SPDX-License-Identifier: Apache-2.0 */
/*
 * aes.c - AES-128/256 encryption (FIPS 197) in counter mode, for few bytes.
 *
 * A column is a little-endian word.  A state is kept as eight words, the four
 * columns twice, so that ShiftRows of column c reads the bytes 4c + 0, 5, 10
 * and 15 without a wrap:
 *
 *     word   0 1 2 3 0 1 2 3        column 2: bytes 8, 13, 18, 23
 *
 * Table look-ups depend on the key: on parts without a data cache their time
 * does not; on a host with caches a neighbour could learn from it
 * (docs/SECURITY.md).
 */
#include "airlock/crypto.h"
#include "core/bytes.h"

#include <string.h>

#define ROUND_WORDS_MAX 60

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "columns are read as bytes");

static const uint8_t sbox[256] = {
    0x63, 0x7c, 0x77, 0x7b, 0xf2, 0x6b, 0x6f, 0xc5, 0x30, 0x01, 0x67, 0x2b, 0xfe, 0xd7, 0xab, 0x76,
    0xca, 0x82, 0xc9, 0x7d, 0xfa, 0x59, 0x47, 0xf0, 0xad, 0xd4, 0xa2, 0xaf, 0x9c, 0xa4, 0x72, 0xc0,
    0xb7, 0xfd, 0x93, 0x26, 0x36, 0x3f, 0xf7, 0xcc, 0x34, 0xa5, 0xe5, 0xf1, 0x71, 0xd8, 0x31, 0x15,
    0x04, 0xc7, 0x23, 0xc3, 0x18, 0x96, 0x05, 0x9a, 0x07, 0x12, 0x80, 0xe2, 0xeb, 0x27, 0xb2, 0x75,
    0x09, 0x83, 0x2c, 0x1a, 0x1b, 0x6e, 0x5a, 0xa0, 0x52, 0x3b, 0xd6, 0xb3, 0x29, 0xe3, 0x2f, 0x84,
    0x53, 0xd1, 0x00, 0xed, 0x20, 0xfc, 0xb1, 0x5b, 0x6a, 0xcb, 0xbe, 0x39, 0x4a, 0x4c, 0x58, 0xcf,
    0xd0, 0xef, 0xaa, 0xfb, 0x43, 0x4d, 0x33, 0x85, 0x45, 0xf9, 0x02, 0x7f, 0x50, 0x3c, 0x9f, 0xa8,
    0x51, 0xa3, 0x40, 0x8f, 0x92, 0x9d, 0x38, 0xf5, 0xbc, 0xb6, 0xda, 0x21, 0x10, 0xff, 0xf3, 0xd2,
    0xcd, 0x0c, 0x13, 0xec, 0x5f, 0x97, 0x44, 0x17, 0xc4, 0xa7, 0x7e, 0x3d, 0x64, 0x5d, 0x19, 0x73,
    0x60, 0x81, 0x4f, 0xdc, 0x22, 0x2a, 0x90, 0x88, 0x46, 0xee, 0xb8, 0x14, 0xde, 0x5e, 0x0b, 0xdb,
    0xe0, 0x32, 0x3a, 0x0a, 0x49, 0x06, 0x24, 0x5c, 0xc2, 0xd3, 0xac, 0x62, 0x91, 0x95, 0xe4, 0x79,
    0xe7, 0xc8, 0x37, 0x6d, 0x8d, 0xd5, 0x4e, 0xa9, 0x6c, 0x56, 0xf4, 0xea, 0x65, 0x7a, 0xae, 0x08,
    0xba, 0x78, 0x25, 0x2e, 0x1c, 0xa6, 0xb4, 0xc6, 0xe8, 0xdd, 0x74, 0x1f, 0x4b, 0xbd, 0x8b, 0x8a,
    0x70, 0x3e, 0xb5, 0x66, 0x48, 0x03, 0xf6, 0x0e, 0x61, 0x35, 0x57, 0xb9, 0x86, 0xc1, 0x1d, 0x9e,
    0xe1, 0xf8, 0x98, 0x11, 0x69, 0xd9, 0x8e, 0x94, 0x9b, 0x1e, 0x87, 0xe9, 0xce, 0x55, 0x28, 0xdf,
    0x8c, 0xa1, 0x89, 0x0d, 0xbf, 0xe6, 0x42, 0x68, 0x41, 0x99, 0x2d, 0x0f, 0xb0, 0x54, 0xbb, 0x16,
};

/* Inlined twice: a call would cost more instructions than the work. */
#define INLINE static inline __attribute__((always_inline))

/* The bytes p[0], p[step], p[2 step] and p[3 step] through the S-box. */
INLINE uint32_t substitute(const uint8_t *p, unsigned step)
{
    return sbox[p[0]] | (uint32_t)sbox[p[step]] << 8 | (uint32_t)sbox[p[2 * step]] << 16 |
           (uint32_t)sbox[p[3 * step]] << 24;
}

static inline uint32_t rotr(uint32_t x, unsigned n)
{
    return x >> n | x << (32u - n);
}

static inline uint32_t mix_column(uint32_t a)
{
    uint32_t a8 = rotr(a, 8);
    uint32_t b = a ^ a8;
    uint32_t high = b & 0x80808080u;

    return (b ^ high) << 1 ^ ((high - (high >> 7)) & 0x1b1b1b1bu) ^ a8 ^ rotr(b, 16);
}

/* in: key_len - 16 or 32; return: end of the round keys */
static const uint32_t *expand_key(uint32_t rk[ROUND_WORDS_MAX], const uint8_t *key, size_t key_len)
{
    uint8_t *w = (uint8_t *)rk;
    size_t total = 4 * key_len + 112;
    uint32_t rcon = 1;

    memcpy(w, key, key_len);
    for (size_t i = key_len; i < total; i++) {
        size_t place = i & (key_len - 1);
        uint32_t t = w[i - 4];

        if (place < 4) {
            t = sbox[w[i - (place == 3 ? 7 : 3)]] ^ (place == 0 ? rcon : 0);
            rcon = place == 0 ? rcon << 1 ^ (rcon >> 7) * 0x11bu : rcon;
        } else if (place - 16 < 4) {
            t = sbox[t];
        }
        w[i] = (uint8_t)(w[i - key_len] ^ t);
    }
    return rk + total / 4;
}

/* return: the 16 bytes of keystream of a block; they lie in state */
__attribute__((noinline)) static const uint8_t *encrypt(uint32_t state[16], uint32_t block,
                                                        const uint32_t *rk, const uint32_t *end)
{
    uint32_t *from = state;
    uint32_t *to = state + 8;

    from[0] = from[4] = *rk++;
    from[1] = from[5] = *rk++;
    from[2] = from[6] = *rk++;
    from[3] = from[7] = *rk++ ^ __builtin_bswap32(block);
    do {
        uint32_t *swap = to;
        const uint32_t *next = rk + 4;

        do {
            uint32_t word = substitute((const uint8_t *)from++, 5);

            if (next != end) {
                word = mix_column(word);
            }
            word ^= *rk++;
            to[4] = word;
            *to++ = word;
        } while (rk != next);
        to = from - 4;
        from = swap;
    } while (rk != end);
    return (const uint8_t *)from;
}

void alk_aes_ctr(uint8_t *buf, size_t len, const uint8_t *key, size_t key_len, uint32_t off)
{
    struct {
        uint32_t rk[ROUND_WORDS_MAX];
        uint32_t state[16];
    } w;
    const uint32_t *end = expand_key(w.rk, key, key_len);

    while (len != 0) {
        const uint8_t *stream = encrypt(w.state, off / 16, w.rk, end) + off % 16;
        const uint8_t *stop = buf + alk_min(16 - off % 16, (uint32_t)len);

        len -= (size_t)(stop - buf);
        off += (uint32_t)(stop - buf);
        while (buf != stop) {
            *buf++ ^= *stream++;
        }
    }
    alk_wipe(&w, sizeof w);
}
