/* SPDX-License-Identifier: Apache-2.0 */
/* judge.c - the verdict on an image file: by the core, and by OpenSSL beside it. */
#include <stdlib.h>
#include <string.h>

#include "airlock/build.h"
#include "airlock/crypto.h"
#include "airlock/imgfile.h"
#include "airlock/keyarea.h"
#include "airlock/memory.h"
#include "airlock/verify.h"

#define AREA_SIZE 4096u

struct judge {
    struct alk_judgement *j;
    const struct alk_imgfile *f;
    const struct alk_judge *with;
    struct alk_why *why;
    const uint8_t *plain; /* what is hashed */
    size_t plain_len;
    const struct alk_hostkey *named; /* the key the last KEYHASH or PUBKEY names, or NULL */
    int hashes, signatures, named_keys;
};

static int hash_of_tlv(uint16_t type)
{
    return type >= ALK_TLV_SHA256 && type <= ALK_TLV_SHA512 ? type - ALK_TLV_SHA256 : -1;
}

/* What MCUboot tolerates outside the signature. */
static bool allowed(uint16_t type)
{
    return type == ALK_TLV_KEYHASH || type == ALK_TLV_PUBKEY || hash_of_tlv(type) >= 0 ||
           (type >= ALK_TLV_RSA2048 && type <= ALK_TLV_SIG_PURE) ||
           (type >= ALK_TLV_ENC_RSA2048 && type <= ALK_TLV_ENC_X25519_512);
}

static bool names(const struct judge *g, const struct alk_hostkey *key, const struct alk_tlv *t)
{
    const uint8_t *value = alk_imgfile_tlv(g->f, t);
    struct alk_buf pub = {0};
    uint8_t hash[64];
    bool same;

    if (t->type == ALK_TLV_KEYHASH) {
        return t->len == alk_key_hash(hash, key, g->j->hash) && memcmp(hash, value, t->len) == 0;
    }
    alk_key_put_tlv(&pub, key);
    same = pub.len == t->len && memcmp(pub.data, value, t->len) == 0;
    alk_buf_free(&pub);
    return same;
}

static void name_key(struct judge *g, const struct alk_tlv *t)
{
    g->named = NULL;
    for (size_t i = 0; i < g->with->n_verify && g->named == NULL; i++) {
        if (names(g, &g->with->verify[i], t)) {
            g->named = &g->with->verify[i];
            g->named_keys++;
        }
    }
}

/* DER with the zeros behind it that `--pad-sig` makes. */
static size_t der_length(const uint8_t *sig, size_t len)
{
    size_t der = len >= 2 ? sig[1] + 2u : len;

    for (size_t i = der; i < len; i++) {
        if (sig[i] != 0) {
            return len;
        }
    }
    return der < len ? der : len;
}

static void check_signature(struct judge *g, const struct alk_tlv *t, bool pure)
{
    const uint8_t *sig = alk_imgfile_tlv(g->f, t);
    const struct alk_hostkey *key = g->named;
    size_t len = t->type == ALK_TLV_ECDSA ? der_length(sig, t->len) : t->len;
    int e;

    g->signatures++;
    g->named = NULL;
    if (key == NULL || key->kind->sig_tlv != t->type || g->j->signer >= 0 ||
        (key->kind->hashes & 1u << g->j->hash) == 0) {
        return;
    }
    e = pure ? alk_key_check(key, sig, len, g->plain, g->plain_len)
             : alk_key_check(key, sig, len, g->j->digest, g->j->digest_len);
    if (e == ALK_OK) {
        g->j->signer = (int)(key - g->with->verify);
    }
}

static int walk(struct judge *g)
{
    struct alk_tlv t = {0}, p;
    bool pure = alk_imgfile_find(&p, g->f, ALK_TLV_SIG_PURE) && !p.prot && p.len == 1 &&
                *alk_imgfile_tlv(g->f, &p) == 1;

    while (alk_tlv_next(&t, &g->f->img) > 0) {
        if (t.prot) {
            continue;
        }
        if (!allowed(t.type)) {
            return alk_why(g->why, ALK_E_FORMAT,
                           "has TLV 0x%02x outside the signed area, where no bootloader takes it", t.type);
        }
        if (t.type == ALK_TLV_KEYHASH || t.type == ALK_TLV_PUBKEY) {
            name_key(g, &t);
        } else if (t.type >= ALK_TLV_RSA2048 && t.type <= ALK_TLV_ED25519) {
            check_signature(g, &t, pure);
        }
        g->hashes += hash_of_tlv(t.type) >= 0;
    }
    return ALK_OK;
}

