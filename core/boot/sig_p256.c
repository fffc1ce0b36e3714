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

/* out: raw - r || s, into zeroes.  return: where they end, or 0 */
static size_t read_der(uint8_t raw[64], const uint8_t *sig, size_t len)
{
    size_t end, at = 2;

    if (len < 2 || sig[0] != 0x30 || sig[1] > len - 2)
        return 0;
    end = sig[1] + 2u;
    for (unsigned i = 32; i <= 64; i += 32) {
        size_t n, sign;

        if (end - at < 3 || sig[at] != 2)
            return 0;
        n = sig[at + 1];
        at += 2;
        if (n == 0 || n > end - at)
            return 0;
        sign = sig[at] == 0 && n > 1;
        at += sign;
        n -= sign;
        if (n > 32 || sig[at] >> 7 != sign)
            return 0;
        memcpy(raw + i - n, sig + at, n);
        at += n;
    }
    return at == end ? end : 0;
}

static int verify_p256(uint8_t proof[2][32], const uint8_t *sig, size_t len, const uint8_t *pub,
                       const uint8_t hash[32])
{
    uint8_t raw[64] = {0};
    size_t end = read_der(raw, sig, len);

    if (end == 0)
        return ALK_E_AUTH;
    while (end < len)
        if (sig[end++] != 0)
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
