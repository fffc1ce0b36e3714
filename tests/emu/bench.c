/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bench.c - what a boot of the shipped binaries costs, in the emulator.
 *
 *   emu_bench BOOT.elf ...
 *
 * Prints one JSON object a binary.  The real code runs, P-256 too.  Images
 * have a payload of 256 KiB where the slot takes it; else the largest is
 * measured, and what grows with the image carried on to 256 KiB in a
 * straight line; such figures are marked.
 */
#include <stdio.h>
#include <string.h>

#include "airlock/mailbox.h"
#include "tests/emu/rig.h"
#include "tests/emu/session.h"

#define GOAL  (256u << 10)
#define KINDS 4 /* of boots */

enum figure {
    INSNS,
    READ,
    CHECKED,
    WRITTEN,
    ERASES,
    JOURNAL_WRITTEN,
    JOURNAL_ERASES,
    BLOCKS,
    STACK,
    FIGURES
};

static const char *const figure_names[FIGURES] = {
    "instructions",       "slot_bytes_read", "slot_bytes_read_back",
    "slot_bytes_written", "slot_erases",     "journal_bytes_written",
    "journal_erases",     "aes_blocks",      "stack",
};

static const char *const kind_names[KINDS] = {"plain", "update", "revert", "recovery"};

struct run {
    uint64_t figure[KINDS][FIGURES];
    uint64_t blocks; /* counted since the last boot */
    struct alk_rig rig;
};

/* alk_aes_ctr(buf, len, key, key_len, off): the blocks of keystream it needs. */
static bool on_cipher(struct alk_emu *e, void *user)
{
    struct run *run = user;
    uint32_t len = 0, sp = 0, off = 0;

    uc_reg_read(e->uc, UC_ARM_REG_R1, &len);
    uc_reg_read(e->uc, UC_ARM_REG_SP, &sp);
    uc_mem_read(e->uc, sp, &off, 4);
    if (len)
        run->blocks += (off + len - 1) / 16 - off / 16 + 1;
    return false;
}

static void note_ops(uint64_t *f, const struct alk_rig *r)
{
    for (size_t i = 0; i < r->emu->ops; i++) {
        const struct alk_emu_op *op = &r->emu->log[i];
        bool slot = op->at >= r->primary_at;

        if (op->erase)
            f[slot ? ERASES : JOURNAL_ERASES]++;
        else
            f[slot ? WRITTEN : JOURNAL_WRITTEN] += 4;
    }
}

/* return: 0, or -1 if this boot did not end as it must */
static int measure(struct run *run, unsigned kind, const struct alk_forge_image *expect)
{
    struct alk_rig *r = &run->rig;
    uint64_t *f = run->figure[kind];

    run->blocks = 0;
    if (alk_rig_boot(r, kind + 1) != ALK_EMU_APP || !alk_rig_runs(r, r->emu->flash, expect) ||
        r->emu->misuse) {
        fprintf(stderr, "emu_bench: %s: the %s boot went wrong\n", r->board, kind_names[kind]);
        return -1;
    }
    memset(f, 0, sizeof run->figure[kind]);
    note_ops(f, r);
    f[INSNS] = r->emu->insns;
    f[READ] = r->emu->bytes_read;
    f[CHECKED] = r->emu->bytes_checked;
    f[BLOCKS] = run->blocks;
    f[STACK] = alk_emu_stack(r->emu);
    return 0;
}

static int open_run(struct run *run, const char *path)
{
    struct alk_rig *r = &run->rig;
    uint32_t floor, cipher;

    memset(run, 0, sizeof *run);
    if (alk_rig_open(r, path) != 0)
        return -1;
    alk_elf_static_ram(&floor, &r->elf);
    cipher = alk_elf_symbol(&r->elf, "alk_aes_ctr");
    if (cipher)
        alk_emu_tap(r->emu, cipher, on_cipher, run);
    alk_emu_watch_stack(r->emu, floor);
    alk_emu_watch_reads(r->emu, r->primary_at, 2 * r->slot_size);
    return 0;
}

