/* SPDX-License-Identifier: Apache-2.0 */
/* forge.h - images as no tool would make them, hashed and signed by OpenSSL, for tests. */
#ifndef TESTS_FORGE_H
#define TESTS_FORGE_H

#include <openssl/evp.h>

#include "airlock/image.h"
#include "airlock/memory.h"

/* begin; prot any number of times; then tlv, hash, keyhash, sign in any order; end. */
struct forge {
    uint8_t bytes[8192];
    size_t len;
    size_t payload_end;
    size_t signed_end; /* 0 until the first unprotected TLV */
    struct alk_flash area;
    struct alk_image image;
};

void forge_begin(struct forge *f, uint16_t hdr_size, const void *payload, size_t len, uint32_t flags);
void forge_prot(struct forge *f, uint16_t type, const void *value, size_t len);
void forge_tlv(struct forge *f, uint16_t type, const void *value, size_t len);
void forge_digest(uint8_t digest[32], struct forge *f);
void forge_hash(struct forge *f);
void forge_keyhash(struct forge *f, const char *key);
void forge_pubkey(struct forge *f, const char *key);
void forge_sign(struct forge *f, const char *key);
/* DER signature over a digest; return: its length, <= 72 */
size_t forge_der(uint8_t der[80], const uint8_t digest[32], const char *key);
/* Close the TLV area; return: what alk_image_open() says. */
int forge_end(struct forge *f);
/* The same without closing, after the bytes were changed. */
int forge_open(struct forge *f);

#endif
