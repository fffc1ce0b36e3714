/* SPDX-License-Identifier: Apache-2.0 */
/* build.c - an image from its parts, in the order in which they depend on each other. */
#include <string.h>

#include "airlock/build.h"
#include "airlock/crypto.h"
#include "core/bytes.h"
#include "host/lib/build_tlv.h"

struct maker {
    const struct alk_build *b;
    struct alk_built *out;
    struct alk_why *why;
    enum alk_hash hash;
    struct alk_buf prot, tlvs; /* areas, without their info headers */
    size_t payload_end;
};

static int choose_hash(struct maker *m)
{
    const struct alk_build *b = m->b;
    const struct alk_kind *first = b->n_signers > 0 ? b->signers[0]->kind : NULL;

    m->hash = b->hash >= 0 ? (enum alk_hash)b->hash : first != NULL ? first->hash : ALK_SHA256;
    if (b->pure) {
        m->hash = ALK_SHA512;
    }
    for (size_t i = 0; i < b->n_signers; i++) {
        const struct alk_kind *k = b->signers[i]->kind;

        if (k->sig_tlv == 0) {
            return alk_why(m->why, ALK_E_SUPPORT, "%s keys cannot sign", k->says);
        }
        if (b->pure && k->id != ALK_KIND_ED25519) {
            return alk_why(m->why, ALK_E_SUPPORT, "pure signatures are for Ed25519 keys, not %s", k->says);
        }
        if ((k->hashes & 1u << m->hash) == 0) {
            return alk_why(m->why, ALK_E_SUPPORT, "%s goes with %s, not with %s", k->says,
                           alk_hash_name(k->hash), alk_hash_name(m->hash));
        }
    }
    return ALK_OK;
}

static int check_recipients(const struct maker *m)
{
    const struct alk_build *b = m->b;

    for (size_t i = 0; i < b->n_recipients; i++) {
        if (b->recipients[i]->kind->enc_tlv == 0) {
            return alk_why(m->why, ALK_E_SUPPORT, "no bootloader opens images encrypted to a %s key",
                           b->recipients[i]->kind->says);
        }
        for (size_t j = 0; j < b->n_signers; j++) {
            if (alk_key_same(b->recipients[i], b->signers[j])) {
                alk_why(m->why, ALK_E_KEY,
                        "the same key signs and encrypts: every device would hold "
                        "the private key that signs");
                return alk_way_out(m->why, ALK_E_KEY, "airlock keygen --encryption enc.pem");
            }
        }
    }
    return ALK_OK;
}

static int put_payload(struct maker *m, const uint8_t *payload, size_t len)
{
    const struct alk_build *b = m->b;
    struct alk_buf *image = &m->out->image;
    size_t total = len + (b->pad_header ? b->hdr_size : 0);

    if (total < b->hdr_size) {
        return alk_why(m->why, ALK_E_SIZE, "is shorter than its header room of %u bytes", b->hdr_size);
    }
    if (total > UINT32_MAX / 2) {
        return alk_why(m->why, ALK_E_SIZE, "is too large for an image");
    }
    /* one allocation for all that is to come */
    alk_buf_reserve(image, total + 8192);
    if (b->pad_header) {
        alk_buf_fill(image, b->erased, b->hdr_size);
    }
    alk_buf_put(image, payload, len);
    if (b->n_recipients > 0) {
        alk_buf_fill(image, 0, (16 - total % 16) % 16);
    }
    m->payload_end = image->len;
    return image->failed ? alk_why(m->why, ALK_E_MEMORY, "not enough memory") : ALK_OK;
}

static void put16(const struct maker *m, uint8_t *p, uint16_t v)
{
    alk_put16(p, m->b->big_endian ? (uint16_t)(v << 8 | v >> 8) : v);
}

static void put32(const struct maker *m, uint8_t *p, uint32_t v)
{
    alk_put32(p, m->b->big_endian ? __builtin_bswap32(v) : v);
}

static void put_version(const struct maker *m, uint8_t p[8], const struct alk_version *v)
{
    p[0] = v->major;
    p[1] = v->minor;
    put16(m, p + 2, v->revision);
    put32(m, p + 4, v->build);
}