static int life(struct run *run, uint32_t payload, bool encrypted)
{
    struct alk_rig *r = &run->rig;
    struct alk_forge_image a, b;
    int rc = -1;

    if (alk_rig_image(&a, r, 1, payload, encrypted) != 0 || alk_rig_image(&b, r, 2, payload, encrypted) != 0)
        return -1;
    alk_rig_factory(r, encrypted);
    alk_rig_put(r, r->primary_at, a.plain, a.len);
    alk_rig_put(r, r->secondary_at, b.sealed, b.len);
    if (alk_rig_boot(r, 9) == ALK_EMU_APP && measure(run, 0, &a) == 0 &&
        alk_rig_app_request(r, ALK_REQ_TEST) == ALK_OK && measure(run, 1, &b) == 0)
        rc = measure(run, 2, &a);
    alk_forge_image_free(&a);
    alk_forge_image_free(&b);
    return rc;
}

/* Recovery's deepest moment is the check of a whole upload. */
static void recovery(struct run *run)
{
    struct alk_rig *r = &run->rig;
    struct alk_forge_image a;
    uint64_t *f = run->figure[3];

    memset(f, 0, sizeof run->figure[3]);
    if (alk_rig_image(&a, r, 1, 2048, true) != 0)
        return;
    alk_rig_factory(r, true);
    if (alk_rig_boot(r, 4) == ALK_EMU_IDLE && alk_session_upload(r, a.sealed, a.len) == 0)
        f[STACK] = alk_emu_stack(r->emu);
    alk_forge_image_free(&a);
}

/*
 * A signature takes more or fewer instructions by its value, so the slope is
 * that of runs without P-256; the rest is the real run of the larger image.
 */
static int carry_on(struct run *run, const char *path, bool encrypted)
{
    uint32_t page = run->rig.page, big = (run->rig.slot_size / page - 8) / 8 * 8 * page, small = big / 2;
    static struct run less, more;

    if (open_run(&less, path) != 0 || alk_rig_nativize(&less.rig) != 0 ||
        life(&less, small, encrypted) != 0 || open_run(&more, path) != 0 ||
        alk_rig_nativize(&more.rig) != 0 || life(&more, big, encrypted) != 0 ||
        life(run, big, encrypted) != 0)
        return -1;
    for (unsigned k = 0; k < 3; k++)
        for (unsigned f = 0; f < STACK; f++)
            run->figure[k][f] += (more.figure[k][f] - less.figure[k][f]) * (GOAL - big) / (big - small);
    alk_rig_close(&less.rig);
    alk_rig_close(&more.rig);
    return 0;
}

static void print(const struct run *run, const char *path, bool straight, uint32_t ram)
{
    printf("{\"file\": \"%s\", \"board\": \"%s\", \"payload\": %u, \"extrapolated\": %s, \"static_ram\": %u",
           path, run->rig.board, GOAL, straight ? "true" : "false", ram);
    for (unsigned k = 0; k < KINDS; k++) {
        printf(", \"%s\": {", kind_names[k]);
        for (unsigned f = 0; f < FIGURES; f++)
            printf("%s\"%s\": %llu", f ? ", " : "", figure_names[f], (unsigned long long)run->figure[k][f]);
        printf("}");
    }
    printf("}\n");
}

static int bench(const char *path)
{
    static struct run run;
    uint32_t end, ram;
    bool straight, encrypted;
    int rc;

    if (open_run(&run, path) != 0)
        return -1;
    ram = alk_elf_static_ram(&end, &run.rig.elf);
    encrypted = alk_elf_symbol(&run.rig.elf, "alk_wrap_ec256") != 0;
    straight = run.rig.slot_size < GOAL + GOAL / 8;
    rc = straight ? carry_on(&run, path, encrypted) : life(&run, GOAL, encrypted);
    if (rc == 0 && alk_elf_symbol(&run.rig.elf, "alk_smp_recovery_cmds"))
        recovery(&run);
    if (rc == 0)
        print(&run, path, straight, ram);
    alk_rig_close(&run.rig);
    return rc;
}

int main(int argc, char **argv)
{
    int rc = 0;

    if (argc < 2) {
        fprintf(stderr, "usage: emu_bench BOOT.elf ...\n");
        return 2;
    }
    for (int i = 1; i < argc && rc == 0; i++)
        rc = bench(argv[i]);
    return rc ? 1 : 0;
}
