/* SPDX-License-Identifier: Apache-2.0 */
/*
 * unwrap.h - the content key of an image, from its key TLV and a device key.
 *
 * Content keys live in RAM only, while an update or a check runs.
 */
#ifndef AIRLOCK_UNWRAP_H
#define AIRLOCK_UNWRAP_H

#include "airlock/image.h"
#include "airlock/keys.h"

#define ALK_WRAP_MAX 129u /* longest key TLV of a linked kind (EC256, AES-256) */

/* An image's content key; len 0: the image is not encrypted. */
struct alk_content_key {
    uint32_t len; /* 0, 16 or 32 */
    uint8_t key[32];
};

/* How to look at an image. */
struct alk_check {
    const struct alk_keys *keys;
    uint8_t *buf;   /* work buffer of the caller; holds plaintext, wiped after */
    size_t buf_len; /* >= ALK_WRAP_MAX; a multiple of 64 hashes fastest */
    /* The payload is ciphertext under this key; len 0: it is plain. */
    struct alk_content_key key;
    void (*tick)(void); /* called once a buffer (watchdog); NULL: none */
};

/* A kind of key TLV this build can open: a row of config/tables.c. */
struct alk_wrap_alg {
    uint16_t tlv; /* alk_tlv_type */
    uint8_t alg;  /* alk_key_alg of the device key */
    /* in: wrapped[len] the TLV's value; priv the device key's value.
       return: ALK_OK, or ALK_E_AUTH for everything else */
    int (*unwrap)(struct alk_content_key *out, const uint8_t *wrapped, size_t len, const uint8_t *priv);
    uint8_t priv_len;
};

extern const struct alk_wrap_alg *const alk_wrap_algs[]; /* NULL-terminated */

/*
 * Open a wrapped key: the value of a key TLV of type tlv.
 *
 * secret: out must be wiped by the caller; nothing else remains
 * return: ALK_OK; ALK_E_SUPPORT (no row for this TLV); ALK_E_KEY (no device
 *         key of its kind); ALK_E_AUTH (any failure to open)
 */
int alk_unwrap(struct alk_content_key *out, uint16_t tlv, const uint8_t *wrapped, size_t len,
               const struct alk_keys *keys);

/*
 * The content key of an image as it lies in the secondary.
 *
 *   ENC flag, key TLV    from the key TLV
 *   neither              the outgoing key, if the device has a
 *                        decrypt key; else none: it is to be read as plain
 *   one without other    refused; so is a key length that is not the flag's
 *
 * in:     buf - ALK_WRAP_MAX bytes of work space
 * out:    key->len == 0 on failure, and if the image is to be read as plain
 * secret: key must be wiped by the caller
 * return: ALK_OK; ALK_E_KEY (no key here opens it), ALK_E_AUTH, ALK_E_FORMAT,
 *         ALK_E_SUPPORT, ALK_E_FLASH
 */
int alk_content_open(struct alk_content_key *key, uint8_t *buf, const struct alk_image *img,
                     const struct alk_keys *keys);

/*
 * En/decrypt a piece of an image in place: the part of [off, off + len) that
 * is payload.  A pure function of (image, key, off): repeating a step gives
 * the same bytes.
 */
void alk_image_crypt(uint8_t *buf, size_t len, const struct alk_image *img, uint32_t off,
                     const struct alk_content_key *key);

/* ECIES over P-256 as MCUboot wraps keys (TLV 0x32): a row for tables.c. */
extern const struct alk_wrap_alg alk_wrap_ec256;

/*
 * The key under which an outgoing image without key TLV is kept in the
 * secondary, from its hash TLV: HKDF-SHA-256(device decrypt key, salt = image
 * hash, info = "airlock outgoing v1" || 0), 16 bytes.  SPEC, "Outgoing images".
 */
extern const struct alk_wrap_alg alk_wrap_outgoing;

#endif
