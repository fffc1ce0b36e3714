/* SPDX-License-Identifier: Apache-2.0 */
/* key_use.c - what keys do: be made, sign, check, be told apart. */
#include <stdio.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>

#include "airlock/crypto.h"
#include "airlock/key.h"
#include "host/lib/key_fixed.h"

int alk_random_get(uint8_t *out, size_t len, struct alk_random *r)
{
    uint8_t block[64];

    if (r->seed == NULL) {
        return RAND_priv_bytes(out, (int)len) == 1 ? ALK_OK : ALK_E_BUG;
    }
    while (len > 0) {
        char text[256];
        int n = snprintf(text, sizeof text, "airlock seed %s %u", r->seed, (unsigned)r->count++);
        size_t piece = len < 32 ? len : 32;

        alk_digest_of(block, ALK_SHA512, text, n < (int)sizeof text ? (size_t)n : sizeof text);
        memcpy(out, block, piece);
        out += piece;
        len -= piece;
    }
    return ALK_OK;
}

int alk_key_generate(struct alk_hostkey *key, const struct alk_kind *kind, struct alk_why *why)
{
    struct alk_random r = {0};

    *key = (struct alk_hostkey){.kind = kind, .is_private = true};
    if (kind->type == NULL) {
        return alk_random_get(key->wrap, kind->bits / 8u, &r);
    }
    if (kind->group != NULL) {
        key->pkey = EVP_PKEY_Q_keygen(NULL, NULL, kind->type, kind->group);
    } else if (strcmp(kind->type, "RSA") == 0) {
        key->pkey = EVP_PKEY_Q_keygen(NULL, NULL, kind->type, (size_t)kind->bits);
    } else {
        key->pkey = EVP_PKEY_Q_keygen(NULL, NULL, kind->type);
    }
    return key->pkey != NULL ? ALK_OK : alk_why(why, ALK_E_BUG, "OpenSSL makes no %s key", kind->says);
}

void alk_key_free(struct alk_hostkey *key)
{
    EVP_PKEY_free(key->pkey);
    alk_wipe(key, sizeof *key);
}

static const EVP_MD *md_of(enum alk_hash hash)
{
    return hash == ALK_SHA256 ? EVP_sha256() : hash == ALK_SHA384 ? EVP_sha384() : EVP_sha512();
}

int alk_digest_open(struct alk_digest *d, enum alk_hash hash)
{
    d->hash = hash;
    d->ctx = EVP_MD_CTX_new();
    return d->ctx != NULL && EVP_DigestInit_ex(d->ctx, md_of(hash), NULL) ? ALK_OK : ALK_E_MEMORY;
}

void alk_digest_add(struct alk_digest *d, const void *data, size_t len)
{
    EVP_DigestUpdate(d->ctx, data, len);
}

size_t alk_digest_close(uint8_t out[64], struct alk_digest *d)
{
    EVP_DigestFinal_ex(d->ctx, out, NULL);
    EVP_MD_CTX_free(d->ctx);
    d->ctx = NULL;
    return alk_hash_size(d->hash);
}

size_t alk_digest_of(uint8_t out[64], enum alk_hash hash, const void *data, size_t len)
{
    struct alk_digest d;

    if (alk_digest_open(&d, hash) != ALK_OK) {
        memset(out, 0, 64);
        return 0;
    }
    alk_digest_add(&d, data, len);
    return alk_digest_close(out, &d);
}

size_t alk_key_hash(uint8_t out[64], const struct alk_hostkey *key, enum alk_hash hash)
{
    struct alk_buf pub = {0};
    size_t n;

    memset(out, 0, 64);
    if (alk_key_put_tlv(&pub, key) != ALK_OK) {
        alk_buf_free(&pub);
        return alk_hash_size(hash);
    }
    n = alk_digest_of(out, hash, pub.data, pub.len);
    alk_buf_free(&pub);
    return n;
}

