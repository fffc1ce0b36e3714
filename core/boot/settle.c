/* SPDX-License-Identifier: Apache-2.0 */
/*
 * settle.c - what to do at a boot, as a table.  First match; after an action
 * that does not end in "run" the table is read again.
 *
 *  journal                      slots and mailboxes           action
 *  ---------------------------  ----------------------------  ------------------------------------
 *  A no record                  P as MCUboot in mid-swap      refuse: nothing may run
 *  B no record                                                write an idle record
 *  C newer record not sealed                                  write it over itself, seal it
 *  D other bank not older                                     write the record anew
 *  E TEST, PERM or REVERT,                                    write the record anew with the
 *    no D1                                                    progress read; steps; verify P;
 *                               P verifies                    mailboxes, D1 D2; run
 *                               else: slide, old image        begin REVERT
 *                               verifies
 *                               else: S holds an image that   begin PERM by copy
 *                               verifies
 *  F D1 only                                                  D1 D2; run
 *    C1 only                                                  C1 C2
 *  G TEST, D2                   P: magic, image_ok            C1 C2
 *  H TEST, D2                   P verifies, but is another    write an idle record (a debugger was
 *                               image than the recorded one   here)
 *  I TEST, D2                   old image verifies            begin REVERT
 *  J TEST, D2                   old image is not whole        run P; a request waits
 *  K done, not idle             P: not magic, image_ok        write P's mailbox
 *  L done or idle               S: nothing                    run P
 *  M done or idle               S: magic, an image that       begin TEST or PERM (image_ok)
 *                               verifies, is admitted, fits
 *                               and is not P's
 *  N done or idle               S: magic, but unreadable      run P
 *  O done or idle               S: magic, otherwise           note why; erase the first sector of
 *                                                             what does not verify, the mailbox
 *  P done or idle               S: anything else              erase its mailbox
 *
 *  run: P verifies in place     it runs
 *       else, done or idle, S holds an image that verifies    begin PERM by copy
 *       else                                                  nothing may run
 *
 * "Done": D2 and, for a TEST, C2.  Failures of the flash end the table; then
 * P runs if it verifies.
 */
#include <string.h>

#include "airlock/boot.h"
#include "airlock/mailbox.h"
#include "airlock/install.h"
#include "core/bytes.h"

#define TURNS 16u /* more rows than any boot needs */
#define AGAIN 1   /* look again; else ALK_OK: run, or an alk_err */

struct settle {
    struct alk_boot *b;
    struct alk_install u;
    bool fresh;    /* the record was written in this boot */
    bool verified; /* P, after the last write to it */
};

static bool reads_confirmed(const struct alk_mailbox *m)
{
    return m->magic == ALK_SET && m->image_ok == ALK_SET;
}

static int begin(struct settle *s)
{
    int err = alk_journal_begin(&s->u.j);

    s->fresh = true;
    return err != ALK_OK ? err : AGAIN;
}

/* The same record once more, with what was done so far. */
static int begin_same(struct settle *s)
{
    struct alk_record *r = &s->u.j.rec;

    r->base = s->u.j.progress;
    r->attempts += r->attempts != 0xff;
    return begin(s);
}

static int begin_plan(struct settle *s, uint8_t kind, uint8_t plan, unsigned place)
{
    struct alk_record *r = &s->u.j.rec;

    r->kind = kind;
    r->plan = plan;
    r->place = (uint8_t)place;
    r->base = kind == ALK_REQ_NONE ? 2 : 0;
    r->attempts = 0;
    return begin(s);
}

static int begin_idle(struct settle *s)
{
    s->u.j.rec.sectors = 0;
    return begin_plan(s, ALK_REQ_NONE, ALK_PLAN_COPY, 0);
}

/* Two marks: the second says that the first is whole.  After D1 D2 what was installed gets its run. */
static int mark_pair(struct settle *s)
{
    struct alk_journal *j = &s->u.j;
    int err = alk_journal_mark(j);

    if (err == ALK_OK)
        err = alk_journal_mark(j);
    if (err != ALK_OK || j->progress == alk_plan_steps(&j->rec) + 2u)
        return err;
    return AGAIN;
}

