/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bench.h"

#define OURS     "sign-ecdsa-p256"
#define STRANGER "sign2-ecdsa-p256"

static const uint8_t v1[4] = {1, 0, 0, 0}, v2[4] = {2, 10, 3, 77};

/* A bench with an image in either slot. */
struct two {
    struct bench b;
    struct forge one, other;
    uint8_t hash1[32], hash2[32];
};

static int setup(void **state)
{
    struct two *t = malloc(sizeof *t);

    bench_open(&t->b, 4);
    bench_image(&t->one, v1, 3000, 1, OURS);
    bench_image(&t->other, v2, 4000, 2, OURS);
    bench_hash(t->hash1, &t->one);
    bench_hash(t->hash2, &t->other);
    bench_burn(&t->b, &t->b.map.primary, 0, t->one.bytes, t->one.len);
    bench_burn(&t->b, &t->b.map.secondary, 0, t->other.bytes, t->other.len);
    *state = t;
    return 0;
}

static int teardown(void **state)
{
    struct two *t = *state;

    bench_close(&t->b);
    free(t);
    return 0;
}

static void expect_list(struct bench *b, const char *want)
{
    assert_int_equal(bench_ask(b, ALK_SMP_OP_READ, ALK_SMP_IMAGE, 0), 0);
    assert_string_equal(bench_list(b), want);
    assert_int_equal(bench_number(b, "splitStatus"), 0);
}

/* What the bootloader leaves after a test swap: v1 runs on trial, v2 is what would come back. */
static void on_trial(struct bench *b)
{
    assert_int_equal(alk_mailbox_finish(&b->map.primary, ALK_REQ_TEST, false), ALK_OK);
}

static void image_list_shows_what_the_mailboxes_say(void **state)
{
    struct two *t = *state;
    struct bench *b = &t->b;

    expect_list(b, "0:1.0.0:bca 1:2.10.3.77:b");
    assert_int_equal(alk_mailbox_request(&b->map.secondary, ALK_REQ_TEST), ALK_OK);
    expect_list(b, "0:1.0.0:bca 1:2.10.3.77:bp");
    assert_int_equal(alk_mailbox_request(&b->map.secondary, ALK_REQ_PERM), ALK_OK);
    expect_list(b, "0:1.0.0:bca 1:2.10.3.77:bpP");
}

static void image_list_of_a_trial_shows_what_would_come_back(void **state)
{
    struct two *t = *state;

    on_trial(&t->b);
    expect_list(&t->b, "0:1.0.0:ba 1:2.10.3.77:bc");
    assert_int_equal(bench_set(&t->b, NULL, true), 0);
    assert_string_equal(bench_list(&t->b), "0:1.0.0:bca 1:2.10.3.77:b");
}

static void image_list_finds_an_image_one_sector_in(void **state)
{
    struct two *t = *state;
    struct bench *b = &t->b;

    memset(b->flash.mem + b->map.secondary.base, 0xff, BENCH_SLOT);
    expect_list(b, "0:1.0.0:bca");
    bench_burn(b, &b->map.secondary, BENCH_SECTOR, t->other.bytes, t->other.len);
    expect_list(b, "0:1.0.0:bca 1:2.10.3.77:b");
    assert_int_equal(bench_set(b, t->hash2, false), 0);
    assert_string_equal(bench_list(b), "0:1.0.0:bca 1:2.10.3.77:bp");
}

static void image_list_prints_every_version(void **state)
{
    static const struct {
        uint8_t v[8];
        const char *text;
    } row[] = {
        {{0, 0, 0, 0, 0, 0, 0, 0}, "0:0.0.0:bca"},
        {{255, 9, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, "0:255.9.65535.4294967295:bca"},
        {{10, 99, 0x10, 0x27, 0x00, 0xca, 0x9a, 0x3b}, "0:10.99.10000.1000000000:bca"},
        {{1, 2, 3, 0, 0xff, 0xc9, 0x9a, 0x3b}, "0:1.2.3.999999999:bca"},
    };
    struct two *t = *state;
    struct bench *b = &t->b;

    memset(b->flash.mem + b->map.secondary.base, 0xff, BENCH_SLOT);
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        bench_burn(b, &b->map.primary, 20, row[i].v, 8);
        expect_list(b, row[i].text);
    }
}