/* The hash TLV, and whether reading the payload like this gives that hash. */
static bool hash_matches(struct judge *g, const uint8_t *plain)
{
    struct alk_tlv t = {0};

    while (alk_tlv_next(&t, &g->f->img) > 0) {
        int hash = hash_of_tlv(t.type);

        if (t.prot || hash < 0) {
            continue;
        }
        g->j->hash = (enum alk_hash)hash;
        g->j->digest_len = alk_digest_of(g->j->digest, g->j->hash, plain, g->plain_len);
        return t.len == g->j->digest_len && memcmp(g->j->digest, alk_imgfile_tlv(g->f, &t), t.len) == 0;
    }
    return false;
}

/* Content key from any key TLV with any of the keys given. */
static void open_content(struct judge *g)
{
    struct alk_tlv t = {0};
    uint32_t enc = g->f->img.flags & ALK_IMAGE_ENCRYPTED;
    size_t want = enc == ALK_IMAGE_ENC_AES128 ? 16 : enc == ALK_IMAGE_ENC_AES256 ? 32 : 0;

    while (want != 0 && alk_tlv_next(&t, &g->f->img) > 0) {
        for (size_t i = 0; !t.prot && i < g->with->n_decrypt; i++) {
            struct alk_judgement *j = g->j;

            if (alk_open_key(j->content_key, &j->content_key_len, t.type, alk_imgfile_tlv(g->f, &t), t.len,
                             &g->with->decrypt[i]) == ALK_OK &&
                j->content_key_len == want) {
                return;
            }
            j->content_key_len = 0;
        }
    }
}

/* Decide how the payload is to be read: decrypted, or as it stands. */
static int read_plain(struct judge *g, struct alk_buf *copy)
{
    const struct alk_image *img = &g->f->img;
    bool flagged = (img->flags & ALK_IMAGE_ENCRYPTED) != 0;

    g->plain = g->f->data.data;
    g->plain_len = img->tlv_off + img->prot_size;
    open_content(g);
    if (g->j->content_key_len != 0) {
        if (alk_buf_put(copy, g->plain, g->plain_len) == NULL) {
            return alk_why(g->why, ALK_E_MEMORY, "not enough memory");
        }
        alk_payload_crypt(copy->data + img->hdr_size, img->img_size, g->j->content_key,
                          g->j->content_key_len);
        g->j->hash_ok = hash_matches(g, copy->data);
        g->j->encrypted = true;
        g->plain = copy->data;
    }
    if (!g->j->hash_ok && hash_matches(g, g->f->data.data)) {
        g->j->hash_ok = true;
        g->j->encrypted = false;
        g->j->kept_clear = flagged;
        g->plain = g->f->data.data;
    } else if (!g->j->hash_ok && g->j->encrypted) {
        hash_matches(g, copy->data);
    } else if (!g->j->hash_ok) {
        g->j->encrypted = flagged;
    }
    return ALK_OK;
}

/* It is encrypted, and no key opened it. */
static int explain_closed(struct judge *g)
{
    if (!alk_imgfile_has_wrapped(g->f)) {
        return alk_why(
            g->why, ALK_E_KEY,
            "is encrypted, but has no key TLV: its content key was thrown away, nobody can open it");
    }
    if (g->with->n_decrypt > 0) {
        return alk_why(g->why, ALK_E_KEY, "is encrypted, and the decryption key given does not open it");
    }
    alk_why(g->why, ALK_E_KEY, "is encrypted, so its hash cannot be checked");
    return alk_way_out(g->why, ALK_E_KEY, "give the device's private key: --decrypt-key");
}

static int explain_hash(struct judge *g)
{
    if (g->j->digest_len == 0) {
        return alk_why(g->why, ALK_E_FORMAT, "has no hash TLV");
    }
    if (!g->j->encrypted || g->j->content_key_len != 0) {
        return alk_why(g->why, ALK_E_AUTH, "the hash is wrong: the image was changed or is damaged");
    }
    return explain_closed(g);
}

