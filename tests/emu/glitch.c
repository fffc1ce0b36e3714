/* SPDX-License-Identifier: Apache-2.0 */
/*
 * glitch.c - one fault at the decision of the shipped binary.
 *
 *   emu_glitch BOOT.elf [window=N] [flips=N] [thin=N]
 *
 * The primary holds an image that must not run; undisturbed, the boot ends
 * in recovery.  From a snapshot `window` instructions before that end, each
 * instruction is skipped, or two are, or a register is cleared, set or loses
 * a random bit (`flips` in all), or the flags are inverted; of clearing and
 * setting only each thin-th is done.  Real code all the way: 10,000
 * instructions reach back into the end of P-256.  Success of the attacker is the first instruction of the
 * image.  Two controls: no fault gives the undisturbed end, and a good image
 * boots from such a snapshot.
 *
 * Skips are wrong inside Thumb-2 IT blocks in this CPU emulator (they have
 * no effect), so figures for the Cortex-M0 are the ones to look at.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "airlock/image.h"
#include "core/bytes.h"
#include "tests/emu/rig.h"

#define REGISTERS 13u
#define PATIENCE  400000u /* instructions after the snapshot */

/* Restored by name: a context of Unicorn's own does not outlive its engine. */
static const int reg_ids[REGISTERS + 3] = {
    UC_ARM_REG_R0,  UC_ARM_REG_R1, UC_ARM_REG_R2, UC_ARM_REG_R3,   UC_ARM_REG_R4,  UC_ARM_REG_R5,
    UC_ARM_REG_R6,  UC_ARM_REG_R7, UC_ARM_REG_R8, UC_ARM_REG_R9,   UC_ARM_REG_R10, UC_ARM_REG_R11,
    UC_ARM_REG_R12, UC_ARM_REG_SP, UC_ARM_REG_LR, UC_ARM_REG_APSR,
};

enum model { NONE, SKIP_1, SKIP_2, CLEAR, SET, FLAGS, BIT, MODELS };

static const char *const model_names[MODELS] = {"none",      "skip 1", "skip 2", "reg := 0",
                                                "reg := ~0", "flags",  "reg bit"};

struct lab {
    struct alk_rig rig;
    struct alk_emu saved;
    uint32_t reg[REGISTERS + 3]; /* r0 .. r12, sp, lr, flags */
    uint8_t *ram, *flash;
    uint64_t n, at, stop_at, window;
    uint32_t thin, flips;
    enum model model;
    uint32_t arg, pc; /* pc: where the fault hit */
    uc_hook hook;
};

struct score {
    unsigned long runs, ran, crash, hang, refused;
};

static void damage(struct lab *l, uint64_t at, uint32_t size)
{
    uc_engine *uc = l->rig.emu->uc;
    uint32_t v, next = (uint32_t)(at + size) | 1u;
    int reg = UC_ARM_REG_R0 + (int)(l->arg % REGISTERS);

    l->pc = (uint32_t)at;
    if (l->model == SKIP_1 || l->model == SKIP_2) {
        uc_reg_write(uc, UC_ARM_REG_PC, &next);
        return;
    }
    if (l->model == FLAGS)
        reg = UC_ARM_REG_APSR;
    uc_reg_read(uc, reg, &v);
    v = l->model == CLEAR ? 0
        : l->model == SET ? 0xffffffffu
                          : v ^ (l->model == FLAGS ? 0xf0000000u : 1u << (l->arg >> 8 & 31u));
    uc_reg_write(uc, reg, &v);
}

static void on_instruction(uc_engine *uc, uint64_t at, uint32_t size, void *user)
{
    struct lab *l = user;
    uint64_t n = l->n++;

    (void)uc;
    if (n == l->stop_at) {
        l->rig.emu->stop = ALK_EMU_BUDGET;
        uc_emu_stop(l->rig.emu->uc);
    } else if (l->model != NONE && (n == l->at || (n == l->at + 1 && l->model == SKIP_2))) {
        damage(l, at, size);
    }
}

