/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/life.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "airlock/install.h"
#include "core/crc.h"

struct life life;

#define shape (life.shape)
#define now   (life.now)

static struct geometry geo = {1, 0, 8, 128, 1, 2, 1, 1};
static unsigned plan, lengths[TOY_TAGS] = {0, 88, 88, 88};

void life_fail(const char *rule)
{
    life.why = rule;
    longjmp(life.failed, 1);
}

static void broken(struct alk_sim *s, const char *rule)
{
    (void)s;
    if (!life.flipped || strcmp(rule, ALK_SIM_ONE_OVER_ZERO) != 0)
        life_fail(rule);
}

bool life_option(const char *arg)
{
    const struct {
        const char *name;
        unsigned *value;
    } options[] = {{"n=", &geo.n},           {"roomy=", &geo.roomy},       {"unit=", &geo.unit},
                   {"sector=", &geo.sector}, {"banks=", &geo.banks},       {"tags=", &geo.tags},
                   {"misuse=", &geo.misuse}, {"unstable=", &geo.unstable}, {"end1=", &lengths[1]},
                   {"end2=", &lengths[2]},   {"end3=", &lengths[3]},       {"plan=", &plan}};

    for (unsigned k = 0; k < sizeof options / sizeof *options; k++)
        if (strncmp(arg, options[k].name, strlen(options[k].name)) == 0) {
            *options[k].value = (unsigned)atoi(arg + strlen(options[k].name));
            return true;
        }
    return false;
}

/* The table-driven CRC that stands in for core/crc.c, against its definition. */
static void check_crc(void)
{
    uint8_t bytes[67];
    uint32_t c = ~7u;

    for (unsigned i = 0; i < sizeof bytes; i++) {
        bytes[i] = (uint8_t)(i * 37 + 11);
        c ^= bytes[i];
        for (unsigned b = 0; b < 8; b++)
            c = c >> 1 ^ (0xedb88320u & (0u - (c & 1u)));
    }
    if (alk_crc32(7, bytes, sizeof bytes) != ~c) {
        fprintf(stderr, "sim: the CRC stand-in is wrong\n");
        exit(2);
    }
}

void life_begin(void (*event)(struct alk_sim *s, const struct alk_sim_op *op), void (*moment)(void))
{
    check_crc();
    life.sim = (struct alk_sim){.v = now.v,
                                .a = now.a,
                                .r = life.reading,
                                .size = WORLD_MAX,
                                .unit = (uint16_t)geo.unit,
                                .event = event,
                                .broken = broken};
    life.moment = moment;
    for (unsigned tag = 1; tag <= geo.tags; tag++)
        toy_end[tag] = lengths[tag];
    world_shape(&shape, &geo, &life.sim);
    shape.map.plan = (uint8_t)plan;
}

unsigned life_running(void)
{
    return toy_tag_at(life.reading, shape.secondary, false);
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
            life_fail("L8: plaintext in the secondary");
}

static void check_good(struct ghost *g)
{
    struct alk_mailbox p;

    if (g->trial != 0) {
        g->gone |= (uint8_t)(1u << g->trial);
        g->trial = g->maybe = g->lost = 0;
    }
    alk_mailbox_read(&p, &shape.map.primary);
    if (p.magic == ALK_BAD || (p.magic == ALK_SET && p.image_ok != ALK_SET))
        life_fail("L6: a permanent image reads as unconfirmed");
    if (zephyr() == ALK_REQ_REVERT)
        life_fail("L6: a permanent image reads as on trial");
}

static unsigned in_secondary(unsigned place)
{
    uint32_t at = shape.secondary + place * shape.geo.sector;

    return toy_tag_at(life.reading + at, shape.journal - at, true);
}

static void check_other(struct ghost *g, unsigned x)
{
    struct alk_mailbox p;

    alk_mailbox_read(&p, &shape.map.primary);
    if (g->trial == x && g->lost && p.image_ok != ALK_SET)
        return; /* there is no way back */
    if (g->trial != 0 && g->maybe && (x == g->trial || p.magic == ALK_SET)) {
        g->good = g->trial; /* the cut confirm counted */
        g->trial = g->maybe = g->lost = 0;
        if (x == g->good)
            return;
    }
    if (g->trial == x)
        life_fail("L3: an unconfirmed image runs again");
    if (g->trial != 0)
        life_fail("L3: an unconfirmed image was taken for good");
    if ((g->asked >> x & 1) == 0)
        life_fail("L2: an image runs that nobody asked for");
    if ((g->gone >> x & 1) != 0)
        life_fail("L4: a rejected image runs again");
    if (p.image_ok == ALK_SET && (g->perm >> x & 1) == 0)
        life_fail("L3: a test became permanent");
    if (p.image_ok == ALK_SET) {
        g->good = (uint8_t)x;
        return;
    }
    g->trial = (uint8_t)x;
    if (zephyr() != ALK_REQ_REVERT)
        life_fail("L6: a trial does not read as one");
    if (in_secondary(0) != g->good && in_secondary(1) != g->good)
        life_fail("L3: the image to go back to is not whole");
}

int life_settle(void)
{
    static uint8_t buf[256];
    struct alk_boot b = {.map = &shape.map, .buf = buf, .buf_len = sizeof buf};
    struct alk_settle settling;

    return alk_boot_settle(&b, &settling);
}

