/* SPDX-License-Identifier: Apache-2.0 */
/*
 * build.h - images are made here; the core only reads them.
 *
 *   header | room | payload | protected TLVs | hash, key, signature, key TLV | .. trailer
 *   \________ hashed and signed (plaintext) _/
 *
 * (M1) The same inputs and a fixed `random` and `fixed_k` give the same bytes.
 * (M2) What nobody could open is not made: an image is encrypted to keys that
 *      some bootloader can use, or not at all.
 */
#ifndef AIRLOCK_BUILD_H
#define AIRLOCK_BUILD_H

#include "airlock/image.h"
#include "airlock/key.h"

#define ALK_BUILD_MAX 8 /* signers, recipients, dependencies */

struct alk_extra_tlv {
    uint16_t type;
    const uint8_t *data;
    size_t len;
};

struct alk_dependency {
    uint8_t image;
    struct alk_version min;
};

struct alk_build {
    struct alk_version version;
    uint32_t flags;     /* alk_image_flag; the ENC flags are added */
    uint32_t load_addr; /* with RAM_LOAD or ROM_FIXED */
    uint16_t hdr_size;
    bool pad_header; /* put the header before the payload, not into its room */
    bool big_endian;
    uint8_t erased;

    bool has_counter;
    uint32_t counter;
    const char *boot_record; /* software type, or NULL */
    struct alk_dependency depends[ALK_BUILD_MAX];
    size_t n_depends;
    const uint8_t *vendor, *class;     /* 16 bytes, or NULL */
    const struct alk_extra_tlv *known; /* protected, in front of vendor and class */
    size_t n_known;
    const struct alk_extra_tlv *custom; /* protected, at the end */
    size_t n_custom;

    const struct alk_hostkey *signers[ALK_BUILD_MAX];
    size_t n_signers;
    int hash; /* alk_hash; -1: the first signer's */
    bool full_key, pure, pad_sig, fixed_k;
    const uint8_t *signature; /* made elsewhere, by signers[0] (public), or NULL */
    size_t signature_len;

    const struct alk_hostkey *recipients[ALK_BUILD_MAX];
    size_t n_recipients;
    uint8_t content_key_len; /* 16 or 32 */
    bool clear;              /* the key TLV, but a plain payload: for the factory */
    bool hmac_512;           /* X25519 with SHA-512 */
    struct alk_random *random;
    bool only_hashed; /* stop there: image is what is hashed, and nothing is signed or encrypted */
};

struct alk_built {
    struct alk_buf image;
    uint8_t digest[64];
    size_t digest_len;
    size_t wrapped_len;       /* of the key TLV; 0: none */
    struct alk_buf to_sign;   /* what a signature is over: the digest, or the whole (pure) */
    struct alk_buf signature; /* the first one */
};

/*
 * Make an image.
 *
 * in:     payload - with hdr_size bytes of room at its start, unless pad_header
 * return: ALK_OK; ALK_E_USAGE, ALK_E_SIZE, ALK_E_KEY, ALK_E_SUPPORT with a reason
 */
int alk_build(struct alk_built *out, const struct alk_build *b, const uint8_t *payload, size_t len,
              struct alk_why *why);

void alk_built_free(struct alk_built *out);

/* What a slot's end holds, and how MCUboot's modes count it. */
struct alk_trailer {
    uint32_t slot_size;
    uint32_t align;       /* write unit */
    uint32_t max_align;   /* 8, 16, 32 */
    uint32_t max_sectors; /* 128 */
    uint32_t saved_key;   /* bytes kept for each content key, 0: none */
    bool overwrite_only, big_endian;
    bool confirm, test; /* the request; neither: the magic alone */
    uint8_t erased;
};

/* Bytes at the end of the slot that an image may not use, as imgtool counts them. */
uint32_t alk_trailer_size(const struct alk_trailer *t);

/* How a bootloader installs, which decides what fits. */
enum alk_layout {
    ALK_LAYOUT_MOVE,      /* MCUboot's swap-move */
    ALK_LAYOUT_OFFSET,    /* its swap-offset */
    ALK_LAYOUT_SCRATCH,   /* its swap with a scratch area */
    ALK_LAYOUT_OVERWRITE, /* and all that never swap */
    ALK_LAYOUT_SLIDE,     /* ours */
};

/*
 * Bytes the largest image may have, TLVs included, in slots of t->slot_size
 * (the smaller one) with sectors of sector_size; 0: none fits.
 *
 * in:     t->saved_key - what is kept of each content key: its length, or
 *         that of its TLV
 */
uint32_t alk_layout_limit(enum alk_layout layout, const struct alk_trailer *t, uint32_t sector_size);

/* Pad an image to the slot and write the mailbox; ALK_E_SIZE when it does not fit. */
int alk_trailer_put(struct alk_buf *image, const struct alk_trailer *t, struct alk_why *why);

/* To whom and how a content key is wrapped. */
struct alk_wrapping {
    const struct alk_hostkey *to;
    bool hmac_512; /* X25519 with SHA-512 */
    struct alk_random *random;
};

/*
 * Wrap a content key: the value of its key TLV.
 *
 * return: ALK_OK; ALK_E_SUPPORT (no bootloader opens images for this kind); ALK_E_USAGE
 */
int alk_wrap_key(struct alk_buf *out, uint16_t *tlv, const struct alk_wrapping *w, const uint8_t *key,
                 size_t len, struct alk_why *why);

/*
 * Open a key TLV of any kind: what unwrap.c does on the device, by OpenSSL.
 *
 * out:    key[32], *key_len - 16 or 32
 * return: ALK_OK; ALK_E_SUPPORT (not this key's TLV); ALK_E_AUTH
 */
int alk_open_key(uint8_t key[32], size_t *key_len, uint16_t tlv, const uint8_t *value, size_t len,
                 const struct alk_hostkey *with);

/* AES-CTR of a payload from its first byte, in place. */
int alk_payload_crypt(uint8_t *payload, size_t len, const uint8_t *key, size_t key_len);

#endif
