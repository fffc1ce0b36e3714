/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "airlock/install.h"

/*
 * One image of an update under way, as an area of flash: its sectors in
 * order, wherever they lie just now.  Headers and TLVs are the same in both
 * slots, so the image opens like any other.
 */
struct view {
    struct alk_flash flash;
    const struct alk_install *u;
    unsigned role;
};

/* One step's or one sector's two ends. */
static const struct alk_flash *slot_of(const struct alk_install *u, bool primary)
{
    return primary ? &u->map->primary : &u->map->secondary;
}

static uint32_t sector_of(const struct alk_install *u, bool primary, uint32_t pos, unsigned role)
{
    return primary ? pos : alk_plan_sector(&u->j.rec, pos, role);
}

static int view_read(void *dev, uint32_t at, void *buf, size_t len)
{
    const struct view *v = dev;
    uint32_t size = v->flash.sector_size;
    uint8_t *to = buf;
    int err = ALK_OK;

    for (uint32_t pos = 0, n; len > 0 && err == ALK_OK; pos++, at -= size) {
        bool primary;

        if (at >= size)
            continue;
        n = alk_min(size - at, (uint32_t)len);
        primary = alk_plan_moved(&v->u->j.rec, v->u->j.progress, pos, v->role) == (v->role == ALK_IN);
        err = alk_flash_read(to, slot_of(v->u, primary), sector_of(v->u, primary, pos, v->role) * size + at,
                             n);
        to += n;
        len -= n;
        at = size;
    }
    return err;
}

static const struct alk_flash_ops view_ops = {.read = view_read};

/* Open image and, unless that is done, content key of a role. */
static int open_role(struct alk_image *img, struct alk_install *u, unsigned role)
{
    struct alk_content_key *key = role == ALK_IN ? &u->c.key : &u->out;
    struct view v = {.flash = u->map->primary, .u = u, .role = role};
    int err;

    v.flash.ops = &view_ops;
    v.flash.dev = &v;
    v.flash.base = 0;
    v.flash.sectors = (uint16_t)alk_record_sectors(&u->j.rec);
    err = alk_image_open(img, &v.flash, 0, alk_flash_size(&v.flash));
    if (err == ALK_OK && key->len == 0 && (role != ALK_IN || (u->j.rec.flags & ALK_RECORD_PLAIN) == 0))
        err = alk_content_open(key, u->c.buf, img, u->c.keys);
    return err;
}

/* Erase the sector a step writes, then copy what the image has in it. */
static int copy(const struct alk_install *u, const struct alk_image *img, uint32_t pos, unsigned role)
{
    const struct alk_content_key *key = role == ALK_IN ? &u->c.key : &u->out;
    const struct alk_flash *from = slot_of(u, role == ALK_OUT), *to = slot_of(u, role == ALK_IN);
    uint32_t size = to->sector_size, at = pos * size, end = alk_min(img->end, at + size);
    uint32_t source = sector_of(u, role == ALK_OUT, pos, role),
             sink = sector_of(u, role == ALK_IN, pos, role);
    int err = alk_flash_erase(to, sink);

    source = source * size - at;
    sink = sink * size - at;
    for (uint32_t n; at < end && err == ALK_OK; at += n) {
        n = alk_min(end - at, (uint32_t)u->c.buf_len);
        memset(u->c.buf, 0xff, u->c.buf_len); /* the last unit's rest */
        err = alk_flash_read(u->c.buf, from, source + at, n);
        if (err != ALK_OK)
            break;
        alk_image_crypt(u->c.buf, n, img, at, key);
        err = alk_flash_prog(to, sink + at, u->c.buf, alk_align_up(n, to->unit));
        if (u->c.tick != NULL)
            u->c.tick();
    }
    return err;
}

int alk_install_run(struct alk_install *u)
{
    struct alk_image img[2];
    uint32_t steps = alk_plan_steps(&u->j.rec), pos;
    int err, lost;

    if (u->j.progress >= steps)
        return ALK_OK; /* what the images came from may be gone */
    err = lost = open_role(&img[ALK_IN], u, ALK_IN);
    if (err != ALK_E_FLASH && u->j.rec.plan == ALK_PLAN_SLIDE)
        err = open_role(&img[ALK_OUT], u, ALK_OUT);
    if (lost != ALK_OK)
        img[ALK_IN].end = 0; /* it verified once and reads differently now: save the other image */
    while (err == ALK_OK && u->j.progress < steps) {
        unsigned role = alk_plan_step(&pos, &u->j.rec, u->j.progress);

        err = copy(u, &img[role], pos, role);
        if (err == ALK_OK)
            err = alk_journal_mark(&u->j);
    }
    return err != ALK_OK ? err : lost;
}

int alk_install_clear(const struct alk_flash *slot)
{
    uint32_t sector = slot->sectors, cleared = 0;
    int err = ALK_OK;

    for (; cleared < alk_mailbox_size(slot) && err == ALK_OK; cleared += slot->sector_size)
        err = alk_flash_erase(slot, --sector);
    return err;
}

int alk_install_tell(const struct alk_install *u, bool confirmed)
{
    int err = alk_install_clear(&u->map->primary);

    return err != ALK_OK ? err : alk_mailbox_finish(&u->map->primary, u->j.rec.kind, confirmed);
}

int alk_install_finish(const struct alk_install *u)
{
    const struct alk_record *r = &u->j.rec;
    const struct alk_flash *s = &u->map->secondary;
    bool slide = r->plan == ALK_PLAN_SLIDE;
    uint32_t n = alk_record_sectors(r);
    int err = ALK_OK;

    /* After a slide down the last sector may hold the old image's tail, and an unset mailbox. */
    if (!slide || r->place != 0 || (n + 1) * s->sector_size + alk_mailbox_size(s) <= alk_flash_size(s))
        err = alk_install_clear(s);
    if (err == ALK_OK)
        err = alk_flash_erase(s, (r->place != 0) == slide ? n : 0);
    return err != ALK_OK ? err : alk_install_tell(u, r->kind != ALK_REQ_TEST);
}
