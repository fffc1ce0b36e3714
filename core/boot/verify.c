/* SPDX-License-Identifier: Apache-2.0 */
#include "airlock/verify.h"
#include "core/bytes.h"

#include <string.h>

/* out: digest of [off, end) of the image, its payload decrypted */
static int hash_range(uint8_t digest[32], const struct alk_image *img, const struct alk_check *c,
                      uint32_t off, uint32_t end)
{
    struct alk_sha256 sha;
    int err = ALK_OK;

    alk_sha256_init(&sha);
    while (off < end && err == ALK_OK) {
        uint32_t n = alk_min(end - off, (uint32_t)c->buf_len);

        err = alk_image_read(c->buf, img, off, n);
        alk_image_crypt(c->buf, n, img, off, &c->key);
        alk_sha256_update(&sha, c->buf, n);
        off += n;
        if (c->tick != NULL)
            c->tick();
    }
    alk_sha256_final(digest, &sha);
    return err;
}

/* What MCUboot tolerates outside the signature: bit n of row r is type 16 r + n. */
static bool allowed(uint16_t type)
{
    static const uint8_t rows[4] = {0x06, 0x07, 0x1f, 0x1f};

    return type < 0x40 && (type & 15u) < 8 && (rows[type >> 4] >> (type & 15u) & 1) != 0;
}

struct scan {
    struct alk_tlv t;
    bool named; /* id names the key of the next signature */
    uint8_t id[32];
    uint8_t pub[ALK_PUB_MAX];
};

static int match_hash(struct alk_verdict *v, const struct alk_image *img, const struct alk_tlv *t)
{
    int err;

    if (t->type != ALK_TLV_SHA256)
        return ALK_E_SUPPORT;
    err = alk_tlv_read(v->claimed, img, t, sizeof v->claimed);
    if (err != ALK_OK)
        return err;
    if (!alk_equal(v->claimed, v->computed, sizeof v->claimed))
        return ALK_E_AUTH;
    v->flow += ALK_FLOW_MATCHED;
    return ALK_OK;
}

static int name_key(struct scan *s, const struct alk_image *img, const struct alk_check *c)
{
    if (s->t.type == ALK_TLV_KEYHASH)
        return alk_tlv_read(s->id, img, &s->t, sizeof s->id);
    return hash_range(s->id, img, c, s->t.off, s->t.off + s->t.len);
}

static int check_signature(struct alk_verdict *v, struct scan *s, const struct alk_image *img,
                           const struct alk_check *c)
{
    const struct alk_sig_alg *const *row = alk_sig_algs;
    struct alk_key k;
    int err;

    while (*row != NULL && (*row)->tlv != s->t.type)
        row++;
    if (*row == NULL)
        return ALK_E_SUPPORT;
    if (!s->named)
        return ALK_E_KEY;
    memset(s->pub, 0, sizeof s->pub);
    err = alk_keys_find(&k, c->keys, ALK_USE_VERIFY, (*row)->alg, s->id);
    if (err == ALK_OK)
        err = alk_keys_read(s->pub, c->keys, &k, (*row)->pub_len);
    if (err == ALK_OK && (k.revoked || s->t.len > (*row)->sig_max))
        err = ALK_E_AUTH;
    if (err == ALK_OK)
        err = alk_image_read(c->buf, img, s->t.off, s->t.len);
    if (err == ALK_OK)
        err = (*row)->verify(v->proof, c->buf, s->t.len, s->pub, v->computed);
    if (err == ALK_OK)
        v->flow += ALK_FLOW_SIGNED;
    return err;
}

static int check_tlvs(struct alk_verdict *v, const struct alk_image *img, const struct alk_check *c)
{
    struct scan s = {.named = false};
    int sig = ALK_E_KEY;
    int err;

    while ((err = alk_tlv_next(&s.t, img)) > 0) {
        unsigned kind = s.t.type >> 4;

        if (s.t.prot)
            continue;
        if (!allowed(s.t.type))
            return ALK_E_FORMAT;
        if (kind == 0)
            s.named = name_key(&s, img, c) == ALK_OK;
        if (kind == 1 && (err = match_hash(v, img, &s.t)) != ALK_OK)
            return err;
        if (kind == 2 && sig != ALK_OK) {
            sig = check_signature(v, &s, img, c);
            s.named = false;
        }
    }
    return err != 0 ? err : sig;
}

int alk_verify(struct alk_verdict *v, const struct alk_image *img, const struct alk_check *c)
{
    int err;

    memset(v, 0, sizeof *v);
    memset(v->proof[0], 0xff, sizeof v->proof[0]); /* no proof looks like one */
    if ((img->flags & ALK_IMAGE_COMPRESSED) != 0)
        return ALK_E_SUPPORT;
    err = hash_range(v->computed, img, c, 0, img->tlv_off + img->prot_size);
    if (err == ALK_OK) {
        v->flow += ALK_FLOW_HASHED;
        err = check_tlvs(v, img, c);
    }
    if (err == ALK_OK && v->flow != ALK_FLOW_GOOD)
        err = ALK_E_FORMAT;
    if (err == ALK_OK) {
        v->area = img->area;
        v->word = ALK_VERDICT_GOOD;
    }
    alk_wipe(c->buf, c->buf_len);
    return err;
}
