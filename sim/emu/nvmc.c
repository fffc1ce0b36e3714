/* SPDX-License-Identifier: Apache-2.0 */
/* nvmc.c - the flash controller: NOR rules, protection, the log of changes. */
#include <stdlib.h>
#include <string.h>

#include "core/bytes.h"
#include "devices.h"

#define READY     0x400u
#define CONFIG    0x504u
#define ERASEPAGE 0x508u
#define ACL       0x800u
#define WEN       1u
#define EEN       2u
#define BLOCK     4096u /* of the nRF51's MPU */

static void note(struct alk_emu *e, uint32_t at, uint32_t value, bool erase)
{
    if (e->ops == e->log_cap) {
        e->log_cap = e->log_cap ? 2 * e->log_cap : 4096;
        e->log = realloc(e->log, e->log_cap * sizeof *e->log);
        if (!e->log)
            abort();
    }
    e->log[e->ops++] = (struct alk_emu_op){.at = at, .value = value, .erase = erase};
}

static bool locked(const struct alk_emu *e, uint32_t at)
{
    if (e->chip->mpu && (e->protect >> (at / BLOCK) & 1u))
        return true;
    for (size_t i = 0; i < 8; i++)
        if ((e->lock[i].perm & 2u) && at >= e->lock[i].at && at - e->lock[i].at < e->lock[i].size)
            return true;
    return false;
}

void alk_emu_apply(uint8_t *flash, const struct alk_emu_chip *chip, const struct alk_emu_op *op)
{
    if (op->erase)
        memset(flash + op->at, 0xff, chip->page);
    else
        alk_put32(flash + op->at, alk_get32(flash + op->at) & op->value);
}

/*
 * What is left of a page whose erase was cut, word by word:
 * 0 a prefix is blank, the rest old; 1 some blank, some old; 2 bits on their
 * way up; 3 anything at all.
 */
static uint32_t half_erased(uint32_t old, uint32_t style, bool early, uint32_t *rng)
{
    uint32_t noise = alk_emu_random(rng);

    switch (style) {
    case 0:
        return early ? 0xffffffffu : old;
    case 1:
        return noise & 1u ? 0xffffffffu : old;
    case 2:
        return old | noise;
    default:
        return noise;
    }
}

void alk_emu_tear(uint8_t *flash, const struct alk_emu_chip *chip, const struct alk_emu_op *op, uint32_t seed)
{
    uint32_t rng = alk_emu_seed(seed);
    uint32_t border, style;

    if (!op->erase) {
        alk_put32(flash + op->at, alk_get32(flash + op->at) & (op->value | alk_emu_random(&rng)));
        return;
    }
    style = alk_emu_random(&rng) >> 8 & 3u;
    border = alk_emu_random(&rng) % chip->page;
    for (uint32_t i = 0; i < chip->page; i += 4)
        alk_put32(flash + op->at + i, half_erased(alk_get32(flash + op->at + i), style, i < border, &rng));
}

void alk_emu_nvmc_settle(struct alk_emu *e)
{
    memcpy(e->flash + e->fix.at, e->fix.bytes, e->fix.len);
    e->fix.len = 0;
}

void alk_emu_nvmc_store(struct alk_emu *e, uint32_t at, uint32_t size, uint32_t value)
{
    alk_emu_nvmc_settle(e);
    if (size != 4 || (at & 3u) || (e->config & WEN) == 0 || locked(e, at)) {
        alk_emu_misuse(e);
    } else {
        note(e, at, value, false);
        alk_emu_apply(e->flash, e->chip, &e->log[e->ops - 1]);
    }
    e->fix.at = at & ~3u;
    e->fix.len = (uint8_t)alk_min(sizeof e->fix.bytes, e->chip->flash_size - e->fix.at);
    memcpy(e->fix.bytes, e->flash + e->fix.at, e->fix.len);
}

static void erase_page(struct alk_emu *e, uint32_t at)
{
    at &= ~(e->chip->page - 1u);
    if ((e->config & EEN) == 0 || at >= e->chip->flash_size || locked(e, at)) {
        alk_emu_misuse(e);
        return;
    }
    note(e, at, 0, true);
    alk_emu_apply(e->flash, e->chip, &e->log[e->ops - 1]);
}

static uint32_t *acl_word(struct alk_emu *e, uint32_t reg)
{
    unsigned i = (reg - ACL) / 16 % 8;

    switch (reg & 15u) {
    case 0:
        return &e->lock[i].at;
    case 4:
        return &e->lock[i].size;
    case 8:
        return &e->lock[i].perm;
    default:
        return NULL;
    }
}

uint32_t alk_emu_nvmc_read(struct alk_emu *e, uint32_t reg)
{
    if (reg == READY)
        return 1;
    if (reg == CONFIG)
        return e->config;
    if (reg >= ACL && reg < ACL + 128 && acl_word(e, reg))
        return *acl_word(e, reg);
    return 0;
}

/* An ACL register takes its first value and keeps it until reset. */
static void acl_write(struct alk_emu *e, uint32_t reg, uint32_t value)
{
    uint32_t *word = e->chip->mpu ? NULL : acl_word(e, reg);

    if (word && *word == 0)
        *word = value;
    else
        alk_emu_misuse(e);
}

void alk_emu_nvmc_write(struct alk_emu *e, uint32_t reg, uint32_t value)
{
    if (reg == CONFIG)
        e->config = value & 3u;
    else if (reg == ERASEPAGE)
        erase_page(e, value);
    else if (reg >= ACL && reg < ACL + 128)
        acl_write(e, reg, value);
    else
        alk_emu_misuse(e);
}
