/* SPDX-License-Identifier: Apache-2.0 */
/* key_file.c - keys from and to PEM, DER and raw bytes. */
#include <string.h>

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/decoder.h>
#include <openssl/encoder.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "airlock/crypto.h"
#include "airlock/file.h"
#include "airlock/key.h"
#include "host/lib/key_pkcs11.h"

static const struct alk_kind *kind_of(const EVP_PKEY *pkey)
{
    char group[64] = "";
    int bits = EVP_PKEY_get_bits(pkey);

    EVP_PKEY_get_group_name(pkey, group, sizeof group, NULL);
    for (const struct alk_kind *k = alk_kinds; k->name != NULL; k++) {
        if (k->type != NULL && EVP_PKEY_is_a(pkey, k->type) &&
            (k->group != NULL ? strcmp(k->group, group) == 0 : bits == k->bits || bits < 256)) {
            return k;
        }
    }
    return NULL;
}

struct ask {
    const struct alk_pass *pass;
    bool asked;
};

static int ask_pass(char *text, size_t cap, size_t *len, const OSSL_PARAM params[], void *ctx)
{
    struct ask *a = ctx;
    int n;

    (void)params;
    a->asked = true;
    if (a->pass == NULL || a->pass->get == NULL) {
        return 0;
    }
    n = a->pass->get(a->pass->ctx, text, cap);
    *len = n > 0 ? (size_t)n : 0;
    return n >= 0;
}

/* form, structure, type: what is known already (NULL: find out), for OpenSSL's search takes its time. */
static EVP_PKEY *decode_as(const uint8_t *data, size_t len, const char *const known[3], int selection,
                           struct ask *ask)
{
    EVP_PKEY *pkey = NULL;
    OSSL_DECODER_CTX *ctx = OSSL_DECODER_CTX_new_for_pkey(&pkey, known[0], known[1], known[2], selection,
                                                          NULL, NULL);

    if (ctx != NULL) {
        OSSL_DECODER_CTX_set_passphrase_cb(ctx, ask_pass, ask);
        if (!OSSL_DECODER_from_data(ctx, &data, &len)) {
            EVP_PKEY_free(pkey);
            pkey = NULL;
        }
    }
    OSSL_DECODER_CTX_free(ctx);
    ERR_clear_error();
    return pkey;
}

/* The kind of key in PKCS#8 or SubjectPublicKeyInfo, by its object identifier. */
static const char *type_in(const uint8_t *der, size_t len)
{
    static const struct {
        uint8_t oid[11], len;
        const char *type;
    } types[] = {
        {{6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1}, 9, "EC"},
        {{6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1}, 11, "RSA"},
        {{6, 3, 0x2b, 0x65, 0x70}, 5, "ED25519"},
        {{6, 3, 0x2b, 0x65, 0x6e}, 5, "X25519"},
    };

    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (memmem(der, len < 32 ? len : 32, types[i].oid, types[i].len) != NULL) {
            return types[i].type;
        }
    }
    return NULL;
}

/* The two forms nearly every key file has; NULL: look further. */
static EVP_PKEY *decode_usual(const uint8_t *data, size_t len, int selection, struct ask *ask)
{
    BIO *bio = BIO_new_mem_buf(data, (int)len);
    char *name = NULL, *header = NULL;
    unsigned char *der = NULL;
    long der_len = 0;
    EVP_PKEY *pkey = NULL;

    if (bio != NULL && PEM_read_bio(bio, &name, &header, &der, &der_len) == 1) {
        bool is_private = strcmp(name, "PRIVATE KEY") == 0, is_public = strcmp(name, "PUBLIC KEY") == 0;
        const char *const known[3] = {"DER", is_private ? "PrivateKeyInfo" : "SubjectPublicKeyInfo",
                                      type_in(der, (size_t)der_len)};

        if (known[2] != NULL && (selection == EVP_PKEY_KEYPAIR ? is_private : is_public)) {
            pkey = decode_as(der, (size_t)der_len, known, selection, ask);
        }
    }
    OPENSSL_free(name);
    OPENSSL_free(header);
    OPENSSL_clear_free(der, (size_t)der_len);
    BIO_free(bio);
    ERR_clear_error();
    return pkey;
}

