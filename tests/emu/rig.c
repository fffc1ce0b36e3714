/* SPDX-License-Identifier: Apache-2.0 */
/* rig.c - the board by its bootinfo; the host's twin; the application's writes. */
#include "tests/emu/rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "airlock/bootinfo.h"
#include "airlock/install.h"
#include "airlock/mailbox.h"
#include "core/bytes.h"

#define SIGN_SEED   101u
#define DEVICE_SEED 202u
#define BUFFER      512u /* as programs/boot has it */

/* Flash of the twin and of the application: plain memory with NOR rules. */
static int mem_read(void *dev, uint32_t at, void *buf, size_t len)
{
    const struct alk_rig *r = dev;

    memcpy(buf, r->twin + at, len);
    return ALK_OK;
}

static int mem_prog(void *dev, uint32_t at, const void *buf, size_t len)
{
    const struct alk_rig *r = dev;
    const uint8_t *p = buf;
    int rc = ALK_OK;

    for (size_t i = 0; i < len; i++) {
        r->twin[at + i] &= p[i];
        if (r->twin[at + i] != p[i])
            rc = ALK_E_FLASH;
    }
    return rc;
}

static int mem_erase(void *dev, uint32_t at, size_t len)
{
    const struct alk_rig *r = dev;

    memset(r->twin + at, 0xff, len);
    return ALK_OK;
}

static const struct alk_flash_ops twin_ops = {mem_read, mem_prog, mem_erase};

static void keep(struct alk_rig *r, struct alk_emu_op op)
{
    if (r->ops == r->cap) {
        r->cap = r->cap ? 2 * r->cap : 64;
        r->log = realloc(r->log, r->cap * sizeof *r->log);
        if (!r->log)
            abort();
    }
    r->log[r->ops++] = op;
    alk_emu_apply(r->emu->flash, r->emu->chip, &op);
}

/* The application's flash is the device itself, word by word into the log. */
static int app_read(void *dev, uint32_t at, void *buf, size_t len)
{
    const struct alk_rig *r = dev;

    memcpy(buf, r->emu->flash + at, len);
    return ALK_OK;
}

static int app_prog(void *dev, uint32_t at, const void *buf, size_t len)
{
    const uint8_t *p = buf;

    for (size_t i = 0; i < len; i += 4)
        keep(dev, (struct alk_emu_op){.at = at + (uint32_t)i, .value = alk_get32(p + i)});
    return ALK_OK;
}

static int app_erase(void *dev, uint32_t at, size_t len)
{
    (void)len;
    keep(dev, (struct alk_emu_op){.at = at, .erase = true});
    return ALK_OK;
}

static const struct alk_flash_ops app_ops = {app_read, app_prog, app_erase};

static struct alk_flash area(const struct alk_rig *r, uint32_t at, uint32_t size)
{
    return (struct alk_flash){
        .ops = &twin_ops,
        .dev = (void *)(uintptr_t)r,
        .base = at,
        .sector_size = r->page,
        .sectors = (uint16_t)(size / r->page),
        .unit = r->unit,
    };
}

static const uint8_t *bootinfo(const struct alk_elf *elf)
{
    for (size_t i = 0; i + ALK_BOOTINFO_SIZE <= elf->size; i += 4)
        if (alk_get32(elf->file + i) == ALK_BOOTINFO_MAGIC &&
            alk_get16(elf->file + i + 6) == ALK_BOOTINFO_SIZE)
            return elf->file + i;
    return NULL;
}

static void learn(struct alk_rig *r, const uint8_t *info)
{
    memcpy(r->board, info + 8, 16);
    r->keys_at = alk_get32(info + 32);
    r->primary_at = alk_get32(info + 40);
    r->slot_size = alk_get32(info + 44);
    r->secondary_at = alk_get32(info + 48);
    r->journal_at = alk_get32(info + 56);
    r->journal_size = alk_get32(info + 60);
    r->page = alk_get32(info + 64);
    r->unit = alk_get16(info + 68);
    r->hdr_size = alk_get16(info + 70);
    r->map = (struct alk_map){
        .board = r->board,
        .primary = area(r, r->primary_at, r->slot_size),
        .secondary = area(r, r->secondary_at, r->slot_size),
        .journal = area(r, r->journal_at, r->journal_size),
        .keys = area(r, r->keys_at, r->page),
        .demand = {.exec_addr = r->primary_at, .max_size = ALK_INSTALL_CAPACITY(r->slot_size, r->page, 4u), .hdr_size = r->hdr_size},
    };
}

