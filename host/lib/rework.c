/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "airlock/rework.h"
#include "core/bytes.h"
#include "host/lib/build_tlv.h"

static int refuse_big(const struct alk_imgfile *f, struct alk_why *why)
{
    return f->big_endian ? alk_why(why, ALK_E_SUPPORT, "is big-endian, and can only be read") : ALK_OK;
}

static void put_tlv(struct alk_buf *area, const struct alk_imgfile *f, const struct alk_tlv *t)
{
    alk_tlv_add(area, t->type, alk_imgfile_tlv(f, t), t->len, false);
}

/* What is signed, then the new area. */
static int join(struct alk_buf *out, const struct alk_imgfile *f, struct alk_buf *area, struct alk_why *why)
{
    bool fits = area->len + 4 <= UINT16_MAX;

    alk_buf_put(out, f->data.data, f->img.tlv_off + f->img.prot_size);
    alk_tlv_area(out, area, ALK_TLV_MAGIC, false);
    fits = fits && !area->failed && !out->failed;
    alk_buf_free(area);
    return fits ? ALK_OK : alk_why(why, ALK_E_MEMORY, "not enough memory, or too many TLVs");
}

int alk_image_filter(struct alk_buf *out, const struct alk_imgfile *f,
                     bool (*keep)(void *ctx, const struct alk_tlv *t), void *ctx, struct alk_why *why)
{
    struct alk_buf area = {0};
    struct alk_tlv t = {0};
    int e = refuse_big(f, why);

    if (e != ALK_OK) {
        return e;
    }
    while (alk_tlv_next(&t, &f->img) > 0) {
        if (!t.prot && keep(ctx, &t)) {
            put_tlv(&area, f, &t);
        }
    }
    return join(out, f, &area, why);
}

static int add_signature(struct alk_buf *area, const struct alk_hostkey *key, const struct alk_judgement *j,
                         const struct alk_build *b, struct alk_why *why)
{
    struct alk_buf sig = {0}, pub = {0};
    uint8_t hash[64];
    int e;

    if ((key->kind->hashes & 1u << j->hash) == 0) {
        return alk_why(why, ALK_E_SUPPORT, "its hash is %s, and a %s key goes with %s",
                       alk_hash_name(j->hash), key->kind->says, alk_hash_name(key->kind->hash));
    }
    e = alk_key_sign(&sig, key, j->digest, j->digest_len, b->fixed_k, why);
    if (e == ALK_OK && b->full_key) {
        alk_key_put_tlv(&pub, key);
        alk_tlv_add(area, ALK_TLV_PUBKEY, pub.data, pub.len, false);
    } else if (e == ALK_OK) {
        alk_tlv_add(area, ALK_TLV_KEYHASH, hash, alk_key_hash(hash, key, j->hash), false);
    }
    alk_tlv_add(area, key->kind->sig_tlv, sig.data, sig.len, false);
    alk_buf_free(&sig);
    alk_buf_free(&pub);
    return e;
}

int alk_image_resign(struct alk_buf *out, const struct alk_imgfile *f, const struct alk_judgement *j,
                     const struct alk_build *b, struct alk_why *why)
{
    struct alk_buf area = {0};
    struct alk_tlv t = {0};
    int e = refuse_big(f, why);

    alk_tlv_add(&area, alk_hash_tlv(j->hash), j->digest, j->digest_len, false);
    for (size_t i = 0; i < b->n_signers && e == ALK_OK; i++) {
        e = add_signature(&area, b->signers[i], j, b, why);
    }
    while (e == ALK_OK && alk_tlv_next(&t, &f->img) > 0) {
        if (!t.prot && t.type != alk_hash_tlv(j->hash) && !alk_tlv_is_signature(t.type)) {
            put_tlv(&area, f, &t);
        }
    }
    if (e != ALK_OK) {
        alk_buf_free(&area);
        return e;
    }
    return join(out, f, &area, why);
}

int alk_image_rebuild(struct alk_built *out, const struct alk_imgfile *f, struct alk_build *b,
                      struct alk_why *why)
{
    struct alk_extra_tlv extra[64];
    const struct alk_image *img = &f->img;
    struct alk_tlv t = {0};
    int e = refuse_big(f, why);

    b->n_known = 0;
    b->known = extra;
    while (e == ALK_OK && alk_tlv_next(&t, img) > 0) {
        if (t.prot && b->n_known == sizeof extra / sizeof extra[0]) {
            e = alk_why(why, ALK_E_SUPPORT, "has more than 64 protected TLVs");
        } else if (t.prot) {
            extra[b->n_known++] = (struct alk_extra_tlv){t.type, alk_imgfile_tlv(f, &t), t.len};
        }
    }
    b->version = img->version;
    b->flags = img->flags & ~(uint32_t)ALK_IMAGE_ENCRYPTED;
    b->load_addr = img->load_addr;
    b->hdr_size = img->hdr_size;
    b->pad_header = false;
    if (e == ALK_OK) {
        e = alk_build(out, b, f->data.data, (size_t)img->hdr_size + img->img_size, why);
    }
    b->known = NULL;
    return e;
}
