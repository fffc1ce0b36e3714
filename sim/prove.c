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
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "airlock/install.h"
#include "airlock/mailbox.h"
#include "sim/world.h"

#define STATES (1u << 24)

static struct shape shape;
static struct alk_sim sim;
static struct world now, target;
static uint8_t reading[WORLD_MAX];
static uint64_t region_hash[WORLD_REGIONS], total;
static unsigned long cuts, boots, runs;

/* Contents seen: a set of hashes, and how each was first reached. */
static uint64_t *seen;
static struct trail {
    uint32_t parent, cut;
} * trail;
static struct world **queue;
static uint32_t states, current, serial, stop_at;
static uint32_t readings; /* of this content, so far */
static jmp_buf failed, stopped;
static const char *why;
static uint64_t *known; /* application states explored */
static unsigned seconds = 50;

static void fail(const char *rule)
{
    why = rule;
    longjmp(failed, 1);
}

static void broken(struct alk_sim *s, const char *rule)
{
    (void)s;
    fail(rule);
}

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

/* --- what must hold ------------------------------------------------------- */

static unsigned running(void)
{
    return toy_tag_at(reading, shape.secondary, false);
}

/* What a Zephyr application reads (boot_swap_type()). */
static unsigned zephyr(void)
{
    struct alk_mailbox p, s;

    alk_mailbox_read(&p, &shape.map.primary);
    alk_mailbox_read(&s, &shape.map.secondary);
    if (s.magic == ALK_SET && s.image_ok != ALK_BAD)
        return s.image_ok == ALK_SET ? ALK_REQ_PERM : ALK_REQ_TEST;
    if (p.magic == ALK_SET && s.magic == ALK_UNSET && p.image_ok == ALK_UNSET && p.copy_done == ALK_SET)
        return ALK_REQ_REVERT;
    return ALK_REQ_NONE;
}

/* Eight bytes of an image's payload, as they are in the clear? */
static bool is_plain(const uint8_t *p, uint32_t in_sector)
{
    for (unsigned tag = 1; tag <= shape.geo.tags; tag++)
        for (uint32_t i = in_sector; i + 48 <= toy_end[tag]; i += shape.geo.sector) {
            unsigned k = 0;

            while (k < 8 && i >= 32 && p[k] == toy_byte(tag, toy_end[tag], i + k))
                k++;
            if (k == 8)
                return true;
        }
    return false;
}

static void look_for_plaintext(void)
{
    for (uint32_t at = shape.secondary; at < shape.journal; at += 8)
        if (is_plain(now.v + at, at % shape.geo.sector))
            fail("plaintext in the secondary");
}

static void check_good(struct ghost *g)
{
    struct alk_mailbox p;

    if (g->trial != 0) {
        g->gone |= (uint8_t)(1u << g->trial);
        g->trial = g->maybe = 0;
    }
    alk_mailbox_read(&p, &shape.map.primary);
    if (p.magic == ALK_BAD || (p.magic == ALK_SET && p.image_ok != ALK_SET))
        fail("a permanent image reads as unconfirmed");
    if (zephyr() == ALK_REQ_REVERT)
        fail("a permanent image reads as on trial");
}

static unsigned in_secondary(unsigned place)
{
    uint32_t at = shape.secondary + place * shape.geo.sector;

    return toy_tag_at(reading + at, shape.journal - at, true);
}

static void check_other(struct ghost *g, unsigned x)
{
    struct alk_mailbox p;

    alk_mailbox_read(&p, &shape.map.primary);
    if (g->trial != 0 && g->maybe && (x == g->trial || p.magic == ALK_SET)) {
        g->good = g->trial; /* the cut confirm counted */
        g->trial = g->maybe = 0;
        if (x == g->good)
            return;
    }
    if (g->trial == x)
        fail("an unconfirmed image runs again");
    if (g->trial != 0)
        fail("an unconfirmed image was taken for good");
    if ((g->asked >> x & 1) == 0)
        fail("an image runs that nobody asked for");
    if ((g->gone >> x & 1) != 0)
        fail("a rejected image runs again");
    if (p.image_ok == ALK_SET && (g->perm >> x & 1) == 0)
        fail("a test became permanent");
    if (p.image_ok == ALK_SET) {
        g->good = (uint8_t)x;
        return;
    }
    g->trial = (uint8_t)x;
    if (zephyr() != ALK_REQ_REVERT)
        fail("a trial does not read as one");
    if (in_secondary(0) != g->good && in_secondary(1) != g->good)
        fail("the image to go back to is not whole");
}

