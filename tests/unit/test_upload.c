/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bench.h"
#include "core/bytes.h"

#define OURS     "sign-ecdsa-p256"
#define STRANGER "sign2-ecdsa-p256"

static const uint8_t v1[4] = {1, 0, 0, 0}, v2[4] = {2, 0, 0, 0};

struct job {
    struct bench b;
    struct forge running, file;
    uint8_t sha[32];
};

static void job_open(struct job *j, uint16_t unit)
{
    bench_open(&j->b, unit);
    bench_image(&j->running, v1, 2000, 1, OURS);
    bench_burn(&j->b, &j->b.map.primary, 0, j->running.bytes, j->running.len);
    bench_image(&j->file, v2, 4321, 2, OURS);
    EVP_Digest(j->file.bytes, j->file.len, j->sha, NULL, EVP_sha256(), NULL);
}

static int setup(void **state)
{
    struct job *j = malloc(sizeof *j);

    job_open(j, 4);
    *state = j;
    return 0;
}

static int teardown(void **state)
{
    struct job *j = *state;

    bench_close(&j->b);
    free(j);
    return 0;
}

static struct bench_chunk chunk(const struct job *j, uint32_t off, size_t len)
{
    return (struct bench_chunk){
        .off = off, .data = j->file.bytes + off, .data_len = len, .len = (uint32_t)j->file.len};
}

static bool in_flash(const struct job *j)
{
    return memcmp(j->b.flash.mem + j->b.map.secondary.base, j->file.bytes, j->file.len) == 0;
}

/* Old content in the slot, every unit, chunks of many sizes: the file is in flash, the rest untouched. */
static void upload_of_any_chunk_size_arrives_for_every_unit(void **state)
{
    static const uint16_t units[] = {1, 2, 4, 8, 16, 32};
    static const size_t chunks[] = {32, 33, 63, 64, 100, 255, 1000, 1024, 1500};

    (void)state;
    for (size_t u = 0; u < sizeof units / sizeof *units; u++) {
        for (size_t c = 0; c < sizeof chunks / sizeof *chunks; c++) {
            struct job j;

            job_open(&j, units[u]);
            memset(j.b.flash.mem + j.b.map.secondary.base, 0x5a, BENCH_SLOT);
            if (bench_upload_all(&j.b, j.file.bytes, j.file.len, chunks[c], j.sha) != 0 || !in_flash(&j))
                fail_msg("unit %u, chunks of %zu", units[u], chunks[c]);
            /* nothing of the old request is left, and only what was needed was erased */
            assert_int_equal(j.b.flash.mem[j.b.map.secondary.base + BENCH_SLOT - 1], 0xff);
            assert_int_equal(j.b.flash.mem[j.b.map.secondary.base + 5 * BENCH_SECTOR], 0x5a);
            assert_int_equal(bench_set(&j.b, NULL, true), 0);
            bench_close(&j.b);
        }
    }
}

/* First-packet checks: what is changed in the packet, and the error; flash is not touched. */
static void upload_checks_the_first_packet_before_any_erase(void **state)
{
    static const struct {
        uint32_t at; /* in the header; 99: nothing */
        uint32_t value;
        size_t data_len;
        uint32_t len; /* 0: the right one */
        bool upgrade;
        int rc;
    } row[] = {
        {99, 0, 31, 0, false, 22},                   /* no whole header */
        {99, 0, 0, 0, false, 22},                    /* no data */
        {0, 0x96f3b83c, 64, 0, false, 23},           /* magic */
        {99, 0, 64, BENCH_SLOT, false, 30},          /* too large a file */
        {99, 0, 64, 0xffffffff, false, 30},          /* much too large */
        {12, 0xfffffff0, 64, 0, false, 22},          /* sizes that wrap */
        {12, 5000, 64, 0, false, 22},                /* payload longer than the file */
        {8, 0x00000100, 64, 0, false, 22},           /* header size of another board */
        {8, 0x00000010, 64, 0, false, 23},           /* impossible header size */
        {16, ALK_IMAGE_ROM_FIXED, 64, 0, false, 25}, /* linked for another address */
        {20, 0x00000001, 64, 0, true, 27},           /* upgrade to the same version */
        {20, 0x00000000, 64, 0, true, 27},           /* and to an older one */
    };
    struct job *j = *state;
    uint8_t first[64];

    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct bench_chunk c = chunk(j, 0, row[i].data_len);

        memcpy(first, j->file.bytes, sizeof first);
        if (row[i].at < 64)
            alk_put32(first + row[i].at, row[i].value);
        c.data = first;
        c.upgrade = row[i].upgrade;
        c.len = row[i].len != 0 ? row[i].len : c.len;
        int rc = bench_upload(&j->b, &c);
        if (rc != row[i].rc)
            fail_msg("row %zu: %d", i, rc);
    }
    assert_int_equal(j->b.flash.count, 0);
    struct bench_chunk good = chunk(j, 0, 64);
    good.upgrade = true;
    assert_int_equal(bench_upload(&j->b, &good), 0);
}

