/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sig_p256.c - the signature TLV 0x22 with a P-256 key.
 *
 *   30 length | 02 length r | 02 length s | zeros up to the TLV's end
 *
 * Strict DER: lengths of one byte, integers positive and minimal.  The zeros
 * are what `imgtool --pad-sig` once wrote.
 */
#include "airlock/verify.h"

#include <string.h>

/* One integer.  out: number - into zeroes; return: where it ends, or NULL */
static const uint8_t *read_integer(uint8_t number[32], const uint8_t *p, const uint8_t *end)
{
    size_t n, sign;

    if (end - p < 3 || p[0] != 2 || p[1] > end - p - 2)
        return NULL;
    n = p[1];
    p += 2;
    sign = p[0] == 0;
    p += sign;
    n -= sign;
    if (n - 1u >= 32 || *p >> 7 != sign)
        return NULL;
    memcpy(number + 32 - n, p, n);
    return p + n;
}

static int verify_p256(uint8_t proof[2][32], const uint8_t *sig, size_t len, const uint8_t *pub,
                       const uint8_t hash[32])
{
    const uint8_t *p = sig + 2, *end = sig + len;
    uint8_t raw[64] = {0};

    if (len < 2 || sig[0] != 0x30 || sig[1] > len - 2)
        return ALK_E_AUTH;
    while (end != p + sig[1])
        if (*--end != 0)
            return ALK_E_AUTH;
    for (unsigned i = 0; i < 64; i += 32) {
        p = read_integer(raw + i, p, end);
        if (p == NULL)
            return ALK_E_AUTH;
    }
    if (p != end)
        return ALK_E_AUTH;
    for (unsigned i = 0; i < 32; i++) {
        proof[0][i] = raw[i];
        proof[1][i] = (uint8_t)~raw[i];
    }
    if (alk_p256_verify(proof[1], raw, pub, hash) != ALK_OK || !alk_equal(proof[0], proof[1], 32))
        return ALK_E_AUTH;
    return ALK_OK;
}

const struct alk_sig_alg alk_sig_p256 = {
    .tlv = ALK_TLV_ECDSA,
    .alg = ALK_ALG_P256,
    .pub_len = 64,
    .sig_max = 72,
    .verify = verify_p256,
};
