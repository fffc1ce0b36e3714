/* SPDX-License-Identifier: Apache-2.0 */
#include "airlock/verify.h"
#include "core/bytes.h"

#include <string.h>

/* One look at an image. */
struct look {
    struct alk_verdict *v;
    const struct alk_image *img;
    const struct alk_check *c;
    struct alk_tlv t;
    uint8_t id[32];           /* of the key of the next signature; zero matches none */
    uint8_t pub[ALK_PUB_MAX]; /* zero, or that of a key in the key area */
};

/* out: digest of [off, end) of the image, its payload decrypted */
static int hash_range(uint8_t digest[32], const struct look *l, uint32_t off, uint32_t end)
{
    const struct alk_check *c = l->c;
    struct alk_sha256 sha;
    int err = ALK_OK;

    alk_sha256_init(&sha);
    while (off < end && err == ALK_OK) {
        uint32_t n = alk_min(end - off, (uint32_t)c->buf_len);

        err = alk_image_read(c->buf, l->img, off, n);
        alk_image_crypt(c->buf, n, l->img, off, &c->key);
        alk_sha256_update(&sha, c->buf, n);
        off += n;
        if (c->tick != NULL)
            c->tick();
    }
    alk_sha256_final(digest, &sha);
    return err;
}

/* What MCUboot tolerates outside the signature: bit n of row r is type 16 r + n. */
static bool allowed(unsigned type)
{
    static const uint8_t rows[4] = {0x06, 0x07, 0x1f, 0x1f};

    return type < 0x40 && (rows[type >> 4] >> (type & 15u) & 1) != 0;
}

static int match_hash(const struct look *l)
{
    struct alk_verdict *v = l->v;
    int err;

    if (l->t.type != ALK_TLV_SHA256)
        return ALK_E_SUPPORT;
    err = alk_tlv_read(v->operand[ALK_CLAIMED], l->img, &l->t, 32);
    if (err != ALK_OK)
        return err;
    if (!alk_equal(v->operand[ALK_CLAIMED], v->operand[ALK_COMPUTED], 32))
        return ALK_E_AUTH;
    v->flow += ALK_FLOW_MATCHED;
    return ALK_OK;
}

static void name_key(struct look *l)
{
    if (l->t.type != ALK_TLV_KEYHASH)
        hash_range(l->id, l, l->t.off, l->t.off + l->t.len);
    else
        alk_tlv_read(l->id, l->img, &l->t, sizeof l->id);
}

static int check_signature(struct look *l)
{
    const struct alk_sig_alg *const *rows = alk_sig_algs;
    const struct alk_sig_alg *row;
    const struct alk_check *c = l->c;
    struct alk_key k;
    int err;

    do {
        row = *rows++;
        if (row == NULL)
            return ALK_E_SUPPORT;
    } while (row->tlv != l->t.type);
    err = alk_keys_find(&k, c->keys, ALK_USE_VERIFY, row->alg, l->id);
    if (err == ALK_OK)
        err = alk_keys_read(l->pub, c->keys, &k, row->pub_len);
    if (err != ALK_OK)
        return err;
    if (l->t.len > row->sig_max)
        return ALK_E_AUTH;
    err = alk_image_read(c->buf, l->img, l->t.off, l->t.len);
    if (err == ALK_OK)
        err = row->verify(&l->v->operand[ALK_PROOF], c->buf, l->t.len, l->pub, l->v->operand[ALK_COMPUTED]);
    if (err == ALK_OK)
        l->v->flow += ALK_FLOW_SIGNED;
    l->v->signer = k.index;
    return err;
}

ALK_APART static int check_tlvs(struct look *l)
{
    int sig = ALK_E_KEY;
    int err;

    while ((err = alk_tlv_next(&l->t, l->img)) > 0) {
        unsigned kind = l->t.type >> 4;

        if (l->t.prot)
            continue;
        if (!allowed(l->t.type))
            return ALK_E_FORMAT;
        if (kind == 0)
            name_key(l);
        if (kind == 1 && (err = match_hash(l)) != ALK_OK)
            return err;
        if (kind == 2 && sig != ALK_OK) {
            sig = check_signature(l);
            memset(l->id, 0, sizeof l->id);
        }
    }
    return err != 0 ? err : sig;
}

int alk_verify(struct alk_verdict *v, const struct alk_image *img, const struct alk_check *c)
{
    struct look l = {.v = v, .img = img, .c = c};
    int err;

    memset(v, 0, sizeof *v);
    memset(v->operand[ALK_PROOF], 0xff, 32); /* no proof looks like one */
    if ((img->flags & ALK_IMAGE_COMPRESSED) != 0)
        return ALK_E_SUPPORT;
    err = hash_range(v->operand[ALK_COMPUTED], &l, 0, img->tlv_off + img->prot_size);
    if (err == ALK_OK) {
        v->flow += ALK_FLOW_HASHED;
        err = check_tlvs(&l);
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
