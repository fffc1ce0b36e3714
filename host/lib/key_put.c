/* SPDX-License-Identifier: Apache-2.0 */
/* key_put.c - keys as PEM, DER and raw bytes. */
#include <string.h>

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/encoder.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "airlock/crypto.h"
#include "airlock/key.h"

static int encode(struct alk_buf *out, const EVP_PKEY *pkey, int selection, const char *form,
                  const char *structure, const char *pass)
{
    OSSL_ENCODER_CTX *ctx = OSSL_ENCODER_CTX_new_for_pkey(pkey, selection, form, structure, NULL);
    unsigned char *data = NULL;
    size_t len = 0;
    bool ok = ctx != NULL;

    if (ok && pass != NULL) {
        ok = OSSL_ENCODER_CTX_set_cipher(ctx, "AES-256-CBC", NULL) &&
             OSSL_ENCODER_CTX_set_passphrase(ctx, (const unsigned char *)pass, strlen(pass));
    }
    ok = ok && OSSL_ENCODER_to_data(ctx, &data, &len) && alk_buf_put(out, data, len) != NULL;
    OPENSSL_clear_free(data, len);
    OSSL_ENCODER_CTX_free(ctx);
    ERR_clear_error();
    return ok ? ALK_OK : ALK_E_SUPPORT;
}

static bool is_rsa(const struct alk_hostkey *key)
{
    return strcmp(key->kind->type, "RSA") == 0;
}

static bool is_ec(const struct alk_hostkey *key)
{
    return key->kind->group != NULL;
}

/* A number of the key, big-endian, in len bytes. */
static int put_number(struct alk_buf *out, const struct alk_hostkey *key, const char *name, size_t len)
{
    BIGNUM *n = NULL;
    uint8_t *at = alk_buf_fill(out, 0, len);
    bool ok = at != NULL && EVP_PKEY_get_bn_param(key->pkey, name, &n) && BN_bn2binpad(n, at, (int)len) > 0;

    BN_clear_free(n);
    return ok ? ALK_OK : ALK_E_SUPPORT;
}

static int put_point(struct alk_buf *out, const struct alk_hostkey *key)
{
    unsigned char *point = NULL;
    size_t len = EVP_PKEY_get1_encoded_public_key(key->pkey, &point);
    bool ok = len == 1 + key->kind->bits / 4u && point[0] == 4 &&
              alk_buf_put(out, point + 1, len - 1) != NULL;

    OPENSSL_free(point);
    return ok ? ALK_OK : ALK_E_SUPPORT;
}

static int put_raw_public(struct alk_buf *out, const struct alk_hostkey *key)
{
    uint8_t raw[32];
    size_t len = sizeof raw;

    if (is_ec(key)) {
        return put_point(out, key);
    }
    if (is_rsa(key)) {
        return put_number(out, key, OSSL_PKEY_PARAM_RSA_N, key->kind->bits / 8);
    }
    if (!EVP_PKEY_get_raw_public_key(key->pkey, raw, &len)) {
        return ALK_E_SUPPORT;
    }
    alk_buf_put(out, raw, len);
    return ALK_OK;
}

/* Of keys in hardware too, which OSSL_ENCODER does not know. */
static int put_pem(struct alk_buf *out, EVP_PKEY *pkey)
{
    BIO *bio = BIO_new(BIO_s_mem());
    char *text = NULL;
    long len = bio != NULL && PEM_write_bio_PUBKEY(bio, pkey) == 1 ? BIO_get_mem_data(bio, &text) : 0;
    bool ok = len > 0 && alk_buf_put(out, text, (size_t)len) != NULL;

    BIO_free(bio);
    return ok ? ALK_OK : ALK_E_SUPPORT;
}

