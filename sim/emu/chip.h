/* SPDX-License-Identifier: Apache-2.0 */
/* chip.h - the two chips as facts, and the ways a run on them ends. */
#ifndef AIRLOCK_SIM_EMU_CHIP_H
#define AIRLOCK_SIM_EMU_CHIP_H

#include <stdbool.h>
#include <stdint.h>

#define ALK_EMU_RAM 0x20000000u

struct alk_emu_chip {
    const char *name;
    int cpu; /* UC_CPU_ARM_* */
    uint32_t cpuid, part;
    uint32_t flash_size, page, ram_size;
    uint32_t mhz;
    bool vtor, mpu; /* mpu: nRF51 protection blocks; else nRF52840 ACL */
};

extern const struct alk_emu_chip alk_emu_nrf51;
extern const struct alk_emu_chip alk_emu_nrf52840;

enum alk_emu_end {                       /* how a run ended */
                   ALK_EMU_APP = 'a',    /* the next instruction lies in the watched slot */
                   ALK_EMU_IDLE = 'i',   /* waits for input that nobody has queued */
                   ALK_EMU_CRASH = 'c',  /* fault, undefined instruction, lock-up */
                   ALK_EMU_BUDGET = 'b', /* out of instructions */
                   ALK_EMU_RESETS = 'r', /* out of soft resets */
                   ALK_EMU_EXIT = 'x',   /* breakpoint instruction */
};

#endif