static int settle(void)
{
    static uint8_t buf[256];
    struct alk_boot b = {.map = &shape.map, .buf = buf, .buf_len = sizeof buf};
    struct alk_settle settling;

    return alk_boot_settle(&b, &settling);
}

static unsigned run(void)
{
    unsigned x;
    int err = settle();

    boots++;
    if (err != ALK_OK)
        fail("nothing may run");
    x = running();
    if (x == 0)
        fail("what runs is not whole");
    runs++;
    if (x == now.g.good)
        check_good(&now.g);
    else
        check_other(&now.g, x);
    look_for_plaintext();
    found(shape.regions, NULL, NULL);
    return x;
}

/* --- the application ------------------------------------------------------ */

static struct world after;
static uint8_t after_reading[WORLD_MAX];

static void rewind_app(void)
{
    load(&after);
    memcpy(reading, after_reading, shape.size);
}

static void confirm(unsigned x)
{
    now.g.maybe = now.g.trial != 0;
    if (alk_mailbox_confirm(&shape.map.primary) == ALK_OK && now.g.trial == x) {
        now.g.good = now.g.trial;
        now.g.trial = 0;
    }
    now.g.maybe = 0;
    found(shape.regions, NULL, NULL);
}

/* As the server does it: the request first, then sector by sector. */
static void upload(unsigned tag, unsigned place, uint8_t kind)
{
    uint32_t sector = shape.geo.sector, end = toy_end[tag];
    uint8_t byte[WORLD_MAX + ALK_MAX_UNIT];

    now.g.gone &= (uint8_t) ~(1u << tag);
    alk_install_clear(&shape.map.secondary);
    for (uint32_t pos = 0; pos * sector < end; pos++) {
        uint32_t len = end - pos * sector < sector ? end - pos * sector : sector;

        alk_flash_erase(&shape.map.secondary, pos + place);
        for (uint32_t i = 0; i < len; i++)
            byte[i] = toy_cipher(tag, end, pos * sector + i);
        if (pos == 0) { /* a request for what lay here before has lost its image */
            now.g.asked &= (uint8_t) ~(1u << tag);
            now.g.perm &= (uint8_t) ~(1u << tag);
        }
        memset(byte + len, 0xff, ALK_MAX_UNIT);
        len = (len + shape.geo.unit - 1) / shape.geo.unit * shape.geo.unit;
        alk_flash_prog(&shape.map.secondary, (pos + place) * sector, byte, len);
    }
    now.g.asked |= (uint8_t)(1u << tag | 1u << in_secondary(!place)); /* a one-sector image may lie there */
    if (kind == ALK_REQ_PERM || shape.map.plan == ALK_PLAN_COPY)
        now.g.perm |= (uint8_t)(1u << tag | 1u << in_secondary(!place));
    found(shape.regions, NULL, NULL);
    alk_mailbox_request(&shape.map.secondary, kind);
    found(shape.regions, NULL, NULL);
}

static void misuse(void)
{
    now.g.asked = 0xff; /* of whatever lies there; the rejected stay rejected */
    if (shape.map.plan == ALK_PLAN_COPY)
        now.g.perm = 0xff;
    alk_mailbox_request(&shape.map.secondary, ALK_REQ_TEST);
    found(shape.regions, NULL, NULL);
}

static void application(unsigned x)
{
    unsigned type = zephyr();

    after = now;
    memcpy(after_reading, reading, shape.size);
    confirm(x);
    for (unsigned tag = 1; tag <= shape.geo.tags; tag++)
        for (unsigned choice = 0; choice < 4; choice++) {
            if (tag == x || type != ALK_REQ_NONE || after.g.trial != 0)
                continue;
            rewind_app();
            upload(tag, choice & 1, choice & 2 ? ALK_REQ_PERM : ALK_REQ_TEST);
        }
    rewind_app();
    if (shape.geo.misuse)
        misuse();
    rewind_app();
}

/* Left alone, the device comes to rest: boots that write nothing. */
static void check_steady(void)
{
    unsigned long before = 0;

    sim.event = NULL;
    for (unsigned i = 0; i < 6 && before != sim.erases + sim.bytes_written; i++) {
        before = sim.erases + sim.bytes_written;
        if (settle() != ALK_OK)
            fail("a later boot finds nothing to run");
    }
    if (before != sim.erases + sim.bytes_written)
        fail("the device does not come to rest");
    sim.event = event;
}