int alk_rig_open(struct alk_rig *r, const char *path)
{
    const uint8_t *info;
    const struct alk_emu_chip *chip;

    *r = (struct alk_rig){0};
    if (alk_elf_open(&r->elf, path) != 0)
        return -1;
    info = bootinfo(&r->elf);
    if (!info) {
        fprintf(stderr, "emulator: %s: says nothing about itself (no bootinfo)\n", path);
        return -1;
    }
    learn(r, info);
    chip = r->page == alk_emu_nrf51.page ? &alk_emu_nrf51 : &alk_emu_nrf52840;
    r->emu = alk_emu_open(chip);
    r->twin = malloc(chip->flash_size);
    if (!r->emu || !r->twin || alk_elf_load(r->emu->flash, chip->flash_size, &r->elf) != 0 ||
        alk_forge_key_make(&r->sign, SIGN_SEED) != 0 || alk_forge_key_make(&r->device, DEVICE_SEED) != 0)
        return -1;
    alk_emu_watch(r->emu, r->primary_at, r->slot_size);
    return 0;
}

void alk_rig_close(struct alk_rig *r)
{
    if (r->emu)
        alk_emu_close(r->emu);
    alk_elf_close(&r->elf);
    alk_forge_key_free(&r->sign);
    alk_forge_key_free(&r->device);
    free(r->twin);
    free(r->log);
}

void alk_rig_put(struct alk_rig *r, uint32_t at, const uint8_t *p, size_t len)
{
    memcpy(r->emu->flash + at, p, len);
}

void alk_rig_factory(struct alk_rig *r, bool with_decrypt_key)
{
    memset(r->emu->flash + r->primary_at, 0xff, r->slot_size);
    memset(r->emu->flash + r->secondary_at, 0xff, r->slot_size);
    memset(r->emu->flash + r->journal_at, 0xff, r->journal_size);
    alk_forge_key_area(r->emu->flash + r->keys_at, r->page, &r->sign, with_decrypt_key ? &r->device : NULL);
}

int alk_rig_image(struct alk_forge_image *img, const struct alk_rig *r, uint8_t version, uint32_t payload,
                  bool key_tlv)
{
    const struct alk_forge_spec spec = {
        .primary = r->primary_at,
        .payload = payload,
        .hdr_size = r->hdr_size ? r->hdr_size : 0x200,
        .version = version,
        .key_tlv = key_tlv,
        .seed = version * 1000u + payload,
    };

    return alk_forge_image_make(img, &spec, &r->sign, &r->device);
}

enum alk_emu_end alk_rig_boot(struct alk_rig *r, uint32_t seed)
{
    alk_emu_power_on(r->emu, seed);
    return alk_emu_run(r->emu);
}

enum alk_emu_end alk_rig_twin_boot(struct alk_rig *r)
{
    uint8_t buf[BUFFER];
    struct alk_boot b = {.map = &r->map, .buf = buf, .buf_len = sizeof buf};
    struct alk_settle settling;
    uint32_t vectors;

    if (alk_boot_settle(&b, &settling) != ALK_OK || alk_gate_open(&vectors, &b) != ALK_OK)
        return ALK_EMU_IDLE;
    return ALK_EMU_APP;
}

bool alk_rig_same(uint32_t *at, const struct alk_rig *r)
{
    for (*at = r->keys_at; *at < r->secondary_at + r->slot_size; ++*at)
        if (r->emu->flash[*at] != r->twin[*at])
            return false;
    return true;
}

static struct alk_flash app_slot(struct alk_rig *r, const struct alk_flash *slot)
{
    struct alk_flash f = *slot;

    f.ops = &app_ops;
    f.dev = r;
    return f;
}

int alk_rig_app_request(struct alk_rig *r, uint8_t request)
{
    struct alk_flash slot = app_slot(r, &r->map.secondary);

    r->ops = 0;
    return alk_mailbox_request(&slot, request);
}

int alk_rig_app_confirm(struct alk_rig *r)
{
    struct alk_flash slot = app_slot(r, &r->map.primary);

    r->ops = 0;
    return alk_mailbox_confirm(&slot);
}

bool alk_rig_runs(const struct alk_rig *r, const uint8_t *flash, const struct alk_forge_image *img)
{
    return memcmp(flash + r->primary_at, img->plain, img->len) == 0;
}
