/* SPDX-License-Identifier: Apache-2.0 */
/*
 * key.h - keys as files: made, read, shown, used.  Hosted only (OpenSSL 3).
 *
 * Every kind of key is a row (alk_kinds).  A key is public, or private (which
 * includes its public half), or a symmetric wrapping key.
 *
 *   PEM: PKCS#8 (also with a pass-phrase), SEC1, PKCS#1, SubjectPublicKeyInfo
 *   DER: the same    wrapping keys: base64 text of 16 or 32 bytes
 */
#ifndef AIRLOCK_KEY_H
#define AIRLOCK_KEY_H

#include "airlock/buf.h"
#include "airlock/why.h"

enum alk_hash { ALK_SHA256, ALK_SHA384, ALK_SHA512, ALK_HASHES };

enum alk_kind_id {
    ALK_KIND_P256,
    ALK_KIND_P384,
    ALK_KIND_ED25519,
    ALK_KIND_RSA2048,
    ALK_KIND_RSA3072,
    ALK_KIND_X25519,
    ALK_KIND_KW128,
    ALK_KIND_KW256,
};

struct alk_kind {
    const char *name;  /* "ecdsa-p256" */
    const char *says;  /* "ECDSA P-256" */
    const char *type;  /* OpenSSL's name; NULL: a wrapping key */
    const char *group; /* of an EC key, OpenSSL's name */
    const char *title; /* in source code, as imgtool names arrays: "ecdsa" */
    uint16_t bits;
    uint16_t sig_tlv, enc_tlv; /* 0: cannot sign, cannot be encrypted to */
    uint8_t hashes;            /* bits 1 << alk_hash a signature may go with */
    uint8_t hash;              /* alk_hash, unless asked otherwise */
    uint8_t device_alg;        /* alk_key_alg in a key area; 0: none */
    uint8_t id;                /* alk_kind_id */
};

extern const struct alk_kind alk_kinds[]; /* ends with a row without name */

const struct alk_kind *alk_kind_named(const char *name);

struct alk_hostkey {
    const struct alk_kind *kind;
    void *pkey;       /* EVP_PKEY; NULL for a wrapping key */
    bool is_private;  /* or symmetric */
    uint8_t wrap[32]; /* wrapping key */
};

/* A pass-phrase when one is needed: fills text, returns its length or -1. */
typedef int (*alk_pass_fn)(void *ctx, char *text, size_t cap);

/* How to get at keys that want a pass-phrase; NULL: there is none. */
struct alk_pass {
    alk_pass_fn get;
    void *ctx;
};

int alk_key_generate(struct alk_hostkey *key, const struct alk_kind *kind, struct alk_why *why);

/* return: ALK_OK; ALK_E_FORMAT; ALK_E_KEY (wrong or missing pass-phrase); ALK_E_SUPPORT (a kind without row)
 */
int alk_key_parse(struct alk_hostkey *key, const uint8_t *data, size_t len, const struct alk_pass *pass,
                  struct alk_why *why);
int alk_key_load(struct alk_hostkey *key, const char *path, const struct alk_pass *pass, struct alk_why *why);

void alk_key_free(struct alk_hostkey *key);

enum alk_key_form {
    ALK_FORM_PEM,             /* public: SPKI; private: PKCS#8, encrypted if a pass-phrase is given */
    ALK_FORM_DER,             /* SPKI; private: PKCS#8 */
    ALK_FORM_TRADITIONAL,     /* private only: SEC1, PKCS#1 as PEM */
    ALK_FORM_TRADITIONAL_DER, /* the same as DER */
    ALK_FORM_RAW,             /* X || Y, 32 bytes, modulus; private: scalar */
};

/* Append the public half. */
int alk_key_put_public(struct alk_buf *out, const struct alk_hostkey *key, enum alk_key_form form);
/* secret: out must be freed with alk_buf_free() */
int alk_key_put_private(struct alk_buf *out, const struct alk_hostkey *key, enum alk_key_form form,
                        const char *pass);

/*
 * Append a private key as DER without what a bootloader does not read: no
 * public key (EC), no CRT numbers (RSA).
 *
 * in:     traditional - SEC1 rather than PKCS#8; RSA is always PKCS#1
 */
int alk_key_put_minimal(struct alk_buf *out, const struct alk_hostkey *key, bool traditional);

/* Append the public key as PUBKEY TLVs and MCUboot's arrays have it: SPKI, RSA: PKCS#1. */
int alk_key_put_tlv(struct alk_buf *out, const struct alk_hostkey *key);

/* KEYHASH: hash of the above; return: its length. */
size_t alk_key_hash(uint8_t out[64], const struct alk_hostkey *key, enum alk_hash hash);

bool alk_key_same(const struct alk_hostkey *a, const struct alk_hostkey *b);

/* The name of the well-known sample key this is, or NULL. */
const char *alk_key_sample(const struct alk_hostkey *key);

size_t alk_hash_size(enum alk_hash hash);
const char *alk_hash_name(enum alk_hash hash); /* "SHA-256" */
uint16_t alk_hash_tlv(enum alk_hash hash);

struct alk_digest {
    void *ctx;
    enum alk_hash hash;
};

int alk_digest_open(struct alk_digest *d, enum alk_hash hash);
void alk_digest_add(struct alk_digest *d, const void *data, size_t len);
size_t alk_digest_close(uint8_t out[64], struct alk_digest *d);
size_t alk_digest_of(uint8_t out[64], enum alk_hash hash, const void *data, size_t len);

/*
 * Sign a digest (Ed25519: any message).
 *
 * in:     fixed - ECDSA's number k from key and digest (RFC 6979): repeating
 *         the call gives the same bytes
 * out:    sig - as the signature TLV holds it
 */
int alk_key_sign(struct alk_buf *sig, const struct alk_hostkey *key, const uint8_t *msg, size_t len,
                 bool fixed, struct alk_why *why);

/* ECDSA's r and s, big-endian, as DER; false: they are not that long, or the key is none of ECDSA. */
bool alk_signature_der(struct alk_buf *sig, const struct alk_hostkey *key, const uint8_t *raw, size_t len);

/* And back: r and s of DER, half bytes each; false: no such signature. */
bool alk_signature_raw(uint8_t *raw, const struct alk_buf *der, size_t half);

/* return: ALK_OK, or ALK_E_AUTH for everything else */
int alk_key_check(const struct alk_hostkey *key, const uint8_t *sig, size_t sig_len, const uint8_t *msg,
                  size_t len);

/* Where random bytes come from: the system's generator, or (seed) a stream that repeats, for tests only. */
struct alk_random {
    const char *seed; /* NULL: the real thing */
    uint32_t count;
};

int alk_random_get(uint8_t *out, size_t len, struct alk_random *r);

#endif
