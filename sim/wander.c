/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wander.c - the same device without the abstraction: long random lives with
 * concrete noise, and a test that canon() merges only what behaves alike.
 *
 * A torn write or erase leaves each of its bits old or new at random, or
 * unstable: then each bit is old or new anew at every boot.  What must hold
 * is what must hold in the closure (life.h).
 *
 * Merge test: at each boot without unstable cells the device is booted twice,
 * from what is in its flash and from the canonical form of that.  Both must
 * run the same image and leave contents of the same canonical form.
 *
 *   wander [options of life.h] [lives=2000] [seed=1]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "airlock/journal.h"
#include "sim/life.h"

#define shape (life.shape)
#define now   (life.now)

static uint64_t rng;
static jmp_buf cut;
static long until; /* operations to the next cut; < 0: none */
static unsigned long cuts, boots, merges;

static uint32_t draw(uint32_t below)
{
    rng ^= rng << 13;
    rng ^= rng >> 7;
    rng ^= rng << 17;
    return (uint32_t)(rng >> 32) % below;
}

/* Old or new, bit by bit; unstable ones are both. */
static void tear(const struct alk_sim_op *op)
{
    unsigned how = draw(5); /* not at all, whole, in part, else unstable */

    for (uint32_t i = 0; i < op->len; i++) {
        uint8_t old_v = now.v[op->at + i], fresh = op->data == NULL ? 0xff : old_v & op->data[i];
        uint8_t mask = how == 0 ? 0 : how == 1 ? 0xff : how == 2 ? (uint8_t)draw(256) : 0;

        now.v[op->at + i] = (uint8_t)((old_v & ~mask) | (fresh & mask));
        if (how < 3)
            now.a[op->at + i] = now.v[op->at + i];
        else if (op->data != NULL)
            now.a[op->at + i] &= op->data[i];
        else
            now.a[op->at + i] = 0xff;
    }
}

static void event(struct alk_sim *s, const struct alk_sim_op *op)
{
    (void)s;
    if (until-- != 0)
        return;
    cuts++;
    tear(op);
    longjmp(cut, 1);
}

static void moment(void)
{
}

/* Unstable cells read old or new: all of a piece alike, each unit, or each bit. */
static void power_on(void)
{
    unsigned piece = 0, unit = 0;

    for (uint32_t i = 0; i < shape.size; i++) {
        uint8_t mask;

        if (i % ALK_RECORD_SIZE == 0)
            piece = draw(4);
        if (i % shape.geo.unit == 0)
            unit = draw(2);
        mask = piece < 2 ? (uint8_t)(0 - piece) : piece == 2 ? (uint8_t)(0 - unit) : (uint8_t)draw(256);
        life.reading[i] = (uint8_t)((now.v[i] & ~mask) | (now.a[i] & mask));
    }
}

static void canon_all(struct world *w)
{
    for (unsigned i = 0; i < shape.regions; i++)
        world_canon(&shape, i, w->v + shape.region[i].at, w->a + shape.region[i].at);
}

static unsigned boot_to_the_end(struct world *end, const struct world *from)
{
    unsigned x = 0;

    now = *from;
    memcpy(life.reading, now.v, shape.size);
    if (life_settle() == ALK_OK)
        x = life_running();
    *end = now;
    canon_all(end);
    return x;
}

static void merge(void)
{
    static struct world before, abstract, end[2];
    unsigned x, y;

    before = now;
    if (memcmp(before.v, before.a, shape.size) != 0)
        return;
    life.sim.event = NULL;
    abstract = before;
    canon_all(&abstract);
    x = boot_to_the_end(&end[0], &before);
    y = boot_to_the_end(&end[1], &abstract);
    merges++;
    now = before;
    life.sim.event = event;
    if (x != y || memcmp(end[0].v, end[1].v, shape.size) != 0)
        life_fail("A: the canonical form behaves otherwise");
}

static void live(void)
{
    world_factory(&now, &shape);
    for (unsigned day = 0; day < 40; day++) {
        unsigned x;

        until = -1;
        merge();
        until = draw(3) != 0 ? (long)draw(draw(2) ? 12 : 120) : -1;
        if (setjmp(cut) != 0)
            continue;
        power_on();
        boots++;
        x = life_boot();
        if (draw(4) != 0)
            life_choice(draw(4 * shape.geo.tags + 1 + shape.geo.misuse), x);
    }
}

int main(int argc, char **argv)
{
    static unsigned lives = 2000, seed = 1;

    for (int i = 1; i < argc; i++) {
        if (sscanf(argv[i], "lives=%u", &lives) != 1 && sscanf(argv[i], "seed=%u", &seed) != 1 &&
            !life_option(argv[i])) {
            fprintf(stderr, "wander: no option %s (see the head of sim/wander.c)\n", argv[i]);
            return 2;
        }
        printf("%s ", argv[i]);
    }
    life_begin(event, moment);
    if (setjmp(life.failed) != 0) {
        printf("FAILED: %s; replay with lives=1 seed=%u\n", life.why, seed);
        life_show(&now);
        return 1;
    }
    for (; lives > 0; lives--, seed++) {
        rng = seed * 0x9e3779b97f4a7c15u + 1;
        for (unsigned i = 0; i < 8; i++)
            draw(2);
        live();
    }
    printf(": cuts %lu, boots %lu, merges tested %lu: ok\n", cuts, boots, merges);
    return 0;
}