static void upload_needs_its_keys(void **state)
{
    struct job *j = *state;
    struct bench *b = &j->b;

    assert_int_equal(bench_ask(b, ALK_SMP_OP_WRITE, ALK_SMP_IMAGE, 1), 20);
    bench_begin(b);
    alk_cbor_put_text(&b->args, "off");
    alk_cbor_put_uint(&b->args, 0);
    alk_cbor_put_text(&b->args, "data");
    alk_cbor_put_bytes(&b->args, j->file.bytes, 64);
    assert_int_equal(bench_send(b, ALK_SMP_OP_WRITE, ALK_SMP_IMAGE, 1), 21);
    for (unsigned image = 0; image < 3; image++) {
        bench_begin(b);
        alk_cbor_put_text(&b->args, "image");
        alk_cbor_put_uint(&b->args, image);
        alk_cbor_put_text(&b->args, "len");
        alk_cbor_put_uint(&b->args, (uint32_t)j->file.len);
        alk_cbor_put_text(&b->args, "off");
        alk_cbor_put_uint(&b->args, 0);
        alk_cbor_put_text(&b->args, "data");
        alk_cbor_put_bytes(&b->args, j->file.bytes, 64);
        assert_int_equal(bench_send(b, ALK_SMP_OP_WRITE, ALK_SMP_IMAGE, 1), image == 0 ? 0 : 14);
    }
    bench_begin(b);
    alk_cbor_put_text(&b->args, "sha");
    alk_cbor_put_bytes(&b->args, j->file.bytes, 33);
    alk_cbor_put_text(&b->args, "len");
    alk_cbor_put_uint(&b->args, (uint32_t)j->file.len);
    alk_cbor_put_text(&b->args, "off");
    alk_cbor_put_uint(&b->args, 0);
    alk_cbor_put_text(&b->args, "data");
    alk_cbor_put_bytes(&b->args, j->file.bytes, 64);
    assert_int_equal(bench_send(b, ALK_SMP_OP_WRITE, ALK_SMP_IMAGE, 1), 24);
}

static void upload_answers_a_wrong_offset_with_the_right_one(void **state)
{
    struct job *j = *state;
    struct bench_chunk c = chunk(j, 0, 100);
    uint64_t before;

    assert_int_equal(bench_upload(&j->b, &c), 0);
    before = j->b.flash.count;
    static const uint32_t wrong[] = {1, 99, 101, 200, 0xffffffff};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        c = (struct bench_chunk){.off = wrong[i], .data = j->file.bytes, .data_len = 50};
        assert_int_equal(bench_upload(&j->b, &c), 0);
        assert_int_equal(bench_number(&j->b, "off"), 100);
    }
    assert_int_equal(j->b.flash.count, before);
    c = chunk(j, 100, 50);
    assert_int_equal(bench_upload(&j->b, &c), 0);
    assert_int_equal(bench_number(&j->b, "off"), 150);
}

static void upload_without_a_session_expects_the_beginning(void **state)
{
    struct job *j = *state;
    struct bench_chunk c = chunk(j, 100, 100);

    assert_int_equal(bench_upload(&j->b, &c), 0);
    assert_int_equal(bench_number(&j->b, "off"), 0);
    assert_int_equal(j->b.flash.count, 0);
}