static void one(void)
{
    const struct world *w = &target;
    unsigned x;
    uint64_t key;

    serial = readings++ << 16;
    load(w);
    x = run();
    if (stop_at == 0) {
        key = total + hash_ghost(&now.g);
        for (unsigned i = 0; i < shape.secondary + shape.journal; i++)
            if (i < shape.journal)
                key = (key ^ reading[i]) * 0x100000001b3u;
        if (!insert(known, key))
            return;
    }
    application(x);
    check_steady();
}

/* --- driver --------------------------------------------------------------- */

static void expand(const struct world *w)
{
    static struct world copy;

    readings = 0;
    copy = *w;
    target = copy;
    world_readings(&shape, &copy, reading, one);
}

static void print_id(uint32_t i)
{
    if (i != 0) {
        print_id(trail[i].parent);
        printf("%s%u", trail[i].parent ? "." : "", trail[i].cut);
    }
}

static void show(const struct world *w)
{
    struct alk_journal j;
    uint8_t keep[WORLD_MAX];

    memcpy(keep, reading, sizeof keep);
    memcpy(reading, w->v, shape.size);
    int err = alk_journal_open(&j, &shape.map.journal);
    struct alk_mailbox p, s;
    alk_mailbox_read(&p, &shape.map.primary);
    alk_mailbox_read(&s, &shape.map.secondary);
    printf("  P %u [%u%u%u] S %u %u [%u%u] journal %d: bank %u kind %u plan %u place %u n %u progress %u "
           "sealed %u paired %u; good %u trial %u maybe %u asked %x perm %x gone %x; unstable",
           toy_tag_at(reading, shape.secondary, false), p.magic, p.image_ok, p.copy_done,
           toy_tag_at(reading + shape.secondary, shape.journal - shape.secondary, true),
           toy_tag_at(reading + shape.secondary + shape.geo.sector,
                      shape.journal - shape.secondary - shape.geo.sector, true),
           s.magic, s.image_ok, err, j.bank, j.rec.kind, j.rec.plan, j.rec.place, j.rec.sectors, j.progress,
           j.sealed, j.paired, w->g.good, w->g.trial, w->g.maybe, w->g.asked, w->g.perm, w->g.gone);
    for (unsigned i = 0; i < shape.size; i += 8)
        if (memcmp(w->v + i, w->a + i, 8) != 0)
            printf(" %u", i);
    printf("\n");
    memcpy(reading, keep, sizeof keep);
}

static int replay(char *id)
{
    static struct world w;

    world_factory(&w, &shape);
    show(&w);
    if (setjmp(failed) != 0) {
        printf("  then: %s\n", why);
        show(&now);
        return 1;
    }
    for (char *cut = strtok(id, "."); cut != NULL; cut = strtok(NULL, ".")) {
        stop_at = (uint32_t)atoi(cut);
        if (setjmp(stopped) == 0)
            expand(&w);
        w = target;
        show(&w);
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
    if (setjmp(failed) != 0) {
        printf("FAILED: %s; replay with id=", why);
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
    static struct geometry g = {1, 0, 8, 128, 1, 2, 1, 1};
    unsigned plan = 0, end[4] = {0, 88, 88, 88};
    struct {
        const char *name;
        unsigned *value;
    } options[] = {{"n=", &g.n},           {"roomy=", &g.roomy},       {"unit=", &g.unit},
                   {"sector=", &g.sector}, {"banks=", &g.banks},       {"tags=", &g.tags},
                   {"misuse=", &g.misuse}, {"unstable=", &g.unstable}, {"end1=", &end[1]},
                   {"end2=", &end[2]},     {"end3=", &end[3]},         {"seconds=", &seconds},
                   {"plan=", &plan}};
    char *id = NULL;

    for (int i = 1; i < argc; i++) {
        for (unsigned k = 0; k < sizeof options / sizeof *options; k++)
            if (strncmp(argv[i], options[k].name, strlen(options[k].name)) == 0)
                *options[k].value = (unsigned)atoi(argv[i] + strlen(options[k].name));
        if (strncmp(argv[i], "id=", 3) == 0)
            id = argv[i] + 3;
        printf("%s ", argv[i]);
    }
    printf(": ");
    sim = (struct alk_sim){.v = now.v,
                           .a = now.a,
                           .r = reading,
                           .size = WORLD_MAX,
                           .unit = (uint16_t)g.unit,
                           .event = event,
                           .broken = broken};
    for (unsigned tag = 1; tag <= g.tags; tag++)
        toy_end[tag] = end[tag];
    world_shape(&shape, &g, &sim);
    shape.map.plan = (uint8_t)plan;
    fflush(stdout);
    return id != NULL ? replay(id) : close_it();
}
