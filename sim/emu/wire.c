/* SPDX-License-Identifier: Apache-2.0 */
/* wire.c - chips, their memory map, and the hooks into the CPU emulator. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/bytes.h"
#include "devices.h"

#define PERIPHERALS 0x40000000u
#define GPIO        0x50000000u
#define FICR        0x10000000u
#define UICR        0x10001000u
#define SCS         0xe000e000u
#define PAGE        0x1000u
#define PUSH_MAX    64u

const struct alk_emu_chip alk_emu_nrf51 = {
    .name = "nrf51822",
    .cpu = UC_CPU_ARM_CORTEX_M0,
    .cpuid = 0x410cc200u,
    .part = 0xffffffffu,
    .flash_size = 256u << 10,
    .page = 1024,
    .ram_size = 16u << 10,
    .mhz = 16,
    .mpu = true,
};

const struct alk_emu_chip alk_emu_nrf52840 = {
    .name = "nrf52840",
    .cpu = UC_CPU_ARM_CORTEX_M4,
    .cpuid = 0x410fc241u,
    .part = 0x52840u,
    .flash_size = 1u << 20,
    .page = 4096,
    .ram_size = 256u << 10,
    .mhz = 64,
    .vtor = true,
};

/* A block of code, as translated: how many instructions it has. */
struct alk_emu_block {
    uint16_t size, insns;
};

static const struct alk_emu_device devices[] = {
    {PERIPHERALS, alk_emu_power_read, alk_emu_power_write},
    {PERIPHERALS + 0x2000, alk_emu_uart_read, alk_emu_uart_write},
    {PERIPHERALS + 0x8000, alk_emu_timer_read, alk_emu_timer_write},
    {PERIPHERALS + 0x1e000, alk_emu_nvmc_read, alk_emu_nvmc_write},
    {GPIO, alk_emu_gpio_read, NULL},
    {FICR, alk_emu_ficr_read, NULL},
    {UICR, alk_emu_uicr_read, NULL},
    {SCS, alk_emu_scs_read, alk_emu_scs_write},
};

static const struct alk_emu_device *device(uint32_t address)
{
    for (size_t i = 0; i < sizeof devices / sizeof *devices; i++)
        if (devices[i].base == (address & ~(PAGE - 1u)))
            return &devices[i];
    return NULL;
}

static uint64_t bus_read(struct alk_emu *e, uint32_t address)
{
    const struct alk_emu_device *d = device(address);

    alk_emu_nvmc_settle(e);
    return d ? d->read(e, address & (PAGE - 1u)) : 0;
}

static void bus_write(struct alk_emu *e, uint32_t address, uint32_t value)
{
    const struct alk_emu_device *d = device(address);

    alk_emu_nvmc_settle(e);
    if (d && d->write)
        d->write(e, address & (PAGE - 1u), value);
}

/* Unicorn gives offsets within a mapping, so there is one pair of functions a mapping. */
static uint64_t peripheral_read(uc_engine *uc, uint64_t off, unsigned size, void *e)
{
    (void)uc, (void)size;
    return bus_read(e, PERIPHERALS + (uint32_t)off);
}

static void peripheral_write(uc_engine *uc, uint64_t off, unsigned size, uint64_t value, void *e)
{
    (void)uc, (void)size;
    bus_write(e, PERIPHERALS + (uint32_t)off, (uint32_t)value);
}

static uint64_t gpio_read(uc_engine *uc, uint64_t off, unsigned size, void *e)
{
    (void)uc, (void)size;
    return bus_read(e, GPIO + (uint32_t)off);
}

static void gpio_write(uc_engine *uc, uint64_t off, unsigned size, uint64_t value, void *e)
{
    (void)uc, (void)size;
    bus_write(e, GPIO + (uint32_t)off, (uint32_t)value);
}

static uint64_t info_read(uc_engine *uc, uint64_t off, unsigned size, void *e)
{
    (void)uc, (void)size;
    return bus_read(e, FICR + (uint32_t)off);
}

static void info_write(uc_engine *uc, uint64_t off, unsigned size, uint64_t value, void *e)
{
    (void)uc, (void)size, (void)off, (void)value;
    alk_emu_misuse(e);
}

static uint64_t scs_read(uc_engine *uc, uint64_t off, unsigned size, void *e)
{
    (void)uc, (void)size;
    return bus_read(e, SCS + (uint32_t)off);
}

static void scs_write(uc_engine *uc, uint64_t off, unsigned size, uint64_t value, void *e)
{
    (void)uc, (void)size;
    bus_write(e, SCS + (uint32_t)off, (uint32_t)value);
}

