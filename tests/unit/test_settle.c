/* SPDX-License-Identifier: Apache-2.0 */
/* Each row of the table at the head of settle.c, with real keys and images. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "airlock/install.h"
#include "board.h"
#include "core/bytes.h"

enum { ONE = 1, TWO, STRANGER, PLAIN };

static struct board b;

/* Four sectors of 1 KiB; factory image ONE runs; TWO, a stranger's and a plain one may come. */
static int setup_policy(uint32_t policy)
{
    board_open(&b, 4, 1024, 4, policy);
    board_make(&b, BOARD_SEALED, 1, 3000);
    board_make(&b, BOARD_SEALED, 2, 2500);
    board_make(&b, BOARD_STRANGER, 3, 2800);
    board_make(&b, BOARD_PLAIN, 4, 2800);
    board_burn(&b, ONE);
    return 0;
}

static int setup(void **unused)
{
    (void)unused;
    return setup_policy(0);
}

static int setup_strict(void **unused)
{
    (void)unused;
    return setup_policy(ALK_POLICY_NO_DOWNGRADE | ALK_POLICY_REQUIRE_ENCRYPTION);
}

static int teardown(void **unused)
{
    (void)unused;
    board_close(&b);
    return 0;
}

static unsigned long writes(void)
{
    return b.sim.erases + b.sim.bytes_written;
}

static struct alk_mailbox mailbox(const struct alk_flash *slot)
{
    struct alk_mailbox m;

    assert_int_equal(alk_mailbox_read(&m, slot), ALK_OK);
    return m;
}

static struct alk_journal journal(void)
{
    struct alk_journal j;

    alk_journal_open(&j, &b.map.journal);
    return j;
}

static void assert_rests(unsigned image)
{
    unsigned long before = writes();

    assert_int_equal(board_boot(&b), image);
    assert_int_equal(writes(), before);
}

static void settle_formats_a_blank_journal_and_then_rests(void **unused)
{
    (void)unused;
    assert_int_equal(board_boot(&b), ONE);
    assert_int_equal(journal().rec.kind, ALK_REQ_NONE);
    assert_true(journal().paired);
    assert_rests(ONE);
}

static void settle_tries_an_image_and_goes_back(void **unused)
{
    (void)unused;
    for (unsigned place = 0; place < 2; place++) {
        board_upload(&b, TWO, place, ALK_REQ_TEST);
        assert_int_equal(board_boot(&b), TWO);
        assert_int_equal(board_secondary(&b, !place), ONE);
        assert_int_equal(mailbox(&b.map.primary).image_ok, ALK_UNSET);
        assert_int_equal(mailbox(&b.map.secondary).magic, ALK_UNSET);
        assert_int_equal(board_boot(&b), ONE);
        assert_int_equal(mailbox(&b.map.primary).image_ok, ALK_SET);
        assert_int_equal((int8_t)journal().rec.why, ALK_E_TIMEOUT);
        assert_rests(ONE);
        assert_int_equal(board_plaintext(&b), 0);
    }
}

static void settle_keeps_what_is_confirmed_whatever_the_mailbox_says_later(void **unused)
{
    (void)unused;
    board_upload(&b, TWO, 0, ALK_REQ_TEST);
    assert_int_equal(board_boot(&b), TWO);
    assert_int_equal(alk_mailbox_confirm(&b.map.primary), ALK_OK);
    assert_int_equal(board_boot(&b), TWO);
    assert_rests(TWO);
    assert_int_equal(alk_install_clear(&b.map.primary), ALK_OK);
    assert_int_equal(board_boot(&b), TWO);
    assert_int_equal(mailbox(&b.map.primary).image_ok, ALK_SET);
    assert_rests(TWO);
}

static void settle_installs_for_good_on_a_permanent_request(void **unused)
{
    (void)unused;
    board_upload(&b, TWO, 1, ALK_REQ_PERM);
    assert_int_equal(board_boot(&b), TWO);
    assert_int_equal(mailbox(&b.map.primary).image_ok, ALK_SET);
    assert_rests(TWO);
}

static void settle_goes_back_to_the_old_image_on_request(void **unused)
{
    (void)unused;
    board_upload(&b, TWO, 0, ALK_REQ_PERM);
    assert_int_equal(board_boot(&b), TWO);
    assert_int_equal(alk_mailbox_request(&b.map.secondary, ALK_REQ_PERM), ALK_OK);
    assert_int_equal(board_boot(&b), ONE);
    assert_int_equal(board_secondary(&b, 0), TWO);
}

