/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sym.c - S1, S2 and S4 of install.h on names of sectors instead of sectors:
 * every plan, both places, every n to 512, alone and one after the other, by
 * running the shipped plans.c.  In passing, alk_plan_moved() is compared at
 * every step, and in the middle of every step, with where things really are.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "airlock/install.h"

#define MAX_N 512u

enum { NOTHING = 0, ONE = 1000, TWO = 2000, THREE = 3000 };

static unsigned short p[MAX_N + 1], s[MAX_N + 3]; /* what lies in which sector */
static unsigned n, secondary;
static unsigned long steps, looks;
static const char *where = "";

static void fail(const char *rule, const struct alk_record *r, unsigned k)
{
    printf("sym: %s: plan %u place %u n %u step %u: %s\n", where, r->plan, r->place, n, k, rule);
    exit(1);
}

static unsigned at(const struct alk_record *r, unsigned k, unsigned pos, unsigned role)
{
    bool primary = alk_plan_moved(r, k, pos, role) == (role == ALK_IN);
    uint32_t sector = primary ? pos : alk_plan_sector(r, pos, role);

    looks++;
    if (sector >= (primary ? n : secondary))
        fail("an image leaves its slot", r, k);
    return primary ? p[sector] : s[sector];
}

/* S2: are both images whole, as k says? */
static void look(const struct alk_record *r, unsigned k, unsigned in, unsigned out)
{
    unsigned lo = 0, hi = n; /* near the sectors that step k moves; all of them for small n */

    if (n > 40 && k % 97 != 0) {
        uint32_t i;

        alk_plan_step(&i, r, k < alk_plan_steps(r) ? k : 0);
        lo = i > 2 ? i - 2 : 0;
        hi = i + 3 < n ? i + 3 : n;
    }
    for (unsigned pos = lo; pos < hi; pos++) {
        if (at(r, k, pos, ALK_IN) != in + pos)
            fail("S2: a sector of the image that comes is not where it should be", r, k);
        if (r->plan == ALK_PLAN_SLIDE && at(r, k, pos, ALK_OUT) != out + pos)
            fail("S2: a sector of the image that goes is not where it should be", r, k);
    }
}

static void run(uint8_t plan, uint8_t place, unsigned in, unsigned out)
{
    struct alk_record r = {.plan = plan, .place = place};
    unsigned k;

    r.sectors = (uint16_t)n;
    for (k = 0; k < alk_plan_steps(&r); k++) {
        uint32_t pos;
        unsigned role = alk_plan_step(&pos, &r, k);
        uint32_t other = alk_plan_sector(&r, pos, role);
        unsigned short *from = role == ALK_IN ? &s[other] : &p[pos],
                       *to = role == ALK_IN ? &p[pos] : &s[other];

        if (pos >= n || other >= secondary)
            fail("a step leaves its slot", &r, k);
        if (from == to)
            fail("S1: a step writes the sector it reads", &r, k);
        if (*from != (role == ALK_IN ? in : out) + pos)
            fail("a step carries another sector than it says", &r, k);
        *to = NOTHING; /* in the middle of the step */
        look(&r, k, in, out);
        *to = *from;
        look(&r, k + 1, in, out);
        steps++;
    }
    for (unsigned i = 0; i < n; i++)
        if (p[i] != in + i || (plan == ALK_PLAN_SLIDE && s[i + !place] != out + i))
            fail("S4: the end is not what the plan promises", &r, k);
}

static void upload(unsigned tag, unsigned place)
{
    memset(s, 0, sizeof s);
    for (unsigned i = 0; i < n; i++)
        s[i + place] = (unsigned short)(tag + i);
}

/* Update, take back; update, keep, upload to either place, update, take back; overwrite. */
static void life(uint8_t first, uint8_t second)
{
    where = "life";
    memset(p, 0, sizeof p);
    for (unsigned i = 0; i < n; i++)
        p[i] = (unsigned short)(ONE + i);
    upload(TWO, first);
    run(ALK_PLAN_SLIDE, first, TWO, ONE);
    run(ALK_PLAN_COPY, !first, ONE, TWO);
    upload(TWO, first);
    run(ALK_PLAN_SLIDE, first, TWO, ONE);
    run(ALK_PLAN_SLIDE, !first, ONE, TWO); /* the old one asked for again */
    run(ALK_PLAN_SLIDE, first, TWO, ONE);
    upload(THREE, second);
    run(ALK_PLAN_SLIDE, second, THREE, TWO);
    run(ALK_PLAN_COPY, !second, TWO, THREE);
    upload(ONE, second);
    run(ALK_PLAN_COPY, second, ONE, TWO);
}

int main(void)
{
    for (n = 1; n <= MAX_N; n++)
        for (unsigned roomy = 0; roomy < 2; roomy++)
            for (uint8_t places = 0; places < 4; places++) {
                secondary = n + 1 + roomy;
                life(places & 1, places >> 1);
            }
    printf("sym: S1 S2 S4 for n 1..%u, 8 plans in a row, 4 choices of places, full and roomy: "
           "%lu steps, %lu look-ups: ok\n",
           MAX_N, steps, looks);
    return 0;
}