static void upload_of_the_same_file_resumes(void **state)
{
    struct job *j = *state;
    struct bench_chunk c = chunk(j, 0, 101);
    uint8_t other[32] = {1};
    uint64_t before;

    c.sha = j->sha;
    assert_int_equal(bench_upload(&j->b, &c), 0);
    c = chunk(j, 101, 1100);
    assert_int_equal(bench_upload(&j->b, &c), 0);
    before = j->b.flash.count;
    c = chunk(j, 0, 40);
    c.sha = j->sha;
    c.len = 1; /* ignored */
    assert_int_equal(bench_upload(&j->b, &c), 0);
    assert_int_equal(bench_number(&j->b, "off"), 1201);
    assert_int_equal(j->b.flash.count, before);
    /* another file, or none named: from the beginning */
    c = chunk(j, 0, 40);
    c.sha = other;
    assert_int_equal(bench_upload(&j->b, &c), 0);
    assert_int_equal(bench_number(&j->b, "off"), 40);
    c.sha = NULL;
    assert_int_equal(bench_upload(&j->b, &c), 0);
    assert_int_equal(bench_number(&j->b, "off"), 40);
    assert_true(j->b.flash.count > before);
    assert_int_equal(bench_upload_all(&j->b, j->file.bytes, j->file.len, 333, j->sha), 0);
    assert_true(in_flash(j));
}

static void upload_is_forgotten_after_an_error_and_an_erase(void **state)
{
    struct job *j = *state;
    struct bench_chunk c = chunk(j, 0, 100);

    c.sha = j->sha;
    assert_int_equal(bench_upload(&j->b, &c), 0);
    assert_int_equal(bench_ask(&j->b, ALK_SMP_OP_WRITE, ALK_SMP_IMAGE, 5), 0);
    c = chunk(j, 100, 100);
    assert_int_equal(bench_upload(&j->b, &c), 0);
    assert_int_equal(bench_number(&j->b, "off"), 0);
    c = chunk(j, 0, 100);
    c.len = 5000;
    assert_int_equal(bench_upload(&j->b, &c), 0);
    c = (struct bench_chunk){.off = 100, .data = j->b.flash.mem, .data_len = 1900};
    for (uint32_t off = 100; off + 1900 <= 5000; off += 1900, c.off = off)
        assert_int_equal(bench_upload(&j->b, &c), 0);
    assert_int_equal(bench_upload(&j->b, &c), 31); /* 3900 + 1900 > 5000 */
    assert_int_equal(bench_upload(&j->b, &c), 0);
    assert_int_equal(bench_number(&j->b, "off"), 0);
}

static void upload_done_answers_a_repeated_last_chunk(void **state)
{
    struct job *j = *state;
    struct bench_chunk c = chunk(j, 100, 50);

    assert_int_equal(bench_upload_all(&j->b, j->file.bytes, j->file.len, 300, j->sha), 0);
    assert_int_equal(bench_upload(&j->b, &c), 0);
    assert_int_equal(bench_number(&j->b, "off"), (long)j->file.len);
}

/* On a link without a check a byte may change; the session's hash finds it at the end. */
static void upload_with_a_changed_byte_is_refused_at_its_end(void **state)
{
    struct job *j = *state;

    for (unsigned round = 0; round < 20; round++) {
        size_t at = 600 + round * 211 % (j->file.len - 600);

        j->file.bytes[at] ^= 0x10;
        assert_int_equal(bench_upload_all(&j->b, j->file.bytes, j->file.len, 400, j->sha), 24);
        j->file.bytes[at] ^= 0x10;
    }
    assert_int_equal(bench_upload_all(&j->b, j->file.bytes, j->file.len, 400, j->sha), 0);
}

static void upload_is_refused_when_the_slot_is_asked_for(void **state)
{
    struct job *j = *state;
    uint8_t hash[32];

    assert_int_equal(bench_upload_all(&j->b, j->file.bytes, j->file.len, 400, j->sha), 0);
    bench_hash(hash, &j->file);
    assert_int_equal(bench_set(&j->b, hash, false), 0);
    uint64_t before = j->b.flash.count;
    assert_int_equal(bench_upload_all(&j->b, j->file.bytes, j->file.len, 400, j->sha), 9);
    assert_int_equal(j->b.flash.count, before);
}

