/* SPDX-License-Identifier: Apache-2.0 */
/*
 * prove.c - every flash content that cuts can lead to, visited once.
 *
 * From each content not seen before, for every way its unstable cells may
 * read: boot, then let the application do what it may do.  Before each unit
 * written and each sector erased, every content a cut there could leave is
 * noted.  When none is new, what held at every run holds for any number of
 * cuts in any order.
 *
 *   prove [n=1 roomy=0 unit=8 sector=128 banks=1 tags=2 misuse=1 unstable=1
 *          end1= end2= end3= seconds=50 plan=0] [id=cut.cut.cut]
 *
 * id: replays a trail and prints each content on it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sim/life.h"
#include "sim/store.h"

#define shape (life.shape)
#define now   (life.now)

static struct world target;
static struct content here; /* now, in its canonical form */
static unsigned long cuts, boots;
static uint32_t current, serial, stop_at;
static uint32_t readings; /* of this content, so far */
static jmp_buf stopped;
static unsigned seconds = 50;

static void unpack(struct world *w, const struct content *c)
{
    memset(w, 0, sizeof *w);
    for (unsigned i = 0; i < shape.regions; i++)
        store_bytes(w->v + shape.region[i].at, w->a + shape.region[i].at, c->form[i]);
    w->g = c->g;
}

/* A cut may leave `here`, but for the ghost, which is that of now. */
static void found(void)
{
    cuts++;
    serial++;
    here.g = now.g;
    here.parent = current;
    here.cut = serial;
    if (stop_at == 0)
        store_add(&here, shape.regions);
    else if (serial == stop_at) {
        unpack(&target, &here);
        longjmp(stopped, 1);
    }
}

/* out: here.form[i] - of these bytes, which are brought to their canonical form */
static void set_form(unsigned i, uint8_t *v, uint8_t *a)
{
    world_canon(&shape, i, v, a);
    here.form[i] = store_form(v, a, shape.region[i].len);
}

static void event(struct alk_sim *s, const struct alk_sim_op *op)
{
    unsigned i = world_region(&shape, op->at);
    uint8_t v[WORLD_MAX], a[WORLD_MAX];
    uint32_t at = shape.region[i].at, len = shape.region[i].len;
    struct alk_sim_op local = {op->data, op->at - at, op->len};

    (void)s;
    for (unsigned how = ALK_SIM_HOWS; how-- > 0;) { /* ends with "done", which stays */
        if (!alk_sim_can(op, how) || (how == ALK_SIM_UNSTABLE && !shape.geo.unstable))
            continue;
        memcpy(v, now.v + at, len);
        memcpy(a, now.a + at, len);
        alk_sim_leave(v, a, &local, how);
        set_form(i, v, a);
        found();
    }
}

static void load(const struct world *w)
{
    now = *w;
    for (unsigned i = 0; i < shape.regions; i++) {
        uint8_t v[WORLD_MAX], a[WORLD_MAX];

        memcpy(v, now.v + shape.region[i].at, shape.region[i].len);
        memcpy(a, now.a + shape.region[i].at, shape.region[i].len);
        set_form(i, v, a);
    }
}

static void moment(void)
{
    found();
}

/* --- one content, in one reading ------------------------------------------- */

/* What the application does depends on this only: not the same twice. */
static bool application_is_new(void)
{
    static uint64_t *known;
    uint64_t key = 14695981039346656037u, at;

    if (known == NULL)
        known = calloc(2 * STORE_MAX, sizeof *known);
    for (unsigned i = 0; i < shape.regions; i++)
        key = (key ^ here.form[i]) * 0x9e3779b97f4a7c15u, key ^= key >> 31;
    for (unsigned i = 0; i < sizeof now.g; i++)
        key = (key ^ ((const uint8_t *)&now.g)[i]) * 0x100000001b3u;
    for (unsigned i = 0; i < shape.journal; i++)
        key = (key ^ life.reading[i]) * 0x100000001b3u;
    for (at = key >> 20; known[at % (2 * STORE_MAX)] != 0; at++)
        if (known[at % (2 * STORE_MAX)] == key)
            return false;
    known[at % (2 * STORE_MAX)] = key;
    return true;
}

static void one(void)
{
    static struct world after;
    static uint8_t reading[WORLD_MAX];
    unsigned x;

    serial = readings++ << 16;
    load(&target);
    boots++;
    x = life_boot();
    if (stop_at == 0 && !application_is_new())
        return;
    after = now;
    memcpy(reading, life.reading, sizeof reading);
    for (unsigned choice = 0; life_choice(choice, x); choice++) {
        load(&after);
        memcpy(life.reading, reading, sizeof reading);
    }
    life_rest();
}

/* --- driver --------------------------------------------------------------- */

static void expand(const struct world *w)
{
    static struct world copy;

    readings = 0;
    copy = *w;
    target = copy;
    world_readings(&shape, &copy, life.reading, one);
}

static void print_id(uint32_t i)
{
    const struct content *c = store_get(i);

    if (i != 0) {
        print_id(c->parent);
        printf("%s%u", c->parent ? "." : "", c->cut);
    }
}

static int replay(char *id)
{
    static struct world w;

    world_factory(&w, &shape);
    life_show(&w);
    if (setjmp(life.failed) != 0) {
        printf("  then: %s\n", life.why);
        life_show(&now);
        return 1;
    }
    for (char *cut = strtok(id, "."); cut != NULL; cut = strtok(NULL, ".")) {
        stop_at = (uint32_t)atoi(cut);
        if (setjmp(stopped) == 0)
            expand(&w);
        w = target;
        life_show(&w);
    }
    stop_at = UINT32_MAX;
    expand(&w);
    return 0;
}

static int close_it(void)
{
    struct world w;
    double end = (double)clock() / CLOCKS_PER_SEC + seconds;

    world_factory(&w, &shape);
    load(&w);
    found();
    if (setjmp(life.failed) != 0) {
        printf("FAILED: %s; replay with id=", life.why);
        print_id(current);
        printf("\n");
        return 1;
    }
    for (current = 0; current < store_count(); current++) {
        if (current % 256 == 0 && (double)clock() / CLOCKS_PER_SEC > end)
            break;
        unpack(&w, store_get(current));
        expand(&w);
    }
    printf("contents %u, %u of them booted, cuts %lu, boots %lu: %s\n", store_count(), current, cuts, boots,
           current == store_count() ? "closed" : "NOT CLOSED in the time given");
    return 0;
}

int main(int argc, char **argv)
{
    char *id = NULL;

    for (int i = 1; i < argc; i++) {
        if (strncmp(argv[i], "id=", 3) == 0)
            id = argv[i] + 3;
        else if (strncmp(argv[i], "seconds=", 8) == 0)
            seconds = (unsigned)atoi(argv[i] + 8);
        else if (!life_option(argv[i])) {
            fprintf(stderr, "prove: no option %s (see the head of sim/prove.c)\n", argv[i]);
            return 2;
        }
        printf("%s ", argv[i]);
    }
    printf(": ");
    fflush(stdout);
    life_begin(event, moment);
    store_open();
    return id != NULL ? replay(id) : close_it();
}
