/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "airlock/install.h"
#include "core/bytes.h"

/* One past the last place the caller may look for a set mark. */
static uint32_t marks_of(const struct alk_journal *j)
{
    return alk_min(alk_plan_steps(&j->rec) + ALK_WORDS, alk_journal_room(j->area));
}

static uint32_t bank_off(const struct alk_journal *j)
{
    return j->bank * (alk_flash_size(j->area) / 2);
}

/* Words of a bank: 0 is the seal, 1 + k is mark k. */
static uint32_t word_off(const struct alk_journal *j, uint32_t word)
{
    return bank_off(j) + ALK_RECORD_SIZE + word * j->area->unit;
}

static bool word_is_set(const struct alk_journal *j, uint32_t word)
{
    uint8_t unit[ALK_MAX_UNIT];
    unsigned zeros = 0;

    if (alk_flash_read(unit, j->area, word_off(j, word), j->area->unit) != ALK_OK)
        return false;
    for (unsigned bit = 0; bit < 8u * j->area->unit; bit++)
        zeros += (~unit[bit / 8] >> bit % 8) & 1u;
    return zeros > 4u * j->area->unit;
}

static int set_word(const struct alk_journal *j, uint32_t word)
{
    uint8_t unit[ALK_MAX_UNIT];

    memset(unit, 0, sizeof unit);
    return alk_flash_prog(j->area, word_off(j, word), unit, j->area->unit);
}

static bool load(struct alk_record *r, const struct alk_journal *j)
{
    uint8_t raw[ALK_RECORD_SIZE];

    return alk_flash_read(raw, j->area, bank_off(j), sizeof raw) == ALK_OK &&
           alk_record_decode(r, raw) == ALK_OK;
}

uint32_t alk_journal_room(const struct alk_flash *area)
{
    return alk_shift(alk_flash_size(area) / 2 - ALK_RECORD_SIZE, area->unit) - 1;
}

int alk_journal_open(struct alk_journal *j, const struct alk_flash *area)
{
    struct alk_record other;

    memset(j, 0, sizeof *j);
    j->area = area;
    j->paired = load(&other, j);
    j->bank = 1;
    if (!load(&j->rec, j))
        j->rec.number = 0;
    if (j->rec.number == 0 || (j->paired && other.number > j->rec.number)) {
        bool had = j->rec.number != 0;

        if (!j->paired)
            return ALK_E_FORMAT;
        j->rec = other;
        j->bank = 0;
        j->paired = had;
    }
    j->sealed = word_is_set(j, 0);
    j->progress = j->rec.base;
    for (uint32_t k = j->rec.base; k < marks_of(j); k++)
        if (word_is_set(j, 1 + k))
            j->progress = (uint16_t)(k + 1);
    return ALK_OK;
}

int alk_journal_seal(struct alk_journal *j)
{
    uint8_t raw[ALK_RECORD_SIZE], now[ALK_RECORD_SIZE];
    int err = alk_flash_read(now, j->area, bank_off(j), sizeof now);

    if (err != ALK_OK)
        return err;
    alk_record_encode(raw, &j->rec);
    for (unsigned i = 0; i < sizeof raw; i++)
        raw[i] &= now[i]; /* a 0 can not be made a 1 */
    err = alk_flash_prog(j->area, bank_off(j), raw, sizeof raw);
    if (err == ALK_OK)
        err = set_word(j, 0);
    j->sealed = true;
    return err;
}

int alk_journal_begin(struct alk_journal *j)
{
    uint32_t half = j->area->sectors / 2;
    struct alk_record back;
    int err = ALK_OK;

    j->paired = j->rec.number++ != 0;
    j->bank ^= 1;
    j->progress = j->rec.base;
    for (uint32_t i = 0; i < half && err == ALK_OK; i++)
        err = alk_flash_erase(j->area, j->bank * half + i);
    if (err == ALK_OK)
        err = alk_journal_seal(j);
    if (err == ALK_OK && (!load(&back, j) || back.number != j->rec.number || !word_is_set(j, 0)))
        err = ALK_E_FLASH;
    return err;
}

int alk_journal_mark(struct alk_journal *j)
{
    int err = ALK_E_RANGE;

    if (j->progress < alk_journal_room(j->area))
        err = set_word(j, 1u + j->progress);
    j->progress++;
    return err;
}