static void put_header(struct maker *m)
{
    const struct alk_build *b = m->b;
    uint32_t flags = b->flags;
    uint8_t *h = m->out->image.data;

    if (b->n_recipients > 0) {
        flags |= b->content_key_len == 32 ? ALK_IMAGE_ENC_AES256 : ALK_IMAGE_ENC_AES128;
    }
    memset(h, 0, ALK_IMAGE_HDR_SIZE);
    put32(m, h, ALK_IMAGE_MAGIC);
    put32(m, h + 4, b->load_addr);
    put16(m, h + 8, b->hdr_size);
    put16(m, h + 10, (uint16_t)(m->prot.len > 0 ? m->prot.len + 4 : 0));
    put32(m, h + 12, (uint32_t)(m->payload_end - b->hdr_size));
    put32(m, h + 16, flags);
    put_version(m, h + 20, &b->version);
}

static void add_depends(struct maker *m)
{
    for (size_t i = 0; i < m->b->n_depends; i++) {
        uint8_t value[12] = {m->b->depends[i].image};

        put_version(m, value + 4, &m->b->depends[i].min);
        alk_tlv_add(&m->prot, ALK_TLV_DEPENDENCY, value, sizeof value, m->b->big_endian);
    }
}

static int make_protected(struct maker *m)
{
    const struct alk_build *b = m->b;
    uint8_t counter[4];

    put32(m, counter, b->counter);
    if (b->has_counter) {
        alk_tlv_add(&m->prot, ALK_TLV_SEC_CNT, counter, 4, b->big_endian);
    }
    if (b->boot_record != NULL && !alk_tlv_add_boot_record(&m->prot, b, m->hash)) {
        return alk_why(m->why, ALK_E_USAGE, "the software type of a boot record has at most 12 letters");
    }
    add_depends(m);
    for (size_t i = 0; i < b->n_known; i++) {
        alk_tlv_add(&m->prot, b->known[i].type, b->known[i].data, b->known[i].len, b->big_endian);
    }
    if (b->vendor != NULL) {
        alk_tlv_add(&m->prot, ALK_TLV_UUID_VID, b->vendor, 16, b->big_endian);
    }
    if (b->class != NULL) {
        alk_tlv_add(&m->prot, ALK_TLV_UUID_CID, b->class, 16, b->big_endian);
    }
    for (size_t i = 0; i < b->n_custom; i++) {
        alk_tlv_add_custom(&m->prot, &b->custom[i], b->big_endian);
    }
    if (m->prot.failed || m->prot.len + 4 > UINT16_MAX) {
        return alk_why(m->why, ALK_E_SIZE, "the protected TLVs are larger than 65535 bytes");
    }
    return ALK_OK;
}

/* Header, payload and protected area stand in the image: hash them. */
static void add_hash(struct maker *m)
{
    const struct alk_build *b = m->b;
    struct alk_built *out = m->out;
    static const uint8_t yes = 1;

    out->digest_len = alk_digest_of(out->digest, m->hash, out->image.data, out->image.len);
    alk_tlv_add(&m->tlvs, alk_hash_tlv(m->hash), out->digest, out->digest_len, b->big_endian);
    if (b->pure) {
        alk_tlv_add(&m->tlvs, ALK_TLV_SIG_PURE, &yes, 1, b->big_endian);
        alk_buf_put(&out->to_sign, out->image.data, out->image.len);
    } else {
        alk_buf_put(&out->to_sign, out->digest, out->digest_len);
    }
}

static void add_key(struct maker *m, const struct alk_hostkey *key)
{
    struct alk_buf value = {0};
    uint8_t hash[64];

    if (m->b->full_key) {
        alk_key_put_tlv(&value, key);
        alk_tlv_add(&m->tlvs, ALK_TLV_PUBKEY, value.data, value.len, m->b->big_endian);
        alk_buf_free(&value);
        return;
    }
    alk_tlv_add(&m->tlvs, ALK_TLV_KEYHASH, hash, alk_key_hash(hash, key, m->hash), m->b->big_endian);
}

