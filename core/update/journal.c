/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "airlock/install.h"

static uint32_t first_sector(const struct alk_journal *j)
{
    return j->bank * (j->area->sectors / 2u);
}

static uint32_t bank_off(const struct alk_journal *j)
{
    return first_sector(j) * j->area->sector_size;
}

/* Words of a bank: 0 is the seal, 1 + k is mark k. */
static uint32_t word_off(const struct alk_journal *j, uint32_t word)
{
    return bank_off(j) + ALK_RECORD_SIZE + word * j->area->unit;
}

static bool word_is_set(const struct alk_journal *j, uint32_t word)
{
    uint8_t unit[ALK_MAX_UNIT];
    unsigned ones = 0, bits = 8u * j->area->unit;

    if (alk_flash_read(unit, j->area, word_off(j, word), j->area->unit) != ALK_OK)
        return false;
    for (unsigned bit = 0; bit < bits; bit++)
        ones += unit[bit / 8] >> bit % 8 & 1u;
    return 2 * ones < bits;
}

static int set_word(const struct alk_journal *j, uint32_t word)
{
    uint8_t unit[ALK_MAX_UNIT];

    memset(unit, 0, sizeof unit);
    return alk_flash_prog(j->area, word_off(j, word), unit, j->area->unit);
}

static bool load(struct alk_record *r, const struct alk_journal *j)
{
    return alk_flash_read(r, j->area, bank_off(j), sizeof *r) == ALK_OK && alk_record_check(r);
}

int alk_journal_open(struct alk_journal *j, const struct alk_flash *area)
{
    struct alk_record other;
    bool found;
    uint32_t k;

    memset(j, 0, sizeof *j);
    j->area = area;
    found = load(&j->rec, j);
    j->bank = 1;
    j->paired = load(&other, j);
    if (j->paired && (!found || alk_get32(other.number) > alk_get32(j->rec.number))) {
        j->rec = other;
        j->paired = found;
    } else {
        j->bank = 0;
        if (!found)
            return ALK_E_FORMAT;
    }
    j->sealed = word_is_set(j, 0);
    k = alk_plan_steps(&j->rec) + ALK_WORDS;
    while (k > alk_get16(j->rec.base) && !word_is_set(j, k))
        k--;
    j->progress = (uint16_t)k;
    return ALK_OK;
}

int alk_journal_seal(struct alk_journal *j)
{
    const uint8_t *rec = (const uint8_t *)&j->rec;
    uint8_t raw[ALK_RECORD_SIZE];
    int err = alk_flash_read(raw, j->area, bank_off(j), sizeof raw);

    for (unsigned i = 0; i < sizeof raw; i++)
        raw[i] &= rec[i]; /* a 0 can not be made a 1 */
    if (err == ALK_OK)
        err = alk_flash_prog(j->area, bank_off(j), raw, sizeof raw);
    j->sealed = true;
    return err != ALK_OK ? err : set_word(j, 0);
}

int alk_journal_begin(struct alk_journal *j)
{
    struct alk_record back;
    uint32_t number = alk_get32(j->rec.number);
    int err = ALK_OK;

    j->paired = number != 0;
    alk_put32(j->rec.number, number + 1);
    alk_put16(j->rec.base, j->progress);
    alk_record_close(&j->rec);
    j->bank ^= 1;
    for (uint32_t i = 0; i < j->area->sectors / 2u && err == ALK_OK; i++)
        err = alk_flash_erase(j->area, first_sector(j) + i);
    if (err == ALK_OK)
        err = alk_journal_seal(j);
    if (err == ALK_OK && (!load(&back, j) || memcmp(&back, &j->rec, sizeof back) != 0))
        err = ALK_E_FLASH;
    return err;
}

int alk_journal_mark(struct alk_journal *j)
{
    return set_word(j, ++j->progress);
}
