/* SPDX-License-Identifier: Apache-2.0 */
/* The client against a scripted server: every way an answer can come, or not come. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "airlock/device.h"
#include "scripted.h"

static const struct alk_smp_request list = {.ask = ALK_ASK_READ, .group = 1, .id = 0, .retries = 3};

static void stale_and_foreign_answers_are_ignored(void **state)
{
    static const struct {
        int seq, id;
    } wrong[] = {{1, 0}, {-1, 0}, {0, 1}, {100, 3}};

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct scripted *b = scripted_begin();

        b->s.seq_error = wrong[i].seq;
        b->s.id_error = wrong[i].id;
        assert_true(scripted_ask(b, &list, 60000));
        assert_int_equal(b->r.result, ALK_E_TIMEOUT);
        assert_int_equal(b->s.asked, 4);
        scripted_end(b);
    }
}

static void duplicated_answer_counts_once(void **state)
{
    struct scripted *b = scripted_begin();

    (void)state;
    b->link.dup = 1000;
    assert_true(scripted_ask(b, &list, 1000));
    sim_run(&b->link, b->c, NULL, NULL, b->link.now_ms + 1000);
    assert_int_equal(b->answers, 1);
    scripted_end(b);
}

static void silence_is_asked_again_until_tries_end(void **state)
{
    (void)state;
    for (unsigned deaf = 0; deaf <= 5; deaf++) {
        struct scripted *b = scripted_begin();

        b->s.deaf_until = deaf;
        assert_true(scripted_ask(b, &list, 60000));
        assert_int_equal(b->r.result, deaf <= 3 ? ALK_OK : ALK_E_TIMEOUT);
        assert_int_equal(b->s.asked, deaf <= 3 ? deaf + 1 : 4);
        scripted_end(b);
    }
}

static void reset_without_answer_is_silent_success(void **state)
{
    const struct alk_smp_request q = {.ask = ALK_ASK_WRITE, .group = 0, .id = 5, .may_vanish = true};
    struct scripted *b = scripted_begin();

    (void)state;
    b->s.deaf_until = 100;
    assert_true(scripted_ask(b, &q, 60000));
    assert_int_equal(b->r.result, ALK_OK);
    assert_true(b->r.silent);
    scripted_end(b);
}

static void reset_that_breaks_the_link_is_success(void **state)
{
    const struct alk_smp_request q = {.ask = ALK_ASK_WRITE, .group = 0, .id = 5, .may_vanish = true};
    struct scripted *b = scripted_begin();

    (void)state;
    b->s.deaf_until = 100;
    assert_true(alk_client_send(b->c, &q, scripted_keep, b) > 0);
    alk_client_process(b->c, b->link.now_ms);
    b->link.broken = true;
    assert_true(sim_run(&b->link, b->c, scripted_answered, b, b->link.now_ms + 1000));
    assert_int_equal(b->r.result, ALK_OK);
    scripted_end(b);
}

/* L3 */
static void lost_slow_request_is_found_by_an_echo(void **state)
{
    const struct alk_smp_request q = {
        .ask = ALK_ASK_WRITE, .group = 1, .id = 5, .timeout_ms = 40000, .retries = 2};
    struct scripted *b = scripted_begin();
    uint64_t began = b->link.now_ms;

    (void)state;
    b->s.skip_echo = true;
    b->s.deaf_until = 1;
    assert_true(scripted_ask(b, &q, 60000));
    assert_int_equal(b->r.result, ALK_OK);
    assert_int_equal(b->s.asked, 2);
    assert_true(b->link.now_ms - began < 5000);
    scripted_end(b);
}

static void busy_server_is_not_asked_twice(void **state)
{
    const struct alk_smp_request q = {
        .ask = ALK_ASK_WRITE, .group = 1, .id = 5, .timeout_ms = 40000, .retries = 2};
    struct scripted *b = scripted_begin();

    (void)state;
    b->s.skip_echo = true;
    b->link.busy_ms = 20000;
    assert_true(scripted_ask(b, &q, 60000));
    assert_int_equal(b->r.result, ALK_OK);
    assert_int_equal(b->s.asked, 1);
    scripted_end(b);
}

