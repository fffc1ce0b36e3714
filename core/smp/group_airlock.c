/* SPDX-License-Identifier: Apache-2.0 */
/* group_airlock.c - group 64: what the standard groups lack (docs/SPEC.md). */
#include <string.h>

#include "airlock/crypto.h"
#include "airlock/journal.h"
#include "airlock/keys.h"
#include "airlock/smp_services.h"
#include "core/bytes.h"
#include "core/smp/app.h"

enum { BAD_SLOT = ALK_SMP_ERR(2, 3), NO_JOURNAL = ALK_SMP_ERR(3, 5), READ_FAILED = ALK_SMP_ERR(4, 1) };
enum { NO_IMAGE = ALK_SMP_ERR(5, 5), NO_KEYS = ALK_SMP_ERR(6, 5) };

static void put_id(struct alk_smp_call *c, const char *key, const uint8_t *id)
{
    alk_cbor_put_text(&c->out, key);
    alk_cbor_put_bytes(&c->out, id, ALK_ID_SIZE);
}

int alk_smp_journal(struct alk_smp *s, struct alk_smp_call *c)
{
    struct alk_journal j;
    int rc = alk_journal_open(&j, &s->cfg->map->journal);

    if (rc != ALK_OK)
        return rc == ALK_E_FLASH ? READ_FAILED : NO_JOURNAL;
    alk_smp_put(c, "number", j.rec.number);
    alk_smp_put(c, "kind", j.rec.kind);
    alk_smp_put(c, "plan", j.rec.plan);
    alk_smp_put(c, "sectors", j.rec.sectors);
    alk_smp_put(c, "progress", j.progress);
    alk_smp_put(c, "attempts", j.rec.attempts);
    put_id(c, "in", j.rec.id[ALK_IN]);
    put_id(c, "out", j.rec.id[ALK_OUT]);
    put_id(c, "last", j.rec.id[ALK_LAST]);
    alk_cbor_put_text(&c->out, "result");
    alk_cbor_put_int(&c->out, (int8_t)j.rec.why);
    return 0;
}

static const struct alk_flash *slot_of(const struct alk_smp *s, uint32_t slot)
{
    const struct alk_map *map = s->cfg->map;

    if (slot > 1 || (slot == 1 && map->secondary.sectors == 0))
        return NULL;
    return slot == 0 ? &map->primary : &map->secondary;
}

/* SHA-256 of len bytes at off of a slot, as flash holds them. */
static int hash(uint8_t digest[ALK_SHA256_SIZE], const struct alk_flash *f, uint32_t off, uint32_t len)
{
    struct alk_sha256 sha;
    uint8_t piece[64];
    uint32_t n;

    alk_sha256_init(&sha);
    for (; len != 0; off += n, len -= n) {
        n = alk_min(len, sizeof piece);
        if (alk_flash_read(piece, f, off, n) != ALK_OK)
            return READ_FAILED;
        alk_sha256_update(&sha, piece, n);
    }
    alk_sha256_final(digest, &sha);
    return 0;
}

/* Where in the slot its image is. */
static int find_image(uint32_t *off, uint32_t *len, const struct alk_smp *s, const struct alk_flash *f)
{
    const struct alk_map *map = s->cfg->map;
    struct alk_image img;
    unsigned place;

    for (place = 0; place < (f == &map->primary ? 1u : 2u); place++) {
        uint32_t at = place * f->sector_size;

        if (alk_image_open(&img, f, at, alk_min(map->demand.max_size, alk_flash_size(f) - at)) != ALK_OK)
            continue;
        *off = at;
        *len = img.end;
        return 0;
    }
    return NO_IMAGE;
}

