/* SPDX-License-Identifier: Apache-2.0 */
/* keyring.h - a key area in memory, made of the test keys, for tests. */
#ifndef TESTS_KEYRING_H
#define TESTS_KEYRING_H

#include <openssl/evp.h>

#include "airlock/keys.h"

struct keyring {
    uint8_t bytes[2048];
    size_t len;
    struct alk_flash area;
    struct alk_keys keys;
};

void keyring_begin(struct keyring *r, uint32_t policy);
void keyring_add(struct keyring *r, uint8_t use, uint8_t alg, const uint8_t id[32], const void *value,
                 size_t len);
/* A test key, "sign-ecdsa-p256": its public half for ALK_USE_VERIFY, its private one for ALK_USE_DECRYPT. */
void keyring_add_pem(struct keyring *r, uint8_t use, const char *name);
/* Write the CRC; return: what alk_keys_open() says. */
int keyring_finish(struct keyring *r);
void keyring_revoke(struct keyring *r, unsigned index);
/* sign-ecdsa-p256 to verify, enc-ecdsa-p256 to decrypt. */
void keyring_usual(struct keyring *r, uint32_t policy);

EVP_PKEY *keyring_load(const char *name);
/* SHA-256 of the SubjectPublicKeyInfo. */
void keyring_id(uint8_t id[32], EVP_PKEY *key);

/* A whole file below tests/vectors, to be freed; aborts when there is none. */
uint8_t *vector_load(size_t *len, const char *path);

#endif