static int add_signature(struct maker *m, const struct alk_hostkey *key, bool first)
{
    const struct alk_build *b = m->b;
    struct alk_buf sig = {0};
    int e = ALK_OK;

    add_key(m, key);
    if (b->signature != NULL) {
        alk_buf_put(&sig, b->signature, b->signature_len);
    } else {
        e = alk_key_sign(&sig, key, m->out->to_sign.data, m->out->to_sign.len, b->fixed_k, m->why);
    }
    if (e == ALK_OK && b->pad_sig && key->kind->group != NULL) {
        size_t full = key->kind->bits == 256 ? 72 : 103;

        alk_buf_fill(&sig, 0, sig.len < full ? full - sig.len : 0);
    }
    alk_tlv_add(&m->tlvs, key->kind->sig_tlv, sig.data, sig.len, b->big_endian);
    if (first) {
        alk_buf_put(&m->out->signature, sig.data, sig.len);
    }
    alk_buf_free(&sig);
    return e;
}

static int add_signatures(struct maker *m)
{
    int e = ALK_OK;

    for (size_t i = 0; i < m->b->n_signers && e == ALK_OK; i++) {
        e = add_signature(m, m->b->signers[i], i == 0);
    }
    return e;
}

static int encrypt(struct maker *m)
{
    const struct alk_build *b = m->b;
    struct alk_wrapping w = {b->recipients[0], b->hmac_512, b->random};
    struct alk_buf value = {0};
    uint8_t key[32];
    uint16_t tlv;
    int e;

    if (b->n_recipients == 0) {
        return ALK_OK;
    }
    e = alk_random_get(key, b->content_key_len, b->random);
    if (e == ALK_OK) {
        e = alk_wrap_key(&value, &tlv, &w, key, b->content_key_len, m->why);
    }
    if (e == ALK_OK) {
        alk_tlv_add(&m->tlvs, tlv, value.data, value.len, b->big_endian);
        m->out->wrapped_len = value.len;
    }
    if (e == ALK_OK && !b->clear) {
        e = alk_payload_crypt(m->out->image.data + b->hdr_size, m->payload_end - b->hdr_size, key,
                              b->content_key_len);
    }
    alk_wipe(key, sizeof key);
    alk_buf_free(&value);
    return e;
}

static int make(struct maker *m)
{
    const struct alk_build *b = m->b;
    struct alk_buf *image = &m->out->image;
    int e = make_protected(m);

    if (e != ALK_OK) {
        return e;
    }
    put_header(m);
    alk_tlv_area(image, &m->prot, ALK_TLV_PROT_MAGIC, b->big_endian);
    add_hash(m);
    if (b->only_hashed) {
        return ALK_OK;
    }
    e = add_signatures(m);
    if (e == ALK_OK) {
        e = encrypt(m);
    }
    if (e == ALK_OK && m->tlvs.len + 4 > UINT16_MAX) {
        e = alk_why(m->why, ALK_E_SIZE, "the TLVs are larger than 65535 bytes");
    }
    alk_tlv_area(image, &m->tlvs, ALK_TLV_MAGIC, b->big_endian);
    if (e == ALK_OK && (image->failed || m->tlvs.failed)) {
        e = alk_why(m->why, ALK_E_MEMORY, "not enough memory");
    }
    return e;
}

int alk_build(struct alk_built *out, const struct alk_build *b, const uint8_t *payload, size_t len,
              struct alk_why *why)
{
    struct maker m = {.b = b, .out = out, .why = why};
    int e;

    *out = (struct alk_built){0};
    if (b->hdr_size < ALK_IMAGE_HDR_SIZE) {
        return alk_why(why, ALK_E_USAGE, "a header takes at least 32 bytes, not %u", b->hdr_size);
    }
    e = choose_hash(&m);
    if (e == ALK_OK) {
        e = check_recipients(&m);
    }
    if (e == ALK_OK) {
        e = put_payload(&m, payload, len);
    }
    if (e == ALK_OK) {
        e = make(&m);
    }
    alk_buf_free(&m.prot);
    alk_buf_free(&m.tlvs);
    if (e != ALK_OK) {
        alk_built_free(out);
    }
    return e;
}

void alk_built_free(struct alk_built *out)
{
    alk_buf_free(&out->image);
    alk_buf_free(&out->to_sign);
    alk_buf_free(&out->signature);
}
