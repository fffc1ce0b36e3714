/* SPDX-License-Identifier: Apache-2.0 */
/*
 * chain.c - the chain's closure: every flash content that cuts can lead to in
 * updates of the second stage, visited once.
 *
 * The shipped select, take, marks, counter and mailbox code runs on images of
 * three versions, two of which come in a variant that hangs when it is started.  Version 3 is signed by the
 * second key.  Toys stand for signature, cipher and keys, and one erase for the settle that refuses what take
 * left. From each content and for every way its unstable units may read: boot, then let the application ask
 * for any image for the other slot.  When no content is new, what held at every boot holds for any number of
 * cuts in any order.
 *
 *   chain [seconds=50] [hangs=0] [unstable=0]
 */
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "airlock/chain.h"
#include "airlock/install.h"
#include "airlock/mailbox.h"
#include "core/bytes.h"
#include "sim/chain_toy.h"

#define STATES (1u << 20)
#define LIFE   12 /* boots left alone until nothing is written */

struct content {
    uint8_t v[SIZE], a[SIZE];
    uint8_t sworn; /* the highest version that vouched for itself */
};

static struct content now;
static uint8_t reading[SIZE];
struct alk_sim sim;
static struct content **queue;
static uint64_t *seen, *known; /* contents; and what came of boots */
static uint32_t states, current;
static unsigned long cuts, boots;
static unsigned hangs = 2,
                unstable = 1; /* images that hang are asked for too; cells may read anew at each boot */
static double seconds = 50;
static jmp_buf failed;
static const char *why;

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

/* --- contents --------------------------------------------------------------- */

static uint64_t hash(uint64_t h, const void *p, size_t len)
{
    uint64_t word;

    for (size_t i = 0; i < len; i += sizeof word) {
        memcpy(&word, (const uint8_t *)p + i, sizeof word);
        h = (h ^ word) * 0x9e3779b97f4a7c15u;
        h ^= h >> 29;
    }
    return h;
}

static bool insert(uint64_t *set, uint64_t h)
{
    uint64_t at;

    h += h == 0;
    for (at = h >> 40; set[at % (2 * STATES)] != 0; at++)
        if (set[at % (2 * STATES)] == h)
            return false;
    set[at % (2 * STATES)] = h;
    return true;
}

static uint64_t hash_content(const struct content *c)
{
    return hash(hash(c->sworn, c->v, SIZE), c->a, SIZE);
}

static uint8_t between(const struct content *c, uint32_t at)
{
    return (uint8_t)((c->v[at] & 0x9d) | (c->a[at] & 0x62));
}

/* Can these four bytes read as the magic of an image? */
static bool may_open(const struct content *c, uint32_t at)
{
    uint8_t mixed[4];

    for (uint32_t i = 0; i < 4; i++)
        mixed[i] = between(c, at + i);
    return alk_get32(c->v + at) == ALK_IMAGE_MAGIC || alk_get32(c->a + at) == ALK_IMAGE_MAGIC ||
           alk_get32(mixed) == ALK_IMAGE_MAGIC;
}

static void blank(struct content *c, uint32_t from, uint32_t to)
{
    memset(c->v + from, 0xff, to - from);
    memset(c->a + from, 0xff, to - from);
}

/* What nobody can tell apart is one content: a slot without a header, and a secondary without a request. */
static void merge(struct content *c)
{
    uint32_t box = PAGE - SECTOR;
    bool asked = false;

    for (uint32_t at = 0; at < WAITS; at += STAGE)
        if (!may_open(c, at))
            blank(c, at, at + STAGE);
    for (uint32_t at = box; at < PAGE; at++)
        asked = asked || (c->v[at] & c->a[at]) != 0xff;
    if (!asked)
        blank(c, WAITS, box);
}

static void found(const struct content *left)
{
    struct content merged = *left, *c = &merged;

    cuts++;
    merge(c);
    if (!insert(seen, hash_content(c)))
        return;
    if (states == STATES) {
        fprintf(stderr, "chain: more contents than room\n");
        exit(2);
    }
    queue[states] = malloc(sizeof *c);
    *queue[states++] = *c;
}

static void event(struct alk_sim *s, const struct alk_sim_op *op)
{
    struct content c;

    (void)s;
    for (unsigned how = 0; how < ALK_SIM_HOWS; how++) {
        if (!alk_sim_can(op, how) || (how == ALK_SIM_UNSTABLE && !unstable))
            continue;
        c = now;
        alk_sim_leave(c.v, c.a, op, how);
        found(&c);
    }
}

/* --- one boot --------------------------------------------------------------- */

static struct alk_boot boot;
static struct alk_map first_map;
static uint8_t buf[64];

static int judge(unsigned slot)
{
    struct alk_map map = {0};
    struct alk_boot b = {.map = &map, .buf = buf, .buf_len = sizeof buf};

    return alk_stage_judge(&b, &map, &chain, slot);
}

/* return: the slot that runs */
static unsigned first_stage(void)
{
    int before = alk_counter_read(&chain.provision);
    unsigned slot, image;

    boots++;
    boot = (struct alk_boot){.map = &first_map, .buf = buf, .buf_len = sizeof buf};
    if (alk_stage_select(&boot, &first_map, &chain) != ALK_OK)
        fail("nothing may run");
    slot = first_map.primary.base != chain.stage[0].base;
    image = chain_whole(reading + chain.stage[slot].base, 0);
    if (image == 0 || (image & 1) != slot)
        fail("what runs is not whole, or not for this slot");
    if ((int)image / 4 < before)
        fail("what runs is below the counter");
    if (alk_counter_read(&chain.provision) > now.sworn)
        fail("the counter moved for an image that never vouched for itself");
    if (chain_revoked(0) && now.sworn < 3)
        fail("a key was revoked for an image that never vouched for itself");
    return slot;
}

