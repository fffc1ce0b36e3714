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
 *  O done or idle               S: magic, otherwise           note why; if nothing verifies erase the
 *                                                             sectors images begin in; the mailbox
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
#include "airlock/install.h"
#include "core/bytes.h"

#define TURNS 16u /* more rows than any boot needs */

/* What a row comes to, when it is neither ALK_OK (look again) nor an alk_err. */
enum { RUN = 1, DONE = 2 /* P verified after the last write to it */ };

static bool reads_confirmed(const struct alk_mailbox *m)
{
    return m->magic == ALK_SET && m->image_ok == ALK_SET;
}

/* The record as it is in RAM, with what was done so far. */
static int begin(struct alk_settle *s)
{
    s->fresh = true;
    return alk_journal_begin(&s->u.j);
}

ALK_APART static int begin_plan(struct alk_settle *s, uint8_t kind, uint8_t plan)
{
    struct alk_record *r = &s->u.j.rec;

    r->kind = kind;
    r->plan = plan;
    r->place = s->place;
    r->attempts = 0;
    s->u.j.progress = 0;
    return begin(s);
}

static int begin_idle(struct alk_settle *s)
{
    struct alk_journal *j = &s->u.j;

    j->rec.sectors = 0;
    j->rec.kind = ALK_REQ_NONE;
    j->progress = 2;
    return begin(s);
}

/* Two marks: the second says that the first is whole. */
static int mark_pair(struct alk_settle *s, int then)
{
    int err = alk_journal_mark(&s->u.j);

    if (err == ALK_OK)
        err = alk_journal_mark(&s->u.j);
    return err != ALK_OK ? err : then;
}

static void read_id(uint8_t id[ALK_ID_SIZE], const struct alk_image *img)
{
    memset(id, 0, ALK_ID_SIZE);
    alk_tlv_get(id, img, ALK_TLV_SHA256, ALK_ID_SIZE);
}

static bool has_id(const struct alk_image *img, const uint8_t id[ALK_ID_SIZE])
{
    uint8_t have[ALK_ID_SIZE];

    read_id(have, img);
    return memcmp(have, id, ALK_ID_SIZE) == 0;
}

static int open_primary(struct alk_settle *s)
{
    const struct alk_map *map = s->u.map;

    return alk_image_open(&s->b->image, &map->primary, 0, map->demand.max_size);
}

static int verify_primary(struct alk_settle *s)
{
    struct alk_boot *b = s->b;
    int err = open_primary(s);

    if (err == ALK_OK)
        err = alk_admit(&b->image, &s->u.map->demand, &b->keys);
    s->u.c.key.len = 0; /* P is plain */
    return err != ALK_OK ? err : alk_verify(&b->verdict, &b->image, &s->u.c);
}

/* Verify what lies at this place of the secondary; its content key stays in c.key. */
static int look_at(struct alk_settle *s, unsigned place)
{
    struct alk_record *r = &s->u.j.rec;
    int err = alk_secondary_open(&s->img, s->u.map, place);

    if (err != ALK_OK)
        return err;
    s->place = (uint8_t)place;
    read_id(r->id[ALK_LAST], &s->img);
    err = alk_verify_secondary(&s->b->verdict, &s->img, &s->u.c);
    r->flags = s->u.c.key.len == 0; /* ALK_RECORD_PLAIN */
    return err;
}

/* The image in the secondary that verifies; of two, not the one that went. */
static int look(struct alk_settle *s)
{
    unsigned first = alk_secondary_open(&s->img, s->u.map, 0) == ALK_OK &&
                     has_id(&s->img, s->u.j.rec.id[ALK_OUT]);
    int other, err = look_at(s, first);

    if (err == ALK_OK || err == ALK_E_FLASH)
        return err;
    other = look_at(s, first ^ 1u);
    return other == ALK_E_FORMAT ? err : other; /* where there is no image, the first answer says more */
}

/* Go back to the image that went, if it is whole. */
static int begin_revert(struct alk_settle *s)
{
    struct alk_record *r = &s->u.j.rec;
    int err = look_at(s, !r->place);

    if (err != ALK_OK)
        return err;
    memcpy(r->id[ALK_LAST], r->id[ALK_IN], ALK_ID_SIZE);
    memcpy(r->id[ALK_IN], r->id[ALK_OUT], ALK_ID_SIZE);
    r->why = (uint8_t)ALK_E_TIMEOUT;
    return begin_plan(s, ALK_REQ_REVERT, ALK_PLAN_COPY);
}

static int begin_install(struct alk_settle *s, uint8_t kind, bool old)
{
    struct alk_record *r = &s->u.j.rec;
    uint32_t size = s->u.map->primary.sector_size, end = s->img.end;
    uint8_t plan = old ? s->u.map->plan : ALK_PLAN_COPY;

    memcpy(r->id[ALK_IN], r->id[ALK_LAST], ALK_ID_SIZE);
    if (plan == ALK_PLAN_SLIDE) {
        read_id(r->id[ALK_OUT], &s->b->image);
        if (s->b->image.end > end)
            end = s->b->image.end;
    } else {
        kind = ALK_REQ_PERM;
    }
    r->sectors = (uint16_t)alk_shift(end + size - 1u, size);
    r->why = ALK_OK;
    return begin_plan(s, kind, plan);
}

/* May the image found in the secondary be installed over P, opened? */
static int allow(struct alk_settle *s)
{
    const struct alk_boot *b = s->b;

    if (has_id(&b->image, s->u.j.rec.id[ALK_LAST]))
        return ALK_E_STATE;
    if ((b->keys.policy & ALK_POLICY_NO_DOWNGRADE) != 0 &&
        alk_version_compare(&s->img.version, &b->image.version) < 0)
        return ALK_E_POLICY;
    return alk_content_open(&s->u.out, s->u.c.buf, &b->image, s->u.c.keys);
}

