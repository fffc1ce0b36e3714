/* SPDX-License-Identifier: Apache-2.0 */
#include "call.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FLASH_SIZE 0x10000u
#define STOP       0xf000u /* functions return to here */
#define STACK_TOP  (ALK_CALL_RAM_SIZE - 64u)
#define PAINT      0xa5

static void count_insn(uc_engine *uc, uint64_t address, uint32_t size, void *user)
{
    struct alk_call *m = user;

    (void)uc;
    (void)address;
    (void)size;
    m->insns++;
}

static bool start_cpu(struct alk_call *m, const char *core, bool count)
{
    int model = strcmp(core, "cortex-m0") == 0 ? UC_CPU_ARM_CORTEX_M0 : UC_CPU_ARM_CORTEX_M4;
    uc_hook hook;

    return uc_open(UC_ARCH_ARM, UC_MODE_THUMB | UC_MODE_MCLASS, &m->uc) == UC_ERR_OK &&
           uc_ctl_set_cpu_model(m->uc, model) == UC_ERR_OK &&
           uc_mem_map_ptr(m->uc, 0, FLASH_SIZE, UC_PROT_READ | UC_PROT_EXEC, m->flash) == UC_ERR_OK &&
           uc_mem_map_ptr(m->uc, ALK_CALL_RAM, ALK_CALL_RAM_SIZE, UC_PROT_READ | UC_PROT_WRITE, m->ram) ==
               UC_ERR_OK &&
           (!count || uc_hook_add(m->uc, &hook, UC_HOOK_CODE, (void *)count_insn, m, 1, 0) == UC_ERR_OK);
}

int alk_call_open(struct alk_call *m, const char *elf, const char *core, bool count)
{
    *m = (struct alk_call){0};
    if (alk_elf_open(&m->elf, elf) != 0) {
        return -1;
    }
    m->flash = calloc(1, FLASH_SIZE);
    m->ram = calloc(1, ALK_CALL_RAM_SIZE);
    if (!m->flash || !m->ram || alk_elf_load(m->flash, FLASH_SIZE, &m->elf) != 0 ||
        !start_cpu(m, core, count)) {
        fprintf(stderr, "%s: does not load, or Unicorn does not start\n", elf);
        alk_call_close(m);
        return -1;
    }
    return 0;
}

void alk_call_close(struct alk_call *m)
{
    if (m->uc) {
        uc_close(m->uc);
    }
    alk_elf_close(&m->elf);
    free(m->flash);
    free(m->ram);
    *m = (struct alk_call){0};
}

static void set_arguments(struct alk_call *m, const uint32_t *arg, unsigned n)
{
    static const int reg[4] = {UC_ARM_REG_R0, UC_ARM_REG_R1, UC_ARM_REG_R2, UC_ARM_REG_R3};
    uint32_t sp = ALK_CALL_RAM + STACK_TOP;
    uint32_t lr = STOP | 1;

    memset(m->ram + ALK_CALL_RAM_SIZE / 2, PAINT, ALK_CALL_RAM_SIZE / 2);
    for (unsigned i = 0; i < n; i++) {
        if (i < 4) {
            uc_reg_write(m->uc, reg[i], &arg[i]);
        } else {
            memcpy(m->ram + STACK_TOP + 4 * (i - 4), &arg[i], 4);
        }
    }
    uc_reg_write(m->uc, UC_ARM_REG_SP, &sp);
    uc_reg_write(m->uc, UC_ARM_REG_LR, &lr);
}

uint32_t alk_call(struct alk_call *m, const char *function, const uint32_t *arg, unsigned n)
{
    uint32_t address = alk_elf_symbol(&m->elf, function);
    unsigned low = ALK_CALL_RAM_SIZE / 2;
    uint32_t r0;

    set_arguments(m, arg, n);
    if (address == 0 || uc_emu_start(m->uc, address | 1, STOP, 0, 0) != UC_ERR_OK) {
        fprintf(stderr, "%s: no such function, or it crashed\n", function);
        exit(4);
    }
    uc_reg_read(m->uc, UC_ARM_REG_R0, &r0);
    while (m->ram[low] == PAINT) {
        low++;
    }
    m->stack = STACK_TOP - low;
    return r0;
}