static EVP_PKEY *decode(const uint8_t *data, size_t len, int selection, struct ask *ask)
{
    static const char *const unknown[3];
    EVP_PKEY *pkey = len < INT32_MAX ? decode_usual(data, len, selection, ask) : NULL;

    return pkey != NULL ? pkey : decode_as(data, len, unknown, selection, ask);
}

/* A wrapping key: base64 of exactly 16 or 32 bytes, white space around it. */
static bool parse_wrap(struct alk_hostkey *key, const uint8_t *data, size_t len)
{
    uint8_t text[48], raw[48];
    size_t n = 0, pad = 0;

    for (size_t i = 0; i < len; i++) {
        if (strchr(" \t\r\n", data[i]) != NULL && data[i] != 0) {
            continue;
        }
        if (n == sizeof text || data[i] >= 128) {
            return false;
        }
        pad += data[i] == '=';
        text[n++] = data[i];
    }
    if ((n != 24 || pad != 2) && (n != 44 || pad != 1)) {
        return false;
    }
    if (EVP_DecodeBlock(raw, text, (int)n) != (int)(n / 4 * 3)) {
        return false;
    }
    key->kind = &alk_kinds[n == 24 ? ALK_KIND_KW128 : ALK_KIND_KW256];
    key->is_private = true;
    memcpy(key->wrap, raw, n == 24 ? 16 : 32);
    alk_wipe(raw, sizeof raw);
    alk_wipe(text, sizeof text);
    return true;
}

static int find_kind(struct alk_hostkey *key, struct alk_why *why)
{
    key->kind = kind_of(key->pkey);
    if (key->kind != NULL) {
        return ALK_OK;
    }
    alk_why(why, ALK_E_SUPPORT, "is a %s key of %d bits, which no image can use",
            EVP_PKEY_get0_type_name(key->pkey), EVP_PKEY_get_bits(key->pkey));
    alk_key_free(key);
    return ALK_E_SUPPORT;
}

int alk_key_parse(struct alk_hostkey *key, const uint8_t *data, size_t len, const struct alk_pass *pass,
                  struct alk_why *why)
{
    struct ask ask = {.pass = pass};

    *key = (struct alk_hostkey){0};
    if (parse_wrap(key, data, len)) {
        return ALK_OK;
    }
    key->pkey = memmem(data, len, "-BEGIN PUBLIC", 13) == NULL ? decode(data, len, EVP_PKEY_KEYPAIR, &ask)
                                                               : NULL;
    key->is_private = key->pkey != NULL;
    if (key->pkey == NULL && !ask.asked) {
        key->pkey = decode(data, len, EVP_PKEY_PUBLIC_KEY, &ask);
    }
    if (key->pkey == NULL && ask.asked) {
        return alk_why(why, ALK_E_KEY, pass == NULL ? "is protected by a pass-phrase" : "wrong pass-phrase");
    }
    if (key->pkey == NULL) {
        return alk_why(why, ALK_E_FORMAT, "holds no key (PEM, DER, or base64 of a wrapping key)");
    }
    return find_kind(key, why);
}

int alk_key_load(struct alk_hostkey *key, const char *path, const struct alk_pass *pass, struct alk_why *why)
{
    struct alk_buf file = {0};
    int e;

    *key = (struct alk_hostkey){.is_private = true};
    if (strncmp(path, "pkcs11:", 7) == 0) {
        e = alk_pkcs11_load(&key->pkey, path, pass, why);
        return e == ALK_OK ? find_kind(key, why) : e;
    }
    e = alk_file_read(&file, path, why);
    if (e == ALK_OK) {
        e = alk_key_parse(key, file.data, file.len, pass, why);
    }
    alk_buf_free(&file);
    return e;
}

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
