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
#include "airlock/map.h"
#include "airlock/unwrap.h"

/* A signature type this build can check: a row of config/tables.c. */
struct alk_sig_alg {
    uint16_t tlv; /* alk_tlv_type of the signature */
    uint8_t alg;  /* alk_key_alg of the public key */
    uint8_t pub_len;
    uint8_t sig_max; /* longest TLV value accepted */
    /* out: proof - what the signature claims and what was computed: equal iff it holds
       return: ALK_OK, or ALK_E_AUTH for everything else */
    int (*verify)(uint8_t proof[2][32], const uint8_t *sig, size_t sig_len, const uint8_t *pub,
                  const uint8_t hash[32]);
};

#define ALK_PUB_MAX 64u /* longest pub_len */

extern const struct alk_sig_alg *const alk_sig_algs[]; /* NULL-terminated */
extern const struct alk_sig_alg alk_sig_p256;          /* DER -> r || s -> alk_p256_verify */

/*
 * The hardened verdict: no single skipped instruction or changed register in
 * alk_verify() may turn a bad image into one the gate opens for.  So it keeps
 * both operands of each deciding comparison, and the gate compares again.
 */
#define ALK_VERDICT_GOOD 0x6b94d2a5u
#define ALK_FLOW_HASHED  0x1d3a7c00u /* the hash pass ran to its end */
#define ALK_FLOW_MATCHED 0x00c5e893u /* the hash TLV says the same (once) */
#define ALK_FLOW_SIGNED  0x52080b64u /* a signature holds */
#define ALK_FLOW_GOOD    (ALK_FLOW_HASHED + ALK_FLOW_MATCHED + ALK_FLOW_SIGNED)

enum alk_operand { ALK_COMPUTED, ALK_CLAIMED, ALK_PROOF };

struct alk_verdict {
    const struct alk_flash *area; /* where the image lies */
    uint32_t word;                /* ALK_VERDICT_GOOD, or anything else */
    uint32_t flow;                /* sum of the checkpoints passed */
    uint8_t signer;               /* index of the key that vouches for it, on ALK_OK */
    uint8_t operand[4][32];       /* hash of what is in flash, hash TLV; proof[2] of the signature */
};

/*
 * Hash and signature of the image, as it lies in flash.
 *
 * in:     c->key - len 0 for an image in the primary; for one in the
 *         secondary see alk_verify_secondary()
 * out:    v - good only if the result is ALK_OK
 * return: ALK_OK; ALK_E_FORMAT; ALK_E_KEY (no provisioned key vouches for
 *         it); ALK_E_AUTH (hash or signature wrong); ALK_E_SUPPORT; ALK_E_FLASH
 */
int alk_verify(struct alk_verdict *v, const struct alk_image *img, const struct alk_check *c);

/*
 * Hash and signature of an image in the secondary: alk_content_open(), then
 * alk_verify().  An image without key TLV that does not verify as an outgoing
 * one is tried as plain, unless the policy asks for encryption.
 *
 * out:    v - as alk_verify();  c->key - the reading that verified (len 0:
 *         plain), valid only on ALK_OK
 * secret: c->key must be wiped by the caller
 * return: as both; ALK_E_POLICY when only a plain reading is left and the
 *         policy forbids it
 */
int alk_verify_secondary(struct alk_verdict *v, const struct alk_image *img, struct alk_check *c);

/*
 * Authentic, but for us?
 *
 *   ALK_E_POLICY   not bootable; ROM_FIXED at another address; the key area
 *                  names vendors (classes) and the image is of none of them
 *   ALK_E_SIZE     header, payload and TLVs exceed max_size
 *   ALK_E_SUPPORT  compressed, or a header size that cannot run here
 *
 * RAM_LOAD is run in place, as MCUboot's swap modes do.
 *
 * return: ALK_OK, one of these, ALK_E_FORMAT or ALK_E_FLASH
 */
int alk_admit(const struct alk_image *img, const struct alk_demand *d, const struct alk_keys *keys);

/*
 * What is asked of an image that says this of itself: as a rule the map's
 * demand; a program of a chain (chain.h) brings one that knows its slots.
 */
const struct alk_demand *alk_demand_of(const struct alk_map *map, const struct alk_image *img);

/* The part of alk_admit() that the header alone can answer. */
int alk_admit_header(const struct alk_image *img, const struct alk_demand *d);

#endif
