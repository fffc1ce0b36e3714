/* SPDX-License-Identifier: Apache-2.0 */
/* Uploads against servers as they are told of: with and without buffers, forgetful, pedantic, of another
 * size. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "airlock/upgrade.h"
#include "model.h"

enum { LEN = MODEL_LEN };

struct bench {
    struct model m;
    struct sim_link link;
    struct alk_client *c;
    struct alk_update_image im;
    struct alk_upload_options o;
    uint8_t data[LEN];
    struct alk_smp_reply r;
    bool over;
    uint64_t took_ms;
};

static struct bench *begin(uint32_t buf_size, uint32_t buf_count)
{
    struct bench *b = calloc(1, sizeof *b);
    uint32_t seed = 7;

    for (size_t i = 0; i < LEN; i++)
        b->data[i] = (uint8_t)sim_random(&seed, 256);
    b->im = (struct alk_update_image){.data = b->data, .len = LEN};
    memset(b->im.sha, 0x5a, sizeof b->im.sha);
    sim_init(&b->link, 1, model_serve, &b->m);
    b->m.link = &b->link;
    b->c = alk_client_new(&b->link.t);
    assert_int_equal(alk_client_open(b->c), ALK_OK);
    alk_client_process(b->c, b->link.now_ms);
    alk_client_set_limits(b->c, buf_size, buf_count);
    return b;
}

static void done(void *ctx, const struct alk_smp_reply *r)
{
    struct bench *b = ctx;

    assert_false(b->over);
    b->over = true;
    b->r = *r;
}

static bool is_over(void *ctx)
{
    return ((struct bench *)ctx)->over;
}

static int run(struct bench *b)
{
    uint64_t began = b->link.now_ms;
    struct alk_upload *u = alk_upload_begin(b->c, &b->im, &b->o, NULL, done, b);

    b->over = false;
    assert_non_null(u);
    assert_true(sim_run(&b->link, b->c, is_over, b, began + 3600000));
    b->took_ms = b->link.now_ms - began;
    alk_upload_free(u);
    return b->r.result;
}

static void assert_whole(const struct bench *b)
{
    assert_int_equal(b->r.result, ALK_OK);
    assert_int_equal(b->m.off, LEN);
    assert_memory_equal(b->m.data, b->data, LEN);
}

static void end(struct bench *b)
{
    alk_client_free(b->c);
    free(b);
}

static void packets_fill_the_buffer_exactly(void **state)
{
    static const uint32_t sizes[] = {128, 252, 256, 259, 260, 283, 284, 285, 286, 287, 384, 512, 1024, 2475};

    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct bench *b = begin(sizes[i], 4);

        run(b);
        assert_whole(b);
        /* a byte string of 24 or 256 bytes needs one head byte more: there one byte stays free */
        assert_in_range(b->m.longest, sizes[i] - 1, sizes[i]);
        assert_true(b->m.full + 6 >= b->m.requests - b->m.full / 2);
        end(b);
    }
}

static void first_chunk_travels_alone_then_the_window_is_used(void **state)
{
    (void)state;
    for (unsigned count = 1; count <= 6; count++) {
        struct bench *b = begin(384, count);

        run(b);
        assert_whole(b);
        assert_int_equal(b->m.firsts, 1);
        assert_int_equal(b->link.peak, count < 2 ? 1 : count - 1);
        end(b);
    }
}

static void window_is_three_times_as_fast_at_15_ms(void **state)
{
    uint64_t took[2];

    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        struct bench *b = begin(384, 4);

        b->link.latency_ms = 8;
        b->o.window_max = i == 0 ? 1 : 0;
        run(b);
        assert_whole(b);
        took[i] = b->took_ms;
        end(b);
    }
    print_message("stop and wait %u ms, window of 3 %u ms\n", (unsigned)took[0], (unsigned)took[1]);
    assert_true(took[0] * 10 >= took[1] * 27);
}

static void device_that_has_a_part_is_sent_the_rest(void **state)
{
    struct bench *b = begin(384, 4);

    (void)state;
    b->m.open = true;
    b->m.off = 12345;
    b->m.len = LEN;
    memset(b->m.sha, 0x5a, 32);
    memcpy(b->m.data, b->data, 12345);
    run(b);
    assert_whole(b);
    assert_true(b->m.requests < 30);
    end(b);
}

static void device_that_has_all_is_sent_one_chunk(void **state)
{
    struct bench *b = begin(384, 4);

    (void)state;
    b->m.open = true;
    b->m.off = b->m.len = LEN;
    memset(b->m.sha, 0x5a, 32);
    memcpy(b->m.data, b->data, LEN);
    run(b);
    assert_whole(b);
    assert_int_equal(b->m.requests, 1);
    end(b);
}