/* The table of requests: hash (0 none, 1 running, 2 other, 3 unknown), confirm, result, list. */
static void image_set_follows_the_table(void **state)
{
    static const struct {
        unsigned hash;
        bool confirm;
        int rc;
        const char *list;
    } row[] = {
        {0, false, 24, NULL},
        {0, true, 0, "0:1.0.0:bca 1:2.10.3.77:b"},
        {1, false, 33, NULL},
        {1, true, 0, "0:1.0.0:bca 1:2.10.3.77:b"},
        {3, false, 8, NULL},
        {3, true, 8, NULL},
        {2, false, 0, "0:1.0.0:bca 1:2.10.3.77:bp"},
        {2, false, 0, "0:1.0.0:bca 1:2.10.3.77:bp"}, /* again */
        {0, true, 28, NULL},                         /* confirm while another is pending */
        {1, true, 28, NULL},
        {2, true, 0, "0:1.0.0:bca 1:2.10.3.77:bpP"},
        {2, true, 0, "0:1.0.0:bca 1:2.10.3.77:bpP"},
        {2, false, 0, "0:1.0.0:bca 1:2.10.3.77:bp"}, /* only a test after all */
    };
    struct two *t = *state;
    uint8_t unknown[32] = {1};
    const uint8_t *hash[] = {NULL, t->hash1, t->hash2, unknown};

    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        int rc = bench_set(&t->b, hash[row[i].hash], row[i].confirm);

        if (rc != row[i].rc)
            fail_msg("row %zu: %d", i, rc);
        if (rc == 0)
            assert_string_equal(bench_list(&t->b), row[i].list);
    }
}

static void image_set_takes_null_and_empty_hashes_for_none(void **state)
{
    struct two *t = *state;
    struct bench *b = &t->b;

    for (unsigned form = 0; form < 2; form++) {
        for (unsigned confirm = 0; confirm < 2; confirm++) {
            bench_begin(b);
            alk_cbor_put_text(&b->args, "hash");
            if (form == 0)
                alk_cbor_put_null(&b->args);
            else
                alk_cbor_put_bytes(&b->args, b->req, 0);
            alk_cbor_put_text(&b->args, "confirm");
            alk_cbor_put_uint(&b->args, confirm); /* a number for a bool */
            assert_int_equal(bench_send(b, ALK_SMP_OP_WRITE, ALK_SMP_IMAGE, 0), confirm != 0 ? 0 : 24);
        }
    }
    for (size_t len = 1; len < 65; len++) {
        bench_begin(b);
        alk_cbor_put_text(&b->args, "hash");
        alk_cbor_put_bytes(&b->args, b->flash.mem, len);
        assert_int_equal(bench_send(b, ALK_SMP_OP_WRITE, ALK_SMP_IMAGE, 0), len == 32 ? 8 : 24);
    }
}

static void image_on_trial_blocks_requests_uploads_and_erasing(void **state)
{
    struct two *t = *state;
    struct bench *b = &t->b;
    uint64_t before;

    on_trial(b);
    before = b->flash.count;
    assert_int_equal(bench_set(b, t->hash2, false), 28);
    assert_int_equal(bench_set(b, t->hash2, true), 28);
    assert_int_equal(bench_ask(b, ALK_SMP_OP_WRITE, ALK_SMP_IMAGE, 5), 9);
    assert_int_equal(bench_upload_all(b, t->other.bytes, t->other.len, 300, NULL), 9);
    assert_int_equal(b->flash.count, before);
    assert_int_equal(bench_set(b, t->hash1, true), 0);
    assert_int_equal(bench_set(b, t->hash2, false), 0);
}

/* What was written by nobody who may, or came damaged, is never asked for. */
static void image_set_asks_only_for_what_passes_the_check(void **state)
{
    struct two *t = *state;
    struct bench *b = &t->b;
    struct forge evil;
    uint8_t hash[32];

    b->flash.mem[b->map.secondary.base + 2000] ^= 1;
    assert_int_equal(bench_set(b, t->hash2, false), 24);
    assert_int_equal(bench_set(b, t->hash2, true), 24);
    bench_image(&evil, v2, 4000, 3, STRANGER);
    bench_hash(hash, &evil);
    memset(b->flash.mem + b->map.secondary.base, 0xff, BENCH_SLOT);
    bench_burn(b, &b->map.secondary, 0, evil.bytes, evil.len);
    assert_int_equal(bench_set(b, hash, false), 24);
    expect_list(b, "0:1.0.0:bca 1:2.10.3.77:b");
    assert_int_equal(b->flash.count, 0);
}

/* A mailbox that holds neither nothing nor a request is cleaned before a request goes in. */
static void image_set_clears_a_spoilt_mailbox(void **state)
{
    static const struct {
        uint32_t from_end;
        uint8_t value;
    } spoilt[] = {{1, 0x00}, {24, 0x01}, {24, 0x00}, {32, 0x01}, {40, 0x02}, {16, 0x77}};
    struct two *t = *state;
    struct bench *b = &t->b;

    for (size_t i = 0; i < sizeof spoilt / sizeof *spoilt; i++) {
        bench_burn(b, &b->map.secondary, BENCH_SLOT - spoilt[i].from_end, &spoilt[i].value, 1);
        if (bench_set(b, t->hash2, false) != 0)
            fail_msg("row %zu", i);
        assert_string_equal(bench_list(b), "0:1.0.0:bca 1:2.10.3.77:bp");
        memset(b->flash.mem + b->map.secondary.base + BENCH_SLOT - BENCH_SECTOR, 0xff, BENCH_SECTOR);
    }
}

