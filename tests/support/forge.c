/* SPDX-License-Identifier: Apache-2.0 */
#include "forge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/x509.h>

#include "core/bytes.h"
#include "keyring.h"

static void need(bool ok, const char *what)
{
    if (!ok) {
        fprintf(stderr, "test support: %s\n", what);
        abort();
    }
}

static void put(struct forge *f, const void *p, size_t len)
{
    need(len <= sizeof f->bytes - f->len, "forge: too long");
    memcpy(f->bytes + f->len, p, len);
    f->len += len;
}

static void put_head(struct forge *f, uint16_t a, uint16_t b)
{
    uint8_t head[4];

    alk_put16(head, a);
    alk_put16(head + 2, b);
    put(f, head, sizeof head);
}

void forge_begin(struct forge *f, uint16_t hdr_size, const void *payload, size_t len, uint32_t flags)
{
    memset(f, 0, sizeof *f);
    alk_put32(f->bytes, ALK_IMAGE_MAGIC);
    alk_put16(f->bytes + 8, hdr_size);
    alk_put32(f->bytes + 12, (uint32_t)len);
    alk_put32(f->bytes + 16, flags);
    f->len = hdr_size;
    put(f, payload, len);
    f->payload_end = f->len;
}

void forge_prot(struct forge *f, uint16_t type, const void *value, size_t len)
{
    if (f->len == f->payload_end)
        put_head(f, ALK_TLV_PROT_MAGIC, 0);
    put_head(f, type, (uint16_t)len);
    put(f, value, len);
}

static void begin_tlvs(struct forge *f)
{
    uint16_t prot = (uint16_t)(f->len - f->payload_end);

    if (f->signed_end != 0)
        return;
    alk_put16(f->bytes + 10, prot);
    if (prot != 0)
        alk_put16(f->bytes + f->payload_end + 2, prot);
    f->signed_end = f->len;
    put_head(f, ALK_TLV_MAGIC, 0);
}

void forge_tlv(struct forge *f, uint16_t type, const void *value, size_t len)
{
    begin_tlvs(f);
    put_head(f, type, (uint16_t)len);
    put(f, value, len);
}

void forge_digest(uint8_t digest[32], struct forge *f)
{
    begin_tlvs(f);
    need(EVP_Digest(f->bytes, f->signed_end, digest, NULL, EVP_sha256(), NULL) == 1, "digest");
}

void forge_hash(struct forge *f)
{
    uint8_t digest[32];

    forge_digest(digest, f);
    forge_tlv(f, ALK_TLV_SHA256, digest, sizeof digest);
}

void forge_keyhash(struct forge *f, const char *key)
{
    EVP_PKEY *k = keyring_load(key);
    uint8_t id[32];

    keyring_id(id, k);
    EVP_PKEY_free(k);
    forge_tlv(f, ALK_TLV_KEYHASH, id, sizeof id);
}

void forge_pubkey(struct forge *f, const char *key)
{
    EVP_PKEY *k = keyring_load(key);
    uint8_t *der = NULL;
    int len = i2d_PUBKEY(k, &der);

    need(len > 0, key);
    forge_tlv(f, ALK_TLV_PUBKEY, der, (size_t)len);
    OPENSSL_free(der);
    EVP_PKEY_free(k);
}

size_t forge_der(uint8_t der[80], const uint8_t digest[32], const char *key)
{
    EVP_PKEY *k = keyring_load(key);
    EVP_PKEY_CTX *c = EVP_PKEY_CTX_new(k, NULL);
    size_t len = 80;

    need(EVP_PKEY_sign_init(c) == 1 && EVP_PKEY_sign(c, der, &len, digest, 32) == 1, key);
    EVP_PKEY_CTX_free(c);
    EVP_PKEY_free(k);
    return len;
}

void forge_sign(struct forge *f, const char *key)
{
    uint8_t digest[32], der[80];
    size_t len;

    forge_digest(digest, f);
    len = forge_der(der, digest, key);
    forge_tlv(f, ALK_TLV_ECDSA, der, len);
}

int forge_open(struct forge *f)
{
    alk_flash_memory(&f->area, f->bytes, f->len);
    return alk_image_open(&f->image, &f->area, 0, (uint32_t)f->len);
}

int forge_end(struct forge *f)
{
    begin_tlvs(f);
    alk_put16(f->bytes + f->signed_end + 2, (uint16_t)(f->len - f->signed_end));
    return forge_open(f);
}