int alk_smp_slot_hash(struct alk_smp *s, struct alk_smp_call *c)
{
    static const struct alk_smp_key keys[] = {
        {"slot", ALK_SMP_UINT}, {"off", ALK_SMP_UINT}, {"len", ALK_SMP_UINT}};
    const struct alk_flash *f;
    struct alk_cbor_item v[3];
    uint8_t digest[ALK_SHA256_SIZE];
    uint32_t off, len;
    int rc = alk_smp_args(v, c, keys, 3);

    if (rc != 0)
        return rc;
    f = slot_of(s, v[0].value);
    if (f == NULL)
        return BAD_SLOT;
    off = v[1].value;
    len = v[2].value;
    if (!alk_smp_given(&v[2]))
        rc = find_image(&off, &len, s, f);
    if (rc == 0 && (off > alk_flash_size(f) || len > alk_flash_size(f) - off))
        rc = ALK_SMP_RC_INVALID;
    if (rc == 0)
        rc = hash(digest, f, off, len);
    if (rc != 0)
        return rc;
    alk_smp_put(c, "off", off);
    alk_smp_put(c, "len", len);
    alk_cbor_put_text(&c->out, "sha");
    alk_cbor_put_bytes(&c->out, digest, sizeof digest);
    return 0;
}

/* Names of keys, never keys. */
int alk_smp_keys(struct alk_smp *s, struct alk_smp_call *c)
{
    struct alk_keys keys;
    struct alk_key k = {0};

    if (alk_keys_open(&keys, &s->cfg->map->keys) != ALK_OK)
        return NO_KEYS;
    alk_smp_put(c, "policy", keys.policy);
    alk_cbor_put_text(&c->out, "keys");
    alk_cbor_open_array(&c->out);
    while (alk_keys_next(&k, &keys) > 0) {
        alk_cbor_open_map(&c->out);
        alk_smp_put(c, "use", k.use);
        alk_smp_put(c, "alg", k.alg);
        alk_cbor_put_text(&c->out, "id");
        alk_cbor_put_bytes(&c->out, k.id, sizeof k.id);
        alk_cbor_put_text(&c->out, "revoked");
        alk_cbor_put_bool(&c->out, k.revoked != 0);
        alk_cbor_close(&c->out);
    }
    alk_cbor_close(&c->out);
    return 0;
}

static bool sector_is_blank(const struct alk_flash *f, uint32_t sector)
{
    uint32_t piece[16], off, i;

    for (off = 0; off < f->sector_size; off += sizeof piece) {
        if (alk_flash_read(piece, f, sector * f->sector_size + off, sizeof piece) != ALK_OK)
            return false;
        for (i = 0; i < sizeof piece / sizeof *piece; i++)
            if (piece[i] != UINT32_MAX)
                return false;
    }
    return true;
}

int alk_smp_erase_state(struct alk_smp *s, struct alk_smp_call *c)
{
    static const struct alk_smp_key keys[] = {{"slot", ALK_SMP_UINT}};
    const struct alk_flash *f;
    struct alk_cbor_item slot;
    uint32_t i, blank = 0;
    int rc = alk_smp_args(&slot, c, keys, 1);

    if (rc != 0)
        return rc;
    f = slot_of(s, alk_smp_given(&slot) ? slot.value : 1);
    if (f == NULL)
        return BAD_SLOT;
    for (i = 0; i < f->sectors; i++)
        blank += sector_is_blank(f, i);
    alk_smp_put(c, "sectors", f->sectors);
    alk_smp_put(c, "blank", blank);
    alk_smp_put(c, "upload_off", s->upload.off);
    alk_smp_put(c, "upload_len", s->upload.len);
    return 0;
}

int alk_smp_capabilities(struct alk_smp *s, struct alk_smp_call *c)
{
    const struct alk_map *map = s->cfg->map;

    alk_smp_put(c, "version", 1);
    alk_cbor_put_text(&c->out, "board");
    alk_cbor_put_text(&c->out, map->board);
    alk_smp_put(c, "plan", map->plan);
    alk_smp_put(c, "max_image", map->demand.max_size);
    alk_smp_put(c, "sector", map->secondary.sector_size);
    alk_smp_put(c, "unit", map->secondary.unit);
    alk_smp_put(c, "open", s->open);
    return 0;
}
