/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "airlock/boot.h"
#include "core/bytes.h"
#include "core/smp/image.h"

/* Where an image may lie. */
enum place { PRIMARY, SECONDARY_0, SECONDARY_1, PLACES };

/* One image of the list. */
struct found {
    struct alk_image img;
    uint8_t hash[32];
};

int alk_slots_look(struct alk_slots *l, const struct alk_map *map)
{
    const struct alk_mailbox *p = &l->primary, *q = &l->secondary;

    memset(l, 0, sizeof *l);
    if (alk_mailbox_read(&l->primary, &map->primary) != ALK_OK ||
        (map->secondary.sectors != 0 && alk_mailbox_read(&l->secondary, &map->secondary) != ALK_OK))
        return ALK_IMG_READ_FAILED;
    l->unconfirmed = p->magic == ALK_SET && p->image_ok != ALK_SET;
    l->fallback = l->unconfirmed && p->copy_done == ALK_SET;
    l->pending = q->magic == ALK_SET;
    return 0;
}

int alk_slots_forget(const struct alk_flash *slot)
{
    return alk_flash_erase(slot, slot->sectors - 1u) == ALK_OK ? 0 : ALK_IMG_ERASE_FAILED;
}

/* One code for everything wrong with hash, key or signature. */
static int refusal(int err)
{
    if (err == ALK_E_FLASH)
        return ALK_IMG_READ_FAILED;
    return err == ALK_E_POLICY || err == ALK_E_SIZE ? ALK_IMG_DENIED : ALK_IMG_BAD_HASH;
}

int alk_slots_request(struct alk_smp *s, const struct alk_image *img, uint8_t request)
{
    const struct alk_flash *slot = img->area;
    uint32_t last = alk_flash_size(slot) - slot->sector_size;
    int err = s->cfg->check(s->cfg->ctx, img);

    if (err != ALK_OK)
        return refusal(err);
    s->upload.len = 0;
    if (slot == &s->cfg->map->primary) /* a map without secondary: it starts as it is */
        return 0;
    err = alk_mailbox_request(slot, request);
    if (err == ALK_E_STATE) {
        if (img->at + img->end <= last && alk_slots_forget(slot) != 0)
            return ALK_IMG_ERASE_FAILED;
        err = alk_mailbox_request(slot, request);
    }
    return err == ALK_OK ? 0 : ALK_IMG_WRITE_FAILED;
}

static bool find_at(struct found *f, const struct alk_map *map, unsigned place)
{
    int err = place == PRIMARY ? alk_image_open(&f->img, &map->primary, 0, map->demand.max_size)
                               : alk_secondary_open(&f->img, map, place - SECONDARY_0);

    return err == ALK_OK && alk_tlv_get(f->hash, &f->img, ALK_TLV_SHA256, sizeof f->hash) > 0;
}

/* n in decimal, its last digit just before end.  n / 10 without a division. */
static char *decimal(char *end, uint32_t n)
{
    uint32_t q;

    do {
        q = (n >> 1) + (n >> 2);
        q += q >> 4;
        q += q >> 8;
        q += q >> 16;
        q >>= 3;
        q += n - q * 10u > 9;
        *--end = (char)('0' + (n - q * 10u));
        n = q;
    } while (n != 0);
    return end;
}

static void put_version(struct alk_cbor_out *o, const struct alk_version *v)
{
    const uint32_t part[] = {v->major, v->minor, v->revision, v->build};
    char text[28], *end = text + sizeof text, *p = end;
    unsigned i = v->build != 0 ? 4 : 3;

    while (i-- != 0) {
        p = decimal(p, part[i]);
        *--p = '.';
    }
    alk_cbor_put_text(o, "version");
    alk_cbor_put_string(o, ALK_CBOR_TEXT, p + 1, (size_t)(end - p - 1));
}

enum { BOOTABLE = 1, PENDING = 2, CONFIRMED = 4, ACTIVE = 8, PERMANENT = 16 };

ALK_APART static unsigned flags(const struct alk_slots *l, const struct alk_image *img, unsigned place)
{
    unsigned f = img->flags & ALK_IMAGE_NON_BOOTABLE ? 0 : BOOTABLE;

    if (place == PRIMARY)
        return f | ACTIVE | (l->unconfirmed ? 0u : CONFIRMED);
    if (l->fallback)
        return f | CONFIRMED;
    if (l->pending)
        f |= l->secondary.image_ok == ALK_SET ? PENDING | PERMANENT : PENDING;
    return f;
}

static void put_image(struct alk_smp_call *c, const struct found *f, unsigned slot, unsigned bits)
{
    static const char name[][10] = {"bootable", "pending", "confirmed", "active", "permanent"};
    unsigned i;

    alk_cbor_open_map(&c->out);
    alk_smp_put(c, "slot", slot);
    put_version(&c->out, &f->img.version);
    alk_cbor_put_text(&c->out, "hash");
    alk_cbor_put_bytes(&c->out, f->hash, sizeof f->hash);
    for (i = 0; i < sizeof name / sizeof *name; i++) {
        alk_cbor_put_text(&c->out, name[i]);
        alk_cbor_put_bool(&c->out, bits >> i & 1u);
    }
    alk_cbor_close(&c->out);
}

