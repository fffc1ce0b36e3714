/* SPDX-License-Identifier: Apache-2.0 */
/* test_emu.c - the emulator against code whose effect is known by construction (firmware.S). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/bytes.h"
#include "sim/emu/elf.h"
#include "sim/emu/emu.h"

#define PAGE_UNDER_TEST 0x3000u

static const char *firmware;
static const struct alk_emu_chip *const chips[] = {&alk_emu_nrf51, &alk_emu_nrf52840};

struct bench {
    struct alk_elf elf;
    struct alk_emu *e;
};

static void set_up(struct bench *b, size_t chip, const char *routine)
{
    uint32_t entry;

    assert_int_equal(alk_elf_open(&b->elf, firmware), 0);
    b->e = alk_emu_open(chips[chip]);
    assert_non_null(b->e);
    alk_emu_watch(b->e, 0x4000, 0x1000);
    alk_emu_watch_stack(b->e, 0x20000200);
    assert_int_equal(alk_elf_load(b->e->flash, chips[chip]->flash_size, &b->elf), 0);
    entry = alk_elf_symbol(&b->elf, routine);
    assert_int_not_equal(entry, 0);
    alk_put32(b->e->flash + 4, entry | 1u);
    alk_emu_power_on(b->e, 42);
}

static void tear_down(struct bench *b)
{
    alk_emu_close(b->e);
    alk_elf_close(&b->elf);
}

static uint32_t r0(const struct bench *b)
{
    uint32_t v;

    uc_reg_read(b->e->uc, UC_ARM_REG_R0, &v);
    return v;
}

#define EACH_CHIP(b, routine) \
    for (size_t chip_ = 0; chip_ < 2 && (set_up(&(b), chip_, routine), true); tear_down(&(b)), chip_++)

static void instructions_are_counted_exactly(void **state)
{
    struct bench b;

    (void)state;
    EACH_CHIP(b, "count")
    {
        assert_int_equal(alk_emu_run(b.e), ALK_EMU_EXIT);
        assert_int_equal(b.e->insns, 3 + 100 * 3 + 1);
    }
}

static void flash_words_only_lose_bits(void **state)
{
    struct bench b;

    (void)state;
    EACH_CHIP(b, "nor")
    {
        memset(b.e->flash + PAGE_UNDER_TEST, 0, b.e->chip->page);
        assert_int_equal(alk_emu_run(b.e), ALK_EMU_EXIT);
        assert_int_equal(r0(&b), 0x0fff0f0f);
        assert_int_equal(b.e->misuse, 0);
        assert_int_equal(b.e->ops, 3);
        assert_true(b.e->log[0].erase);
        assert_int_equal(b.e->log[0].at, PAGE_UNDER_TEST);
        assert_int_equal(b.e->flash[PAGE_UNDER_TEST + b.e->chip->page - 1], 0xff);
    }
}

static void flash_log_replays_to_the_same_content(void **state)
{
    static uint8_t copy[1u << 20];
    struct bench b;

    (void)state;
    EACH_CHIP(b, "nor")
    {
        memset(b.e->flash + PAGE_UNDER_TEST, 0x5a, b.e->chip->page);
        memcpy(copy, b.e->flash, b.e->chip->flash_size);
        alk_emu_run(b.e);
        for (size_t i = 0; i < b.e->ops; i++)
            alk_emu_apply(copy, b.e->chip, &b.e->log[i]);
        assert_memory_equal(copy, b.e->flash, b.e->chip->flash_size);
    }
}

static void flash_ignores_what_breaks_its_rules(void **state)
{
    struct bench b;

    (void)state;
    EACH_CHIP(b, "rules")
    {
        assert_int_equal(alk_emu_run(b.e), ALK_EMU_EXIT);
        assert_int_equal(r0(&b), 0xffffffff);
        assert_int_equal(b.e->misuse, 3);
        assert_int_equal(b.e->ops, 0);
    }
}

static void flash_torn_word_lies_between_old_and_new(void **state)
{
    uint8_t flash[2048];
    unsigned partial = 0;

    (void)state;
    for (uint32_t seed = 1; seed < 200; seed++) {
        struct alk_emu_op op = {.at = 8, .value = 0x00ff1234};
        uint32_t left;

        memset(flash, 0xff, sizeof flash);
        alk_put32(flash + 8, 0xfffffff0);
        alk_emu_tear(flash, &alk_emu_nrf51, &op, seed);
        left = alk_get32(flash + 8);
        assert_int_equal(left & ~0xfffffff0u, 0);
        assert_int_equal(left & (op.value & 0xfffffff0u), op.value & 0xfffffff0u);
        partial += left != 0xfffffff0u && left != (op.value & 0xfffffff0u);
    }
    assert_true(partial > 150);
}

static void flash_torn_erase_stays_in_its_page(void **state)
{
    uint8_t flash[3072], page[1024];
    unsigned blank = 0, old = 0;

    (void)state;
    for (uint32_t seed = 1; seed < 100; seed++) {
        struct alk_emu_op op = {.at = 1024, .erase = true};

        memset(flash, 0x11, sizeof flash);
        memset(page, 0x11, sizeof page);
        alk_emu_tear(flash, &alk_emu_nrf51, &op, seed);
        assert_memory_equal(flash, page, 1024);
        assert_memory_equal(flash + 2048, page, 1024);
        blank += alk_get32(flash + 1024) == 0xffffffffu;
        old += alk_get32(flash + 2044) == 0x11111111u;
    }
    assert_true(blank > 10 && old > 10);
}

static void uart_echoes_what_is_fed(void **state)
{
    struct bench b;

    (void)state;
    EACH_CHIP(b, "echo")
    {
        alk_emu_feed(b.e, (const uint8_t *)"HAL", 3);
        assert_int_equal(alk_emu_run(b.e), ALK_EMU_IDLE);
        alk_emu_feed(b.e, (const uint8_t *)"9000", 4);
        assert_int_equal(alk_emu_resume(b.e), ALK_EMU_IDLE);
        assert_int_equal(b.e->uart.tx_len, 7);
        assert_memory_equal(b.e->uart.tx, "IBM:111", 7);
    }
}

static void uart_polling_without_end_is_idle(void **state)
{
    struct bench b;

    (void)state;
    EACH_CHIP(b, "poll")
    {
        assert_int_equal(alk_emu_run(b.e), ALK_EMU_IDLE);
        alk_emu_feed(b.e, (const uint8_t *)"k", 1);
        assert_int_equal(alk_emu_resume(b.e), ALK_EMU_EXIT);
        assert_int_equal(r0(&b), 'k');
    }
}

static void reset_keeps_ram_and_gpregret(void **state)
{
    struct bench b;

    (void)state;
    EACH_CHIP(b, "reset")
    {
        assert_int_equal(alk_emu_run(b.e), ALK_EMU_EXIT);
        assert_int_equal(r0(&b), 0x12340000 + 0x30 + 4);
        assert_int_equal(b.e->resets, 1);
    }
}

static void power_on_forgets_ram_and_gpregret(void **state)
{
    struct bench b;

    (void)state;
    EACH_CHIP(b, "reset")
    {
        alk_emu_run(b.e);
        alk_emu_power_on(b.e, 43);
        assert_int_equal(b.e->gpregret, 0);
        assert_int_not_equal(alk_get32(b.e->ram + 0x100), 0x12340000);
        b.e->max_resets = 0;
        assert_int_equal(alk_emu_run(b.e), ALK_EMU_RESETS);
    }
}

static void timer_wakes_the_core(void **state)
{
    struct bench b;

    (void)state;
    EACH_CHIP(b, "timer")
    {
        assert_int_equal(alk_emu_run(b.e), ALK_EMU_EXIT);
        assert_int_equal(r0(&b), 1);
        assert_false(b.e->timer.running);
    }
}

static void slot_entry_ends_the_run_before_its_first_instruction(void **state)
{
    struct bench b;

    (void)state;
    EACH_CHIP(b, "leave")
    {
        assert_int_equal(alk_emu_run(b.e), ALK_EMU_APP);
        assert_int_equal(b.e->pc, 0x4000);
        assert_int_equal(alk_emu_stack(b.e), 64);
        assert_int_equal(b.e->sp, 0x20001000 - 64);
    }
}

static void faults_end_the_run_and_the_next_one_works(void **state)
{
    static const char *const routines[] = {"undefined", "bus", "stray"};
    struct bench b;

    (void)state;
    for (size_t i = 0; i < 3; i++)
        EACH_CHIP(b, routines[i])
        {
            assert_int_equal(alk_emu_run(b.e), ALK_EMU_CRASH);
            alk_put32(b.e->flash + 4, alk_elf_symbol(&b.elf, "nor") | 1u);
            alk_emu_power_on(b.e, 7);
            assert_int_equal(alk_emu_run(b.e), ALK_EMU_EXIT);
            assert_int_equal(r0(&b), 0x0fff0f0f);
        }
}

static bool answer(struct alk_emu *e, void *user)
{
    uint32_t v;

    uc_reg_read(e->uc, UC_ARM_REG_R0, &v);
    assert_int_equal(v, 20);
    uc_reg_write(e->uc, UC_ARM_REG_R0, user);
    return *(uint32_t *)user != 0;
}

static void tap_looks_on_or_answers(void **state)
{
    uint32_t word;
    struct bench b;

    (void)state;
    EACH_CHIP(b, "calls")
    {
        alk_emu_tap(b.e, alk_elf_symbol(&b.elf, "tapped"), answer, &word);
        word = 100;
        assert_int_equal(alk_emu_run(b.e), ALK_EMU_EXIT);
        assert_int_equal(r0(&b), 101);
        word = 0;
        alk_emu_power_on(b.e, 1);
        assert_int_equal(alk_emu_run(b.e), ALK_EMU_EXIT);
        assert_int_equal(r0(&b), 1);
    }
}

static void blank_vectors_crash(void **state)
{
    struct bench b;

    (void)state;
    EACH_CHIP(b, "count")
    {
        memset(b.e->flash, 0xff, 8);
        assert_int_equal(alk_emu_run(b.e), ALK_EMU_CRASH);
    }
}

static void endless_loop_ends_with_the_budget(void **state)
{
    struct bench b;

    (void)state;
    EACH_CHIP(b, "forever")
    {
        b.e->budget = 100000;
        assert_int_equal(alk_emu_run(b.e), ALK_EMU_BUDGET);
        assert_true(b.e->insns > 100000 && b.e->insns < 100100);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(instructions_are_counted_exactly),
        cmocka_unit_test(flash_words_only_lose_bits),
        cmocka_unit_test(flash_log_replays_to_the_same_content),
        cmocka_unit_test(flash_ignores_what_breaks_its_rules),
        cmocka_unit_test(flash_torn_word_lies_between_old_and_new),
        cmocka_unit_test(flash_torn_erase_stays_in_its_page),
        cmocka_unit_test(uart_echoes_what_is_fed),
        cmocka_unit_test(uart_polling_without_end_is_idle),
        cmocka_unit_test(reset_keeps_ram_and_gpregret),
        cmocka_unit_test(power_on_forgets_ram_and_gpregret),
        cmocka_unit_test(timer_wakes_the_core),
        cmocka_unit_test(slot_entry_ends_the_run_before_its_first_instruction),
        cmocka_unit_test(faults_end_the_run_and_the_next_one_works),
        cmocka_unit_test(tap_looks_on_or_answers),
        cmocka_unit_test(blank_vectors_crash),
        cmocka_unit_test(endless_loop_ends_with_the_budget),
    };

    if (argc != 2) {
        fprintf(stderr, "usage: test_emu FIRMWARE.elf\n");
        return 2;
    }
    firmware = argv[1];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
