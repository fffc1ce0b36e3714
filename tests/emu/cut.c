/* SPDX-License-Identifier: Apache-2.0 */
/* cut.c - one cut, the boots after it, and what must be true of them. */
#include <stdio.h>
#include <string.h>

#include "airlock/mailbox.h"
#include "core/bytes.h"
#include "tests/emu/story.h"

#define BOOTS_MAX 8
#define RANDOM    ALK_SIM_HOWS

static struct alk_sim_op as_sim(const struct alk_rig *r, const struct alk_emu_op *op, uint8_t word[4])
{
    alk_put32(word, op->value);
    return (struct alk_sim_op){.data = op->erase ? NULL : word, .at = op->at, .len = op->erase ? r->page : 4};
}

bool alk_stage_can(const struct alk_stage *s, const struct alk_cut *cut)
{
    uint8_t word[4];
    struct alk_sim_op op = as_sim(&s->rig, &s->op[cut->op], word);

    return cut->how == RANDOM || alk_sim_can(&op, (enum alk_sim_how)cut->how);
}

void alk_stage_leave(struct alk_stage *s, const struct alk_emu_op *op, unsigned how, uint32_t seed)
{
    uint8_t word[4];
    struct alk_sim_op sim = as_sim(&s->rig, op, word);

    if (how == RANDOM) {
        alk_emu_tear(s->cells.v, s->rig.emu->chip, op, seed);
        memcpy(s->cells.a + sim.at, s->cells.v + sim.at, sim.len);
    } else {
        alk_sim_leave(s->cells.v, s->cells.a, &sim, (enum alk_sim_how)how);
    }
}

/* What this boot reads: each cell that is unstable falls one way or the other. */
static void settle_cells(struct alk_stage *s, uint32_t seed)
{
    uint32_t rng = alk_emu_seed(seed), size = s->rig.secondary_at + s->rig.slot_size;
    uint8_t *r = s->rig.emu->flash;

    memcpy(r, s->cells.v, size);
    if (memcmp(s->cells.v, s->cells.a, size) == 0)
        return;
    for (uint32_t i = 0; i < size; i++)
        if (s->cells.v[i] != s->cells.a[i])
            r[i] ^= (uint8_t)((s->cells.v[i] ^ s->cells.a[i]) & alk_emu_random(&rng) >> 8);
}

static bool wrong(struct alk_stage *s, const char *what, uint32_t number)
{
    snprintf(s->why, sizeof s->why, "%s (0x%x; ran %s)", what, (unsigned)number, s->word);
    return false;
}

/* No 16 bytes of an image's plaintext, and no content key, in places where none may be. */
static bool holds(const uint8_t *area, size_t len, const struct alk_forge_image *img)
{
    if (!img->plain)
        return false;
    if (memmem(area, len, img->content_key, 16))
        return true;
    for (size_t i = img->payload_at; i + 16 <= img->payload_at + img->payload; i += 256)
        if (memmem(area, len, img->plain + i, 16))
            return true;
    return false;
}

static bool sealed(struct alk_stage *s)
{
    const struct alk_rig *r = &s->rig;
    const uint8_t *f = r->emu->flash;

    for (size_t i = 0; i < ALK_IMAGES; i++)
        if (holds(f + r->secondary_at, r->slot_size, &s->image[i]) ||
            holds(f + r->journal_at, r->journal_size, &s->image[i]))
            return false;
    return true;
}

static bool note(struct alk_stage *s)
{
    size_t n = strlen(s->word);
    char ran = 0;

    for (int i = 0; i < ALK_IMAGES && !ran; i++)
        if (s->image[i].plain && alk_rig_runs(&s->rig, s->rig.emu->flash, &s->image[i]))
            ran = (char)('A' + i);
    if (!ran)
        return wrong(s, "what runs is neither image", s->rig.emu->pc);
    if (n && s->word[n - 1] == ran)
        return true;
    if (n == ALK_WORD_MAX)
        return wrong(s, "no end of changes", 0);
    s->word[n] = ran;
    s->word[n + 1] = 0;
    return true;
}

bool alk_stage_boot(struct alk_stage *s, uint32_t seed)
{
    struct alk_rig *r = &s->rig;
    enum alk_emu_end end, twin;
    uint32_t at;

    settle_cells(s, seed);
    memcpy(r->twin, r->emu->flash, r->emu->chip->flash_size);
    end = alk_rig_boot(r, seed);
    s->boots++;
    if (end != ALK_EMU_APP)
        return wrong(s, "no image runs", (uint32_t)end);
    if (r->emu->misuse)
        return wrong(s, "a rule of the flash controller is broken at", r->emu->misuse_pc);
    twin = alk_rig_twin_boot(r);
    if (twin != end || !alk_rig_same(&at, r))
        return wrong(s, "the host's build does something else at", twin != end ? 0 : at);
    s->compared++;
    return (sealed(s) || wrong(s, "plaintext outside the primary", 0)) && note(s);
}

