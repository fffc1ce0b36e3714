/* SPDX-License-Identifier: Apache-2.0 */
/*
 * emu.h - the shipped ARM binary, run on the host with a power switch.
 *
 * A subset of two chips on the Unicorn CPU emulator: what a bootloader of
 * ours touches, and a fault for the rest.
 *
 *             nRF51822 (Cortex-M0)            nRF52840 (Cortex-M4)
 *   flash     256 KiB, pages of 1 KiB         1 MiB, pages of 4 KiB
 *   RAM       16 KiB                          256 KiB
 *   devices   NVMC UART0 TIMER0 POWER GPIO FICR UICR, system control space;
 *             write protection: MPU           ... ACL
 *
 * (E1) Flash obeys NOR rules: a write is an aligned word with CONFIG = WEN
 *      and clears bits only; an erase is a page with CONFIG = EEN.  Whatever
 *      breaks them changes nothing and is counted in `misuse`.
 * (E2) Every change of flash is an entry of `log`; replaying a prefix of it
 *      on the flash of before gives the flash at a power cut.
 * (E3) After power-on RAM and registers are random, from a seed that is
 *      printed; after a soft reset RAM and GPREGRET are as they were.
 * (E4) `insns` counts executed instructions exactly, block by block
 *      (instructions skipped by an IT condition count too, as they do in
 *      the core's own fetch).
 * (E5) A run ends by itself: never more than `budget` instructions.
 *
 * Some versions of Unicorn make a store to flash although the hook took it
 * over; so the right content is put back at the next block or device access
 * (a driver polls READY there).  Read back before that, it would be raw.
 *
 * Not modelled: exception entry (a fault ends the run), interrupts other
 * than as a reason to wake from WFI, the time flash takes, external flash.
 */
#ifndef AIRLOCK_SIM_EMU_H
#define AIRLOCK_SIM_EMU_H

#include <stddef.h>
#include <unicorn/unicorn.h>

#include "sim/emu/chip.h"

struct alk_emu;

/* One change of flash. */
struct alk_emu_op {
    uint32_t at;    /* word or page address */
    uint32_t value; /* as written; not used by an erase */
    bool erase;
};

/* Flash as it must be after the last store. */
struct alk_emu_fix {
    uint32_t at;
    uint8_t bytes[8], len; /* len 0: nothing to put back */
};

struct alk_emu_timer {
    uint64_t start; /* clock ticks of 16 MHz at TASKS_START */
    uint32_t cc[4], capture[4], prescaler, shorts;
    bool running, event[4];
};

struct alk_emu_uart {
    const uint8_t *rx;
    size_t rx_len, rx_pos;
    uint8_t *tx;
    size_t tx_len, tx_cap;
    bool started, ready, sent, held; /* held: the line is in break */
    bool error;
};

/*
 * A place where the host looks on, or takes over.
 *
 * return of call: true - the function's work is done, r0 set: go back to its
 * caller; false - go on as if nothing had been
 */
struct alk_emu_tap {
    uint32_t at;
    bool (*call)(struct alk_emu *e, void *user);
    void *user;
    struct alk_emu *e;
    uc_hook hook;
};

struct alk_emu {
    const struct alk_emu_chip *chip;
    uc_engine *uc;
    uint8_t *flash, *ram;
    uint32_t deepest; /* address of the lowest stack write */
    struct alk_emu_op *log;
    size_t ops, log_cap;
    uint64_t insns, bytes_read, bytes_checked, budget, misuse, resets, max_resets;
    uint32_t misuse_pc, config, vtor, gpregret, resetreas, gpio_in;
    uint32_t sp, pc;  /* at the end of a run */
    uint64_t protect; /* MPU blocks of 4 KiB */
    struct {
        uint32_t at, size, perm;
    } lock[8]; /* regions of the ACL */
    struct alk_emu_fix fix;
    struct alk_emu_uart uart;
    struct alk_emu_timer timer;
    uint32_t app_at, app_size, reads_at, reads_size, floor; /* what is watched */
    uint32_t rng, idle_polls;
    int stop;                             /* enum alk_emu_end, or 0 while running */
    bool reset_wanted, broken, first_wfi; /* first_wfi: idle is the first sleep */
    struct alk_emu_block *blocks;
    struct alk_emu_tap taps[6];
    unsigned tap_count;
    uc_hook hooks[6];
};

/* return: NULL only if Unicorn or memory fails (said on stderr) */
struct alk_emu *alk_emu_open(const struct alk_emu_chip *chip);
void alk_emu_close(struct alk_emu *e);

/* Runs end with ALK_EMU_APP before the first instruction of [at, at + size). */
void alk_emu_watch(struct alk_emu *e, uint32_t at, uint32_t size);

/* Call back before the instruction at `at` (at most 6). */
void alk_emu_tap(struct alk_emu *e, uint32_t at, bool (*call)(struct alk_emu *e, void *user), void *user);

/* Power comes: fill RAM and registers from the seed, reset all devices, clear counters and log. */
void alk_emu_power_on(struct alk_emu *e, uint32_t seed);

/* From the reset vector, across soft resets. */
enum alk_emu_end alk_emu_run(struct alk_emu *e);

/* Go on after ALK_EMU_IDLE. */
enum alk_emu_end alk_emu_resume(struct alk_emu *e);

/* Queue bytes for the UART (the caller keeps them). */
void alk_emu_feed(struct alk_emu *e, const uint8_t *p, size_t len);

/* Count bytes read as data in [at, at + size) of flash; bytes_checked: of words just written. */
void alk_emu_watch_reads(struct alk_emu *e, uint32_t at, uint32_t size);

/* From now on note the deepest write of the stack above `floor` (end of static RAM). */
void alk_emu_watch_stack(struct alk_emu *e, uint32_t floor);
uint32_t alk_emu_stack(const struct alk_emu *e); /* bytes, since power-on */

/* Repeat an operation on a flash content; torn: only a part of it, chosen by the seed. */
void alk_emu_apply(uint8_t *flash, const struct alk_emu_chip *chip, const struct alk_emu_op *op);
void alk_emu_tear(uint8_t *flash, const struct alk_emu_chip *chip, const struct alk_emu_op *op,
                  uint32_t seed);

/* A small deterministic generator; any seed gives a state for it. */
uint32_t alk_emu_seed(uint32_t seed);
uint32_t alk_emu_random(uint32_t *state);

#endif
