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

static int view_read(void *dev, uint32_t at, void *buf, size_t len)
{
    const struct view *v = dev;
    const struct alk_journal *j = &v->u->j;
    uint8_t *to = buf;
    int err = ALK_OK;

    while (len > 0 && err == ALK_OK) {
        const struct alk_flash *slot = &v->u->map->primary;
        uint32_t size = slot->sector_size, pos = alk_shift(at, size), off = at & (size - 1u);
        uint32_t n = alk_min(size - off, (uint32_t)len);

        if (alk_plan_moved(&j->rec, j->progress, pos, v->role) == v->role) {
            slot = &v->u->map->secondary;
            pos = alk_plan_sector(&j->rec, pos, v->role);
        }
        err = alk_flash_read(to, slot, pos * size + off, n);
        to += n;
        at += n;
        len -= n;
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

/* Erase the sector a step writes, then copy what the image has in it. */
ALK_APART static int copy(const struct alk_install *u, const struct view *v, uint32_t pos)
{
    const struct alk_flash *to = v->role == ALK_IN ? &u->map->primary : &u->map->secondary;
    uint32_t sink = v->role == ALK_IN ? pos : alk_plan_sector(&u->j.rec, pos, ALK_OUT);
    uint32_t at = pos * to->sector_size, end = alk_min(v->img.end, at + to->sector_size);
    int err = alk_flash_erase(to, sink);

    sink = sink * to->sector_size - at;
    for (uint32_t n; at < end && err == ALK_OK; at += n) {
        n = alk_min(end - at, (uint32_t)u->c.buf_len);
        memset(u->c.buf, 0xff, u->c.buf_len); /* the last unit's rest */
        err = alk_flash_read(u->c.buf, &v->flash, at, n);
        if (err != ALK_OK)
            break;
        alk_image_crypt(u->c.buf, n, &v->img, at, v->key);
        err = alk_flash_prog(to, sink + at, u->c.buf, alk_align_up(n, to->unit));
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

    if (u->j.progress >= steps)
        return ALK_OK; /* what the images came from may be gone */
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
    uint32_t sector = slot->sectors, cleared = 0;
    int err;

    do {
        err = alk_flash_erase(slot, --sector);
        cleared += slot->sector_size;
    } while (err == ALK_OK && cleared < alk_mailbox_size(slot));
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
    bool down = (r->plan == ALK_PLAN_SLIDE) == (r->place == 0); /* what is kept lies at sector 1 */
    uint32_t n = r->sectors;
    int err = alk_flash_erase(s, down ? 0 : n);

    /* After a slide down the last sector may hold the old image's tail, and an unset mailbox. */
    if (err == ALK_OK && (!down || r->plan != ALK_PLAN_SLIDE ||
                          (n + 1) * s->sector_size + alk_mailbox_size(s) <= alk_flash_size(s)))
        err = alk_install_clear(s);
    return err != ALK_OK ? err : alk_install_tell(u, r->kind != ALK_REQ_TEST);
}