bool alk_key_same(const struct alk_hostkey *a, const struct alk_hostkey *b)
{
    if (a->kind != b->kind) {
        return false;
    }
    return a->pkey != NULL ? EVP_PKEY_eq(a->pkey, b->pkey) == 1
                           : alk_equal(a->wrap, b->wrap, a->kind->bits / 8u);
}

/* ECDSA takes the digest of its own length; RSA is PSS with SHA-256, salt 32. */
static EVP_PKEY_CTX *digest_ctx(const struct alk_hostkey *key, bool sign)
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, key->pkey, NULL);
    bool rsa = strcmp(key->kind->type, "RSA") == 0;
    bool ok = ctx != NULL && (sign ? EVP_PKEY_sign_init(ctx) : EVP_PKEY_verify_init(ctx)) == 1;

    if (ok && rsa) {
        ok = EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) == 1 &&
             EVP_PKEY_CTX_set_signature_md(ctx, EVP_sha256()) == 1 &&
             EVP_PKEY_CTX_set_rsa_mgf1_md(ctx, EVP_sha256()) == 1 &&
             EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, 32) == 1;
    }
    if (!ok) {
        EVP_PKEY_CTX_free(ctx);
        return NULL;
    }
    return ctx;
}

static bool sign_digest(uint8_t *sig, size_t *len, const struct alk_hostkey *key, const uint8_t *msg,
                        size_t msg_len)
{
    EVP_PKEY_CTX *ctx = digest_ctx(key, true);
    bool ok = ctx != NULL && EVP_PKEY_sign(ctx, sig, len, msg, msg_len) == 1;

    EVP_PKEY_CTX_free(ctx);
    return ok;
}

static bool sign_message(uint8_t *sig, size_t *len, const struct alk_hostkey *key, const uint8_t *msg,
                         size_t msg_len)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool ok = ctx != NULL && EVP_DigestSignInit(ctx, NULL, NULL, NULL, key->pkey) == 1 &&
              EVP_DigestSign(ctx, sig, len, msg, msg_len) == 1;

    EVP_MD_CTX_free(ctx);
    return ok;
}

int alk_key_sign(struct alk_buf *sig, const struct alk_hostkey *key, const uint8_t *msg, size_t len,
                 bool fixed, struct alk_why *why)
{
    uint8_t raw[512];
    size_t n = sizeof raw;
    bool ok;

    if (key->kind->sig_tlv == 0) {
        return alk_why(why, ALK_E_SUPPORT, "%s keys cannot sign", key->kind->says);
    }
    if (!key->is_private) {
        return alk_why(why, ALK_E_KEY, "is a public key, which cannot sign");
    }
    if (key->kind->id == ALK_KIND_ED25519) {
        ok = sign_message(raw, &n, key, msg, len);
    } else if (fixed && key->kind->group != NULL) {
        ok = alk_ecdsa_fixed(raw, &n, key, msg, len);
    } else {
        ok = sign_digest(raw, &n, key, msg, len);
    }
    ERR_clear_error();
    if (!ok) {
        return alk_why(why, ALK_E_BUG, "OpenSSL makes no signature with this %s key", key->kind->says);
    }
    return alk_buf_put(sig, raw, n) != NULL ? ALK_OK : ALK_E_MEMORY;
}

int alk_key_check(const struct alk_hostkey *key, const uint8_t *sig, size_t sig_len, const uint8_t *msg,
                  size_t len)
{
    bool ok = false;

    if (key->kind->id == ALK_KIND_ED25519) {
        EVP_MD_CTX *ctx = EVP_MD_CTX_new();

        ok = ctx != NULL && EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, key->pkey) == 1 &&
             EVP_DigestVerify(ctx, sig, sig_len, msg, len) == 1;
        EVP_MD_CTX_free(ctx);
    } else if (key->kind->sig_tlv != 0) {
        EVP_PKEY_CTX *ctx = digest_ctx(key, false);

        ok = ctx != NULL && EVP_PKEY_verify(ctx, sig, sig_len, msg, len) == 1;
        EVP_PKEY_CTX_free(ctx);
    }
    ERR_clear_error();
    return ok ? ALK_OK : ALK_E_AUTH;
}