static void upload_stops_when_another_command_asks_for_the_slot(void **state)
{
    struct job *j = *state;
    uint8_t hash[32];
    struct bench_chunk c;

    /* an old image one sector in, found while the new one has just begun */
    bench_burn(&j->b, &j->b.map.secondary, BENCH_SECTOR, j->file.bytes, j->file.len);
    bench_hash(hash, &j->file);
    c = chunk(j, 0, 100);
    assert_int_equal(bench_upload(&j->b, &c), 0);
    assert_int_equal(bench_set(&j->b, hash, false), 0);
    uint64_t before = j->b.flash.count;
    c = chunk(j, 100, 100);
    assert_int_equal(bench_upload(&j->b, &c), 0);
    assert_int_equal(j->b.flash.count, before);
}

static void unprovisioned_device_takes_no_upload(void **state)
{
    struct job *j = *state;
    struct bench_chunk c = chunk(j, 0, 100);

    memset(j->b.flash.mem, 0xff, BENCH_SECTOR);
    assert_int_equal(bench_upload(&j->b, &c), 32);
    assert_int_equal(j->b.flash.count, 0);
}

static void recovery_asks_for_a_good_upload_and_refuses_a_bad_one(void **state)
{
    struct job *j = *state;
    struct bench *b = &j->b;
    struct forge evil;

    b->cfg.cmds = alk_smp_recovery_cmds;
    b->cfg.recovery = true;
    bench_image(&evil, v2, 4000, 5, STRANGER);
    assert_int_equal(bench_upload_all(b, evil.bytes, evil.len, 400, NULL), 24);
    assert_int_equal(bench_ask(b, ALK_SMP_OP_READ, ALK_SMP_IMAGE, 0), 0);
    assert_string_equal(bench_list(b), "0:1.0.0:bca 1:2.0.0:b");
    assert_int_equal(bench_upload_all(b, j->file.bytes, j->file.len, 400, NULL), 0);
    assert_int_equal(bench_ask(b, ALK_SMP_OP_READ, ALK_SMP_IMAGE, 0), 0);
    assert_string_equal(bench_list(b), "0:1.0.0:bca 1:2.0.0:bpP");
    /* the client wants a test after all */
    uint8_t hash[32];
    bench_hash(hash, &j->file);
    assert_int_equal(bench_set(b, hash, false), 0);
    assert_string_equal(bench_list(b), "0:1.0.0:bca 1:2.0.0:bp");
    /* and another image: recovery may replace what is asked for */
    j->file.bytes[3000] ^= 1;
    assert_int_equal(bench_upload_all(b, j->file.bytes, j->file.len, 400, NULL), 24);
    assert_int_equal(bench_ask(b, ALK_SMP_OP_READ, ALK_SMP_IMAGE, 0), 0);
    assert_string_equal(bench_list(b), "0:1.0.0:bca 1:2.0.0:b");
}

static void recovery_without_a_secondary_writes_the_primary(void **state)
{
    struct job *j = *state;
    struct bench *b = &j->b;

    b->cfg.cmds = alk_smp_recovery_cmds;
    b->cfg.recovery = true;
    b->map.secondary.sectors = 0;
    b->smp.target = &b->map.primary;
    assert_int_equal(bench_upload_all(b, j->file.bytes, j->file.len, 400, j->sha), 0);
    assert_memory_equal(b->flash.mem + b->map.primary.base, j->file.bytes, j->file.len);
    assert_int_equal(bench_ask(b, ALK_SMP_OP_READ, ALK_SMP_IMAGE, 0), 0);
    assert_string_equal(bench_list(b), "0:2.0.0:bca");
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(upload_of_any_chunk_size_arrives_for_every_unit),
        CASE(upload_checks_the_first_packet_before_any_erase),
        CASE(upload_needs_its_keys),
        CASE(upload_answers_a_wrong_offset_with_the_right_one),
        CASE(upload_without_a_session_expects_the_beginning),
        CASE(upload_of_the_same_file_resumes),
        CASE(upload_is_forgotten_after_an_error_and_an_erase),
        CASE(upload_done_answers_a_repeated_last_chunk),
        CASE(upload_with_a_changed_byte_is_refused_at_its_end),
        CASE(upload_is_refused_when_the_slot_is_asked_for),
        CASE(upload_stops_when_another_command_asks_for_the_slot),
        CASE(unprovisioned_device_takes_no_upload),
        CASE(recovery_asks_for_a_good_upload_and_refuses_a_bad_one),
        CASE(recovery_without_a_secondary_writes_the_primary),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
