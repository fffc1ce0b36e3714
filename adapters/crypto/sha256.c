/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sha256.c - SHA-256 (FIPS 180-4), written for few bytes of code.
 *
 * The eight working variables lie in memory as a window that moves up one
 * word a round, so that nothing is shifted through registers:
 *
 *     v[0] h  v[1] g  v[2] f  v[3] e  v[4] d  v[5] c  v[6] b  v[7] a
 *     after:  v[4] = d + t1 (the new e),  v[8] = t1 + t2 (the new a)
 *
 * The message schedule is a window in the same way: w[16] from w[0..15].
 */
#include "airlock/crypto.h"
#include "core/bytes.h"

#include <string.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "words are turned round");

static const uint32_t round_k[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static const uint32_t initial_state[8] = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};

static inline uint32_t rotr(uint32_t x, unsigned n)
{
    return x >> n | x << (32u - n);
}

static void compress(uint32_t state[8], const uint32_t block[16])
{
    uint32_t schedule[64 + 16];
    uint32_t window[64 + 8];
    uint32_t *w = schedule;
    uint32_t *v = window;
    const uint32_t *k = round_k;

    for (unsigned i = 0; i < 16; i++) {
        w[i] = __builtin_bswap32(block[i]);
    }
    for (unsigned i = 0; i < 8; i++) {
        v[i] = state[7 - i];
    }
    do {
        uint32_t x = w[1];
        uint32_t y = w[14];
        uint32_t t = v[3];

        w[16] = w[0] + w[9] + (rotr(x ^ rotr(x, 11), 7) ^ x >> 3) + (rotr(y ^ rotr(y, 2), 17) ^ y >> 10);
        t = v[0] + (v[1] ^ (t & (v[1] ^ v[2]))) + rotr(t ^ rotr(t ^ rotr(t, 14), 5), 6) + *k++ + *w++;
        v[4] += t;
        x = v[7];
        v[8] = t + ((x & v[6]) | (v[5] & (x | v[6]))) + rotr(x ^ rotr(x ^ rotr(x, 9), 11), 2);
        v++;
    } while (k != round_k + 64);
    for (unsigned i = 0; i < 8; i++) {
        state[i] += v[7 - i];
    }
}

ALK_APART void alk_sha256_init(struct alk_sha256 *c)
{
    memcpy(c->state, initial_state, sizeof c->state);
    c->len = 0;
}

void alk_sha256_update(struct alk_sha256 *c, const void *data, size_t len)
{
    const uint8_t *p = data;

    while (len != 0) {
        size_t used = c->len % 64;
        size_t n = len < 64 - used ? len : 64 - used;

        memcpy((uint8_t *)c->block + used, p, n);
        c->len += (uint32_t)n;
        p += n;
        len -= n;
        if (used + n == 64) {
            compress(c->state, c->block);
        }
    }
}

void alk_sha256_final(uint8_t digest[32], struct alk_sha256 *c)
{
    uint32_t bits = c->len * 8;
    uint8_t byte = 0x80;

    do {
        alk_sha256_update(c, &byte, 1);
        byte = 0;
    } while (c->len % 64 != 56);
    c->block[14] = 0;
    c->block[15] = __builtin_bswap32(bits);
    compress(c->state, c->block);
    for (unsigned i = 0; i < 32; i++) {
        digest[i] = ((const uint8_t *)c->state)[i ^ 3u];
    }
    alk_wipe(c, sizeof *c);
}