static void lost_link_is_waited_for_and_asked_again(void **state)
{
    struct scripted *b = scripted_begin();

    (void)state;
    alk_client_set_patience(b->c, 30000);
    b->s.deaf_until = 1;
    assert_true(alk_client_send(b->c, &list, scripted_keep, b) > 0);
    sim_run(&b->link, b->c, NULL, NULL, b->link.now_ms + 100);
    b->link.broken = true;
    sim_run(&b->link, b->c, NULL, NULL, b->link.now_ms + 10000);
    assert_int_equal(b->answers, 0);
    b->link.broken = false;
    assert_true(sim_run(&b->link, b->c, scripted_answered, b, b->link.now_ms + 2000));
    assert_int_equal(b->r.result, ALK_OK);
    scripted_end(b);
}

static void lost_link_fails_when_patience_ends(void **state)
{
    struct scripted *b = scripted_begin();

    (void)state;
    alk_client_set_patience(b->c, 5000);
    b->link.broken = true;
    assert_true(scripted_ask(b, &list, 6000));
    assert_int_equal(b->r.result, ALK_E_IO);
    scripted_end(b);
}

static void link_that_opens_and_breaks_again_is_lost_all_the_time(void **state)
{
    (void)state;
    for (uint32_t patience = 0; patience <= 5000; patience += 5000) {
        struct scripted *b = scripted_begin();

        alk_client_set_patience(b->c, patience);
        b->link.flaky = true;
        assert_true(scripted_ask(b, &list, 6000));
        assert_int_equal(b->r.result, ALK_E_IO);
        scripted_end(b);
    }
}

static void too_new_is_asked_again_in_version_1(void **state)
{
    static const uint8_t too_new[] = {0xa1, 0x62, 'r', 'c', 0x0d};
    struct scripted *b = scripted_begin();

    (void)state;
    b->s.answer = too_new;
    b->s.answer_len = sizeof too_new;
    assert_true(scripted_ask(b, &list, 1000));
    assert_int_equal(b->s.asked, 2);
    assert_int_equal(b->s.last[0], 0);
    scripted_end(b);
}

static void limits_come_from_parameters(void **state)
{
    static const struct {
        uint32_t size, count;
        size_t packet;
        unsigned window;
    } rows[] = {{384, 4, 384, 3}, {2475, 4, 2475, 3}, {512, 1, 512, 1},
                {512, 2, 512, 1}, {1024, 0, 1024, 1}, {65536, 100, SIM_PACKET - 100, 16},
                {10, 4, 64, 3}};
    struct scripted *b = scripted_begin();

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        alk_client_set_limits(b->c, rows[i].size, rows[i].count);
        assert_int_equal(alk_client_packet_max(b->c), rows[i].packet);
        assert_int_equal(alk_client_window(b->c), rows[i].window);
    }
    scripted_end(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stale_and_foreign_answers_are_ignored),
        cmocka_unit_test(duplicated_answer_counts_once),
        cmocka_unit_test(silence_is_asked_again_until_tries_end),
        cmocka_unit_test(reset_without_answer_is_silent_success),
        cmocka_unit_test(reset_that_breaks_the_link_is_success),
        cmocka_unit_test(lost_slow_request_is_found_by_an_echo),
        cmocka_unit_test(busy_server_is_not_asked_twice),
        cmocka_unit_test(lost_link_is_waited_for_and_asked_again),
        cmocka_unit_test(lost_link_fails_when_patience_ends),
        cmocka_unit_test(link_that_opens_and_breaks_again_is_lost_all_the_time),
        cmocka_unit_test(too_new_is_asked_again_in_version_1),
        cmocka_unit_test(limits_come_from_parameters),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