/*
 * Rows M to O; and, when P does not verify, is there another that does?
 *
 * in:     kind - ALK_REQ_NONE: P does not verify
 */
static int consider(struct alk_settle *s, uint8_t kind)
{
    const struct alk_flash *secondary = &s->u.map->secondary;
    int err = look(s);
    unsigned wrong = err != ALK_OK ? 2 : 0; /* sectors to erase */
    bool old = kind != ALK_REQ_NONE && open_primary(s) == ALK_OK;

    if (err == ALK_E_FLASH)
        return RUN;
    if (err == ALK_OK)
        err = alk_admit(&s->img, &s->u.map->demand, &s->b->keys);
    if (err == ALK_OK && old)
        err = allow(s);
    if (err == ALK_OK)
        return begin_install(s, kind, old);
    if (kind == ALK_REQ_NONE)
        return err;
    s->u.j.rec.why = (uint8_t)err;
    err = alk_journal_begin(&s->u.j);
    while (err == ALK_OK && wrong > 0)
        err = alk_flash_erase(secondary, --wrong);
    return err != ALK_OK ? err : alk_install_clear(secondary);
}

/* Row E. */
static int advance(struct alk_settle *s)
{
    const struct alk_record *r = &s->u.j.rec;
    int err = alk_install_run(&s->u);

    if (err == ALK_E_FLASH)
        return err;
    if (err == ALK_OK && verify_primary(s) == ALK_OK) {
        err = alk_install_finish(&s->u);
        return err != ALK_OK ? err : mark_pair(s, DONE);
    }
    if (r->plan == ALK_PLAN_SLIDE && begin_revert(s) == ALK_OK)
        return ALK_OK;
    return consider(s, ALK_REQ_NONE);
}

/* Rows G to J. */
static int judge(struct alk_settle *s)
{
    if (open_primary(s) == ALK_OK && !has_id(&s->b->image, s->u.j.rec.id[ALK_IN]) &&
        verify_primary(s) == ALK_OK)
        return begin_idle(s);
    return begin_revert(s) != ALK_OK ? RUN : ALK_OK;
}

/* Rows L to P. */
static int rest(struct alk_settle *s)
{
    const struct alk_flash *secondary = &s->u.map->secondary;
    struct alk_mailbox m;

    if (alk_mailbox_read(&m, secondary) != ALK_OK)
        return RUN;
    if (m.magic == ALK_SET)
        return consider(s, m.image_ok == ALK_SET ? ALK_REQ_PERM : ALK_REQ_TEST);
    if (m.magic == ALK_UNSET && m.image_ok == ALK_UNSET && m.swap_info == 0xff)
        return RUN;
    return alk_install_clear(secondary);
}

/* Read the table once. */
static int turn(struct alk_settle *s)
{
    struct alk_journal *j = &s->u.j;
    int beyond = j->progress - (int)alk_plan_steps(&j->rec);
    struct alk_mailbox p;
    int err;

    if (!j->sealed)
        return alk_journal_seal(j);
    if (!j->paired || (beyond <= 0 && !s->fresh)) {
        j->rec.attempts += j->rec.attempts != 0xff;
        return begin(s);
    }
    if (beyond <= 0)
        return advance(s);
    if (beyond % 2 != 0) {
        j->progress--;
        return mark_pair(s, beyond == 1 ? RUN : ALK_OK);
    }
    err = alk_mailbox_read(&p, &s->u.map->primary);
    if (err != ALK_OK)
        return err;
    if (j->rec.kind == ALK_REQ_TEST && beyond == 2)
        return reads_confirmed(&p) ? mark_pair(s, ALK_OK) : judge(s);
    if (j->rec.kind != ALK_REQ_NONE && !reads_confirmed(&p))
        return alk_install_tell(&s->u, true);
    return rest(s);
}

/* Rows A and B. */
static int format(struct alk_settle *s)
{
    struct alk_mailbox m;
    int err = alk_mailbox_read(&m, &s->u.map->primary);

    if (err == ALK_OK && m.magic == ALK_SET && m.copy_done != ALK_SET && m.swap_info != 0xff)
        err = ALK_E_STATE;
    return err != ALK_OK ? err : begin_idle(s);
}

ALK_APART static int settle(struct alk_settle *s)
{
    int err = alk_journal_open(&s->u.j, &s->u.map->journal);

    if (err != ALK_OK && (err = format(s)) == ALK_E_STATE)
        return err;
    for (unsigned i = 0; i < TURNS; i++) {
        err = turn(s);
        if (err == DONE)
            return ALK_OK;
        if (err == ALK_OK)
            continue;
        err = verify_primary(s);
        if (err == ALK_OK || s->u.j.progress < alk_plan_steps(&s->u.j.rec) + 2u ||
            consider(s, ALK_REQ_NONE) != ALK_OK)
            return err;
    }
    return ALK_E_STATE;
}

int alk_boot_settle(struct alk_boot *b, struct alk_settle *s)
{
    int err = alk_keys_open(&b->keys, &b->map->keys);

    if (err != ALK_OK || b->keys.count == 0)
        return ALK_E_KEY;
    memset(s, 0, sizeof *s);
    s->b = b;
    s->u.map = b->map;
    s->u.c.keys = &b->keys;
    s->u.c.buf = b->buf;
    s->u.c.buf_len = b->buf_len;
    s->u.c.tick = b->tick;
    err = settle(s);
    if (err != ALK_OK)
        b->verdict.word = 0;
    alk_wipe(s, sizeof *s);
    alk_wipe(b->buf, b->buf_len);
    return err;
}