static void read_id(uint8_t id[ALK_ID_SIZE], const struct alk_image *img)
{
    memset(id, 0, ALK_ID_SIZE);
    alk_tlv_get(id, img, ALK_TLV_SHA256, ALK_ID_SIZE);
}

static int open_primary(struct settle *s)
{
    return alk_image_open(&s->b->image, &s->b->map->primary, 0, alk_flash_size(&s->b->map->primary));
}

static int verify(struct settle *s, struct alk_image *img, bool secondary)
{
    struct alk_boot *b = s->b;
    struct alk_check c = {&b->keys, b->buf, b->buf_len, {{0}, 0}, b->tick};
    int err;

    if (!secondary)
        return alk_verify(&b->verdict, img, &c);
    err = alk_verify_secondary(&b->verdict, img, &c);
    b->verdict.word = 0;
    s->verified = false;
    s->u.have[ALK_IN] = err == ALK_OK;
    s->u.key[ALK_IN] = c.key;
    alk_wipe(&c.key, sizeof c.key);
    return err;
}

static int verify_primary(struct settle *s)
{
    struct alk_boot *b = s->b;
    int err = open_primary(s);

    if (err == ALK_OK)
        err = alk_admit(&b->image, &b->map->demand, &b->keys);
    if (err == ALK_OK)
        err = verify(s, &b->image, false);
    s->verified = err == ALK_OK;
    return err;
}

/* Is P, opened, the image the record says comes? */
static bool is_incoming(struct settle *s)
{
    uint8_t id[ALK_ID_SIZE];

    read_id(id, &s->b->image);
    return memcmp(id, s->u.j.rec.id[ALK_IN], sizeof id) == 0;
}

/* What look() found. */
struct found {
    struct alk_image img;
    uint8_t id[ALK_ID_SIZE];
    uint8_t place;
    uint8_t bad; /* bit place: an image lies there that does not verify */
};

static int look_at(struct settle *s, struct found *f, unsigned place)
{
    int err = alk_secondary_open(&f->img, s->b->map, place);

    f->place = (uint8_t)place;
    if (err != ALK_OK)
        return err;
    read_id(f->id, &f->img);
    err = verify(s, &f->img, true);
    if (err != ALK_OK)
        f->bad |= (uint8_t)(1u << place);
    return err;
}

/* The image in the secondary that verifies; of two, not the one that went. */
static int look(struct settle *s, struct found *f)
{
    unsigned first = 0;
    int one, err = ALK_E_FORMAT;

    if (alk_secondary_open(&f->img, s->b->map, 0) == ALK_OK) {
        read_id(f->id, &f->img);
        first = memcmp(f->id, s->u.j.rec.id[ALK_OUT], ALK_ID_SIZE) == 0;
    }
    for (unsigned i = 0; i < 2; i++) {
        one = look_at(s, f, first ^ i);
        if (one == ALK_OK || one == ALK_E_FLASH)
            return one;
        if (one != ALK_E_FORMAT)
            err = one;
    }
    return err;
}

/* Go back to the image that went, if it is whole. */
static int begin_revert(struct settle *s)
{
    struct alk_record *r = &s->u.j.rec;
    struct found f = {.bad = 0};
    int err = look_at(s, &f, !r->place);

    if (err != ALK_OK)
        return err;
    memcpy(r->id[ALK_REJECTED], r->id[ALK_IN], ALK_ID_SIZE);
    memcpy(r->id[ALK_IN], r->id[ALK_OUT], ALK_ID_SIZE);
    memcpy(r->id[ALK_OUT], r->id[ALK_REJECTED], ALK_ID_SIZE);
    r->why = ALK_E_TIMEOUT;
    r->flags = s->u.key[ALK_IN].len == 0 ? ALK_RECORD_PLAIN : 0;
    return begin_plan(s, ALK_REQ_REVERT, ALK_PLAN_COPY, f.place);
}