static int put_der(struct alk_buf *out, EVP_PKEY *pkey, int (*encode_der)(const EVP_PKEY *, unsigned char **))
{
    unsigned char *der = NULL;
    int len = encode_der(pkey, &der);
    bool ok = len > 0 && alk_buf_put(out, der, (size_t)len) != NULL;

    OPENSSL_free(der);
    return ok ? ALK_OK : ALK_E_SUPPORT;
}

int alk_key_put_public(struct alk_buf *out, const struct alk_hostkey *key, enum alk_key_form form)
{
    if (key->pkey == NULL || form == ALK_FORM_TRADITIONAL || form == ALK_FORM_TRADITIONAL_DER) {
        return ALK_E_SUPPORT;
    }
    if (form == ALK_FORM_RAW) {
        return put_raw_public(out, key);
    }
    return form == ALK_FORM_PEM ? put_pem(out, key->pkey) : put_der(out, key->pkey, i2d_PUBKEY);
}

/* Everything in front of the point or the raw key in SubjectPublicKeyInfo. */
static const struct {
    uint8_t id, len, head[26];
} spki_heads[] = {
    {ALK_KIND_P256, 26, {0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01,
                         0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00}},
    {ALK_KIND_P384, 23, {0x30, 0x76, 0x30, 0x10, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02,
                         0x01, 0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22, 0x03, 0x62, 0x00}},
    {ALK_KIND_ED25519, 12, {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00}},
    {ALK_KIND_X25519, 12, {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x6e, 0x03, 0x21, 0x00}},
};

int alk_key_put_tlv(struct alk_buf *out, const struct alk_hostkey *key)
{
    if (key->pkey == NULL) {
        return ALK_E_SUPPORT;
    }
    for (size_t i = 0; i < sizeof spki_heads / sizeof spki_heads[0]; i++) {
        if (spki_heads[i].id == key->kind->id) {
            alk_buf_put(out, spki_heads[i].head, spki_heads[i].len);
            if (is_ec(key)) {
                alk_buf_put8(out, 4);
            }
            return put_raw_public(out, key);
        }
    }
    return put_der(out, key->pkey, i2d_PublicKey);
}

static int put_raw_private(struct alk_buf *out, const struct alk_hostkey *key)
{
    uint8_t raw[32];
    size_t len = sizeof raw;
    int e = ALK_E_SUPPORT;

    if (is_ec(key)) {
        return put_number(out, key, OSSL_PKEY_PARAM_PRIV_KEY, key->kind->bits / 8);
    }
    if (!is_rsa(key) && EVP_PKEY_get_raw_private_key(key->pkey, raw, &len)) {
        e = alk_buf_put(out, raw, len) != NULL ? ALK_OK : ALK_E_MEMORY;
    }
    alk_wipe(raw, sizeof raw);
    return e;
}

static int put_wrap(struct alk_buf *out, const struct alk_hostkey *key, enum alk_key_form form)
{
    char text[48];
    size_t len = key->kind->bits / 8;

    if (form == ALK_FORM_RAW) {
        return alk_buf_put(out, key->wrap, len) != NULL ? ALK_OK : ALK_E_MEMORY;
    }
    EVP_EncodeBlock((unsigned char *)text, key->wrap, (int)len);
    alk_buf_printf(out, "%s\n", text);
    alk_wipe(text, sizeof text);
    return ALK_OK;
}

int alk_key_put_private(struct alk_buf *out, const struct alk_hostkey *key, enum alk_key_form form,
                        const char *pass)
{
    if (!key->is_private) {
        return ALK_E_KEY;
    }
    if (key->pkey == NULL) {
        return put_wrap(out, key, form);
    }
    if (form == ALK_FORM_RAW) {
        return put_raw_private(out, key);
    }
    return encode(out, key->pkey, EVP_PKEY_KEYPAIR,
                  form == ALK_FORM_DER || form == ALK_FORM_TRADITIONAL_DER ? "DER" : "PEM",
                  form == ALK_FORM_DER || form == ALK_FORM_PEM ? "PrivateKeyInfo" : "type-specific", pass);
}
