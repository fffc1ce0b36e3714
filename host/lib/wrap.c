/* SPDX-License-Identifier: Apache-2.0 */
/* wrap.c - content keys to and from key TLVs, of every kind, with OpenSSL. */
#include <string.h>

#include <openssl/evp.h>
#include <openssl/err.h>
#include <openssl/rsa.h>

#include "airlock/build.h"
#include "airlock/crypto.h"
#include "host/lib/ecies.h"

static bool oaep(EVP_PKEY_CTX *ctx)
{
    return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_OAEP_PADDING) == 1 &&
           EVP_PKEY_CTX_set_rsa_oaep_md(ctx, EVP_sha256()) == 1 &&
           EVP_PKEY_CTX_set_rsa_mgf1_md(ctx, EVP_sha256()) == 1;
}

static int wrap_rsa(struct alk_buf *out, const struct alk_hostkey *to, const uint8_t *key, size_t len)
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, to->pkey, NULL);
    uint8_t raw[512];
    size_t n = sizeof raw;
    bool ok = ctx != NULL && EVP_PKEY_encrypt_init(ctx) == 1 && oaep(ctx) &&
              EVP_PKEY_encrypt(ctx, raw, &n, key, len) == 1;

    EVP_PKEY_CTX_free(ctx);
    return ok && alk_buf_put(out, raw, n) != NULL ? ALK_OK : ALK_E_BUG;
}

static int open_rsa(uint8_t key[32], size_t *key_len, const uint8_t *value, size_t len,
                    const struct alk_hostkey *with)
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, with->pkey, NULL);
    uint8_t raw[512];
    size_t n = sizeof raw;
    bool ok = len == 256 && ctx != NULL && EVP_PKEY_decrypt_init(ctx) == 1 && oaep(ctx) &&
              EVP_PKEY_decrypt(ctx, raw, &n, value, len) == 1 && (n == 16 || n == 32);

    EVP_PKEY_CTX_free(ctx);
    if (ok) {
        memcpy(key, raw, n);
        *key_len = n;
    }
    alk_wipe(raw, sizeof raw);
    return ok ? ALK_OK : ALK_E_AUTH;
}

/* RFC 3394; return: how many bytes, 0: failed */
static size_t key_wrap(uint8_t *out, const uint8_t *in, size_t len, const struct alk_hostkey *kek, bool seal)
{
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    const EVP_CIPHER *cipher = kek->kind->bits == 128 ? EVP_aes_128_wrap() : EVP_aes_256_wrap();
    int n = 0;
    bool ok = ctx != NULL;

    if (ok) {
        EVP_CIPHER_CTX_set_flags(ctx, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
        ok = EVP_CipherInit_ex2(ctx, cipher, kek->wrap, NULL, seal, NULL) == 1 &&
             EVP_CipherUpdate(ctx, out, &n, in, (int)len) == 1;
    }
    EVP_CIPHER_CTX_free(ctx);
    return ok && n > 0 ? (size_t)n : 0;
}

static int wrap_kw(struct alk_buf *out, const struct alk_hostkey *to, const uint8_t *key, size_t len,
                   struct alk_why *why)
{
    uint8_t raw[64];
    size_t n;

    if (len * 8 != to->kind->bits) {
        return alk_why(why, ALK_E_USAGE, "a wrapping key of %u bits wraps content keys of %u bits, not %u",
                       to->kind->bits, to->kind->bits, (unsigned)len * 8);
    }
    n = key_wrap(raw, key, len, to, true);
    return n > 0 && alk_buf_put(out, raw, n) != NULL ? ALK_OK : ALK_E_BUG;
}

static int open_kw(uint8_t key[32], size_t *key_len, const uint8_t *value, size_t len,
                   const struct alk_hostkey *with)
{
    uint8_t raw[64];
    size_t size = with->kind->bits / 8u;
    bool ok = len == size + 8 && key_wrap(raw, value, len, with, false) == size;

    if (ok) {
        memcpy(key, raw, size);
        *key_len = size;
    }
    alk_wipe(raw, sizeof raw);
    return ok ? ALK_OK : ALK_E_AUTH;
}

int alk_wrap_key(struct alk_buf *out, uint16_t *tlv, const struct alk_wrapping *w, const uint8_t *key,
                 size_t len, struct alk_why *why)
{
    const struct alk_hostkey *to = w->to;
    int e;

    *tlv = to->kind->enc_tlv;
    if (w->hmac_512 && *tlv == ALK_TLV_ENC_EC256) {
        return alk_why(why, ALK_E_USAGE, "SHA-512 key wrapping exists for X25519 only, this is %s",
                       to->kind->says);
    }
    switch (*tlv) {
    case ALK_TLV_ENC_RSA2048:
        e = wrap_rsa(out, to, key, len);
        break;
    case ALK_TLV_ENC_KW:
        return wrap_kw(out, to, key, len, why);
    case ALK_TLV_ENC_EC256:
    case ALK_TLV_ENC_X25519:
        *tlv = w->hmac_512 ? ALK_TLV_ENC_X25519_512 : *tlv;
        e = alk_ecies_wrap(out, to, key, len, w->hmac_512, w->random);
        break;
    default:
        return alk_why(why, ALK_E_SUPPORT, "no bootloader opens images encrypted to a %s key",
                       to->kind->says);
    }
    ERR_clear_error();
    return e == ALK_OK ? e
                       : alk_why(why, e, "the content key cannot be wrapped for this %s key", to->kind->says);
}

int alk_open_key(uint8_t key[32], size_t *key_len, uint16_t tlv, const uint8_t *value, size_t len,
                 const struct alk_hostkey *with)
{
    uint16_t kind = tlv == ALK_TLV_ENC_X25519_512 ? ALK_TLV_ENC_X25519 : tlv;
    int e;

    *key_len = 0;
    if (kind != with->kind->enc_tlv || !with->is_private) {
        return ALK_E_SUPPORT;
    }
    if (kind == ALK_TLV_ENC_RSA2048) {
        e = open_rsa(key, key_len, value, len, with);
    } else if (kind == ALK_TLV_ENC_KW) {
        e = open_kw(key, key_len, value, len, with);
    } else {
        e = alk_ecies_open(key, key_len, value, len, with, tlv == ALK_TLV_ENC_X25519_512);
    }
    ERR_clear_error();
    return e;
}

static const EVP_CIPHER *ctr_of(size_t key_len)
{
    return key_len == 16 ? EVP_aes_128_ctr() : EVP_aes_256_ctr();
}

int alk_payload_crypt(uint8_t *payload, size_t len, const uint8_t *key, size_t key_len)
{
    static const uint8_t zero[16];
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    int n = 0;
    bool ok = ctx != NULL && len < INT32_MAX &&
              EVP_EncryptInit_ex2(ctx, ctr_of(key_len), key, zero, NULL) == 1 &&
              EVP_EncryptUpdate(ctx, payload, &n, payload, (int)len) == 1;

    EVP_CIPHER_CTX_free(ctx);
    return ok ? ALK_OK : ALK_E_BUG;
}
