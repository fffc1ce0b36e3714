/* SPDX-License-Identifier: Apache-2.0 */
/*
 * flips.c - any one wrong bit in journal or mailbox, at any moment of an
 * update, a revert and a confirm: the device boots a whole image, and goes on
 * doing so.
 *
 * The moments are all operations of the lives below.  Flash is taken as it is
 * just before the operation, one bit is turned, and the device boots until it
 * rests (at most BOOTS times).  Each boot must end with a whole image that
 * verifies and was not rejected before.
 *
 *   flips [options of life.h] [lives=6] [id=life.moment.bit]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "airlock/mailbox.h"
#include "sim/life.h"

#define BOOTS   6u
#define MOMENTS 2048u

#define shape (life.shape)
#define now   (life.now)

static struct world moments[MOMENTS];
static unsigned count;

static void event(struct alk_sim *s, const struct alk_sim_op *op)
{
    (void)s, (void)op;
    if (count < MOMENTS)
        moments[count++] = now;
}

static void moment(void)
{
    event(NULL, NULL);
}

static void plain_boot(void)
{
    memcpy(life.reading, now.v, shape.size);
    life_boot();
}

/* Factory, first boot, then: TEST and back, TEST and confirm, PERM; update to `place`. */
static void live(unsigned kind, unsigned place)
{
    count = 0;
    world_factory(&now, &shape);
    plain_boot();
    life_upload(2, place, kind == 2 ? ALK_REQ_PERM : ALK_REQ_TEST);
    plain_boot();
    if (kind == 1)
        life_confirm(life_running());
    plain_boot();
    plain_boot();
    life_upload(3 - life_running(), !place, ALK_REQ_TEST); /* what is left behind must do no harm */
    plain_boot();
    plain_boot();
}

static bool in_mailbox(uint32_t at)
{
    return (at < shape.secondary && at >= shape.secondary - shape.box) ||
           (at < shape.journal && at >= shape.journal - shape.box);
}

/* return: NULL, or what went wrong */
static const char *try(const struct world *w, uint32_t bit)
{
    unsigned long before = 0;

    now = *w;
    now.v[bit / 8] ^= (uint8_t)(1u << bit % 8);
    memcpy(now.a, now.v, shape.size);
    memcpy(life.reading, now.v, shape.size);
    if (setjmp(life.failed) != 0)
        return life.why;
    for (unsigned i = 0; i < BOOTS && before != life.sim.erases + life.sim.bytes_written; i++) {
        before = life.sim.erases + life.sim.bytes_written;
        if (life_settle() != ALK_OK)
            return "nothing boots";
        if (life_running() == 0)
            return "what runs is not whole";
        if ((w->g.gone >> life_running() & 1) != 0)
            return "a rejected image runs";
    }
    return before == life.sim.erases + life.sim.bytes_written ? NULL : "no rest";
}

int main(int argc, char **argv)
{
    static unsigned long tried;
    static unsigned lives = 6;
    static int one_life = -1, one_moment = -1, one_bit = -1;

    for (int i = 1; i < argc; i++) {
        if (sscanf(argv[i], "id=%d.%d.%d", &one_life, &one_moment, &one_bit) < 1 &&
            sscanf(argv[i], "lives=%u", &lives) != 1 && !life_option(argv[i])) {
            fprintf(stderr, "flips: no option %s (see the head of sim/flips.c)\n", argv[i]);
            return 2;
        }
        printf("%s ", argv[i]);
    }
    life_begin(event, moment);
    for (unsigned l = 0; l < lives; l++) {
        life.sim.event = event;
        if (setjmp(life.failed) != 0) {
            printf("FAILED: life %u: %s\n", l, life.why);
            return 1;
        }
        life.flipped = false;
        live(l % 3, l / 3);
        life.flipped = true;
        life.sim.event = NULL;
        for (unsigned m = 0; m < count; m++)
            for (uint32_t bit = 0; bit < 8 * shape.size; bit++) {
                const char *why;

                if ((bit / 8 < shape.journal && !in_mailbox(bit / 8)) ||
                    (one_bit >= 0 &&
                     (l != (unsigned)one_life || m != (unsigned)one_moment || bit != (unsigned)one_bit)))
                    continue;
                tried++;
                why = try(&moments[m], bit);
                if (why == NULL)
                    continue;
                printf("FAILED: %s; byte %u; replay with id=%u.%u.%u\n", why, bit / 8, l, m, bit);
                life_show(&moments[m]);
                return 1;
            }
    }
    printf(": lives %u, flips %lu: every one boots\n", lives, tried);
    return 0;
}
