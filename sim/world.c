/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "airlock/install.h"
#include "airlock/mailbox.h"

#define BLANK 0xffu
#define WRONG 0x66u

static struct alk_flash area(struct alk_sim *sim, const struct geometry *g, uint32_t base, unsigned sectors)
{
    return (struct alk_flash){&alk_sim_ops, sim, base, g->sector, (uint16_t)sectors, (uint16_t)g->unit};
}

static void add(struct shape *s, uint32_t at, uint32_t len)
{
    s->region[s->regions].at = at;
    s->region[s->regions++].len = len;
}

void world_shape(struct shape *s, const struct geometry *geo, struct alk_sim *sim)
{
    unsigned np = geo->n + 1, ns = geo->n + 1 + geo->roomy;

    memset(s, 0, sizeof *s);
    s->geo = *geo;
    s->secondary = np * geo->sector;
    s->journal = s->secondary + ns * geo->sector;
    s->bank = geo->banks * geo->sector;
    s->size = s->journal + 2 * s->bank;
    s->map.primary = area(sim, geo, 0, np);
    s->map.secondary = area(sim, geo, s->secondary, ns);
    s->map.journal = area(sim, geo, s->journal, 2 * geo->banks);
    s->box = alk_mailbox_size(&s->map.primary);
    s->map.demand.max_size = geo->n * geo->sector - (geo->roomy ? 0 : s->box);
    for (uint32_t at = 0; at < s->journal; at += geo->sector)
        add(s, at, geo->sector);
    add(s, s->journal, 2 * s->bank);
    if (s->size > WORLD_MAX || s->regions > WORLD_REGIONS) {
        fprintf(stderr, "prove: world of %u bytes is too large\n", s->size);
        exit(2);
    }
}

void world_factory(struct world *w, const struct shape *s)
{
    memset(w, 0, sizeof *w);
    memset(w->v, BLANK, s->size);
    for (uint32_t i = 0; i < toy_end[1]; i++)
        w->v[i] = toy_byte(1, toy_end[1], i);
    memcpy(w->a, w->v, s->size);
    w->g.good = 1;
}

unsigned world_region(const struct shape *s, uint32_t at)
{
    return at >= s->journal ? s->regions - 1 : at / s->geo.sector;
}

/* --- sectors -------------------------------------------------------------- */

static bool same(const uint8_t *p, uint32_t len, unsigned tag, uint32_t pos, const struct shape *s,
                 bool cipher)
{
    uint32_t at = pos * s->geo.sector;

    for (uint32_t i = 0; i < len; i++) {
        uint8_t want = BLANK;

        if (at + i < toy_end[tag])
            want = (cipher ? toy_cipher : toy_byte)(tag, toy_end[tag], at + i);
        if (p[i] != want)
            return false;
    }
    return true;
}

static bool is_image(const uint8_t *p, uint32_t len, const struct shape *s, bool cipher)
{
    if (p[0] == BLANK && p[1] == BLANK)
        return false;
    for (unsigned tag = 1; tag <= s->geo.tags; tag++)
        for (uint32_t pos = 0; pos * s->geo.sector < toy_end[tag]; pos++)
            if (same(p, len, tag, pos, s, cipher))
                return true;
    return false;
}

static void canon_image(const struct shape *s, uint8_t *p, uint32_t len, bool cipher)
{
    if (!is_image(p, len, s, cipher))
        memset(p, BLANK, len);
}

static void canon_box(const struct shape *s, uint8_t *end)
{
    static const uint8_t magic[16] = {0x77, 0xc2, 0x95, 0xf3, 0x60, 0xd2, 0xef, 0x7f,
                                      0x35, 0x52, 0x50, 0x0f, 0x2c, 0xb6, 0x79, 0x80};
    uint8_t flag[3] = {end[-40], end[-32], end[-24]};
    bool unset = true, good = memcmp(end - 16, magic, 16) == 0;

    for (int i = -16; i < 0; i++)
        unset &= end[i] == BLANK;
    memset(end - s->box, BLANK, s->box);
    if (good)
        memcpy(end - 16, magic, 16);
    else if (!unset)
        memset(end - 16, WRONG, 16);
    end[-40] = flag[0] == BLANK ? BLANK : WRONG;
    end[-32] = flag[1] == BLANK || flag[1] == 1 ? flag[1] : WRONG;
    end[-24] = flag[2] == BLANK || flag[2] == 1 ? flag[2] : WRONG;
}

