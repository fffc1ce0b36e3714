/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "airlock/mailbox.h"
#include "airlock/install.h"
#include "core/bytes.h"

/*
 * One image of an update under way, as an area of flash: its sectors in
 * order, wherever they lie just now.  Headers and TLVs are the same in both
 * slots, so the image opens like any other.
 */
struct view {
    struct alk_flash flash;
    const struct alk_install *u;
    uint8_t role;
};

static int view_read(void *dev, uint32_t at, void *buf, size_t len)
{
    const struct view *v = dev;
    const struct alk_map *map = v->u->map;
    uint32_t size = v->flash.sector_size;
    uint8_t *to = buf;
    int err = ALK_OK;

    while (len > 0 && err == ALK_OK) {
        uint32_t sector, off = at & (size - 1u), n = alk_min(size - off, (uint32_t)len);
        bool primary = alk_plan_locate(&sector, &v->u->j.rec, v->u->j.progress, alk_shift(at, size), v->role);

        err = alk_flash_read(to, primary ? &map->primary : &map->secondary, sector * size + off, n);
        to += n;
        at += n;
        len -= n;
    }
    return err;
}

static const struct alk_flash_ops view_ops = {.read = view_read};

/* Open image and, unless it is there already, content key of a role. */
static int open_role(struct alk_image *img, struct alk_install *u, uint8_t role)
{
    struct view v = {.flash = u->map->primary, .u = u, .role = role};
    int err;

    v.flash.ops = &view_ops;
    v.flash.dev = &v;
    v.flash.base = 0;
    v.flash.sectors = u->j.rec.sectors;
    err = alk_image_open(img, &v.flash, 0, alk_flash_size(&v.flash));
    if (role == ALK_IN && (u->j.rec.flags & ALK_RECORD_PLAIN) != 0)
        u->have[role] = true; /* key[] is zero: as is */
    if (err == ALK_OK && !u->have[role])
        err = alk_content_open(&u->key[role], u->buf, img, u->keys);
    u->have[role] = err == ALK_OK;
    img->area = NULL;
    return err;
}

/* Erase the sector a step writes, then copy what the image has in it. */
static int copy(const struct alk_install *u, const struct alk_step *t, const struct alk_image *img)
{
    const struct alk_flash *from = t->role == ALK_IN ? &u->map->secondary : &u->map->primary;
    const struct alk_flash *to = t->role == ALK_IN ? &u->map->primary : &u->map->secondary;
    uint32_t size = to->sector_size, at = t->pos * size, end = alk_min(img->end, at + size);
    int err = alk_flash_erase(to, t->to);

    for (uint32_t n, pad; at < end && err == ALK_OK; at += n) {
        uint32_t off = at & (size - 1u);

        n = alk_min(end - at, (uint32_t)u->buf_len);
        pad = alk_align_up(n, to->unit);
        memset(u->buf + n, 0xff, pad - n);
        err = alk_flash_read(u->buf, from, t->from * size + off, n);
        if (err != ALK_OK)
            break;
        alk_image_crypt(u->buf, n, img, at, &u->key[t->role]);
        err = alk_flash_prog(to, t->to * size + off, u->buf, pad);
        if (u->tick != NULL)
            u->tick();
    }
    return err;
}

uint32_t alk_install_capacity(const struct alk_map *map)
{
    uint32_t size = map->primary.sector_size;
    uint32_t box = alk_align_up(alk_mailbox_size(&map->primary), size);
    uint32_t cap = alk_min(alk_flash_size(&map->primary) - box,
                           alk_flash_size(&map->secondary) - size - alk_mailbox_size(&map->secondary));

    return alk_min(cap, (alk_journal_room(&map->journal) - ALK_WORDS) / 2 * size);
}

int alk_install_run(struct alk_install *u)
{
    uint32_t steps = alk_plan_steps(&u->j.rec);
    struct alk_image img[2];
    int err, lost;

    if (u->j.progress >= steps)
        return ALK_OK; /* what the images came from may be gone */
    err = lost = open_role(&img[ALK_IN], u, ALK_IN);
    if (err != ALK_E_FLASH && u->j.rec.plan == ALK_PLAN_SLIDE)
        err = open_role(&img[ALK_OUT], u, ALK_OUT);
    if (lost != ALK_OK)
        img[ALK_IN].end = 0; /* it verified once and reads differently now: save the other image */
    while (err == ALK_OK && u->j.progress < steps) {
        struct alk_step t = alk_plan_step(&u->j.rec, u->j.progress);

        err = copy(u, &t, &img[t.role]);
        if (err == ALK_OK)
            err = alk_journal_mark(&u->j);
    }
    return err != ALK_OK ? err : lost;
}

int alk_install_clear(const struct alk_flash *slot)
{
    uint32_t first = alk_shift(alk_flash_size(slot) - alk_mailbox_size(slot), slot->sector_size);
    int err = ALK_OK;

    for (; first < slot->sectors && err == ALK_OK; first++)
        err = alk_flash_erase(slot, first);
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
    bool kept = slide && r->place == 0; /* at sector 1: its tail may share the mailbox's sector */
    uint32_t box = alk_shift(alk_flash_size(s) - alk_mailbox_size(s), s->sector_size);
    int err = ALK_OK;

    if (!kept || r->sectors < box)
        err = alk_install_clear(s);
    if (err == ALK_OK)
        err = alk_flash_erase(s, (r->place != 0) == slide ? r->sectors : 0);
    return err != ALK_OK ? err : alk_install_tell(u, r->kind != ALK_REQ_TEST);
}
