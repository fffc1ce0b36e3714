/* SPDX-License-Identifier: Apache-2.0 */
/* story.c - the stories, and one undisturbed run of each. */
#include "tests/emu/story.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "airlock/mailbox.h"
#include "core/bytes.h"

/*
 * A request that was cut may be seen at once, later, or never; a test that
 * nobody confirms ends in A; nothing brings B back after that.
 */
const struct alk_story alk_stories[] = {
    {"test", ALK_REQ_TEST, 0, false, {"A", "A BA ABA", "A BA", NULL, "A"}},
    {"confirm", ALK_REQ_TEST, 0, true, {"A", "A BA ABA", "A BA", "A B", "B"}},
    {"perm", ALK_REQ_PERM, 0, false, {"A", "A B AB BA ABA", "B", NULL, "B"}},
    {"offset", ALK_REQ_TEST, 1, false, {"A", "A BA ABA", "A BA", NULL, "A"}},
};
const size_t alk_story_count = sizeof alk_stories / sizeof *alk_stories;

int alk_stage_open(struct alk_stage *s, const char *elf, uint32_t payload)
{
    size_t size;

    *s = (struct alk_stage){0};
    if (alk_rig_open(&s->rig, elf) != 0 || alk_rig_nativize(&s->rig) != 0)
        return -1;
    size = s->rig.emu->chip->flash_size;
    s->start = malloc(size);
    s->cells = (struct alk_cells){malloc(size), malloc(size)};
    if (!s->start || !s->cells.v || !s->cells.a ||
        alk_rig_image(&s->image[0], &s->rig, 1, payload, true) != 0 ||
        alk_rig_image(&s->image[1], &s->rig, 2, payload, true) != 0)
        return -1;
    return 0;
}

void alk_stage_close(struct alk_stage *s)
{
    alk_rig_close(&s->rig);
    for (size_t i = 0; i < ALK_IMAGES; i++)
        alk_forge_image_free(&s->image[i]);
    free(s->start);
    free(s->op);
    free(s->cells.v);
    free(s->cells.a);
}

static void append(struct alk_stage *s, const struct alk_emu_op *op, size_t n)
{
    s->op = realloc(s->op, (s->ops + n + 1) * sizeof *op);
    if (!s->op)
        abort();
    if (n)
        memcpy(s->op + s->ops, op, n * sizeof *op);
    s->ops += n;
}

static int failed(struct alk_stage *s, const char *what, unsigned phase)
{
    snprintf(s->why, sizeof s->why, "%s: undisturbed run, phase %u: %s", s->story->name, phase, what);
    return -1;
}

static int boot_phase(struct alk_stage *s, unsigned phase, const struct alk_forge_image *expect)
{
    s->first[phase] = s->ops;
    if (alk_rig_boot(&s->rig, phase + 1) != ALK_EMU_APP)
        return failed(s, "no image runs", phase);
    if (s->rig.emu->misuse)
        return failed(s, "a rule of the flash controller is broken", phase);
    append(s, s->rig.emu->log, s->rig.emu->ops);
    return alk_rig_runs(&s->rig, s->rig.emu->flash, expect) ? 0 : failed(s, "another image runs", phase);
}

static int app_phase(struct alk_stage *s, unsigned phase)
{
    int rc = ALK_OK;

    s->first[phase] = s->ops;
    s->rig.ops = 0;
    if (phase == 1)
        rc = alk_rig_app_request(&s->rig, s->story->request);
    else if (s->story->confirm)
        rc = alk_rig_app_confirm(&s->rig);
    append(s, s->rig.log, s->rig.ops);
    return rc == ALK_OK ? 0 : failed(s, "the mailbox refuses", phase);
}

int alk_stage_record(struct alk_stage *s, const struct alk_story *story)
{
    bool stays = story->confirm || story->request == ALK_REQ_PERM;
    struct alk_rig *r = &s->rig;

    s->story = story;
    s->ops = 0;
    alk_rig_factory(r, true);
    alk_rig_put(r, r->primary_at, s->image[0].plain, s->image[0].len);
    alk_rig_put(r, r->secondary_at + story->place * r->page, s->image[1].sealed, s->image[1].len);
    memcpy(s->start, r->emu->flash, r->emu->chip->flash_size);
    if (boot_phase(s, 0, &s->image[0]) != 0 || app_phase(s, 1) != 0 || boot_phase(s, 2, &s->image[1]) != 0 ||
        app_phase(s, 3) != 0 || boot_phase(s, 4, stays ? &s->image[1] : &s->image[0]) != 0)
        return -1;
    s->first[ALK_PHASES] = s->ops;
    return 0;
}

static bool data_word(const struct alk_rig *r, const struct alk_emu_op *op)
{
    uint32_t mailbox = r->slot_size - r->page;

    if (op->erase || op->at < r->primary_at)
        return false;
    return (op->at - r->primary_at) % r->slot_size < mailbox;
}

bool alk_stage_state(const struct alk_stage *s, size_t op)
{
    return !s->op[op].erase && !data_word(&s->rig, &s->op[op]);
}

/* A neighbour in the list makes it the first or last word of a run. */
bool alk_stage_special(const struct alk_stage *s, size_t op)
{
    const struct alk_emu_op *o = &s->op[op];

    if (!data_word(&s->rig, o) || op == 0 || op + 1 == s->ops)
        return true;
    return o[-1].at + 4 != o->at || o->at + 4 != o[1].at || o[-1].erase || o[1].erase;
}