static void canon_sector(const struct shape *s, unsigned region, uint8_t *p)
{
    bool cipher = region > s->geo.n;
    bool last = region == s->geo.n || region == s->regions - 2;
    bool used = region != s->geo.n && !(last && s->geo.roomy);
    uint32_t len = last ? s->geo.sector - s->box : s->geo.sector;

    if (used)
        canon_image(s, p, len, cipher);
    else
        memset(p, BLANK, len);
    if (last)
        canon_box(s, p + s->geo.sector);
}

/* --- journal -------------------------------------------------------------- */

struct bank {
    uint8_t *v, *a;
    struct alk_record r;
    bool is, sure; /* decodes as v (and as a) */
};

static bool decodes(struct alk_record *r, const uint8_t *p)
{
    memcpy(r, p, sizeof *r);
    return alk_record_check(r);
}

static void canon_word(uint8_t *p, unsigned unit)
{
    memset(p, __builtin_popcount(p[0]) < 4 ? 0 : BLANK, unit);
}

static void fold(const struct shape *s, struct bank *b)
{
    unsigned unit = s->geo.unit, steps = alk_plan_steps(&b->r);
    uint8_t *v = b->v + ALK_RECORD_SIZE + unit, *a = b->a + ALK_RECORD_SIZE + unit;
    struct alk_record *r = &b->r;
    unsigned base = r->base;

    for (unsigned k = base; k < steps + ALK_WORDS; k++)
        if (v[k * unit] == 0 && a[k * unit] == 0)
            base = k + 1;
    memset(v, BLANK, base * unit);
    memset(a, BLANK, base * unit);
    r->base = (uint16_t)base;
    if (base < steps + 2 || base == steps + 3 || (r->kind == ALK_REQ_TEST && base != steps + 4))
        return;
    r->kind = r->kind == ALK_REQ_NONE ? ALK_REQ_NONE : ALK_REQ_PERM;
    r->plan = ALK_PLAN_COPY;
    r->place = 0;
    r->sectors = 0;
    r->base = 2;
    r->flags = 0;
    memset(r->id[ALK_IN], 0, ALK_ID_SIZE);
    memset(v, BLANK, (steps + ALK_WORDS) * unit);
    memset(a, BLANK, (steps + ALK_WORDS) * unit);
}

static void load(const struct shape *s, struct bank *b, uint8_t *v, uint8_t *a)
{
    struct alk_record r;
    unsigned unit = s->geo.unit;

    b->v = v;
    b->a = a;
    b->is = decodes(&b->r, v);
    b->sure = memcmp(v, a, ALK_RECORD_SIZE) == 0 ? b->is : decodes(&r, a);
    if (!b->is && !b->sure) {
        memset(v, BLANK, s->bank);
        memset(a, BLANK, s->bank);
        return;
    }
    if (!b->is) {
        uint8_t t[WORLD_MAX];

        memcpy(t, v, ALK_RECORD_SIZE);
        memcpy(v, a, ALK_RECORD_SIZE);
        memcpy(a, t, ALK_RECORD_SIZE);
        b->r = r;
        b->is = true;
        b->sure = false;
    }
    for (uint32_t at = ALK_RECORD_SIZE; at < s->bank; at += unit) {
        canon_word(v + at, unit);
        canon_word(a + at, unit);
    }
    b->r.attempts = 0;
    b->r.why = 0;
    memset(b->r.id[ALK_LAST], 0, ALK_ID_SIZE);
    if (b->sure)
        fold(s, b);
}