unsigned life_boot(void)
{
    unsigned x;

    if (life_settle() != ALK_OK)
        life_fail("L1: nothing may run");
    x = life_running();
    if (x == 0)
        life_fail("L1: what runs is not whole");
    if (x == now.g.good)
        check_good(&now.g);
    else
        check_other(&now.g, x);
    look_for_plaintext();
    life.moment();
    return x;
}

/* --- the application ------------------------------------------------------ */

void life_confirm(unsigned running)
{
    uint8_t maybe = now.g.maybe;

    now.g.maybe = now.g.trial != 0;
    if (alk_mailbox_confirm(&shape.map.primary) == ALK_OK && now.g.trial == running) {
        now.g.good = now.g.trial;
        now.g.trial = now.g.lost = maybe = 0;
    }
    now.g.maybe = maybe;
    life.moment();
}

/* As the server does it: the request first, then sector by sector. */
void life_upload(unsigned tag, unsigned place, uint8_t kind)
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
    life.moment();
    alk_mailbox_request(&shape.map.secondary, kind);
    life.moment();
}

/* A request without an upload, as Zephyr writes it: with no look at the flags that are there. */
static void misuse(void)
{
    static const uint8_t magic[16] = {0x77, 0xc2, 0x95, 0xf3, 0x60, 0xd2, 0xef, 0x7f,
                                      0x35, 0x52, 0x50, 0x0f, 0x2c, 0xb6, 0x79, 0x80};
    const struct alk_flash *s = &shape.map.secondary;
    struct alk_mailbox m;
    uint8_t info[8] = {ALK_REQ_TEST, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};

    alk_mailbox_read(&m, s);
    if (m.magic != ALK_UNSET)
        return;
    now.g.asked = 0xff; /* of whatever lies there; the rejected stay rejected */
    if (shape.map.plan == ALK_PLAN_COPY)
        now.g.perm = 0xff;
    alk_flash_prog(s, alk_flash_size(s) - 16, magic, sizeof magic);
    if (m.swap_info == 0xff)
        alk_flash_prog(s, alk_flash_size(s) - 40, info, shape.geo.unit);
    life.moment();
}

/* Against all rules: the image to go back to is overwritten while the new one is on trial. */
static void destroy(void)
{
    if (now.g.trial == 0)
        return;
    now.g.lost = 1;
    for (unsigned place = 0; place < 2; place++)
        alk_flash_erase(&shape.map.secondary, place);
    life.moment();
}

bool life_choice(unsigned choice, unsigned running)
{
    unsigned uploads = 4 * shape.geo.tags, tag = 1 + choice / 4;

    if (choice > uploads + shape.geo.misuse)
        return false;
    if (choice == uploads)
        life_confirm(running);
    else if (choice == uploads + 1)
        misuse();
    else if (choice == uploads + 2)
        destroy();
    else if (tag != running && zephyr() == ALK_REQ_NONE && now.g.trial == 0)
        life_upload(tag, choice & 1, choice & 2 ? ALK_REQ_PERM : ALK_REQ_TEST);
    return true;
}

void life_rest(void)
{
    void (*event)(struct alk_sim *, const struct alk_sim_op *) = life.sim.event;
    unsigned long before = 0;

    life.sim.event = NULL;
    for (unsigned i = 0; i < 6 && before != life.sim.erases + life.sim.bytes_written; i++) {
        before = life.sim.erases + life.sim.bytes_written;
        if (life_settle() != ALK_OK)
            life_fail("L1: a later boot finds nothing to run");
    }
    if (before != life.sim.erases + life.sim.bytes_written)
        life_fail("L7: the device does not come to rest");
    life.sim.event = event;
}

void life_show(const struct world *w)
{
    struct alk_journal j;
    uint8_t keep[WORLD_MAX];

    memcpy(keep, life.reading, sizeof keep);
    memcpy(life.reading, w->v, shape.size);
    int err = alk_journal_open(&j, &shape.map.journal);
    struct alk_mailbox p, s;
    alk_mailbox_read(&p, &shape.map.primary);
    alk_mailbox_read(&s, &shape.map.secondary);
    printf("  P %u [%u%u%u] S %u %u [%u%u] journal %d: bank %u kind %u plan %u place %u n %u progress %u "
           "sealed %u paired %u; good %u trial %u maybe %u asked %x perm %x gone %x; unstable",
           toy_tag_at(life.reading, shape.secondary, false), p.magic, p.image_ok, p.copy_done,
           toy_tag_at(life.reading + shape.secondary, shape.journal - shape.secondary, true),
           toy_tag_at(life.reading + shape.secondary + shape.geo.sector,
                      shape.journal - shape.secondary - shape.geo.sector, true),
           s.magic, s.image_ok, err, j.bank, j.rec.kind, j.rec.plan, j.rec.place, j.rec.sectors, j.progress,
           j.sealed, j.paired, w->g.good, w->g.trial, w->g.maybe, w->g.asked, w->g.perm, w->g.gone);
    for (unsigned i = 0; i < shape.size; i += 8)
        if (memcmp(w->v + i, w->a + i, 8) != 0)
            printf(" %u", i);
    printf("\n");
    memcpy(life.reading, keep, sizeof keep);
}