int alk_smp_image_list(struct alk_smp *s, struct alk_smp_call *c)
{
    const struct alk_map *map = s->cfg->map;
    struct alk_slots l;
    struct found f;
    unsigned place, left = 2;
    int rc = alk_slots_look(&l, map);

    if (rc != 0)
        return rc;
    alk_cbor_put_text(&c->out, "images");
    alk_cbor_open_array(&c->out);
    for (place = PRIMARY; place < PLACES; place++) {
        if (left == 0 || !find_at(&f, map, place))
            continue;
        put_image(c, &f, place != PRIMARY, flags(&l, &f.img, place));
        left = place == PRIMARY;
    }
    alk_cbor_close(&c->out);
    alk_smp_put(c, "splitStatus", 0);
    return 0;
}

/* The image that runs is good: keep it. */
static int confirm(const struct alk_smp *s, const struct alk_slots *l)
{
    if (l->pending)
        return ALK_IMG_PENDING;
    return alk_mailbox_confirm(&s->cfg->map->primary) == ALK_OK ? 0 : ALK_IMG_WRITE_FAILED;
}

static int set(struct alk_smp *s, const struct alk_cbor_item *hash, bool keep)
{
    struct alk_slots l;
    struct found f;
    unsigned place;
    int rc = alk_slots_look(&l, s->cfg->map);

    if (rc != 0)
        return rc;
    if (hash->len == 0)
        return keep ? confirm(s, &l) : ALK_IMG_BAD_HASH;
    if (hash->len != sizeof f.hash)
        return ALK_IMG_BAD_HASH;
    for (place = PRIMARY; place < PLACES; place++)
        if (find_at(&f, s->cfg->map, place) && memcmp(f.hash, hash->data, sizeof f.hash) == 0)
            break;
    if (place == PLACES)
        return ALK_IMG_HASH_UNKNOWN;
    if (place == PRIMARY)
        return keep ? confirm(s, &l) : ALK_IMG_ACTIVE;
    return l.unconfirmed ? ALK_IMG_PENDING : alk_slots_request(s, &f.img, keep ? ALK_REQ_PERM : ALK_REQ_TEST);
}

int alk_smp_image_set(struct alk_smp *s, struct alk_smp_call *c)
{
    static const struct alk_smp_key keys[] = {{"hash", ALK_SMP_BYTES}, {"confirm", ALK_SMP_BOOL}};
    struct alk_cbor_item v[2];
    int rc = alk_smp_args(v, c, keys, 2);

    if (rc == 0)
        rc = set(s, &v[0], v[1].value != 0);
    return rc != 0 ? rc : alk_smp_image_list(s, c);
}

/* The request first, then the rest. */
int alk_smp_image_erase(struct alk_smp *s, struct alk_smp_call *c)
{
    static const struct alk_smp_key keys[] = {{"slot", ALK_SMP_UINT}};
    const struct alk_flash *slot = &s->cfg->map->secondary;
    struct alk_cbor_item want;
    struct alk_slots l;
    uint32_t i;
    int rc = alk_smp_args(&want, c, keys, 1);

    if (rc == 0)
        rc = alk_slots_look(&l, s->cfg->map);
    if (rc != 0)
        return rc;
    if (alk_smp_given(&want) && want.value != 1)
        return want.value == 0 ? ALK_IMG_NO_FREE_SLOT : ALK_IMG_BAD_SLOT_PAGE;
    if (l.fallback)
        return ALK_IMG_NO_FREE_SLOT;
    s->upload.off = s->upload.len = 0;
    rc = alk_slots_forget(slot);
    for (i = 0; i + 1u < slot->sectors && rc == 0; i++)
        rc = alk_flash_erase(slot, i) == ALK_OK ? 0 : ALK_IMG_ERASE_FAILED;
    return rc;
}

static void put_slot(struct alk_smp_call *c, unsigned slot, const struct alk_flash *area, bool target)
{
    alk_cbor_open_map(&c->out);
    alk_smp_put(c, "slot", slot);
    alk_smp_put(c, "size", alk_flash_size(area));
    if (target)
        alk_smp_put(c, "upload_image_id", 0);
    alk_cbor_close(&c->out);
}

int alk_smp_image_slots(struct alk_smp *s, struct alk_smp_call *c)
{
    const struct alk_map *map = s->cfg->map;

    alk_cbor_put_text(&c->out, "images");
    alk_cbor_open_array(&c->out);
    alk_cbor_open_map(&c->out);
    alk_smp_put(c, "image", 0);
    alk_cbor_put_text(&c->out, "slots");
    alk_cbor_open_array(&c->out);
    put_slot(c, 0, &map->primary, s->target == &map->primary);
    if (map->secondary.sectors != 0)
        put_slot(c, 1, &map->secondary, s->target == &map->secondary);
    alk_cbor_close(&c->out);
    alk_smp_put(c, "max_image_size", map->demand.max_size);
    alk_cbor_close(&c->out);
    alk_cbor_close(&c->out);
    return 0;
}
