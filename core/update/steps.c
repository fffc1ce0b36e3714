/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "airlock/install.h"
#include "core/bytes.h"

/*
 * One image of an update under way, as an area of flash: its sectors in
 * order, wherever they lie just now.  Headers and TLVs are the same in both
 * slots, so the image opens like any other; and what the next step copies is
 * where the view reads it.
 */
struct view {
    struct alk_flash flash;
    const struct alk_install *u;
    unsigned role;
    struct alk_image img;
    struct alk_content_key *key;
};

/* Where sector pos lies after that many steps. */
static const struct alk_flash *locate(uint32_t *sector, const struct view *v, uint32_t pos, uint32_t steps)
{
    const struct alk_install *u = v->u;

    *sector = pos;
    if (alk_plan_moved(&u->j.rec, steps, pos, v->role) != v->role)
        return &u->map->primary;
    *sector = alk_plan_sector(&u->j.rec, pos, v->role);
    return &u->map->secondary;
}

static int view_read(void *dev, uint32_t at, void *buf, size_t len)
{
    const struct view *v = dev;
    uint32_t size = v->flash.sector_size, sector, n;
    uint8_t *to = buf;
    int err = ALK_OK;

    for (; len > 0 && err == ALK_OK; len -= n) {
        const struct alk_flash *slot = locate(&sector, v, alk_shift(at, size), v->u->j.progress);
        uint32_t off = at & (size - 1u);

        n = alk_min(size - off, (uint32_t)len);
        err = alk_flash_read(to, slot, sector * size + off, n);
        to += n;
        at += n;
    }
    return err;
}

static const struct alk_flash_ops view_ops = {.read = view_read};

/* Open image and, unless that is done, content key of a role. */
static int open_view(struct view *v, struct alk_install *u, unsigned role)
{
    int err;

    v->flash = u->map->primary;
    v->flash.ops = &view_ops;
    v->flash.dev = v;
    v->flash.base = 0;
    v->u = u;
    v->role = role;
    v->key = role == ALK_IN ? &u->c.key : &u->out;
    err = alk_image_open(&v->img, &v->flash, 0, u->j.rec.sectors * v->flash.sector_size);
    if (err == ALK_OK && v->key->len == 0 && (role != ALK_IN || u->j.rec.flags == 0))
        err = alk_content_open(v->key, u->c.buf, &v->img, u->c.keys);
    return err;
}

/* Erase the sector the next step writes, then copy what the image has in it. */
ALK_APART static int copy(const struct alk_install *u, const struct view *v, uint32_t pos)
{
    uint32_t sink, n, size = v->flash.sector_size, at = pos * size, end = alk_min(v->img.end, at + size);
    const struct alk_flash *to = locate(&sink, v, pos, u->j.progress + 1u);
    uint8_t *buf = u->c.buf;
    int err = alk_flash_erase(to, sink);

    sink = sink * size - at;
    for (; at < end && err == ALK_OK; at += n) {
        n = alk_min(end - at, (uint32_t)u->c.buf_len);
        memset(buf, 0xff, u->c.buf_len); /* the last unit's rest */
        err = alk_flash_read(buf, &v->flash, at, n);
        if (err != ALK_OK)
            break;
        alk_image_crypt(buf, n, &v->img, at, v->key);
        err = alk_flash_prog(to, sink + at, buf, alk_align_up(n, to->unit));
        if (u->c.tick != NULL)
            u->c.tick();
    }
    return err;
}

ALK_APART int alk_install_run(struct alk_install *u)
{
    struct view v[2];
    uint32_t steps = alk_plan_steps(&u->j.rec), pos;
    int err, lost;

    err = lost = open_view(&v[ALK_IN], u, ALK_IN);
    if (err != ALK_E_FLASH && u->j.rec.plan == ALK_PLAN_SLIDE)
        err = open_view(&v[ALK_OUT], u, ALK_OUT);
    if (lost != ALK_OK)
        v[ALK_IN].img.end = 0; /* it verified once and reads differently now: save the other image */
    while (err == ALK_OK && u->j.progress < steps) {
        unsigned role = alk_plan_step(&pos, &u->j.rec, u->j.progress);

        err = copy(u, &v[role], pos);
        if (err == ALK_OK)
            err = alk_journal_mark(&u->j);
    }
    return err != ALK_OK ? err : lost;
}

int alk_install_clear(const struct alk_flash *slot)
{
    return alk_flash_erase(slot, slot->sectors - 1u);
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
    uint32_t n = r->sectors;
    int err = alk_flash_erase(s, slide == (r->place == 0) ? 0 : n);

    /* After a slide down the last sector may hold the old image's tail, and an unset mailbox. */
    if (err == ALK_OK && (!slide || r->place != 0 || n + 1u < s->sectors))
        err = alk_install_clear(s);
    return err != ALK_OK ? err : alk_install_tell(u, r->kind != ALK_REQ_TEST);
}
