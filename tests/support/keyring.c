/* SPDX-License-Identifier: Apache-2.0 */
#include "keyring.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "airlock/memory.h"
#include "core/bytes.h"
#include "core/crc.h"

static void need(bool ok, const char *what)
{
    if (!ok) {
        fprintf(stderr, "test support: %s\n", what);
        abort();
    }
}

uint8_t *vector_load(size_t *len, const char *path)
{
    char name[512];
    uint8_t *bytes = malloc(1 << 20);
    FILE *f;

    snprintf(name, sizeof name, "%s/%s", ALK_VECTORS, path);
    f = fopen(name, "rb");
    need(f != NULL && bytes != NULL, name);
    *len = fread(bytes, 1, 1 << 20, f);
    fclose(f);
    return bytes;
}

EVP_PKEY *keyring_load(const char *name)
{
    char path[512];
    EVP_PKEY *key;
    FILE *f;

    snprintf(path, sizeof path, "%s/keys/%s.pem", ALK_VECTORS, name);
    f = fopen(path, "r");
    need(f != NULL, path);
    key = PEM_read_PrivateKey(f, NULL, NULL, NULL);
    fclose(f);
    need(key != NULL, path);
    return key;
}

void keyring_id(uint8_t id[32], EVP_PKEY *key)
{
    uint8_t *der = NULL;
    int len = i2d_PUBKEY(key, &der);

    need(len > 0 && EVP_Digest(der, (size_t)len, id, NULL, EVP_sha256(), NULL) == 1, "SubjectPublicKeyInfo");
    OPENSSL_free(der);
}

void keyring_begin(struct keyring *r, uint32_t policy)
{
    memset(r, 0, sizeof *r);
    memset(r->bytes, 0xff, sizeof r->bytes);
    alk_put32(r->bytes, ALK_KEYS_MAGIC);
    r->bytes[4] = ALK_KEYS_VERSION;
    r->bytes[5] = 0;
    alk_put32(r->bytes + 8, policy);
    r->len = 12;
}

void keyring_add(struct keyring *r, uint8_t use, uint8_t alg, const uint8_t id[32], const void *value,
                 size_t len)
{
    uint8_t *e = r->bytes + r->len;

    e[0] = use;
    e[1] = alg;
    alk_put16(e + 2, (uint16_t)len);
    memcpy(e + 4, id, 32);
    memcpy(e + 36, value, len);
    r->len += alk_align_up(36 + (uint32_t)len, 4);
    r->bytes[5]++;
}

void keyring_add_pem(struct keyring *r, uint8_t use, const char *name)
{
    EVP_PKEY *key = keyring_load(name);
    uint8_t point[65], id[32];
    BIGNUM *priv = NULL;

    keyring_id(id, key);
    if (use == ALK_USE_DECRYPT) {
        need(EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_PRIV_KEY, &priv) == 1, name);
        need(BN_bn2binpad(priv, point, 32) == 32, name);
        keyring_add(r, use, ALK_ALG_P256, id, point, 32);
    } else {
        need(EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point, NULL) == 1,
             name);
        keyring_add(r, use, ALK_ALG_P256, id, point + 1, 64);
    }
    BN_free(priv);
    EVP_PKEY_free(key);
}

int keyring_finish(struct keyring *r)
{
    alk_put16(r->bytes + 6, (uint16_t)(r->len + 4));
    alk_put32(r->bytes + r->len, alk_crc32(0, r->bytes, r->len));
    alk_flash_memory(&r->area, r->bytes, sizeof r->bytes);
    r->area.unit = 4;
    return alk_keys_open(&r->keys, &r->area);
}

void keyring_revoke(struct keyring *r, unsigned index)
{
    memset(r->bytes + sizeof r->bytes - (ALK_KEYS_MAX - index) * r->area.unit, 0, r->area.unit);
}

void keyring_usual(struct keyring *r, uint32_t policy)
{
    keyring_begin(r, policy);
    keyring_add_pem(r, ALK_USE_VERIFY, "sign-ecdsa-p256");
    keyring_add_pem(r, ALK_USE_DECRYPT, "enc-ecdsa-p256");
    need(keyring_finish(r) == ALK_OK, "keyring_usual");
}
