/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "airlock/board.h"
#include "airlock/mailbox.h"
#include "core/bytes.h"

const struct alk_board alk_boards[] = {
    {.name = "microbit",
     .code_end = 0x6000,
     .keys_addr = 0x6000,
     .keys_size = 0x400,
     .primary_addr = 0x8000,
     .primary_size = 0x1a000,
     .secondary_addr = 0x22000,
     .secondary_size = 0x1a000,
     .journal_addr = 0x7000,
     .journal_size = 0x1000,
     .sector_size = 0x400,
     .unit = 4,
     .hdr_size = 0x200},
    {.name = "nrf52840dk",
     .code_end = 0x9000,
     .keys_addr = 0x9000,
     .keys_size = 0x1000,
     .primary_addr = 0xc000,
     .primary_size = 0x76000,
     .secondary_addr = 0x82000,
     .secondary_size = 0x76000,
     .journal_addr = 0xa000,
     .journal_size = 0x2000,
     .sector_size = 0x1000,
     .unit = 4},
    {.name = "microbit-chain",
     .code_end = 0x1c00,
     .keys_addr = 0x2000,
     .keys_size = 0x400,
     .primary_addr = 0xc000,
     .primary_size = 0x18000,
     .secondary_addr = 0x24000,
     .secondary_size = 0x18000,
     .journal_addr = 0x2400,
     .journal_size = 0x1000,
     .sector_size = 0x400,
     .unit = 4,
     .hdr_size = 0x200,
     .provision_addr = 0x1c00,
     .stage_addr = {0x3400, 0x7800},
     .stage_size = 0x4400,
     .stage_hdr_size = 0x20},
    {.name = "nrf52840dk-chain",
     .code_end = 0x2000,
     .keys_addr = 0x3000,
     .keys_size = 0x1000,
     .primary_addr = 0xe000,
     .primary_size = 0x75000,
     .secondary_addr = 0x83000,
     .secondary_size = 0x75000,
     .journal_addr = 0x4000,
     .journal_size = 0x2000,
     .sector_size = 0x1000,
     .unit = 4,
     .provision_addr = 0x2000,
     .stage_addr = {0x6000, 0xa000},
     .stage_size = 0x4000,
     .stage_hdr_size = 0x20},
    {.name = ""},
};

const struct alk_board *alk_board_named(const char *name)
{
    for (const struct alk_board *b = alk_boards; b->name[0] != 0; b++) {
        if (strcmp(b->name, name) == 0) {
            return b;
        }
    }
    return NULL;
}

uint32_t alk_board_capacity(const struct alk_board *b)
{
    uint32_t least = alk_min(b->primary_size, b->secondary_size);
    uint32_t taken = b->sector_size + ALK_MAILBOX_SIZE(b->unit);

    return least > taken ? least - taken : 0;
}

static void parse(struct alk_board *b, const uint8_t *p)
{
    *b = (struct alk_board){
        .code_start = alk_get32(p + 24),
        .code_end = alk_get32(p + 28),
        .keys_addr = alk_get32(p + 32),
        .keys_size = alk_get32(p + 36),
        .primary_addr = alk_get32(p + 40),
        .primary_size = alk_get32(p + 44),
        .secondary_addr = alk_get32(p + 48),
        .secondary_size = alk_get32(p + 52),
        .journal_addr = alk_get32(p + 56),
        .journal_size = alk_get32(p + 60),
        .sector_size = alk_get32(p + 64),
        .unit = alk_get16(p + 68),
        .hdr_size = alk_get16(p + 70),
        .features = alk_get32(p + 72),
    };
    memcpy(b->name, p + 8, 16);
    if ((b->features & ALK_FEATURE_CHAIN) != 0) {
        b->provision_addr = alk_get32(p + 76);
        b->stage_addr[0] = alk_get32(p + 80);
        b->stage_addr[1] = alk_get32(p + 84);
        b->stage_size = alk_get32(p + 88);
        b->stage_hdr_size = alk_get32(p + 92);
    }
}

static bool power_of_two(uint32_t v)
{
    return v != 0 && (v & (v - 1)) == 0;
}

/* Sizes that a forged or random record could not make us allocate or divide by. */
static bool plausible(const struct alk_board *b, uint32_t addr)
{
    return addr >= b->code_start && addr < b->code_end && b->code_end - addr >= ALK_BOOTINFO_SIZE &&
           power_of_two(b->sector_size) && power_of_two(b->unit) && b->unit <= 32 && b->sector_size >= 256 &&
           b->keys_size >= 8u * b->unit + 16 && b->keys_size <= 1u << 20 && b->journal_size <= 1u << 20 &&
           b->keys_addr % b->sector_size == 0 && b->keys_size <= UINT32_MAX - b->keys_addr &&
           b->journal_size <= UINT32_MAX - b->journal_addr;
}

static bool is_record(struct alk_board *b, const uint8_t *p, size_t len, uint32_t addr)
{
    if (alk_get32(p) != ALK_BOOTINFO_MAGIC || alk_get16(p + 4) < ALK_BOOTINFO_VERSION ||
        alk_get16(p + 6) < ALK_BOOTINFO_SIZE) {
        return false;
    }
    if ((alk_get32(p + 72) & ALK_FEATURE_CHAIN) != 0 &&
        (alk_get16(p + 6) < ALK_BOOTINFO_CHAIN_SIZE || len < ALK_BOOTINFO_CHAIN_SIZE)) {
        return false;
    }
    parse(b, p);
    return plausible(b, addr);
}

int alk_board_find(struct alk_board *b, const struct alk_hex *h, struct alk_why *why)
{
    struct alk_board found, second = {.features = 0};
    int n = 0;

    for (size_t i = 0; i < h->n; i++) {
        const struct alk_span *s = h->spans + i;

        for (size_t off = (4 - s->addr % 4) % 4; off + ALK_BOOTINFO_SIZE <= s->bytes.len; off += 4) {
            if (!is_record(&found, s->bytes.data + off, s->bytes.len - off, s->addr + (uint32_t)off)) {
                continue;
            }
            if ((found.features & ALK_FEATURE_STAGE2) != 0) {
                second = found;
                continue;
            }
            if (n++ > 0 && memcmp(&found, b, sizeof found) != 0) {
                return alk_why(why, ALK_E_STATE, "holds two airlock bootloaders");
            }
            *b = found;
        }
    }
    if (n > 0) {
        b->features |= second.features & ~(uint32_t)ALK_FEATURE_STAGE2;
    } else if (second.features != 0) {
        *b = second;
        n = 1;
    }
    return n > 0 ? ALK_OK : alk_why(why, ALK_E_FORMAT, "holds no airlock bootloader (no boot info in it)");
}
