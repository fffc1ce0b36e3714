/* SPDX-License-Identifier: Apache-2.0 */
/*
 * verify.h - is this image good?  The one answer, for every asker: settle,
 * gate, SMP server, recovery, `airlock verify`, `airlock check`, simulator.
 *
 * (V1) The verdict is made in verify.c only and consumed in gate.c only;
 *      everyone else looks at the returned alk_err.
 * (V2) One hash pass over header, plaintext payload and protected TLVs;
 *      then each signature TLV with the KEYHASH before it, until one holds.
 * (V3) An unprotected TLV of a type not on MCUboot's allow list is refused.
 * (V4) What is authenticated: [0, tlv_off + prot_size).  The rest is parsed,
 *      never trusted.
 */
#ifndef AIRLOCK_VERIFY_H
#define AIRLOCK_VERIFY_H

#include "airlock/crypto.h"
#include "airlock/image.h"
#include "airlock/keys.h"
#include "airlock/unwrap.h"

/* A signature type this build can check: a row of config/tables.c. */
struct alk_sig_alg {
    uint16_t tlv; /* alk_tlv_type of the signature */
    uint8_t alg;  /* alk_key_alg of the public key */
    uint8_t pub_len;
    uint8_t sig_max; /* longest TLV value accepted */
    /* return: ALK_OK, or ALK_E_AUTH for everything else */
    int (*verify)(const uint8_t *sig, size_t sig_len, const uint8_t *pub, const uint8_t hash[32]);
};

extern const struct alk_sig_alg *const alk_sig_algs[]; /* NULL-terminated */
extern const struct alk_sig_alg alk_sig_p256;          /* DER -> r || s -> alk_p256_verify */

/*
 * The hardened verdict.  The fields are filled by alk_verify(); gate.c
 * recomputes the comparisons from the stored operands.
 */
struct alk_verdict {
    uint32_t word;       /* ALK_VERDICT_GOOD, or anything else */
    uint8_t computed[32]; /* hash of what is in flash */
    uint8_t claimed[32];  /* hash TLV */
    uint32_t sig_word;   /* result of the signature, coded differently */
    uint32_t flow;       /* checkpoints passed */
};

/* How to look at an image. */
struct alk_check {
    const struct alk_keys *keys;
    uint8_t *buf; /* work buffer of the caller; holds plaintext, wiped after */
    size_t buf_len; /* >= 64 */
    /* The payload is ciphertext under this key; len 0: it is plain. */
    struct alk_content_key key;
};

/*
 * Hash and signature of the image, as it lies in flash.
 *
 * in:     c->key - see alk_content_open() for an image in the secondary
 * out:    v - good only if the result is ALK_OK
 * return: ALK_OK; ALK_E_FORMAT; ALK_E_KEY (no provisioned key vouches for
 *         it); ALK_E_AUTH (hash or signature wrong); ALK_E_SUPPORT; ALK_E_FLASH
 */
int alk_verify(struct alk_verdict *v, const struct alk_image *img, const struct alk_check *c);

/*
 * The content key of an image as it lies in the secondary: from its key TLV,
 * or (no key TLV, device has a decrypt key) the outgoing key.  An image with
 * the ENC flag and no key TLV that opens is refused; so are a key TLV without
 * the flag, and key lengths that do not match the flag.
 *
 * out:    key->len == 0 if the image is to be read as plain
 * return: ALK_OK; ALK_E_KEY, ALK_E_AUTH, ALK_E_FORMAT, ALK_E_SUPPORT, ALK_E_FLASH
 */
int alk_content_open(struct alk_content_key *key, const struct alk_image *img,
                     const struct alk_keys *keys);

/* What this board asks of an image, beyond a good signature. */
struct alk_demand {
    uint32_t exec_addr;  /* where the primary's slot begins, as the CPU sees it */
    uint32_t max_size;   /* image with all TLVs, bytes */
    uint16_t hdr_size;   /* the one header size that can run here; 0 = any multiple of 4 */
};

/*
 * Authentic, but for us?  Product identity (UUID_VID, UUID_CID against the
 * key area), bootable, flags this build can handle, ROM_FIXED load address,
 * header size, size.
 *
 * return: ALK_OK, ALK_E_POLICY, ALK_E_SIZE, ALK_E_SUPPORT, ALK_E_FORMAT or ALK_E_FLASH
 */
int alk_admit(const struct alk_image *img, const struct alk_demand *d, const struct alk_keys *keys);

#endif
