/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "airlock/install.h"

/* First sector of the bank. */
static uint32_t first(const struct alk_journal *j)
{
    return j->bank == 0 ? 0 : j->area->sectors / 2u;
}

/* Words of a bank: 0 is the seal, 1 + k is mark k. */
static uint32_t word_off(const struct alk_journal *j, uint32_t word)
{
    return first(j) * j->area->sector_size + ALK_RECORD_SIZE + word * j->area->unit;
}

/* By the majority of its first byte's bits. */
static bool word_is_set(const struct alk_journal *j, uint32_t word)
{
    uint8_t bits;
    unsigned zeros = 8;

    if (alk_flash_read(&bits, j->area, word_off(j, word), 1) != ALK_OK)
        return false;
    for (; bits != 0; bits &= (uint8_t)(bits - 1u))
        zeros--;
    return zeros > 4;
}

static int set_word(const struct alk_journal *j, uint32_t word)
{
    uint8_t unit[ALK_MAX_UNIT];

    memset(unit, 0, sizeof unit);
    return alk_flash_prog(j->area, word_off(j, word), unit, j->area->unit);
}

static bool load(struct alk_record *r, const struct alk_journal *j)
{
    return alk_flash_read(r, j->area, word_off(j, 0) - ALK_RECORD_SIZE, sizeof *r) == ALK_OK &&
           alk_record_check(r);
}

int alk_journal_open(struct alk_journal *j, const struct alk_flash *area)
{
    struct alk_record other;
    bool found;
    uint32_t k;

    memset(j, 0, sizeof *j);
    j->area = area;
    j->bank = 1;
    j->paired = load(&other, j);
    j->bank = 0;
    found = load(&j->rec, j);
    if (j->paired && (!found || (int16_t)(other.number - j->rec.number) > 0)) {
        j->rec = other;
        j->bank = 1;
        j->paired = found;
    } else if (!found) {
        memset(&j->rec, 0, sizeof j->rec);
        return ALK_E_FORMAT;
    }
    j->sealed = word_is_set(j, 0);
    k = alk_plan_steps(&j->rec) + ALK_WORDS;
    while (k > j->rec.base && !word_is_set(j, k))
        k--;
    j->progress = (uint16_t)k;
    return ALK_OK;
}

int alk_journal_seal(struct alk_journal *j)
{
    int err = alk_flash_prog(j->area, word_off(j, 0) - ALK_RECORD_SIZE, &j->rec, sizeof j->rec);

    j->sealed = true;
    return err != ALK_OK ? err : set_word(j, 0);
}

int alk_journal_begin(struct alk_journal *j)
{
    struct alk_record back;
    uint32_t sector;
    int err = ALK_OK;

    j->paired = j->sealed; /* there was one */
    j->rec.number++;
    j->rec.base = j->progress;
    j->rec.crc = alk_record_crc(&j->rec);
    j->bank ^= 1;
    sector = first(j);
    do
        err = alk_flash_erase(j->area, sector++);
    while (err == ALK_OK && sector < first(j) + j->area->sectors / 2u);
    if (err == ALK_OK)
        err = alk_journal_seal(j);
    if (err == ALK_OK && !load(&back, j))
        err = ALK_E_FLASH;
    return err;
}

int alk_journal_mark(struct alk_journal *j)
{
    return set_word(j, ++j->progress);
}
