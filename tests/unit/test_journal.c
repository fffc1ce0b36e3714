/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "airlock/install.h"
#include "sim/lib/sim.h"

#define SECTOR 2048u
#define SIZE   (2 * SECTOR)

static uint8_t bytes[SIZE];
static struct alk_sim sim;
static struct alk_flash area;
static jmp_buf cut;
static int until;
static enum alk_sim_how how;

static void broken(struct alk_sim *s, const char *rule)
{
    (void)s;
    fail_msg("%s", rule);
}

static void event(struct alk_sim *s, const struct alk_sim_op *op)
{
    if (until-- != 0 || !alk_sim_can(op, how))
        return;
    alk_sim_leave(s->v, s->a, op, how);
    longjmp(cut, 1);
}

static void begin_area(uint16_t unit)
{
    memset(bytes, 0xff, sizeof bytes);
    sim = (struct alk_sim){.v = bytes, .a = bytes, .r = bytes, .size = SIZE, .unit = unit, .broken = broken};
    area = (struct alk_flash){&alk_sim_ops, &sim, 0, SECTOR, 2, unit};
}

static struct alk_journal open_it(void)
{
    struct alk_journal j;

    assert_int_equal(alk_journal_open(&j, &area), ALK_OK);
    return j;
}

/* A journal whose record is number 2, of a slide of n sectors, with so many marks. */
static struct alk_journal some(uint16_t unit, unsigned n, unsigned marks)
{
    struct alk_journal j;

    begin_area(unit);
    assert_int_equal(alk_journal_open(&j, &area), ALK_E_FORMAT);
    j.rec.kind = ALK_REQ_NONE;
    assert_int_equal(alk_journal_begin(&j), ALK_OK);
    j.rec.kind = ALK_REQ_TEST;
    j.rec.sectors = (uint16_t)n;
    memset(j.rec.id, 0x5a, sizeof j.rec.id);
    assert_int_equal(alk_journal_begin(&j), ALK_OK);
    while (marks-- > 0)
        assert_int_equal(alk_journal_mark(&j), ALK_OK);
    return j;
}

static void journal_of_blank_or_zero_flash_holds_no_record(void **unused)
{
    struct alk_journal j;

    (void)unused;
    for (unsigned fill = 0; fill < 256; fill++) {
        begin_area(4);
        memset(bytes, (int)fill, sizeof bytes);
        assert_int_equal(alk_journal_open(&j, &area), ALK_E_FORMAT);
    }
}

static void journal_opens_as_it_was_written_for_every_unit(void **unused)
{
    (void)unused;
    for (uint16_t unit = 1; unit <= 32; unit *= 2) {
        unsigned most = (SECTOR - ALK_RECORD_SIZE) / unit - 1;

        for (unsigned n = 1; 2 * n + ALK_WORDS <= most && n < 60; n += 7)
            for (unsigned marks = 0; marks <= 2 * n + ALK_WORDS; marks++) {
                struct alk_journal was = some(unit, n, marks), j = open_it();

                assert_memory_equal(&j.rec, &was.rec, sizeof j.rec);
                assert_int_equal(j.progress, marks);
                assert_true(j.sealed && j.paired);
                assert_int_equal(j.bank, was.bank);
            }
    }
}

static void journal_goes_on_from_its_base(void **unused)
{
    struct alk_journal j = some(8, 9, 5);

    (void)unused;
    assert_int_equal(alk_journal_begin(&j), ALK_OK);
    assert_int_equal(open_it().progress, 5);
    assert_int_equal(alk_journal_mark(&j), ALK_OK);
    assert_int_equal(open_it().progress, 6);
}

static void journal_mends_any_one_wrong_bit(void **unused)
{
    struct alk_journal was = some(4, 20, 11);

    (void)unused;
    for (uint32_t bit = 0; bit < 8 * SIZE; bit++) {
        bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        struct alk_journal j = open_it();

        if (memcmp(&j.rec, &was.rec, sizeof j.rec) != 0 || j.progress != 11 || !j.sealed || !j.paired)
            fail_msg("bit %u", bit);
        bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
}

static void journal_refuses_a_record_with_two_wrong_bits(void **unused)
{
    struct alk_journal j = some(4, 20, 0);

    (void)unused;
    for (uint32_t one = 0; one < 8 * ALK_RECORD_SIZE; one++)
        for (uint32_t other = 0; other < one; other++) {
            struct alk_record r = j.rec;
            uint8_t *raw = (uint8_t *)&r;

            raw[one / 8] ^= (uint8_t)(1u << one % 8);
            raw[other / 8] ^= (uint8_t)(1u << other % 8);
            if (alk_record_check(&r))
                fail_msg("bits %u and %u", one, other);
        }
}

static void begin_cut_at(uint16_t unit, int at)
{
    struct alk_journal j = some(unit, 9, 3);
    const uint16_t number = j.rec.number;

    sim.event = event;
    until = at;
    if (setjmp(cut) == 0)
        alk_journal_begin(&j);
    sim.event = NULL;
    j = open_it();
    assert_int_equal(j.progress, 3);
    assert_in_range(j.rec.number, number, number + 1);
}

/* J3: whatever begin() was doing, there is a record: the one before, or the new one. */
static void journal_begin_leaves_old_or_new(void **unused)
{
    (void)unused;
    for (uint16_t unit = 1; unit <= 32; unit *= 2)
        for (how = ALK_SIM_DONE; how < ALK_SIM_HOWS; how++)
            for (int at = 0; at < 100; at++)
                begin_cut_at(unit, at);
}

static void journal_record_is_written_over_itself_until_it_is_sealed(void **unused)
{
    struct alk_journal j = some(4, 9, 0);

    (void)unused;
    memset(bytes + ALK_RECORD_SIZE + j.bank * SECTOR, 0xff, 4);
    j = open_it();
    assert_false(j.sealed);
    assert_int_equal(alk_journal_seal(&j), ALK_OK);
    assert_true(open_it().sealed);
}

static void journal_numbers_wrap(void **unused)
{
    struct alk_journal j = some(4, 9, 0);

    (void)unused;
    for (uint32_t i = 0; i < 0x10010; i++)
        assert_int_equal(alk_journal_begin(&j), ALK_OK);
    assert_int_equal(open_it().rec.number, j.rec.number);
}

static void journal_reports_flash_it_cannot_use(void **unused)
{
    struct alk_journal j = some(4, 9, 0);

    (void)unused;
    sim.dead_from = j.bank ^ 1 ? SECTOR : 0;
    sim.dead_to = sim.dead_from + SECTOR;
    assert_int_equal(alk_journal_begin(&j), ALK_E_FLASH);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(journal_of_blank_or_zero_flash_holds_no_record),
        cmocka_unit_test(journal_opens_as_it_was_written_for_every_unit),
        cmocka_unit_test(journal_goes_on_from_its_base),
        cmocka_unit_test(journal_mends_any_one_wrong_bit),
        cmocka_unit_test(journal_refuses_a_record_with_two_wrong_bits),
        cmocka_unit_test(journal_begin_leaves_old_or_new),
        cmocka_unit_test(journal_record_is_written_over_itself_until_it_is_sealed),
        cmocka_unit_test(journal_numbers_wrap),
        cmocka_unit_test(journal_reports_flash_it_cannot_use),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