static void settle_keeps_an_outgoing_image_without_key_sealed_and_takes_it_back(void **unused)
{
    (void)unused;
    board_burn(&b, PLAIN);
    board_upload(&b, TWO, 0, ALK_REQ_TEST);
    assert_int_equal(board_boot(&b), TWO);
    assert_int_equal(board_plaintext(&b), 0);
    assert_int_equal(board_boot(&b), PLAIN);
    assert_int_equal(board_plaintext(&b), 0);
}

static void board_finds_plaintext_where_there_is_some(void **unused)
{
    (void)unused;
    memcpy(b.v + 6 * 1024 + 512, b.v + 512, 8);
    assert_int_equal(board_plaintext(&b), 6 * 1024 + 512);
}

static void settle_takes_a_plain_image_where_no_policy_forbids_it(void **unused)
{
    (void)unused;
    board_upload(&b, PLAIN, 0, ALK_REQ_TEST);
    assert_int_equal(board_boot(&b), PLAIN);
    assert_int_equal(board_boot(&b), ONE);
}

static void assert_refused(int why)
{
    assert_int_equal(board_boot(&b), ONE);
    assert_int_equal((int8_t)journal().rec.why, why);
    assert_int_equal(mailbox(&b.map.secondary).magic, ALK_UNSET);
    assert_rests(ONE);
}

static void settle_refuses_a_stranger_and_destroys_the_image(void **unused)
{
    (void)unused;
    board_upload(&b, STRANGER, 0, ALK_REQ_TEST);
    assert_refused(ALK_E_KEY);
    assert_int_equal(board_secondary(&b, 0), 0);
}

static void settle_refuses_a_damaged_image(void **unused)
{
    (void)unused;
    board_upload(&b, TWO, 1, ALK_REQ_PERM);
    b.v[6 * 1024 + 700] ^= 4;
    assert_refused(ALK_E_AUTH);
}

static void settle_refuses_a_plain_image_where_the_policy_does(void **unused)
{
    (void)unused;
    board_upload(&b, PLAIN, 0, ALK_REQ_TEST);
    assert_refused(ALK_E_AUTH); /* it is read as an outgoing one, and is none */
}

static void settle_refuses_a_downgrade_where_the_policy_does(void **unused)
{
    (void)unused;
    board_upload(&b, TWO, 0, ALK_REQ_PERM);
    assert_int_equal(board_boot(&b), TWO);
    board_upload(&b, ONE, 0, ALK_REQ_PERM);
    assert_int_equal(board_boot(&b), TWO);
    assert_int_equal((int8_t)journal().rec.why, ALK_E_POLICY);
    assert_int_equal(board_secondary(&b, 0), ONE);
}

static void settle_refuses_the_image_that_runs(void **unused)
{
    (void)unused;
    board_upload(&b, ONE, 0, ALK_REQ_TEST);
    assert_refused(ALK_E_STATE);
}

static void settle_clears_a_request_for_nothing(void **unused)
{
    (void)unused;
    assert_int_equal(alk_mailbox_request(&b.map.secondary, ALK_REQ_TEST), ALK_OK);
    assert_refused(ALK_E_FORMAT);
}

static void settle_clears_flags_without_magic(void **unused)
{
    uint32_t end = 10 * 1024;

    (void)unused;
    b.v[end - 24] = 1; /* image_ok of a request that was torn away */
    assert_int_equal(board_boot(&b), ONE);
    assert_int_equal(mailbox(&b.map.secondary).image_ok, ALK_UNSET);
    assert_rests(ONE);
}

static void settle_runs_on_when_the_image_to_go_back_to_is_broken(void **unused)
{
    (void)unused;
    board_upload(&b, TWO, 0, ALK_REQ_TEST);
    assert_int_equal(board_boot(&b), TWO);
    b.v[6 * 1024 + 700] ^= 4;
    assert_rests(TWO);
    assert_int_equal(alk_mailbox_confirm(&b.map.primary), ALK_OK);
    assert_int_equal(board_boot(&b), TWO);
    assert_rests(TWO);
}

static void settle_believes_a_debugger(void **unused)
{
    (void)unused;
    board_upload(&b, TWO, 0, ALK_REQ_TEST);
    assert_int_equal(board_boot(&b), TWO);
    memset(b.v, 0xff, 5 * 1024);
    memset(b.r, 0xff, 5 * 1024);
    board_burn(&b, PLAIN);
    assert_int_equal(board_boot(&b), PLAIN);
    assert_int_equal(journal().rec.kind, ALK_REQ_NONE);
    assert_rests(PLAIN);
}

static void settle_refuses_a_device_in_the_middle_of_another_bootloaders_swap(void **unused)
{
    unsigned long before = writes();

    (void)unused;
    assert_int_equal(alk_mailbox_request(&b.map.primary, ALK_REQ_TEST), ALK_OK); /* magic and swap_info */
    before = writes();
    assert_int_equal(board_boot(&b), 0);
    assert_int_equal(b.result, ALK_E_STATE);
    assert_int_equal(writes(), before);
}

