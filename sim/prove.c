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

#define STATES (1u << 24)

#define shape (life.shape)
#define now   (life.now)

static struct world target;
static uint64_t region_hash[WORLD_REGIONS], total;
static unsigned long cuts, boots;

/* Contents seen: a set of hashes, and how each was first reached. */
static uint64_t *seen;
static struct trail {
    uint32_t parent, cut;
} * trail;
static struct world **queue;
static uint32_t states, current, serial, stop_at;
static uint32_t readings; /* of this content, so far */
static jmp_buf stopped;
static uint64_t *known; /* states of the application explored */
static unsigned seconds = 50;

static uint64_t hash_ghost(const struct ghost *g)
{
    uint64_t x;

    memcpy(&x, g, sizeof x);
    return (x + 1) * 0x94d049bb133111ebu;
}

static bool insert(uint64_t *set, uint64_t h)
{
    uint64_t at = h * 0x9e3779b97f4a7c15u >> 39;

    for (h += h == 0; set[at] != 0; at = (at + 1) & (2 * STATES - 1))
        if (set[at] == h)
            return false;
    set[at] = h;
    return true;
}

/* Content `now`, but for one region: a cut may leave it. */
static void found(unsigned region, const uint8_t *v, const uint8_t *a)
{
    uint64_t h = total + hash_ghost(&now.g);
    struct world *w;

    cuts++;
    serial++;
    if (region < shape.regions)
        h += world_hash(&shape, region, v, a) - region_hash[region];
    if (stop_at == 0 && !insert(seen, h))
        return;
    if (stop_at != 0 && serial != stop_at)
        return;
    w = malloc(sizeof *w);
    *w = now;
    if (region < shape.regions) {
        memcpy(w->v + shape.region[region].at, v, shape.region[region].len);
        memcpy(w->a + shape.region[region].at, a, shape.region[region].len);
    }
    for (unsigned i = 0; i < shape.regions; i++)
        world_canon(&shape, i, w->v + shape.region[i].at, w->a + shape.region[i].at);
    if (stop_at != 0) {
        target = *w;
        free(w);
        longjmp(stopped, 1);
    }
    if (states == STATES) {
        fprintf(stderr, "prove: more contents than room\n");
        exit(2);
    }
    trail[states] = (struct trail){current, serial};
    queue[states++] = w;
}

static void rehash(unsigned i)
{
    uint8_t v[WORLD_MAX], a[WORLD_MAX];
    uint32_t at = shape.region[i].at, len = shape.region[i].len;
    uint64_t h;

    memcpy(v, now.v + at, len);
    memcpy(a, now.a + at, len);
    world_canon(&shape, i, v, a);
    h = world_hash(&shape, i, v, a);
    total += h - region_hash[i];
    region_hash[i] = h;
}

static void event(struct alk_sim *s, const struct alk_sim_op *op)
{
    unsigned i = world_region(&shape, op->at);
    uint8_t v[WORLD_MAX], a[WORLD_MAX];
    uint32_t at = shape.region[i].at, len = shape.region[i].len;
    struct alk_sim_op local = {op->data, op->at - at, op->len};

    (void)s;
    for (unsigned how = ALK_SIM_HOWS; how-- > 0;) {
        if (!alk_sim_can(op, how) || (how == ALK_SIM_UNSTABLE && !shape.geo.unstable))
            continue;
        memcpy(v, now.v + at, len);
        memcpy(a, now.a + at, len);
        alk_sim_leave(v, a, &local, how);
        world_canon(&shape, i, v, a);
        found(i, v, a);
    }
    total += world_hash(&shape, i, v, a) - region_hash[i];
    region_hash[i] = world_hash(&shape, i, v, a);
}

static void load(const struct world *w)
{
    now = *w;
    for (unsigned i = 0; i < shape.regions; i++)
        rehash(i);
}

static void moment(void)
{
    found(shape.regions, NULL, NULL);
}

/* --- one content, in one reading ------------------------------------------- */

static bool application_is_new(void)
{
    uint64_t key = total + hash_ghost(&now.g);

    for (unsigned i = 0; i < shape.journal; i++)
        key = (key ^ life.reading[i]) * 0x100000001b3u;
    return insert(known, key);
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
    if (i != 0) {
        print_id(trail[i].parent);
        printf("%s%u", trail[i].parent ? "." : "", trail[i].cut);
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

    seen = calloc(2 * STATES, sizeof *seen);
    known = calloc(2 * STATES, sizeof *known);
    trail = malloc(STATES * sizeof *trail);
    queue = malloc(STATES * sizeof *queue);
    world_factory(&w, &shape);
    load(&w);
    found(shape.regions, NULL, NULL);
    if (setjmp(life.failed) != 0) {
        printf("FAILED: %s; replay with id=", life.why);
        print_id(current);
        printf("\n");
        return 1;
    }
    for (current = 0; current < states; current++) {
        if (current % 256 == 0 && (double)clock() / CLOCKS_PER_SEC > end)
            break;
        expand(queue[current]);
        free(queue[current]);
    }
    printf("contents %u, cuts %lu, boots %lu: %s\n", states, cuts, boots,
           current == states ? "closed" : "NOT CLOSED in the time given");
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
    return id != NULL ? replay(id) : close_it();
}