static void image_erase_empties_the_slot_and_drops_the_request(void **state)
{
    static const struct {
        int slot; /* -1: not given */
        int rc;
    } row[] = {{0, 9}, {2, 10}, {1, 0}, {-1, 0}};
    struct two *t = *state;
    struct bench *b = &t->b;

    assert_int_equal(bench_set(b, t->hash2, false), 0);
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        bench_begin(b);
        if (row[i].slot >= 0) {
            alk_cbor_put_text(&b->args, "slot");
            alk_cbor_put_uint(&b->args, (uint32_t)row[i].slot);
        }
        assert_int_equal(bench_send(b, ALK_SMP_OP_WRITE, ALK_SMP_IMAGE, 5), row[i].rc);
        expect_list(b, row[i].rc == 0 ? "0:1.0.0:bca" : "0:1.0.0:bca 1:2.10.3.77:bp");
    }
    for (size_t i = 0; i < BENCH_SLOT; i++)
        assert_int_equal(b->flash.mem[b->map.secondary.base + i], 0xff);
}

/* A cut at any operation of an erase leaves no request. */
static void image_erase_drops_the_request_first(void **state)
{
    struct two *t = *state;
    struct bench *b = &t->b;
    struct alk_mailbox m;

    assert_int_equal(bench_set(b, t->hash2, false), 0);
    uint64_t before = b->flash.count;
    assert_int_equal(bench_ask(b, ALK_SMP_OP_WRITE, ALK_SMP_IMAGE, 5), 0);
    assert_true(b->flash.count > before + BENCH_SECTORS / 4);
    bench_burn(b, &b->map.secondary, 0, t->other.bytes, t->other.len);
    assert_int_equal(alk_mailbox_read(&m, &b->map.secondary), ALK_OK);
    assert_int_equal(m.magic, ALK_UNSET);
}

static void image_slots_tell_sizes_and_where_uploads_go(void **state)
{
    struct two *t = *state;
    struct bench *b = &t->b;
    struct alk_cbor_item images, image, slots, slot, it;

    assert_int_equal(bench_ask(b, ALK_SMP_OP_READ, ALK_SMP_IMAGE, 6), 0);
    assert_int_equal(alk_cbor_find(&images, &b->map_of_reply.in, "images"), 1);
    assert_int_equal(alk_cbor_next(&image, &images.in), 1);
    assert_int_equal(alk_cbor_find(&it, &image.in, "max_image_size"), 1);
    assert_int_equal(it.value, b->map.demand.max_size);
    assert_int_equal(alk_cbor_find(&slots, &image.in, "slots"), 1);
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(alk_cbor_next(&slot, &slots.in), 1);
        assert_int_equal(alk_cbor_find(&it, &slot.in, "slot"), 1);
        assert_int_equal(it.value, i);
        assert_int_equal(alk_cbor_find(&it, &slot.in, "size"), 1);
        assert_int_equal(it.value, BENCH_SLOT);
        assert_int_equal(alk_cbor_find(&it, &slot.in, "upload_image_id"), i);
    }
    assert_int_equal(alk_cbor_next(&slot, &slots.in), 0);
}

static void image_errors_are_translated_for_version_1(void **state)
{
    struct two *t = *state;
    struct bench *b = &t->b;
    uint8_t unknown[32] = {1};

    b->version = 0;
    assert_int_equal(bench_set(b, NULL, false), -3);
    assert_int_equal(bench_set(b, t->hash1, false), -1);
    assert_int_equal(bench_set(b, unknown, false), -1);
    assert_int_equal(bench_set(b, t->hash2, false), 0);
    assert_int_equal(bench_set(b, NULL, true), -6);
    assert_int_equal(bench_upload_all(b, t->other.bytes, t->other.len, 300, NULL), -6);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(image_list_shows_what_the_mailboxes_say),
        CASE(image_list_of_a_trial_shows_what_would_come_back),
        CASE(image_list_finds_an_image_one_sector_in),
        CASE(image_list_prints_every_version),
        CASE(image_set_follows_the_table),
        CASE(image_set_takes_null_and_empty_hashes_for_none),
        CASE(image_on_trial_blocks_requests_uploads_and_erasing),
        CASE(image_set_asks_only_for_what_passes_the_check),
        CASE(image_set_clears_a_spoilt_mailbox),
        CASE(image_erase_empties_the_slot_and_drops_the_request),
        CASE(image_erase_drops_the_request_first),
        CASE(image_slots_tell_sizes_and_where_uploads_go),
        CASE(image_errors_are_translated_for_version_1),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
