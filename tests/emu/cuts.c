/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cuts.c - power cuts on the shipped binary.
 *
 *   emu_cuts BOOT.elf [payload=N] [every=N] [pairs=N] [flips=N] [story=NAME] [replay=STORY/OP/HOW[/OP/HOW]]
 *
 * Cuts every erase, every write of journal and mailbox and every border of a
 * run of data, in every way; of the data words between, each every-th (0: no single cuts); and
 * the given numbers of random pairs, and of single wrong bits in journal and
 * mailboxes, a story.  Exit 1 if one was lost.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tests/emu/story.h"

struct options {
    uint32_t payload, every, pairs, flips;
    const char *story, *replay;
};

struct tally {
    unsigned long single, pair, flip, lost;
};

static bool number(uint32_t *out, const char *arg, const char *name)
{
    size_t n = strlen(name);

    if (strncmp(arg, name, n) != 0)
        return false;
    *out = (uint32_t)strtoul(arg + n, NULL, 0);
    return true;
}

static bool parse(struct options *o, const char *arg)
{
    if (strncmp(arg, "story=", 6) == 0)
        o->story = arg + 6;
    else if (strncmp(arg, "replay=", 7) == 0)
        o->replay = arg + 7;
    else
        return number(&o->payload, arg, "payload=") || number(&o->every, arg, "every=") ||
               number(&o->pairs, arg, "pairs=") || number(&o->flips, arg, "flips=");
    return true;
}

static void lost(struct tally *t, const struct alk_stage *s, const struct alk_cut *a, const struct alk_cut *b)
{
    if (t->lost++ > 10)
        return;
    printf("LOST %s/%zu/%u", s->story->name, a->op, a->how);
    if (b)
        printf("/%zu/%u", b->op, b->how);
    printf(": %s\n", s->why);
}

static void singles(struct tally *t, struct alk_stage *s, uint32_t every)
{
    for (size_t k = 0; every && k < s->ops; k++)
        for (unsigned how = 0; how < ALK_HOW_ALL; how++) {
            struct alk_cut cut = {k, how};

            if (!alk_stage_can(s, &cut) || (!alk_stage_special(s, k) && (k + how) % every != 0))
                continue;
            t->single++;
            if (!alk_stage_cut(s, &cut, NULL))
                lost(t, s, &cut, NULL);
        }
}

/*
 * A third of the first cuts anywhere, a third at special operations, and a
 * third leave an unstable word in journal or mailbox: there a second one hurts.
 */
static struct alk_cut draw(const struct alk_stage *s, uint32_t *rng)
{
    unsigned style = (alk_emu_random(rng) >> 9) % 3u;
    struct alk_cut cut;

    do {
        cut.op = alk_emu_random(rng) % s->ops;
        cut.how = style == 2 ? ALK_SIM_UNSTABLE : (alk_emu_random(rng) >> 5) % ALK_HOW_ALL;
    } while (!alk_stage_can(s, &cut) || (style == 1 && !alk_stage_special(s, cut.op)) ||
             (style == 2 && !alk_stage_state(s, cut.op)));
    return cut;
}

static void pairs(struct tally *t, struct alk_stage *s, uint32_t n)
{
    uint32_t rng = alk_emu_seed(7);

    for (uint32_t i = 0; i < n; i++) {
        struct alk_cut first = draw(s, &rng);
        struct alk_cut second = {(alk_emu_random(&rng) >> 3) % 4096u,
                                 (alk_emu_random(&rng) >> 5) % ALK_HOW_ALL};

        t->pair++;
        if (!alk_stage_cut(s, &first, &second))
            lost(t, s, &first, &second);
    }
}

/* One wrong bit in journal or mailboxes, before any operation. */
static void flips(struct tally *t, struct alk_stage *s, uint32_t n)
{
    uint32_t rng = alk_emu_seed(11);

    for (uint32_t i = 0; i < n; i++) {
        struct alk_cut flip = {(alk_emu_random(&rng) >> 3) % s->ops, alk_emu_random(&rng) >> 3};

        while (i % 2 && !alk_stage_special(s, flip.op))
            flip.op = (alk_emu_random(&rng) >> 3) % s->ops;
        t->flip++;
        if (!alk_stage_flip(s, &flip))
            lost(t, s, &flip, NULL);
    }
}

static int replay(struct alk_stage *s, const char *id)
{
    struct alk_cut cut[2];
    char name[16];
    int n = sscanf(id, "%15[^/]/%zu/%u/%zu/%u", name, &cut[0].op, &cut[0].how, &cut[1].op, &cut[1].how);

    for (size_t i = 0; n >= 3 && i < alk_story_count; i++) {
        if (strcmp(alk_stories[i].name, name) != 0 || alk_stage_record(s, &alk_stories[i]) != 0)
            continue;
        if (cut[0].op >= s->ops)
            break;
        if (cut[0].how >= ALK_HOW_ALL)
            return puts(alk_stage_flip(s, &cut[0]) ? s->word : s->why) < 0;
        if (!alk_stage_can(s, &cut[0]))
            break;
        printf("%s: operation %zu of %zu, %s 0x%x\n", name, cut[0].op, s->ops,
               s->op[cut[0].op].erase ? "erase of" : "write at", (unsigned)s->op[cut[0].op].at);
        printf("%s\n", alk_stage_cut(s, &cut[0], n == 5 ? &cut[1] : NULL) ? s->word : s->why);
        return 0;
    }
    fprintf(stderr, "emu_cuts: %s: no such cut\n", id);
    return 2;
}

static int tell(struct alk_stage *s, const struct options *o)
{
    struct tally t = {0};
    double start = (double)clock();

    for (size_t i = 0; i < alk_story_count; i++) {
        if (o->story && strcmp(o->story, alk_stories[i].name) != 0)
            continue;
        if (alk_stage_record(s, &alk_stories[i]) != 0) {
            printf("LOST %s\n", s->why);
            return 1;
        }
        singles(&t, s, o->every);
        pairs(&t, s, o->pairs);
        flips(&t, s, o->flips);
        printf("%s %-8s %5zu operations; so far %lu single cuts, %lu pairs, %lu wrong bits, %lu lost\n",
               s->rig.board, alk_stories[i].name, s->ops, t.single, t.pair, t.flip, t.lost);
    }
    printf("%s: %llu boots, %llu compared with the host's build; %llu P-256 answers; %.0f s\n", s->rig.board,
           (unsigned long long)s->boots, (unsigned long long)s->compared, (unsigned long long)s->rig.answers,
           ((double)clock() - start) / CLOCKS_PER_SEC);
    return t.lost || !s->compared ? 1 : 0;
}

int main(int argc, char **argv)
{
    struct options o = {.payload = 1040, .every = 16, .pairs = 100, .flips = 100};
    struct alk_stage stage;
    int rc;

    setvbuf(stdout, NULL, _IOLBF, 0);
    for (int i = 2; i < argc; i++)
        if (!parse(&o, argv[i]))
            argc = 0;
    if (argc < 2) {
        fprintf(
            stderr,
            "usage: emu_cuts BOOT.elf [payload=N] [every=N] [pairs=N] [flips=N] [story=NAME] [replay=ID]\n");
        return 2;
    }
    if (access(argv[1], R_OK) != 0) {
        printf("SKIPPED: %s is not built\n", argv[1]);
        return 77;
    }
    if (alk_stage_open(&stage, argv[1], o.payload) != 0)
        return 3;
    rc = o.replay ? replay(&stage, o.replay) : tell(&stage, &o);
    alk_stage_close(&stage);
    return rc;
}