static void look_closely(struct lab *l)
{
    union {
        void (*code)(uc_engine *, uint64_t, uint32_t, void *);
        void *p;
    } f = {.code = on_instruction};

    uc_hook_add(l->rig.emu->uc, &l->hook, UC_HOOK_CODE, f.p, l, 1, 0);
}

/* Boot undisturbed: to its end, and to the snapshot before it. return: 0, or -1 */
static int approach(struct lab *l, enum alk_emu_end expect, uint64_t window)
{
    struct alk_emu *e = l->rig.emu;
    uint64_t total;

    e->first_wfi = true;
    e->max_resets = 0;
    l->model = NONE;
    l->stop_at = ~0ull;
    alk_rig_boot(&l->rig, 1); /* formats the journal */
    memcpy(l->flash, e->flash, e->chip->flash_size);
    l->n = 0;
    if (alk_rig_boot(&l->rig, 1) != expect)
        return -1;
    memcpy(e->flash, l->flash, e->chip->flash_size);
    total = l->n;
    l->window = window < total ? window : total;
    l->stop_at = total - l->window;
    l->n = 0;
    if (alk_rig_boot(&l->rig, 1) != ALK_EMU_BUDGET)
        return -1;
    for (unsigned i = 0; i < REGISTERS + 3; i++)
        uc_reg_read(e->uc, reg_ids[i], &l->reg[i]);
    memcpy(l->ram, e->ram, e->chip->ram_size);
    memcpy(l->flash, e->flash, e->chip->flash_size);
    l->saved = *e;
    return 0;
}

static void rewind_to_snapshot(struct lab *l)
{
    struct alk_emu *e = l->rig.emu, now = *e;
    uint32_t masked = 1;

    if (now.ops != l->saved.ops)
        memcpy(e->flash, l->flash, e->chip->flash_size);
    memcpy(e->ram, l->ram, 0x4000);
    *e = l->saved;
    e->uc = now.uc;
    e->log = now.log;
    e->log_cap = now.log_cap;
    e->uart.tx = now.uart.tx;
    e->uart.tx_cap = now.uart.tx_cap;
    memcpy(e->hooks, now.hooks, sizeof e->hooks);
    uc_reg_write(e->uc, UC_ARM_REG_PRIMASK, &masked);
    for (unsigned i = 0; i < REGISTERS + 3; i++)
        uc_reg_write(e->uc, reg_ids[i], &l->reg[i]);
    l->n = 0;
    l->stop_at = l->window + PATIENCE;
}

static enum alk_emu_end run(struct lab *l, enum model model, uint64_t at, uint32_t arg)
{
    rewind_to_snapshot(l);
    l->model = model;
    l->at = at;
    l->arg = arg;
    return alk_emu_resume(l->rig.emu);
}

/* A crash may leave the CPU emulator unfit: show that it is not, or take a new one. return: 0, or -1 */
static int mend(struct lab *l, enum alk_emu_end expect)
{
    if (run(l, NONE, 0, 0) == expect && l->n == l->window)
        return 0;
    alk_emu_watch(l->rig.emu, l->rig.primary_at, l->rig.slot_size);
    look_closely(l);
    return run(l, NONE, 0, 0) == expect && l->n == l->window ? 0 : -1;
}

static int fault(struct score *s, struct lab *l, enum model model, uint64_t at, uint32_t arg)
{
    enum alk_emu_end end = run(l, model, at, arg);

    s->runs++;
    s->ran += end == ALK_EMU_APP;
    s->hang += end == ALK_EMU_BUDGET;
    s->refused += end == ALK_EMU_IDLE;
    s->crash += end == ALK_EMU_CRASH || end == ALK_EMU_EXIT || end == ALK_EMU_RESETS;
    if (end == ALK_EMU_APP)
        printf("    runs after %s, r%u bit %u, at instruction %llu, pc 0x%x: enters at 0x%x\n",
               model_names[model], arg % REGISTERS, arg >> 8 & 31u, (unsigned long long)at, l->pc,
               l->rig.emu->pc);
    return end == ALK_EMU_CRASH ? mend(l, ALK_EMU_IDLE) : 0;
}