/* Flash is mapped without write permission: the store comes here, and is then dropped. */
static bool on_flash_store(uc_engine *uc, uc_mem_type type, uint64_t at, int size, int64_t value, void *user)
{
    struct alk_emu *e = user;

    (void)uc, (void)type;
    if (at >= e->chip->flash_size)
        return false;
    alk_emu_nvmc_store(e, (uint32_t)at, (uint32_t)size, (uint32_t)value);
    return true;
}

static void on_interrupt(uc_engine *uc, uint32_t number, void *user)
{
    (void)uc;
    alk_emu_stop(user, number == 7 ? ALK_EMU_EXIT : ALK_EMU_CRASH);
}

static const uint8_t *code_at(const struct alk_emu *e, uint32_t at)
{
    return at >= ALK_EMU_RAM ? e->ram + (at - ALK_EMU_RAM) : e->flash + at;
}

/* Thumb: a first half-word from 0xe800 on begins an instruction of two. */
static uint16_t count(const uint8_t *code, uint32_t size)
{
    uint16_t n = 0;

    for (uint32_t i = 0; i < size; n++)
        i += alk_get16(code + i) >= 0xe800u ? 4 : 2;
    return n;
}

static void on_block(uc_engine *uc, uint64_t at, uint32_t size, void *user)
{
    struct alk_emu *e = user;
    struct alk_emu_block *b = &e->blocks[at < e->chip->flash_size ? at / 2 : 0];

    (void)uc;
    if (b->size != size || at >= e->chip->flash_size || at == 0)
        *b = (struct alk_emu_block){(uint16_t)size, count(code_at(e, (uint32_t)at), size)};
    alk_emu_nvmc_settle(e);
    e->insns += b->insns;
    if (e->insns > e->budget)
        alk_emu_stop(e, ALK_EMU_BUDGET);
}

/* Without the Thumb bit a jump is a fault on these cores. */
static void on_app(uc_engine *uc, uint64_t at, uint32_t size, void *user)
{
    uint32_t psr = 0;

    (void)at, (void)size;
    uc_reg_read(uc, UC_ARM_REG_XPSR, &psr);
    alk_emu_stop(user, psr >> 24 & 1u ? ALK_EMU_APP : ALK_EMU_CRASH);
}

/*
 * A write is the stack's if it lies near the stack pointer; a push moves the
 * pointer after its stores.  Wiping RAM is none.
 */
static void on_stack(uc_engine *uc, uc_mem_type type, uint64_t at, int size, int64_t value, void *user)
{
    struct alk_emu *e = user;
    uint32_t sp;

    (void)type, (void)size, (void)value;
    if (at >= e->deepest)
        return;
    uc_reg_read(uc, UC_ARM_REG_SP, &sp);
    if (at + PUSH_MAX >= sp)
        e->deepest = (uint32_t)at;
}

/* A driver that reads back the word it has just written checks; that is counted apart. */
static void on_read(uc_engine *uc, uc_mem_type type, uint64_t at, int size, int64_t value, void *user)
{
    struct alk_emu *e = user;
    const struct alk_emu_op *last = e->ops ? &e->log[e->ops - 1] : NULL;

    (void)uc, (void)type, (void)value;
    if (last && !last->erase && (at & ~(uint64_t)3) == last->at)
        e->bytes_checked += (uint64_t)size;
    else
        e->bytes_read += (uint64_t)size;
}

static void on_tap(uc_engine *uc, uint64_t at, uint32_t size, void *user)
{
    struct alk_emu_tap *tap = user;
    uint32_t lr;

    (void)at, (void)size;
    if (!tap->call(tap->e, tap->user))
        return;
    uc_reg_read(uc, UC_ARM_REG_LR, &lr);
    uc_reg_write(uc, UC_ARM_REG_PC, &lr);
}

static bool map_memory(struct alk_emu *e)
{
    const struct alk_emu_chip *c = e->chip;

    return uc_mem_map_ptr(e->uc, 0, c->flash_size, UC_PROT_READ | UC_PROT_EXEC, e->flash) == UC_ERR_OK &&
           uc_mem_map_ptr(e->uc, ALK_EMU_RAM, c->ram_size, UC_PROT_ALL, e->ram) == UC_ERR_OK &&
           uc_mmio_map(e->uc, PERIPHERALS, 0x40000, peripheral_read, e, peripheral_write, e) == UC_ERR_OK &&
           uc_mmio_map(e->uc, GPIO, PAGE, gpio_read, e, gpio_write, e) == UC_ERR_OK &&
           uc_mmio_map(e->uc, FICR, 2 * PAGE, info_read, e, info_write, e) == UC_ERR_OK &&
           uc_mmio_map(e->uc, SCS, PAGE, scs_read, e, scs_write, e) == UC_ERR_OK;
}

