/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "airlock/crypto.h"
#include "airlock/verify.h"
#include "core/bytes.h"
#include "core/smp/image.h"

enum { OFF, DATA, LEN, IMAGE, SHA, UPGRADE, KEYS };

/* Can the file that begins with this header run here? */
static int check_header(const struct alk_smp *s, const struct alk_cbor_item *v)
{
    const struct alk_map *map = s->cfg->map;
    struct alk_image img, running;

    if (v[DATA].len < ALK_IMAGE_HDR_SIZE)
        return ALK_IMG_BAD_HEADER;
    switch (alk_image_parse(&img, v[DATA].data, v[LEN].value)) {
    case ALK_OK:
        break;
    case ALK_E_FORMAT:
        return ALK_IMG_BAD_MAGIC;
    default:
        return ALK_IMG_BAD_HEADER;
    }
    switch (alk_admit_header(&img, alk_demand_of(map, &img))) {
    case ALK_OK:
        break;
    case ALK_E_SIZE:
        return ALK_IMG_TOO_LARGE;
    case ALK_E_POLICY:
        return ALK_IMG_BAD_ADDRESS;
    default:
        return ALK_IMG_BAD_HEADER;
    }
    if (v[UPGRADE].value == 0)
        return 0;
    if (alk_image_open(&running, &map->primary, 0, map->demand.max_size) != ALK_OK)
        return ALK_IMG_NO_VERSION;
    return alk_version_compare(&img.version, &running.version) > 0 ? 0 : ALK_IMG_OLDER;
}

/* Everything that can be known before anything is erased. */
static int check_first(const struct alk_smp *s, const struct alk_cbor_item *v)
{
    struct alk_slots l;
    int rc;

    if (!alk_smp_given(&v[LEN]))
        return ALK_IMG_NO_LENGTH;
    rc = check_header(s, v);
    if (rc == 0)
        rc = alk_slots_look(&l, s->cfg->map);
    if (rc != 0)
        return rc;
    if (v[IMAGE].value != 0)
        return ALK_IMG_INVALID_SLOT;
    if (v[SHA].len > ALK_SHA256_SIZE)
        return ALK_IMG_BAD_HASH;
    if (l.fallback || (l.pending && !s->cfg->recovery))
        return ALK_IMG_NO_FREE_SLOT;
    return s->cfg->check(s->cfg->ctx, NULL) == ALK_OK ? 0 : ALK_IMG_DENIED;
}

/* A session begins: no request may point at what is about to change. */
static int begin(struct alk_smp *s, const struct alk_cbor_item *v)
{
    struct alk_smp_upload *u = &s->upload;

    memset(u, 0, sizeof *u);
    u->len = v[LEN].value;
    u->sha_len = v[SHA].len;
    memcpy(u->sha, v[SHA].data, u->sha_len);
    return alk_slots_forget(s->target);
}

/* The unit in the tail goes to flash; the first of a sector erases it (the last one is blank from the start).
 */
static int flush(const struct alk_smp *s, uint32_t unit_off)
{
    const struct alk_flash *f = s->target;
    uint32_t sector = alk_shift(unit_off, f->sector_size);

    if ((unit_off & (f->sector_size - 1u)) == 0 && sector + 1u < f->sectors &&
        alk_flash_erase(f, sector) != ALK_OK)
        return ALK_IMG_ERASE_FAILED;
    return alk_flash_prog(f, unit_off, s->upload.tail, f->unit) == ALK_OK ? 0 : ALK_IMG_WRITE_FAILED;
}

static int take(struct alk_smp *s, const uint8_t *p, uint32_t len)
{
    struct alk_smp_upload *u = &s->upload;
    uint32_t unit = s->target->unit;
    int rc = 0;

    for (; len != 0 && rc == 0; len--) {
        uint32_t at = u->off++ & (unit - 1u);

        if (at == 0)
            memset(u->tail, 0xff, unit);
        u->tail[at] = *p++;
        if (at == unit - 1u || u->off == u->len)
            rc = flush(s, u->off - 1u - at);
    }
    return rc;
}

/* In an application: does flash hold what was sent?  Whether it may run is asked with the request for it. */
static int compare(struct alk_smp *s)
{
    const struct alk_smp_upload *u = &s->upload;
    struct alk_sha256 sha;
    uint8_t piece[64];
    uint32_t off, n;

    if (u->sha_len != ALK_SHA256_SIZE)
        return 0;
    alk_sha256_init(&sha);
    for (off = 0; off < u->len; off += n) {
        n = alk_min(u->len - off, sizeof piece);
        if (alk_flash_read(piece, s->target, off, n) != ALK_OK)
            return ALK_IMG_READ_FAILED;
        alk_sha256_update(&sha, piece, n);
    }
    alk_sha256_final(piece, &sha);
    return memcmp(piece, u->sha, sizeof u->sha) == 0 ? 0 : ALK_IMG_BAD_HASH;
}

/* In recovery: only an image that may run is a good upload, and it is asked for. */
static int ask(struct alk_smp *s)
{
    struct alk_image img;

    if (alk_image_open(&img, s->target, 0, s->cfg->map->demand.max_size) != ALK_OK)
        return ALK_IMG_BAD_HEADER;
    return alk_slots_request(s, &img, ALK_REQ_PERM);
}

static bool resumes(const struct alk_smp_upload *u, const struct alk_cbor_item *sha)
{
    return u->len != 0 && sha->len != 0 && sha->len == u->sha_len && memcmp(u->sha, sha->data, sha->len) == 0;
}

/* in: done - what follows the last byte */
static int upload(struct alk_smp *s, const struct alk_cbor_item *v, int (*done)(struct alk_smp *s))
{
    struct alk_smp_upload *u = &s->upload;
    int rc = 0;

    if (!alk_smp_given(&v[OFF]))
        return ALK_IMG_NO_OFFSET;
    if (v[OFF].value == 0) {
        if (v[DATA].len == 0)
            return ALK_IMG_BAD_HEADER;
        if (resumes(u, &v[SHA]))
            return 0;
        rc = check_first(s, v);
        if (rc == 0)
            rc = begin(s, v);
    }
    if (rc != 0 || u->len == 0 || v[OFF].value != u->off)
        return rc;
    if (v[DATA].len > u->len - u->off)
        return ALK_IMG_OVERRUN;
    rc = take(s, v[DATA].data, v[DATA].len);
    if (rc == 0 && u->off == u->len) {
        rc = done(s);
        u->len = 0;
    }
    return rc;
}

static int command(struct alk_smp *s, struct alk_smp_call *c, int (*done)(struct alk_smp *s))
{
    static const struct alk_smp_key keys[KEYS] = {
        {"off", ALK_SMP_UINT},   {"data", ALK_SMP_BYTES}, {"len", ALK_SMP_UINT},
        {"image", ALK_SMP_UINT}, {"sha", ALK_SMP_BYTES},  {"upgrade", ALK_SMP_BOOL},
    };
    struct alk_cbor_item v[KEYS];
    int rc = alk_smp_args(v, c, keys, KEYS);

    if (rc == 0)
        rc = upload(s, v, done);
    if (rc != 0)
        s->upload.off = s->upload.len = 0;
    alk_smp_put(c, "off", s->upload.off);
    return rc;
}

int alk_smp_image_upload(struct alk_smp *s, struct alk_smp_call *c)
{
    return command(s, c, compare);
}

int alk_smp_image_recover(struct alk_smp *s, struct alk_smp_call *c)
{
    return command(s, c, ask);
}