static int explain_signature(struct judge *g)
{
    if (g->signatures == 0) {
        return alk_why(g->why, ALK_E_KEY, "the hash is right, but there is no signature");
    }
    if (g->named_keys == 0) {
        return alk_why(g->why, ALK_E_KEY, "the hash is right, but it is signed by another key");
    }
    return alk_why(g->why, ALK_E_AUTH, "the signature is wrong");
}

static int judge_by_openssl(struct judge *g, struct alk_buf *copy)
{
    int e = read_plain(g, copy);

    if (e != ALK_OK) {
        return e;
    }
    if (!g->j->hash_ok) {
        return explain_hash(g);
    }
    e = walk(g);
    if (e == ALK_OK && g->hashes != 1) {
        e = alk_why(g->why, ALK_E_FORMAT, "has %d hash TLVs", g->hashes);
    }
    if (e != ALK_OK || g->with->n_verify == 0) {
        return e;
    }
    return g->j->signer >= 0 ? ALK_OK : explain_signature(g);
}

/* A key area with those of the keys that a device could hold; false: none of them. */
static bool make_area(struct alk_buf *area, const struct alk_judge *with)
{
    struct alk_provision p = {0};
    struct alk_why why;

    for (size_t i = 0; i < with->n_verify && p.n_verify < ALK_KEYS_MAX / 2; i++) {
        if (with->verify[i].kind->device_alg != ALK_ALG_NONE) {
            p.verify[p.n_verify++] = &with->verify[i];
        }
    }
    for (size_t i = 0; i < with->n_decrypt && p.n_decrypt < ALK_KEYS_MAX / 2; i++) {
        if (with->decrypt[i].kind->device_alg != ALK_ALG_NONE && with->decrypt[i].is_private) {
            p.decrypt[p.n_decrypt++] = &with->decrypt[i];
        }
    }
    if (p.n_verify == 0 || alk_keyarea_make(area, &p, AREA_SIZE, 4, &why) != ALK_OK) {
        return false;
    }
    return alk_buf_fill(area, 0xff, AREA_SIZE - area->len) != NULL;
}

/* The bootloader's own answer; ALK_E_SUPPORT: it has none. */
static int judge_by_core(const struct judge *g)
{
    struct alk_buf area = {0};
    struct alk_flash flash;
    struct alk_keys keys;
    struct alk_verdict v;
    uint8_t buf[1024];
    struct alk_check c = {.keys = &keys, .buf = buf, .buf_len = sizeof buf};
    int e = ALK_E_SUPPORT;

    if (g->f->big_endian || !make_area(&area, g->with)) {
        alk_buf_free(&area);
        return e;
    }
    alk_flash_memory(&flash, area.data, area.len);
    flash.unit = 4;
    if (alk_keys_open(&keys, &flash) == ALK_OK) {
        e = g->j->encrypted ? alk_verify_secondary(&v, &g->f->img, &c) : alk_verify(&v, &g->f->img, &c);
    }
    alk_wipe(buf, sizeof buf);
    alk_wipe(&c.key, sizeof c.key);
    alk_buf_free(&area);
    return e;
}

/* The key that signed is one the core could know: then its answer must be the same. */
static bool core_decides(const struct judge *g, int core, int openssl)
{
    if (core == ALK_E_SUPPORT) {
        return false;
    }
    return core == ALK_OK || openssl != ALK_OK ||
           g->with->verify[g->j->signer].kind->device_alg != ALK_ALG_NONE;
}

int alk_judge_image(struct alk_judgement *j, const struct alk_imgfile *f, const struct alk_judge *with,
                    struct alk_why *why)
{
    struct judge g = {.j = j, .f = f, .with = with, .why = why};
    struct alk_buf copy = {0};
    int core;

    *j = (struct alk_judgement){.signer = -1};
    j->verdict = judge_by_openssl(&g, &copy);
    core = with->n_verify > 0 ? judge_by_core(&g) : ALK_E_SUPPORT;
    if (core_decides(&g, core, j->verdict)) {
        j->by_core = true;
        if ((core == ALK_OK) != (j->verdict == ALK_OK)) {
            j->verdict = alk_why(why, ALK_E_BUG, "the bootloader's code says %d, OpenSSL says %d", core,
                                 j->verdict);
        }
    }
    alk_buf_free(&copy);
    return j->verdict;
}