static bool hook(struct alk_emu *e)
{
    /* Unicorn takes callbacks of every kind as void *; a union keeps that within the C standard's letter. */
    union {
        bool (*store)(uc_engine *, uc_mem_type, uint64_t, int, int64_t, void *);
        void (*code)(uc_engine *, uint64_t, uint32_t, void *);
        void (*intr)(uc_engine *, uint32_t, void *);
        void (*write)(uc_engine *, uc_mem_type, uint64_t, int, int64_t, void *);
        void *p;
    } store = {.store = on_flash_store}, block = {.code = on_block}, intr = {.intr = on_interrupt},
      app = {.code = on_app}, stack = {.write = on_stack}, reads = {.write = on_read}, tap = {.code = on_tap};
    bool ok = uc_hook_add(e->uc, &e->hooks[0], UC_HOOK_MEM_WRITE_PROT, store.p, e, 1, 0) == UC_ERR_OK &&
              uc_hook_add(e->uc, &e->hooks[1], UC_HOOK_BLOCK, block.p, e, 1, 0) == UC_ERR_OK &&
              uc_hook_add(e->uc, &e->hooks[2], UC_HOOK_INTR, intr.p, e, 1, 0) == UC_ERR_OK;

    if (ok && e->app_size)
        ok = uc_hook_add(e->uc, &e->hooks[3], UC_HOOK_CODE, app.p, e, e->app_at,
                         e->app_at + e->app_size - 1) == UC_ERR_OK;
    if (ok && e->floor)
        ok = uc_hook_add(e->uc, &e->hooks[4], UC_HOOK_MEM_WRITE, stack.p, e, e->floor,
                         ALK_EMU_RAM + e->chip->ram_size - 1) == UC_ERR_OK;
    if (ok && e->reads_size)
        ok = uc_hook_add(e->uc, &e->hooks[5], UC_HOOK_MEM_READ, reads.p, e, e->reads_at,
                         e->reads_at + e->reads_size - 1) == UC_ERR_OK;
    for (unsigned i = 0; ok && i < e->tap_count; i++)
        ok = uc_hook_add(e->uc, &e->taps[i].hook, UC_HOOK_CODE, tap.p, &e->taps[i], e->taps[i].at,
                         e->taps[i].at) == UC_ERR_OK;
    return ok;
}

bool alk_emu_wire(struct alk_emu *e)
{
    if (e->uc)
        uc_close(e->uc);
    e->uc = NULL;
    if (uc_open(UC_ARCH_ARM, UC_MODE_THUMB | UC_MODE_MCLASS, &e->uc) != UC_ERR_OK ||
        uc_ctl_set_cpu_model(e->uc, e->chip->cpu) != UC_ERR_OK || !map_memory(e) || !hook(e)) {
        fprintf(stderr, "emulator: Unicorn refuses to be set up as %s\n", e->chip->name);
        return false;
    }
    e->broken = false;
    return true;
}

struct alk_emu *alk_emu_open(const struct alk_emu_chip *chip)
{
    struct alk_emu *e = calloc(1, sizeof *e);

    if (!e)
        return NULL;
    e->chip = chip;
    e->flash = aligned_alloc(PAGE, chip->flash_size);
    e->ram = aligned_alloc(PAGE, chip->ram_size);
    e->blocks = calloc(chip->flash_size / 2, sizeof *e->blocks);
    if (!e->flash || !e->ram || !e->blocks || !alk_emu_wire(e)) {
        alk_emu_close(e);
        return NULL;
    }
    memset(e->flash, 0xff, chip->flash_size);
    e->budget = 2000000000u;
    e->max_resets = 4;
    e->gpio_in = 0xffffffffu;
    return e;
}

void alk_emu_close(struct alk_emu *e)
{
    if (e->uc)
        uc_close(e->uc);
    free(e->flash);
    free(e->ram);
    free(e->blocks);
    free(e->log);
    free(e->uart.tx);
    free(e);
}

void alk_emu_watch(struct alk_emu *e, uint32_t at, uint32_t size)
{
    e->app_at = at;
    e->app_size = size;
    alk_emu_wire(e);
}

void alk_emu_watch_stack(struct alk_emu *e, uint32_t floor)
{
    e->floor = floor;
    alk_emu_wire(e);
}

void alk_emu_watch_reads(struct alk_emu *e, uint32_t at, uint32_t size)
{
    e->reads_at = at;
    e->reads_size = size;
    alk_emu_wire(e);
}

void alk_emu_tap(struct alk_emu *e, uint32_t at, bool (*call)(struct alk_emu *e, void *user), void *user)
{
    e->taps[e->tap_count++] = (struct alk_emu_tap){.at = at, .call = call, .user = user, .e = e};
    alk_emu_wire(e);
}
