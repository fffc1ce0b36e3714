/* SPDX-License-Identifier: Apache-2.0 */
/* key_minimal.c - private keys with nothing a small bootloader does not read. */
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>

#include "airlock/crypto.h"
#include "airlock/key.h"

/* Put a tag and a length in front of body, and append both. */
static void put_tlv(struct alk_buf *out, uint8_t tag, const struct alk_buf *body)
{
    alk_buf_put8(out, tag);
    if (body->len >= 256) {
        alk_buf_put8(out, 0x82);
        alk_buf_put8(out, (uint8_t)(body->len >> 8));
    } else if (body->len >= 128) {
        alk_buf_put8(out, 0x81);
    }
    alk_buf_put8(out, (uint8_t)body->len);
    alk_buf_put(out, body->data, body->len);
}

/* SEC1 without the public key; with the curve's name unless it stands outside. */
static int put_ec(struct alk_buf *out, const struct alk_hostkey *key, bool named)
{
    static const uint8_t p256[] = {0xa0, 0x0a, 6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7};
    static const uint8_t p384[] = {0xa0, 7, 6, 5, 0x2b, 0x81, 4, 0, 0x22};
    bool small = key->kind->id == ALK_KIND_P256;
    struct alk_buf body = {0};
    int e;

    alk_buf_put(&body, "\x02\x01\x01\x04", 4);
    alk_buf_put8(&body, (uint8_t)(key->kind->bits / 8));
    e = alk_key_put_private(&body, key, ALK_FORM_RAW, NULL);
    if (named) {
        alk_buf_put(&body, small ? p256 : p384, small ? sizeof p256 : sizeof p384);
    }
    put_tlv(out, 0x30, &body);
    alk_buf_free(&body);
    return e;
}

static int put_ec_pkcs8(struct alk_buf *out, const struct alk_hostkey *key)
{
    static const uint8_t p256[] = {2, 1, 0, 0x30, 0x13, 6,    7,    0x2a, 0x86, 0x48, 0xce, 0x3d,
                                   2, 1, 6, 8,    0x2a, 0x86, 0x48, 0xce, 0x3d, 3,    1,    7};
    static const uint8_t p384[] = {2,    1, 0, 0x30, 0x10, 6,    7,    0x2a, 0x86, 0x48, 0xce,
                                   0x3d, 2, 1, 6,    5,    0x2b, 0x81, 4,    0,    0x22};
    bool small = key->kind->id == ALK_KIND_P256;
    struct alk_buf sec1 = {0}, body = {0};
    int e = put_ec(&sec1, key, false);

    alk_buf_put(&body, small ? p256 : p384, small ? sizeof p256 : sizeof p384);
    put_tlv(&body, 4, &sec1);
    put_tlv(out, 0x30, &body);
    alk_buf_free(&sec1);
    alk_buf_free(&body);
    return e;
}

/* PKCS#1 cut off behind the primes: no exponents and coefficient for the Chinese remainder theorem. */
static int put_rsa(struct alk_buf *out, const struct alk_hostkey *key)
{
    static const char *const names[] = {OSSL_PKEY_PARAM_RSA_N, OSSL_PKEY_PARAM_RSA_E, OSSL_PKEY_PARAM_RSA_D,
                                        OSSL_PKEY_PARAM_RSA_FACTOR1, OSSL_PKEY_PARAM_RSA_FACTOR2};
    struct alk_buf body = {0};
    int e = ALK_OK;

    alk_buf_put(&body, "\x02\x01\x00", 3);
    for (size_t i = 0; i < sizeof names / sizeof names[0] && e == ALK_OK; i++) {
        struct alk_buf number = {0};
        BIGNUM *n = NULL;
        uint8_t *at;

        if (!EVP_PKEY_get_bn_param(key->pkey, names[i], &n)) {
            e = ALK_E_SUPPORT;
        } else {
            alk_buf_fill(&number, 0, BN_num_bits(n) % 8 == 0);
            at = alk_buf_fill(&number, 0, (size_t)BN_num_bytes(n));
            e = at != NULL && BN_bn2bin(n, at) >= 0 ? ALK_OK : ALK_E_MEMORY;
            put_tlv(&body, 2, &number);
        }
        BN_clear_free(n);
        alk_buf_free(&number);
    }
    put_tlv(out, 0x30, &body);
    alk_buf_free(&body);
    return e;
}

int alk_key_put_minimal(struct alk_buf *out, const struct alk_hostkey *key, bool traditional)
{
    if (!key->is_private || key->pkey == NULL) {
        return ALK_E_KEY;
    }
    if (key->kind->group != NULL) {
        return traditional ? put_ec(out, key, true) : put_ec_pkcs8(out, key);
    }
    if (strcmp(key->kind->type, "RSA") == 0) {
        return put_rsa(out, key);
    }
    return alk_key_put_private(out, key, ALK_FORM_DER, NULL);
}