/* The cells follow. */
static bool boot(struct alk_stage *s, uint32_t seed)
{
    bool ok = alk_stage_boot(s, seed);

    for (size_t i = 0; i < s->rig.emu->ops; i++)
        alk_stage_leave(s, &s->rig.emu->log[i], ALK_SIM_DONE, 0);
    return ok;
}

static bool steady(struct alk_stage *s, uint32_t seed)
{
    unsigned quiet = 0;

    for (unsigned i = 0; i < BOOTS_MAX && quiet < 2; i++) {
        if (!boot(s, seed + i))
            return false;
        quiet = s->rig.emu->ops ? 0 : quiet + 1;
    }
    return quiet == 2 || wrong(s, "boots go on writing", BOOTS_MAX);
}

static bool right(struct alk_stage *s, const char *words)
{
    size_t n = strlen(s->word);

    for (const char *p = words; (p = strstr(p, s->word)); p++)
        if ((p == words || p[-1] == ' ') && (p[n] == 0 || p[n] == ' '))
            return true;
    return wrong(s, words, 0);
}

/* Cut the boot that follows the first cut, too: it runs to its end, and is then taken back. */
static bool again(struct alk_stage *s, const struct alk_cut *second, uint32_t seed)
{
    struct alk_rig *r = &s->rig;
    size_t k;

    settle_cells(s, seed);
    if (alk_rig_boot(r, seed) != ALK_EMU_APP)
        return wrong(s, "no image runs", (uint32_t)r->emu->stop);
    if (r->emu->ops == 0)
        return true;
    k = second->op % r->emu->ops;
    for (size_t i = 0; i < k; i++)
        alk_stage_leave(s, &r->emu->log[i], ALK_SIM_DONE, 0);
    alk_stage_leave(s, &r->emu->log[k],
                    r->emu->log[k].erase || second->how < ALK_SIM_LOWER ? second->how : RANDOM, seed);
    return true;
}

static unsigned phase_of(const struct alk_stage *s, size_t op)
{
    unsigned p = 0;

    while (p + 1 < ALK_PHASES && op >= s->first[p + 1])
        p++;
    return p;
}

static void replay(struct alk_stage *s, size_t n)
{
    s->word[0] = 0;
    memcpy(s->cells.v, s->start, s->rig.emu->chip->flash_size);
    for (size_t i = 0; i < n; i++)
        alk_emu_apply(s->cells.v, s->rig.emu->chip, &s->op[i]);
    memcpy(s->cells.a, s->cells.v, s->rig.emu->chip->flash_size);
}

/* A word of the state, by number: of the journal until its banks are blank, else of a mailbox. */
static uint32_t state_word(const struct alk_stage *s, uint32_t number)
{
    const struct alk_rig *r = &s->rig;
    uint32_t box = alk_mailbox_size(&r->map.primary), half = r->journal_size / 2, at;

    if (number % 4 == 0)
        return (number & 4 ? r->primary_at : r->secondary_at) + r->slot_size - box +
               (number >> 3) % box / 4 * 4;
    at = r->journal_at + (number & 4 ? half : 0) + (number >> 3) % 256u / 4 * 4;
    return alk_get32(s->cells.v + at) != 0xffffffffu ? at : r->journal_at + (at & 0x3cu);
}

bool alk_stage_flip(struct alk_stage *s, const struct alk_cut *flip)
{
    uint32_t at;

    replay(s, flip->op);
    at = state_word(s, flip->how) + (flip->how >> 24 & 3u);
    s->cells.v[at] ^= (uint8_t)(1u << (flip->how >> 26 & 7u));
    s->cells.a[at] = s->cells.v[at];
    return steady(s, (uint32_t)flip->op);
}

bool alk_stage_cut(struct alk_stage *s, const struct alk_cut *first, const struct alk_cut *second)
{
    uint32_t seed = (uint32_t)first->op * 8u + first->how + (second ? (uint32_t)second->op << 16 : 0);

    replay(s, first->op);
    alk_stage_leave(s, &s->op[first->op], first->how, seed);
    if (second && !again(s, second, seed + 99u))
        return false;
    return steady(s, seed + 1000u) && right(s, s->story->right[phase_of(s, first->op)]);
}