/* Rows G to J. */
static int judge(struct settle *s, const struct alk_mailbox *m)
{
    if (reads_confirmed(m))
        return mark_pair(s);
    if (open_primary(s) == ALK_OK && !is_incoming(s) && verify_primary(s) == ALK_OK)
        return begin_idle(s);
    return begin_revert(s) == AGAIN ? AGAIN : ALK_OK;
}

/* May this verified image be installed over P (opened, if `old`)? */
static int allow(struct settle *s, const struct alk_image *img, bool old)
{
    const struct alk_boot *b = s->b;
    uint32_t cap = alk_install_capacity(b->map);

    if (img->end > cap || (old && b->image.end > cap))
        return ALK_E_SIZE;
    if (old && (b->keys.policy & ALK_POLICY_NO_DOWNGRADE) != 0 &&
        alk_version_compare(&img->version, &b->image.version) < 0)
        return ALK_E_POLICY;
    return alk_admit(img, &b->map->demand, &b->keys);
}

static int begin_install(struct settle *s, const struct found *f, bool old, uint8_t kind)
{
    const struct alk_map *map = s->b->map;
    struct alk_record *r = &s->u.j.rec;
    uint32_t size = map->primary.sector_size;
    uint32_t end = f->img.end;
    bool copy = !old || map->plan == ALK_PLAN_COPY;

    if (!copy && s->b->image.end > end)
        end = s->b->image.end;
    r->sectors = (uint16_t)alk_shift(end + size - 1u, size);
    r->flags = s->u.key[ALK_IN].len == 0 ? ALK_RECORD_PLAIN : 0;
    memcpy(r->id[ALK_IN], f->id, ALK_ID_SIZE);
    memset(r->id[ALK_OUT], 0, ALK_ID_SIZE);
    if (!copy)
        read_id(r->id[ALK_OUT], &s->b->image);
    return begin_plan(s, copy ? ALK_REQ_PERM : kind, copy ? ALK_PLAN_COPY : ALK_PLAN_SLIDE, f->place);
}

/* Row O. */
static int refuse(struct settle *s, const struct found *f, int why)
{
    struct alk_record *r = &s->u.j.rec;
    int err;

    memcpy(r->id[ALK_REJECTED], f->id, ALK_ID_SIZE);
    r->why = (int8_t)why;
    err = begin_same(s);
    for (unsigned place = 0; place < 2 && err == AGAIN; place++)
        if ((f->bad >> place & 1) != 0 && alk_flash_erase(&s->b->map->secondary, place) != ALK_OK)
            err = ALK_E_FLASH;
    if (err == AGAIN && alk_install_clear(&s->b->map->secondary) != ALK_OK)
        err = ALK_E_FLASH;
    return err;
}

/* Rows M to O. */
static int consider(struct settle *s, const struct alk_mailbox *m)
{
    struct found f = {.bad = 0};
    uint8_t id[ALK_ID_SIZE];
    int err = look(s, &f);
    bool old = open_primary(s) == ALK_OK;

    if (err == ALK_E_FLASH)
        return ALK_OK;
    if (err == ALK_OK) {
        f.bad = 0;
        err = allow(s, &f.img, old);
    }
    if (err == ALK_OK && old) {
        read_id(id, &s->b->image);
        if (memcmp(id, f.id, sizeof id) == 0)
            err = ALK_E_STATE;
    }
    if (err != ALK_OK)
        return refuse(s, &f, err);
    return begin_install(s, &f, old, m->image_ok == ALK_SET ? ALK_REQ_PERM : ALK_REQ_TEST);
}

