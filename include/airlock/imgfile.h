/* SPDX-License-Identifier: Apache-2.0 */
/*
 * imgfile.h - an image as a file on the host, and the verdict on it.
 *
 * The core parses it where it can: the file is its flash.  What the core
 * does not know (big-endian headers, algorithms without a row in this
 * build) is read here, with OpenSSL, by the same rules.
 *
 * (G1) Where the core has an opinion it is the verdict; OpenSSL's must be
 *      the same, else the answer is ALK_E_BUG.
 */
#ifndef AIRLOCK_IMGFILE_H
#define AIRLOCK_IMGFILE_H

#include "airlock/hexfile.h"
#include "airlock/image.h"
#include "airlock/key.h"

#define ALK_IMAGE_SPAN_MAX (64u << 20) /* a hex file may not spread an image over more */

struct alk_imgfile {
    struct alk_buf data; /* the file from the header on */
    struct alk_buf view; /* what the core reads: data, or (big-endian) data turned round */
    uint32_t base;       /* its address, from a hex file */
    bool has_base, big_endian;
    struct alk_flash flash;
    struct alk_image img;
};

/*
 * Read an image from .bin or .hex.
 *
 * return: ALK_OK; ALK_E_IO; ALK_E_FORMAT, ALK_E_SIZE with what is wrong with it
 */
int alk_imgfile_load(struct alk_imgfile *f, const char *path, struct alk_why *why);

/* The same from bytes, which are taken over (data is empty afterwards). */
int alk_imgfile_take(struct alk_imgfile *f, struct alk_buf *data, struct alk_why *why);

void alk_imgfile_free(struct alk_imgfile *f);

/* The value of a TLV; it lies in f. */
const uint8_t *alk_imgfile_tlv(const struct alk_imgfile *f, const struct alk_tlv *t);

/* The first TLV of a type; false: none. */
bool alk_imgfile_find(struct alk_tlv *t, const struct alk_imgfile *f, uint16_t type);

/* Does it carry a wrapped key, of whatever kind? */
bool alk_imgfile_has_wrapped(const struct alk_imgfile *f);

struct alk_judgement {
    int verdict;  /* ALK_OK, or why not */
    bool by_core; /* the bootloader's own code said so */
    bool hash_ok;
    bool encrypted;  /* the payload is ciphertext */
    bool kept_clear; /* flagged and with a key TLV, but the payload is plain */
    enum alk_hash hash;
    uint8_t digest[64]; /* over the plaintext; valid if digest_len != 0 */
    size_t digest_len;
    int signer; /* index of the key that vouches for it, -1: none */
    uint8_t content_key[32];
    size_t content_key_len; /* 0: unknown or none */
};

struct alk_judge {
    const struct alk_hostkey *verify; /* the keys one of which must have signed */
    size_t n_verify;                  /* 0: look at the hash only */
    const struct alk_hostkey *decrypt;
    size_t n_decrypt;
};

/*
 * Hash and signature over the plaintext.
 *
 * out:    j - as far as it got; secret: holds the content key, to be wiped
 * return: j->verdict, with the reason in why
 */
int alk_judge_image(struct alk_judgement *j, const struct alk_imgfile *f, const struct alk_judge *with,
                    struct alk_why *why);

/* Decrypt f->data in place with the key found by alk_judge_image(). */
void alk_imgfile_decrypt(struct alk_imgfile *f, const struct alk_judgement *j);

const char *alk_tlv_name(uint16_t type);

/* A signature, the key it names, or a word about it. */
bool alk_tlv_is_signature(uint16_t type);

#endif