static void device_that_forgets_is_sent_all_again(void **state)
{
    (void)state;
    for (unsigned count = 1; count <= 4; count++) {
        struct bench *b = begin(384, count);

        b->m.forget_at = 9000;
        run(b);
        assert_whole(b);
        assert_true(b->m.firsts >= 2);
        end(b);
    }
}

static void server_that_writes_units_gets_aligned_chunks(void **state)
{
    static const unsigned aligns[] = {4, 8, 16, 32};

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        struct bench *b = begin(384, 1);

        b->m.align = aligns[i];
        run(b);
        assert_whole(b);
        assert_true(b->m.requests < LEN / 300 + 10);
        end(b);
    }
}

static void no_memory_shrinks_the_window(void **state)
{
    struct bench *b = begin(384, 5);

    (void)state;
    b->link.busy_ms = 20;
    b->m.no_memory = 2;
    run(b);
    assert_whole(b);
    end(b);
}

static void no_memory_for_ever_is_an_error(void **state)
{
    struct bench *b = begin(384, 5);

    (void)state;
    b->m.no_memory = 1000000;
    assert_int_equal(run(b), ALK_E_MEMORY);
    end(b);
}

static void corrupt_halves_the_packets(void **state)
{
    struct bench *b = begin(2475, 4);

    (void)state;
    b->m.too_long = 700;
    run(b);
    assert_whole(b);
    assert_in_range(b->m.longest, 350, 700);
    end(b);
}

static void server_deaf_to_long_packets_gets_short_ones(void **state)
{
    struct bench *b = begin(2475, 4);

    (void)state;
    b->m.mute_above = 300;
    run(b);
    assert_whole(b);
    end(b);
}

static void lossy_link_delivers(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= 40; seed++) {
        struct bench *b = begin(384 + seed * 20, 1 + seed % 6);

        b->link.seed = seed;
        b->link.loss = seed * 3;
        b->link.dup = seed * 2;
        b->link.jitter_ms = seed % 20;
        b->link.reorder = seed % 2;
        run(b);
        print_message("seed %u: %u requests, %u ms\n", (unsigned)seed, b->m.requests, (unsigned)b->took_ms);
        if (b->r.result == ALK_OK)
            assert_whole(b);
        assert_int_equal(b->r.result, ALK_OK);
        end(b);
    }
}

static void dead_link_ends_in_time_out(void **state)
{
    struct bench *b = begin(384, 4);

    (void)state;
    b->link.loss = 1000;
    assert_int_equal(run(b), ALK_E_TIMEOUT);
    end(b);
}

static void offset_past_the_end_is_no_answer(void **state)
{
    struct bench *b = begin(384, 4);

    (void)state;
    b->m.claim = LEN + 1;
    assert_int_equal(run(b), ALK_E_FORMAT);
    end(b);
}

static void device_that_never_moves_ends(void **state)
{
    struct bench *b = begin(384, 4);

    (void)state;
    b->m.claim = 500;
    assert_int_equal(run(b), ALK_E_TIMEOUT);
    end(b);
}

static void other_bytes_in_flash_are_not_success(void **state)
{
    struct bench *b = begin(384, 4);

    (void)state;
    b->m.corrupt = true;
    assert_int_equal(run(b), ALK_E_AUTH);
    end(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(packets_fill_the_buffer_exactly),
        cmocka_unit_test(first_chunk_travels_alone_then_the_window_is_used),
        cmocka_unit_test(window_is_three_times_as_fast_at_15_ms),
        cmocka_unit_test(device_that_has_a_part_is_sent_the_rest),
        cmocka_unit_test(device_that_has_all_is_sent_one_chunk),
        cmocka_unit_test(device_that_forgets_is_sent_all_again),
        cmocka_unit_test(server_that_writes_units_gets_aligned_chunks),
        cmocka_unit_test(no_memory_shrinks_the_window),
        cmocka_unit_test(no_memory_for_ever_is_an_error),
        cmocka_unit_test(corrupt_halves_the_packets),
        cmocka_unit_test(server_deaf_to_long_packets_gets_short_ones),
        cmocka_unit_test(lossy_link_delivers),
        cmocka_unit_test(dead_link_ends_in_time_out),
        cmocka_unit_test(offset_past_the_end_is_no_answer),
        cmocka_unit_test(device_that_never_moves_ends),
        cmocka_unit_test(other_bytes_in_flash_are_not_success),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
