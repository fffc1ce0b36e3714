/* SPDX-License-Identifier: Apache-2.0 */
/*
 * story.h - the life of an update on the shipped binary, and every way to cut it.
 *
 * A story is run once, undisturbed; each change of flash it makes, by the
 * boot program or by the application, becomes an entry of one list:
 *
 *   phase   0 first boot   1 request   2 update boot   3 confirm   4 next boot
 *
 * A cut is a prefix of that list whose last operation ended in one of the
 * ways of sim/lib (done, part, unstable, half erased) or in random bits.
 * From there the board is booted cold until it is steady.  What ran, boot by
 * boot, is a word of A (the old image) and B (the new one), repetitions
 * left out; the story says which words are right in which phase.
 *
 * Each boot is done twice: by the ARM binary in the emulator, and by the
 * host's build of the same core.  Both must end alike and leave the same flash.
 */
#ifndef AIRLOCK_TESTS_EMU_STORY_H
#define AIRLOCK_TESTS_EMU_STORY_H

#include "sim/lib/sim.h"
#include "tests/emu/rig.h"

#define ALK_PHASES   5
#define ALK_HOW_ALL  (ALK_SIM_HOWS + 1) /* one more: random bits */
#define ALK_WORD_MAX 8
#define ALK_IMAGES   4

struct alk_story {
    const char *name;
    uint8_t request, place; /* place: sector of the secondary where B was put */
    bool confirm;
    const char *right[ALK_PHASES]; /* words, separated by spaces; NULL: no such phase */
};

extern const struct alk_story alk_stories[];
extern const size_t alk_story_count;

struct alk_cut {
    size_t op;
    unsigned how;
};

/* Flash as cells: see sim/lib/sim.h. */
struct alk_cells {
    uint8_t *v, *a;
};

struct alk_stage {
    struct alk_rig rig;
    const struct alk_story *story;
    struct alk_forge_image image[ALK_IMAGES]; /* A, B, .. as far as made */
    uint8_t *start;                           /* flash before the story */
    struct alk_emu_op *op;
    size_t ops, first[ALK_PHASES + 1]; /* first operation of each phase */
    struct alk_cells cells;
    char word[ALK_WORD_MAX + 1]; /* what ran after the last cut */
    char why[160];               /* of the last failure */
    uint64_t boots, compared;
};

/* return: 0, or -1 (said on stderr) */
int alk_stage_open(struct alk_stage *s, const char *elf, uint32_t payload);
void alk_stage_close(struct alk_stage *s);

/* Run the story undisturbed. return: 0, or -1 (s->why) */
int alk_stage_record(struct alk_stage *s, const struct alk_story *story);

/* Is this operation more than one of many equal words of image data? */
bool alk_stage_special(const struct alk_stage *s, size_t op);

/* Is this operation a write of journal or mailbox? */
bool alk_stage_state(const struct alk_stage *s, size_t op);

/* What an operation leaves in the cells when it ends that way. */
void alk_stage_leave(struct alk_stage *s, const struct alk_emu_op *op, unsigned how, uint32_t seed);

/*
 * One cold boot on both builds; nothing is left in the cells yet.
 *
 * out:    s->word - longer by the image that runs, if it is another one
 * return: false - s->why
 */
bool alk_stage_boot(struct alk_stage *s, uint32_t seed);

/* The operation has such a way of ending. */
bool alk_stage_can(const struct alk_stage *s, const struct alk_cut *cut);

/*
 * Cut, once or (second != NULL) again in the first boot after; then boot until steady.
 *
 * in:     second->op - counted modulo the operations of that boot
 * return: true - all as it should be; false - s->why
 */
bool alk_stage_cut(struct alk_stage *s, const struct alk_cut *first, const struct alk_cut *second);

/*
 * Before operation flip->op one bit of the journal's written part or of a
 * mailbox is wrong (which: flip->how, a large number).  An image must run.
 */
bool alk_stage_flip(struct alk_stage *s, const struct alk_cut *flip);

#endif
