/* SPDX-License-Identifier: Apache-2.0 */
/*
 * walk.c - a long random life of the shipped binary.
 *
 *   emu_walk BOOT.elf [seed=N] [steps=N] [payload=N]
 *
 * Uploads (at either place), requests, confirmations and cold boots in any
 * order; one boot in two loses power at a random operation, in any way.
 * After each boot one of the good images runs - never the stranger's, D -
 * the host's build has done the same, and no plaintext lies outside the
 * primary.  A failure prints the seed and the step.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "airlock/mailbox.h"
#include "tests/emu/story.h"

#define GOOD 3 /* images A, B, C; D is the stranger's */

struct walk {
    struct alk_stage stage;
    uint32_t rng;
    bool dark; /* power went in the last boot: no application runs */
    unsigned long boots, cuts, uploads, requests, confirms, ran[ALK_IMAGES];
};

static uint32_t draw(struct walk *w, uint32_t below)
{
    return (alk_emu_random(&w->rng) >> 4) % below;
}

static int images(struct alk_stage *s, uint32_t payload)
{
    struct alk_forge_key mine = s->rig.sign, stranger;

    if (alk_forge_key_make(&stranger, 666) != 0)
        return -1;
    memcpy(stranger.id, mine.id, sizeof mine.id);
    s->rig.sign = stranger;
    if (alk_rig_image(&s->image[3], &s->rig, 4, payload, true) != 0)
        return -1;
    s->rig.sign = mine;
    alk_forge_key_free(&stranger);
    return alk_rig_image(&s->image[2], &s->rig, 3, 2 * payload, true);
}

static void begin(struct alk_stage *s)
{
    struct alk_rig *r = &s->rig;

    alk_rig_factory(r, true);
    alk_rig_put(r, r->primary_at, s->image[0].plain, s->image[0].len);
    memcpy(s->cells.v, r->emu->flash, r->emu->chip->flash_size);
    memcpy(s->cells.a, r->emu->flash, r->emu->chip->flash_size);
}

/* The application's work is done in one piece: its own cuts are those of story.c. */
static void upload(struct walk *w)
{
    struct alk_stage *s = &w->stage;
    const struct alk_forge_image *img = &s->image[draw(w, ALK_IMAGES)];
    uint32_t at = s->rig.secondary_at, to = at + draw(w, 2) * s->rig.page;

    memset(s->cells.v + at, 0xff, s->rig.slot_size);
    memcpy(s->cells.v + to, img->sealed, img->len);
    memcpy(s->cells.a + at, s->cells.v + at, s->rig.slot_size);
    w->uploads++;
}

static void application(struct walk *w, bool confirm)
{
    struct alk_stage *s = &w->stage;
    struct alk_rig *r = &s->rig;

    memcpy(r->emu->flash, s->cells.v, r->emu->chip->flash_size);
    r->ops = 0;
    if (confirm)
        alk_rig_app_confirm(r);
    else
        alk_rig_app_request(r, draw(w, 2) ? ALK_REQ_TEST : ALK_REQ_PERM);
    for (size_t i = 0; i < r->ops; i++)
        alk_stage_leave(s, &r->log[i], ALK_SIM_DONE, 0);
    w->confirms += confirm;
    w->requests += !confirm;
}

static bool boot(struct walk *w)
{
    struct alk_stage *s = &w->stage;
    const struct alk_emu *e = s->rig.emu;
    uint32_t how = ALK_SIM_DONE;
    size_t n;

    s->word[0] = 0;
    if (!alk_stage_boot(s, w->rng))
        return false;
    w->ran[s->word[0] - 'A']++;
    w->boots++;
    n = e->ops;
    w->dark = n && draw(w, 2);
    if (w->dark) {
        n = 1 + draw(w, (uint32_t)n);
        how = draw(w, e->log[n - 1].erase ? ALK_HOW_ALL : ALK_SIM_LOWER);
        w->cuts++;
    }
    for (size_t i = 0; i < n; i++)
        alk_stage_leave(s, &e->log[i], i + 1 == n ? how : ALK_SIM_DONE, w->rng);
    return s->word[0] != 'A' + GOOD;
}

static bool step(struct walk *w)
{
    switch (w->dark ? 7 : draw(w, 8)) {
    case 0:
        upload(w);
        return true;
    case 1:
    case 2:
        application(w, false);
        return true;
    case 3:
        application(w, true);
        return true;
    default:
        return boot(w);
    }
}

static int walk(struct walk *w, uint32_t seed, uint32_t steps)
{
    for (uint32_t i = 0; i < steps; i++) {
        if (i % 500 == 0) /* a new device now and then: a broken secondary is not for ever */
            begin(&w->stage);
        if (!step(w)) {
            printf("LOST seed=%u step %u: %s\n", (unsigned)seed, (unsigned)i, w->stage.why);
            return 1;
        }
    }
    printf("%s: seed=%u: %lu boots (%lu cut), %lu uploads, %lu requests, %lu confirmations; ran A %lu B %lu "
           "C %lu D %lu\n",
           w->stage.rig.board, (unsigned)seed, w->boots, w->cuts, w->uploads, w->requests, w->confirms,
           w->ran[0], w->ran[1], w->ran[2], w->ran[3]);
    return w->ran[1] && w->ran[2] ? 0 : 1;
}

int main(int argc, char **argv)
{
    static struct walk w;
    uint32_t seed = 1, steps = 2000, payload = 1040;
    int rc = 3;

    for (int i = 2; i < argc; i++)
        if (sscanf(argv[i], "seed=%u", &seed) != 1 && sscanf(argv[i], "steps=%u", &steps) != 1 &&
            sscanf(argv[i], "payload=%u", &payload) != 1)
            argc = 0;
    if (argc < 2) {
        fprintf(stderr, "usage: emu_walk BOOT.elf [seed=N] [steps=N] [payload=N]\n");
        return 2;
    }
    if (access(argv[1], R_OK) != 0) {
        printf("SKIPPED: %s is not built\n", argv[1]);
        return 77;
    }
    w.rng = alk_emu_seed(seed);
    if (alk_stage_open(&w.stage, argv[1], payload) == 0 && images(&w.stage, payload) == 0)
        rc = walk(&w, seed, steps);
    alk_stage_close(&w.stage);
    return rc;
}