/* In place of settle: what take left is no update for the application. */
static void refuse(void)
{
    struct alk_mailbox m;

    alk_mailbox_read(&m, &device.secondary);
    if (m.magic != ALK_UNSET || m.image_ok != ALK_UNSET || m.copy_done != ALK_UNSET || m.swap_info != 0xff)
        alk_install_clear(&device.secondary);
}

/* return: the image whose application runs, 0: it hangs, or resets */
static unsigned second_stage(unsigned slot)
{
    unsigned image = chain_whole(reading + chain.stage[slot].base, 0);

    if ((image & 2) != 0)
        return 0;
    boot = (struct alk_boot){.map = &device, .buf = buf, .buf_len = sizeof buf};
    if (alk_chain_take(&boot, &chain, slot, judge) > 0)
        return 0;
    refuse();
    if (image / 4 > now.sworn)
        now.sworn = (uint8_t)(image / 4);
    alk_chain_confirm(&chain, slot);
    return image;
}

/* Left alone, a device that works is reached; and the image that was asked for, if it is good. */
static void come_to_rest(unsigned asked)
{
    unsigned long before = 0;
    unsigned image = 0;

    sim.event = NULL;
    for (unsigned i = 0; i < LIFE && (image == 0 || before != sim.erases + sim.bytes_written); i++) {
        before = sim.erases + sim.bytes_written;
        image = second_stage(first_stage());
    }
    if (image == 0 || before != sim.erases + sim.bytes_written)
        fail("the device does not come to rest");
    if (asked != 0 && (asked & 2) == 0 && image != asked)
        fail("what was asked for does not run");
    sim.event = event;
}

/* The upload's own cuts are the server's matter; the request's are tried here. */
static void ask_for(unsigned image)
{
    memset(now.v + WAITS, 0xff, 3 * SECTOR);
    for (uint32_t i = 0; i < END; i++)
        now.v[WAITS + i] = chain_byte(image, i) ^ chain_cipher(i);
    memcpy(now.a + WAITS, now.v + WAITS, 3 * SECTOR);
    memcpy(reading + WAITS, now.v + WAITS, 3 * SECTOR);
    found(&now);
    alk_mailbox_request(&device.secondary, ALK_REQ_TEST);
    found(&now);
}

static void application(unsigned runs)
{
    struct content then = now;
    uint8_t then_reading[SIZE];

    memcpy(then_reading, reading, SIZE);
    for (unsigned k = 1; k < IMAGES; k++) {
        now = then;
        memcpy(reading, then_reading, SIZE);
        if ((chain_images[k] & 1) == (runs & 1) || (chain_images[k] & 2) > hangs)
            continue;
        ask_for(chain_images[k]);
        come_to_rest(chain_images[k] / 4 > runs / 4 ? chain_images[k] : 0);
    }
    now = then;
    memcpy(reading, then_reading, SIZE);
}

static void live(void)
{
    unsigned image = second_stage(first_stage());

    found(&now);
    if (!insert(known, hash(hash_content(&now), reading, SIZE)))
        return;
    if (image != 0)
        application(image);
    come_to_rest(0);
}

/* Each unit that is unstable reads old, new or something between. */
static void readings(const struct content *c, uint32_t at)
{
    static uint8_t keep[SIZE];

    while (at < SIZE && memcmp(c->v + at, c->a + at, UNIT) == 0)
        at += UNIT;
    if (at == SIZE) {
        memcpy(keep, reading, SIZE);
        now = *c;
        live();
        memcpy(reading, keep, SIZE);
        return;
    }
    for (unsigned how = 0; how < 3; how++) {
        uint32_t end = at;

        do { /* what one operation left reads alike */
            for (uint32_t i = end; i < end + UNIT; i++)
                reading[i] = how == 0 ? c->v[i] : how == 1 ? c->a[i] : between(c, i);
            end += UNIT;
        } while (end < SIZE && end % SECTOR != 0 && memcmp(c->v + end, c->a + end, UNIT) != 0);
        readings(c, end);
    }
}

static void factory(void)
{
    memset(&now, 0, sizeof now);
    memset(now.v, 0xff, SIZE);
    for (uint32_t i = 0; i < END; i++)
        now.v[i] = chain_byte(IMAGE(1, 0, 0), i);
    memcpy(now.a, now.v, SIZE);
    found(&now);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (strncmp(argv[i], "seconds=", 8) == 0)
            seconds = atof(argv[i] + 8);
        if (strcmp(argv[i], "hangs=0") == 0)
            hangs = 0;
        if (strcmp(argv[i], "unstable=0") == 0)
            unstable = 0;
    }
    sim = (struct alk_sim){
        .v = now.v, .a = now.a, .r = reading, .size = SIZE, .unit = UNIT, .event = event, .broken = broken};
    queue = calloc(STATES, sizeof *queue);
    seen = calloc(2 * STATES, sizeof *seen);
    known = calloc(2 * STATES, sizeof *known);
    factory();
    if (setjmp(failed) != 0) {
        printf("chain: FAILED: %s (content %u of %u, boot %lu)\n", why, current, states, boots);
        return 1;
    }
    for (current = 0; current < states && (double)clock() / CLOCKS_PER_SEC < seconds; current++) {
        static struct content c;

        c = *queue[current];
        free(queue[current]);
        memcpy(reading, c.v, SIZE);
        readings(&c, 0);
    }
    printf("chain: contents %u of %u, cuts %lu, boots %lu: %s\n", current, states, cuts, boots,
           current == states ? "closed" : "NOT CLOSED in the time given");
    return current != states && !unstable; /* the other one is a search, however long */
}