static void store(struct bank *b, uint16_t number)
{
    if (!b->is)
        return;
    b->r.number = (uint16_t)number;
    b->r.crc = alk_record_crc(&b->r);
    memcpy(b->v, &b->r, sizeof b->r);
    if (b->sure)
        memcpy(b->a, b->v, ALK_RECORD_SIZE);
    else
        memset(b->a, BLANK, ALK_RECORD_SIZE);
}

static int newer_by(struct alk_record a, struct alk_record b)
{
    return (int16_t)(a.number - b.number);
}

static void canon_journal(const struct shape *s, uint8_t *v, uint8_t *a)
{
    struct bank b[2], *newer, *older;

    load(s, &b[0], v, a);
    load(s, &b[1], v + s->bank, a + s->bank);
    newer = b[1].is && (!b[0].is || newer_by(b[1].r, b[0].r) > 0) ? &b[1] : &b[0];
    older = newer == b ? b + 1 : b;
    if (older->is && newer->sure && newer->v[ALK_RECORD_SIZE] == 0 && newer->a[ALK_RECORD_SIZE] == 0) {
        memset(&older->r, 0, sizeof older->r);
        memset(older->v, BLANK, s->bank);
        memset(older->a, BLANK, s->bank);
    }
    store(older, older->is && newer_by(newer->r, older->r) == 0 ? 2 : 1);
    store(newer, 2);
}

void world_canon(const struct shape *s, unsigned region, uint8_t *v, uint8_t *a)
{
    if (region == s->regions - 1) {
        canon_journal(s, v, a);
        return;
    }
    canon_sector(s, region, v);
    if (memcmp(v, a, s->geo.sector) != 0)
        canon_sector(s, region, a);
}

/* --- readings ------------------------------------------------------------- */

struct group {
    uint32_t at, len;
    unsigned how;
};

struct reader {
    const struct world *w;
    uint8_t *r;
    uint32_t size;
    void (*use)(void);
    struct group g[32];
    unsigned groups;
};

static void note(struct reader *d, uint32_t at, uint32_t len)
{
    if (memcmp(d->w->v + at, d->w->a + at, len) == 0)
        return;
    if (d->groups == 32) {
        fprintf(stderr, "prove: too many unstable groups\n");
        exit(2);
    }
    d->g[d->groups++] = (struct group){at, len, 0};
}

static void note_box(struct reader *d, uint32_t end)
{
    note(d, end - 40, 8);
    note(d, end - 32, 8);
    note(d, end - 24, 8);
    note(d, end - 16, 16);
}

static void note_all(struct reader *d, const struct shape *s)
{
    for (unsigned i = 0; i + 1 < s->regions; i++) {
        bool last = i == s->geo.n || i == s->regions - 2;
        uint32_t at = s->region[i].at, len = s->region[i].len;

        note(d, at, last ? len - s->box : len);
        if (last)
            note_box(d, at + len);
    }
    for (unsigned b = 0; b < 2; b++) {
        uint32_t at = s->journal + b * s->bank;

        note(d, at, ALK_RECORD_SIZE);
        for (uint32_t u = ALK_RECORD_SIZE; u < s->bank; u += s->geo.unit)
            note(d, at + u, s->geo.unit);
    }
}

static void apply(struct reader *d, const struct group *g)
{
    memcpy(d->r + g->at, (g->how == 1 ? d->w->a : d->w->v) + g->at, g->len);
    if (g->how == 2)
        memcpy(d->r + g->at, d->w->a + g->at, g->len / 2);
}

/* Old, new, and for what is longer than a unit: half of each. */
static void choose(struct reader *d, unsigned i)
{
    if (i < d->groups) {
        for (unsigned how = 0; how < (d->g[i].len > 8 ? 3u : 2u); how++) {
            d->g[i].how = how;
            choose(d, i + 1);
        }
        return;
    }
    memcpy(d->r, d->w->v, d->size);
    for (i = 0; i < d->groups; i++)
        apply(d, &d->g[i]);
    d->use();
}

void world_readings(const struct shape *s, const struct world *w, uint8_t *r, void (*use)(void))
{
    struct reader d = {.w = w, .r = r, .size = s->size, .use = use};

    note_all(&d, s);
    choose(&d, 0);
}