static int sweep(struct score *s, struct lab *l, enum model model)
{
    uint32_t rng = alk_emu_seed(5), last = model == CLEAR || model == SET ? REGISTERS : 1;

    if (model == BIT) {
        for (uint32_t i = 0; i < l->flips; i++) {
            uint64_t at = (alk_emu_random(&rng) >> 3) % l->window;

            if (fault(s, l, model, at, (alk_emu_random(&rng) >> 2) & 0x1fff) != 0)
                return -1;
        }
        return 0;
    }
    for (uint64_t at = 0; at < l->window; at++)
        for (uint32_t arg = 0; arg < last; arg++)
            if ((last == 1 || (at + arg) % l->thin == 0) && fault(s, l, model, at, arg) != 0)
                return -1;
    return 0;
}

/* Signed by a stranger under our key's name, or ours with one bit of its payload changed. */
static int plant(struct alk_rig *r, unsigned scenario)
{
    struct alk_forge_key stranger, mine = r->sign;
    struct alk_forge_image img;

    if (alk_forge_key_make(&stranger, 666) != 0)
        return -1;
    memcpy(stranger.id, mine.id, sizeof mine.id);
    if (scenario == 1)
        r->sign = stranger;
    if (alk_rig_image(&img, r, 1, 528, true) != 0)
        return -1;
    r->sign = mine;
    alk_rig_factory(r, true);
    alk_rig_put(r, r->primary_at, img.plain, img.len);
    if (scenario == 2)
        r->emu->flash[r->primary_at + img.payload_at + 400] ^= 4;
    alk_forge_image_free(&img);
    alk_forge_key_free(&stranger);
    return 0;
}

static int scenario(struct lab *l, unsigned number, uint64_t window)
{
    static const char *const names[] = {"good image", "signed by a stranger", "payload changed"};
    enum alk_emu_end expect = number ? ALK_EMU_IDLE : ALK_EMU_APP;
    unsigned long ran = 0;

    if (plant(&l->rig, number) != 0 || approach(l, expect, window) != 0 || mend(l, expect) != 0) {
        printf("%s: %s: the control fails\n", l->rig.board, names[number]);
        return -1;
    }
    printf("%s: %s: control ends as it must\n", l->rig.board, names[number]);
    for (enum model m = SKIP_1; number && m < MODELS; m++) {
        struct score s = {0};

        if (sweep(&s, l, m) != 0)
            return -1;
        printf("  %-10s %8lu faults: %lu run the image, %lu refused, %lu crash, %lu hang\n", model_names[m],
               s.runs, s.ran, s.refused, s.crash, s.hang);
        ran += s.ran;
    }
    return ran ? 1 : 0;
}

int main(int argc, char **argv)
{
    uint32_t window = 10000;
    struct lab l = {.flips = 20000, .thin = 1};
    int rc = 0;

    for (int i = 2; i < argc; i++)
        if ((sscanf(argv[i], "window=%u", &window) != 1 && sscanf(argv[i], "flips=%u", &l.flips) != 1 &&
             sscanf(argv[i], "thin=%u", &l.thin) != 1) ||
            l.thin == 0)
            argc = 0;
    if (argc < 2) {
        fprintf(stderr, "usage: emu_glitch BOOT.elf [window=N] [flips=N] [thin=N]\n");
        return 2;
    }
    if (access(argv[1], R_OK) != 0) {
        printf("SKIPPED: %s is not built\n", argv[1]);
        return 77;
    }
    if (alk_rig_open(&l.rig, argv[1]) != 0)
        return 3;
    l.ram = malloc(l.rig.emu->chip->ram_size);
    l.flash = malloc(l.rig.emu->chip->flash_size);
    look_closely(&l);
    for (unsigned i = 0; i < 3; i++)
        rc |= scenario(&l, i, window);
    free(l.ram);
    free(l.flash);
    alk_rig_close(&l.rig);
    return rc ? 1 : 0;
}
