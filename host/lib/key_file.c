/* SPDX-License-Identifier: Apache-2.0 */
/* key_file.c - keys from PEM, DER and base64. */
#include <string.h>

#include <openssl/bio.h>
#include <openssl/decoder.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

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

/* A block of a PEM file, if it is a key of the half asked for and not locked. */
static EVP_PKEY *decode_block(const char *name, const uint8_t *der, size_t len, int selection,
                              struct ask *ask)
{
    static const struct {
        const char *name, *structure, *type;
        int selection;
    } blocks[] = {
        {"PRIVATE KEY", "PrivateKeyInfo", NULL, EVP_PKEY_KEYPAIR},
        {"PUBLIC KEY", "SubjectPublicKeyInfo", NULL, EVP_PKEY_PUBLIC_KEY},
        {"EC PRIVATE KEY", "type-specific", "EC", EVP_PKEY_KEYPAIR},
        {"RSA PRIVATE KEY", "type-specific", "RSA", EVP_PKEY_KEYPAIR},
        {"RSA PUBLIC KEY", "type-specific", "RSA", EVP_PKEY_PUBLIC_KEY},
    };

    for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++) {
        const char *type = blocks[i].type != NULL ? blocks[i].type : type_in(der, len);
        const char *const known[3] = {"DER", blocks[i].structure, type};

        if (strcmp(name, blocks[i].name) == 0 && selection == blocks[i].selection && type != NULL) {
            return decode_as(der, len, known, selection, ask);
        }
    }
    return NULL;
}

/* The forms nearly every key file has, behind other blocks (EC PARAMETERS) too; NULL: look further. */
static EVP_PKEY *decode_usual(const uint8_t *data, size_t len, int selection, struct ask *ask)
{
    BIO *bio = BIO_new_mem_buf(data, (int)len);
    char *name = NULL, *header = NULL;
    unsigned char *der = NULL;
    long der_len = 0;
    EVP_PKEY *pkey = NULL;

    while (pkey == NULL && bio != NULL && PEM_read_bio(bio, &name, &header, &der, &der_len) == 1) {
        if (header[0] == 0) {
            pkey = decode_block(name, der, (size_t)der_len, selection, ask);
        }
        OPENSSL_free(name);
        OPENSSL_free(header);
        OPENSSL_clear_free(der, (size_t)der_len);
    }
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
