/* SPDX-License-Identifier: Apache-2.0 */
/*
 * call.h - one function of an ARM binary, called from the host.
 *
 * The ELF is linked at 0 and needs no start-up code (functions.ld).  RAM at
 * 0x20000000, 64 KiB: the caller's arguments below, the stack on top.
 */
#ifndef AIRLOCK_SIM_EMU_CALL_H
#define AIRLOCK_SIM_EMU_CALL_H

#include <stdbool.h>
#include <stdint.h>
#include <unicorn/unicorn.h>

#include "elf.h"

#define ALK_CALL_RAM      0x20000000u
#define ALK_CALL_RAM_SIZE 0x10000u

struct alk_call {
    uc_engine *uc;
    struct alk_elf elf;
    uint8_t *flash, *ram;
    unsigned long long insns; /* counted if asked for */
    unsigned stack;           /* bytes the last call used */
};

/* in: core - "cortex-m0" or "cortex-m4"; count - slower, and insns are counted
   return: 0, or -1 (said on stderr) */
int alk_call_open(struct alk_call *m, const char *elf, const char *core, bool count);
void alk_call_close(struct alk_call *m);

/* in: arg[n] - AAPCS words; out: r0.  A crash ends the program: exit status 4. */
uint32_t alk_call(struct alk_call *m, const char *function, const uint32_t *arg, unsigned n);

#endif