static void settle_boots_a_factory_image_with_magic_and_with_magic_confirmed(void **unused)
{
    (void)unused;
    assert_int_equal(alk_mailbox_finish(&b.map.primary, ALK_REQ_NONE, false), ALK_OK);
    b.v[5 * 1024 - 32] = b.v[5 * 1024 - 40] = 0xff; /* no copy_done, no swap_info: magic alone */
    assert_int_equal(board_boot(&b), ONE);
    assert_rests(ONE);
    b.v[5 * 1024 - 24] = 1;
    assert_rests(ONE);
}

static void settle_installs_into_an_empty_primary(void **unused)
{
    (void)unused;
    for (unsigned place = 0; place < 2; place++) {
        memset(b.v, 0xff, 5 * 1024);
        board_upload(&b, TWO, place, 0);
        assert_int_equal(board_boot(&b), TWO);
        assert_rests(TWO);
    }
}

static void settle_repairs_a_broken_primary(void **unused)
{
    (void)unused;
    board_upload(&b, TWO, 0, ALK_REQ_PERM);
    assert_int_equal(board_boot(&b), TWO);
    b.v[900] ^= 1;
    assert_int_equal(board_boot(&b), ONE);
    assert_rests(ONE);
    b.v[900] ^= 1;
    memset(b.v + 5 * 1024, 0xff, 5 * 1024);
    assert_int_equal(board_boot(&b), 0);
    assert_int_equal(b.result, ALK_E_AUTH);
}

static void settle_boots_a_good_primary_without_the_secondary(void **unused)
{
    (void)unused;
    board_upload(&b, TWO, 0, ALK_REQ_TEST);
    b.sim.dead_from = 5 * 1024;
    b.sim.dead_to = 10 * 1024;
    assert_int_equal(board_boot(&b), ONE);
    b.sim.dead_to = 0;
    assert_int_equal(board_boot(&b), TWO);
    b.sim.dead_to = 10 * 1024;
    assert_int_equal(board_boot(&b), TWO); /* not confirmed, but what else */
}

static void settle_boots_nothing_without_keys(void **unused)
{
    (void)unused;
    memset(b.ring.bytes, 0xff, sizeof b.ring.bytes);
    assert_int_equal(board_boot(&b), 0);
    assert_int_equal(b.result, ALK_E_KEY);
    assert_int_equal(writes(), 0);
}

static void settle_overwrites_where_the_map_says_so(void **unused)
{
    (void)unused;
    b.map.plan = ALK_PLAN_COPY;
    board_upload(&b, TWO, 0, ALK_REQ_TEST);
    assert_int_equal(board_boot(&b), TWO);
    assert_int_equal(mailbox(&b.map.primary).image_ok, ALK_SET);
    assert_rests(TWO);
}

#define ROW(test)        cmocka_unit_test_setup_teardown(test, setup, teardown)
#define STRICT_ROW(test) cmocka_unit_test_setup_teardown(test, setup_strict, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ROW(settle_formats_a_blank_journal_and_then_rests),
        ROW(settle_tries_an_image_and_goes_back),
        ROW(settle_keeps_what_is_confirmed_whatever_the_mailbox_says_later),
        ROW(settle_installs_for_good_on_a_permanent_request),
        ROW(settle_goes_back_to_the_old_image_on_request),
        ROW(settle_keeps_an_outgoing_image_without_key_sealed_and_takes_it_back),
        ROW(board_finds_plaintext_where_there_is_some),
        ROW(settle_takes_a_plain_image_where_no_policy_forbids_it),
        ROW(settle_refuses_a_stranger_and_destroys_the_image),
        ROW(settle_refuses_a_damaged_image),
        STRICT_ROW(settle_refuses_a_plain_image_where_the_policy_does),
        STRICT_ROW(settle_refuses_a_downgrade_where_the_policy_does),
        ROW(settle_refuses_the_image_that_runs),
        ROW(settle_clears_a_request_for_nothing),
        ROW(settle_clears_flags_without_magic),
        ROW(settle_runs_on_when_the_image_to_go_back_to_is_broken),
        ROW(settle_believes_a_debugger),
        ROW(settle_refuses_a_device_in_the_middle_of_another_bootloaders_swap),
        ROW(settle_boots_a_factory_image_with_magic_and_with_magic_confirmed),
        ROW(settle_installs_into_an_empty_primary),
        ROW(settle_repairs_a_broken_primary),
        ROW(settle_boots_a_good_primary_without_the_secondary),
        ROW(settle_boots_nothing_without_keys),
        ROW(settle_overwrites_where_the_map_says_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
