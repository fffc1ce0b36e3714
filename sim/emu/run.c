/* SPDX-License-Identifier: Apache-2.0 */
/* run.c - power, reset, and running until something decides. */
#include <string.h>

#include "core/bytes.h"
#include "devices.h"

#define SREQ 4u /* RESETREAS: soft reset */

uint32_t alk_emu_seed(uint32_t seed)
{
    uint32_t state = (seed ^ 0x5bd1e995u) * 0x9e3779b1u | 1u;

    for (int i = 0; i < 4; i++)
        alk_emu_random(&state);
    return state;
}

uint32_t alk_emu_random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

void alk_emu_misuse(struct alk_emu *e)
{
    if (e->misuse++ == 0)
        uc_reg_read(e->uc, UC_ARM_REG_PC, &e->misuse_pc);
}

void alk_emu_stop(struct alk_emu *e, int end)
{
    if (!e->stop)
        e->stop = end;
    uc_emu_stop(e->uc);
}

static void reset_devices(struct alk_emu *e)
{
    e->config = 0;
    e->vtor = 0;
    e->protect = 0;
    e->idle_polls = 0;
    e->stop = 0;
    e->fix.len = 0;
    e->reset_wanted = false;
    memset(e->lock, 0, sizeof e->lock);
    memset(&e->timer, 0, sizeof e->timer);
    e->uart.started = e->uart.ready = e->uart.sent = e->uart.error = false;
}

static void fill_registers(struct alk_emu *e)
{
    for (int r = UC_ARM_REG_R0; r <= UC_ARM_REG_R12; r++) {
        uint32_t noise = alk_emu_random(&e->rng);
        uc_reg_write(e->uc, r, &noise);
    }
}

void alk_emu_power_on(struct alk_emu *e, uint32_t seed)
{
    if (e->broken)
        alk_emu_wire(e);
    e->rng = alk_emu_seed(seed);
    for (uint32_t i = 0; i < e->chip->ram_size; i += 4)
        alk_put32(e->ram + i, alk_emu_random(&e->rng));
    fill_registers(e);
    reset_devices(e);
    e->gpregret = e->resetreas = 0;
    e->insns = e->bytes_read = e->bytes_checked = e->misuse = e->resets = 0;
    e->ops = 0;
    e->uart.tx_len = 0;
    e->deepest = alk_get32(e->flash);
}

/* The core's own part of a reset. */
static uint32_t reset_core(struct alk_emu *e)
{
    uint32_t sp = alk_get32(e->flash), pc = alk_get32(e->flash + 4), zero = 0, none = 0xffffffffu;

    uc_reg_write(e->uc, UC_ARM_REG_CONTROL, &zero);
    uc_reg_write(e->uc, UC_ARM_REG_PRIMASK, &zero);
    uc_reg_write(e->uc, UC_ARM_REG_SP, &sp);
    uc_reg_write(e->uc, UC_ARM_REG_LR, &none);
    return pc;
}

/* WFI ends a call of Unicorn without a reason: go on if anything can wake the CPU. */
static bool wake(struct alk_emu *e, uint32_t *pc)
{
    uc_reg_read(e->uc, UC_ARM_REG_PC, pc);
    *pc |= 1u;
    if (e->uart.started && e->uart.rx_pos < e->uart.rx_len)
        return e->uart.ready = true;
    return alk_emu_timer_skip(e);
}

static enum alk_emu_end go(struct alk_emu *e, uint32_t pc)
{
    while (!e->stop) {
        uc_err err = uc_emu_start(e->uc, pc | 1u, 0xffffffffu, 0, 0);

        alk_emu_nvmc_settle(e);
        if (err != UC_ERR_OK && !e->stop)
            e->stop = ALK_EMU_CRASH;
        if (e->stop)
            break;
        if (e->reset_wanted && e->resets++ >= e->max_resets) {
            e->stop = ALK_EMU_RESETS;
        } else if (e->reset_wanted) {
            reset_devices(e);
            e->resetreas |= SREQ;
            pc = reset_core(e);
        } else if (!wake(e, &pc) || e->first_wfi) {
            e->stop = ALK_EMU_IDLE;
        }
    }
    uc_reg_read(e->uc, UC_ARM_REG_PC, &e->pc);
    uc_reg_read(e->uc, UC_ARM_REG_SP, &e->sp);
    e->broken = e->stop == ALK_EMU_CRASH || e->stop == ALK_EMU_EXIT;
    return (enum alk_emu_end)e->stop;
}

enum alk_emu_end alk_emu_run(struct alk_emu *e)
{
    e->stop = 0;
    return go(e, reset_core(e));
}

enum alk_emu_end alk_emu_resume(struct alk_emu *e)
{
    e->stop = 0;
    return go(e, e->pc);
}

uint32_t alk_emu_stack(const struct alk_emu *e)
{
    return alk_get32(e->flash) - e->deepest;
}
