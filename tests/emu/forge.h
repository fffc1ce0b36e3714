/* SPDX-License-Identifier: Apache-2.0 */
/*
 * forge.h - images and key areas for the emulated boards, made with OpenSSL
 * alone: a second opinion on the formats, next to host/lib.
 *
 * Everything follows from seeds, nonces included, so that a cut or a count is
 * the same in every run; signatures are drawn until their DER has 71 bytes.
 */
#ifndef AIRLOCK_TESTS_EMU_FORGE_H
#define AIRLOCK_TESTS_EMU_FORGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct alk_forge_key {
    void *pkey; /* EVP_PKEY, P-256 */
    uint8_t priv[32], pub[64], id[32];
};

struct alk_forge_spec {
    uint32_t primary; /* address the payload's vectors point into */
    uint32_t payload; /* bytes, a multiple of 16 */
    uint16_t hdr_size;
    uint8_t version; /* major */
    bool key_tlv;    /* made for encryption: ENC flag and key TLV */
    uint32_t seed;
};

struct alk_forge_image {
    uint8_t *plain;  /* as it lies in the primary */
    uint8_t *sealed; /* as it is sent: payload encrypted if there is a key TLV */
    size_t len;
    uint32_t payload_at, payload;
    uint8_t content_key[16], shared[32], okm[48]; /* secrets to look for */
};

int alk_forge_key_make(struct alk_forge_key *k, uint32_t seed);
void alk_forge_key_free(struct alk_forge_key *k);

/* A key area with one verify key and, if decrypt is given, one decrypt key. */
void alk_forge_key_area(uint8_t *area, size_t len, const struct alk_forge_key *verify,
                        const struct alk_forge_key *decrypt);

int alk_forge_image_make(struct alk_forge_image *out, const struct alk_forge_spec *spec,
                         const struct alk_forge_key *sign, const struct alk_forge_key *encrypt);
void alk_forge_image_free(struct alk_forge_image *i);

#endif