/* Rows K to P. */
static int rest(struct settle *s, const struct alk_mailbox *p)
{
    const struct alk_flash *secondary = &s->b->map->secondary;
    struct alk_mailbox m;
    int err;

    if (s->u.j.rec.kind != ALK_REQ_NONE && !reads_confirmed(p)) {
        err = alk_install_tell(&s->u, true);
        return err != ALK_OK ? err : AGAIN;
    }
    if (alk_mailbox_read(&m, secondary) != ALK_OK)
        return ALK_OK;
    if (m.magic == ALK_SET)
        return consider(s, &m);
    if (m.magic == ALK_UNSET && m.image_ok == ALK_UNSET && m.copy_done == ALK_UNSET && m.swap_info == 0xff)
        return ALK_OK;
    err = alk_install_clear(secondary);
    return err != ALK_OK ? err : AGAIN;
}

/* P does not verify: is there another that does? */
static int rescue(struct settle *s)
{
    struct found f = {.bad = 0};

    if (look(s, &f) != ALK_OK || allow(s, &f.img, false) != ALK_OK)
        return ALK_E_AUTH;
    return begin_install(s, &f, false, ALK_REQ_PERM);
}

/* Row E. */
static int advance(struct settle *s)
{
    int err = alk_install_run(&s->u);

    if (err == ALK_E_FLASH)
        return err;
    if (err == ALK_OK && verify_primary(s) == ALK_OK && is_incoming(s)) {
        err = alk_install_finish(&s->u);
        return err != ALK_OK ? err : mark_pair(s);
    }
    if (s->u.j.rec.plan == ALK_PLAN_SLIDE && begin_revert(s) == AGAIN)
        return AGAIN;
    return rescue(s);
}

/* Read the table once. */
static int turn(struct settle *s)
{
    struct alk_journal *j = &s->u.j;
    int beyond = j->progress - (int)alk_plan_steps(&j->rec);
    struct alk_mailbox p;

    if (!j->sealed)
        return alk_journal_seal(j) == ALK_OK ? AGAIN : ALK_E_FLASH;
    if (!j->paired || (beyond <= 0 && !s->fresh))
        return begin_same(s);
    if (beyond <= 0)
        return advance(s);
    if (beyond % 2 != 0) {
        j->progress--;
        return mark_pair(s);
    }
    if (alk_mailbox_read(&p, &s->b->map->primary) != ALK_OK)
        return ALK_E_FLASH;
    return j->rec.kind == ALK_REQ_TEST && beyond == 2 ? judge(s, &p) : rest(s, &p);
}

/* Rows A and B. */
static int format(struct settle *s)
{
    struct alk_mailbox m;
    int err = alk_mailbox_read(&m, &s->b->map->primary);

    if (err != ALK_OK)
        return err;
    if (m.magic == ALK_SET && m.copy_done != ALK_SET && m.swap_info != 0xff)
        return ALK_E_STATE;
    err = begin_idle(s);
    return err == AGAIN ? ALK_OK : err;
}

static int settle(struct settle *s)
{
    int err = alk_journal_open(&s->u.j, &s->b->map->journal);

    if (err == ALK_E_FORMAT)
        err = format(s);
    if (err == ALK_E_STATE)
        return err;
    for (unsigned i = 0; i < TURNS; i++) {
        if (turn(s) == AGAIN)
            continue;
        err = s->verified ? ALK_OK : verify_primary(s);
        if (err == ALK_OK || s->u.j.progress < alk_plan_steps(&s->u.j.rec) + 2u || rescue(s) != AGAIN)
            return err;
    }
    return s->verified ? ALK_OK : verify_primary(s);
}

int alk_boot_settle(struct alk_boot *b)
{
    struct settle s;
    int err = alk_keys_open(&b->keys, &b->map->keys);

    memset(&b->verdict, 0, sizeof b->verdict);
    if (err != ALK_OK || b->keys.count == 0)
        return ALK_E_KEY;
    memset(&s, 0, sizeof s);
    s.b = b;
    s.u.map = b->map;
    s.u.keys = &b->keys;
    s.u.buf = b->buf;
    s.u.buf_len = b->buf_len;
    s.u.tick = b->tick;
    err = settle(&s);
    if (err != ALK_OK)
        b->verdict.word = 0;
    alk_wipe(s.u.key, sizeof s.u.key);
    alk_wipe(b->buf, b->buf_len);
    return err;
}
