/* SPDX-License-Identifier: Apache-2.0 */
/* The life cycle of an image, row by row, on airlock-device. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "bench.h"
#include "process.h"

#define OURS     "sign-ecdsa-p256"
#define STRANGER "sign2-ecdsa-p256"

static const uint8_t v1[4] = {1, 0, 0, 0}, v2[4] = {2, 0, 0, 0}, v3[4] = {3, 0, 0, 0};

/* A device with version 1 in it, and what may be brought to it. */
struct life {
    char dir[40], flash[60], keys[60], image[60];
    struct process p;
    struct bench b; /* builds requests and reads replies; its own server is not asked */
    struct forge one, two, three;
    uint8_t h1[32], h2[32], h3[32];
};

static void write_file(const char *path, const void *bytes, size_t len)
{
    FILE *f = fopen(path, "wb");

    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, len, f), len);
    assert_int_equal(fclose(f), 0);
}

static void start(struct life *l, const char *more)
{
    const char *argv[] = {"--flash", l->flash, "--keys", l->keys, "--image", l->image, more, NULL};

    process_start(&l->p, argv);
    l->b.exchange = process_exchange;
    l->b.peer = &l->p;
}

static int setup(void **state)
{
    struct life *l = calloc(1, sizeof *l);

    strcpy(l->dir, "/tmp/airlock-device.XXXXXX");
    assert_non_null(mkdtemp(l->dir));
    snprintf(l->flash, sizeof l->flash, "%s/flash", l->dir);
    snprintf(l->keys, sizeof l->keys, "%s/keys", l->dir);
    snprintf(l->image, sizeof l->image, "%s/image", l->dir);
    bench_open(&l->b, 4);
    bench_image(&l->one, v1, 5000, 1, OURS);
    bench_image(&l->two, v2, 6000, 2, OURS);
    bench_image(&l->three, v3, 3000, 3, OURS);
    bench_hash(l->h1, &l->one);
    bench_hash(l->h2, &l->two);
    bench_hash(l->h3, &l->three);
    write_file(l->keys, l->b.ring.bytes, 1024);
    write_file(l->image, l->one.bytes, l->one.len);
    *state = l;
    return 0;
}

static int teardown(void **state)
{
    struct life *l = *state;

    bench_close(&l->b);
    unlink(l->flash);
    unlink(l->keys);
    unlink(l->image);
    rmdir(l->dir);
    free(l);
    return 0;
}

static void line_is(struct life *l, const char *want)
{
    assert_string_equal(process_line(&l->p), want);
}

static void list_is(struct life *l, const char *want)
{
    assert_int_equal(bench_ask(&l->b, ALK_SMP_OP_READ, ALK_SMP_IMAGE, 0), 0);
    assert_string_equal(bench_list(&l->b), want);
}

static void reset(struct life *l, const char *then)
{
    assert_int_equal(bench_ask(&l->b, ALK_SMP_OP_WRITE, ALK_SMP_OS, 5), 0);
    line_is(l, "reset");
    line_is(l, then);
}

static int upload(struct life *l, const struct forge *f)
{
    uint8_t sha[32];

    EVP_Digest(f->bytes, f->len, sha, NULL, EVP_sha256(), NULL);
    return bench_upload_all(&l->b, f->bytes, f->len, 500, sha);
}

static void device_tests_an_update_and_keeps_it_when_confirmed(void **state)
{
    struct life *l = *state;

    start(l, NULL);
    line_is(l, "running 1.0.0+0");
    list_is(l, "0:1.0.0:bca");
    assert_int_equal(upload(l, &l->two), 0);
    list_is(l, "0:1.0.0:bca 1:2.0.0:b");
    assert_int_equal(bench_set(&l->b, l->h2, false), 0);
    list_is(l, "0:1.0.0:bca 1:2.0.0:bp");
    reset(l, "running 2.0.0+0");
    list_is(l, "0:2.0.0:ba 1:1.0.0:bc");
    assert_int_equal(upload(l, &l->three), 9);
    assert_int_equal(bench_ask(&l->b, ALK_SMP_OP_WRITE, ALK_SMP_IMAGE, 5), 9);
    assert_int_equal(bench_set(&l->b, l->h1, false), 28);
    assert_int_equal(bench_set(&l->b, NULL, true), 0);
    list_is(l, "0:2.0.0:bca 1:1.0.0:b");
    reset(l, "running 2.0.0+0");
    list_is(l, "0:2.0.0:bca 1:1.0.0:b");
    /* back to the old one, on request, without an upload */
    assert_int_equal(bench_set(&l->b, l->h1, true), 0);
    list_is(l, "0:2.0.0:bca 1:1.0.0:bpP");
    reset(l, "running 1.0.0+0");
    list_is(l, "0:1.0.0:bca 1:2.0.0:b");
    process_end(&l->p, SIGKILL);
}

static void device_goes_back_when_nobody_confirms(void **state)
{
    struct life *l = *state;

    start(l, NULL);
    line_is(l, "running 1.0.0+0");
    assert_int_equal(upload(l, &l->two), 0);
    assert_int_equal(bench_set(&l->b, l->h2, false), 0);
    reset(l, "running 2.0.0+0");
    reset(l, "running 1.0.0+0");
    assert_int_equal(bench_ask(&l->b, ALK_SMP_OP_READ, ALK_SMP_IMAGE, 0), 0);
    assert_non_null(strstr(bench_list(&l->b), "0:1.0.0:bca"));
    assert_null(strstr(bench_list(&l->b), "2.0.0"));
    reset(l, "running 1.0.0+0");
    process_end(&l->p, SIGKILL);
}

static void device_confirms_itself_when_told(void **state)
{
    struct life *l = *state;

    start(l, "--confirm-after=0.2");
    line_is(l, "running 1.0.0+0");
    line_is(l, "confirmed");
    assert_int_equal(upload(l, &l->two), 0);
    assert_int_equal(bench_set(&l->b, l->h2, false), 0);
    reset(l, "running 2.0.0+0");
    line_is(l, "confirmed");
    list_is(l, "0:2.0.0:bca 1:1.0.0:b");
    reset(l, "running 2.0.0+0");
    process_end(&l->p, SIGKILL);
}

static void device_erase_drops_a_pending_test(void **state)
{
    struct life *l = *state;

    start(l, NULL);
    line_is(l, "running 1.0.0+0");
    assert_int_equal(upload(l, &l->two), 0);
    assert_int_equal(bench_set(&l->b, l->h2, false), 0);
    assert_int_equal(upload(l, &l->three), 9);
    assert_int_equal(bench_ask(&l->b, ALK_SMP_OP_WRITE, ALK_SMP_IMAGE, 5), 0);
    list_is(l, "0:1.0.0:bca");
    reset(l, "running 1.0.0+0");
    process_end(&l->p, SIGKILL);
}

static void device_refuses_downgrade_damage_and_strangers(void **state)
{
    struct life *l = *state;
    struct forge evil;
    struct bench_chunk older;
    uint8_t hash[32];

    write_file(l->image, l->two.bytes, l->two.len);
    start(l, NULL);
    line_is(l, "running 2.0.0+0");
    older = (struct bench_chunk){
        .data = l->one.bytes, .data_len = 500, .len = (uint32_t)l->one.len, .upgrade = true};
    assert_int_equal(bench_upload(&l->b, &older), 27);
    list_is(l, "0:2.0.0:bca");
    /* damaged on the way, no session hash: found when it is asked for */
    l->three.bytes[2000] ^= 4;
    assert_int_equal(bench_upload_all(&l->b, l->three.bytes, l->three.len, 500, NULL), 0);
    assert_int_equal(bench_set(&l->b, l->h3, false), 24);
    assert_int_equal(bench_set(&l->b, l->h3, true), 24);
    reset(l, "running 2.0.0+0");
    /* a stranger's key */
    bench_image(&evil, v3, 3000, 9, STRANGER);
    bench_hash(hash, &evil);
    assert_int_equal(upload(l, &evil), 0);
    assert_int_equal(bench_set(&l->b, hash, false), 24);
    reset(l, "running 2.0.0+0");
    process_end(&l->p, SIGKILL);
}

static void device_resumes_an_upload_by_its_hash(void **state)
{
    struct life *l = *state;
    struct bench_chunk c = {.data = l->two.bytes, .data_len = 600, .len = (uint32_t)l->two.len};
    uint8_t sha[32];

    EVP_Digest(l->two.bytes, l->two.len, sha, NULL, EVP_sha256(), NULL);
    c.sha = sha;
    start(l, NULL);
    line_is(l, "running 1.0.0+0");
    assert_int_equal(bench_upload(&l->b, &c), 0);
    c.off = 600;
    c.data = l->two.bytes + 600;
    assert_int_equal(bench_upload(&l->b, &c), 0);
    c.off = 0;
    c.data = l->two.bytes;
    assert_int_equal(bench_upload(&l->b, &c), 0);
    assert_int_equal(bench_number(&l->b, "off"), 1200);
    process_end(&l->p, SIGKILL);
}

static void recovery_takes_over_when_nothing_is_bootable(void **state)
{
    struct life *l = *state;

    l->one.bytes[3000] ^= 1;
    write_file(l->image, l->one.bytes, l->one.len);
    start(l, NULL);
    line_is(l, "recovery nothing bootable");
    assert_int_equal(upload(l, &l->two), 0);
    reset(l, "running 2.0.0+0");
    list_is(l, "0:2.0.0:bca 1:1.0.0:b");
    /* what could not boot is not asked for either */
    assert_int_equal(bench_set(&l->b, l->h1, false), 24);
    process_end(&l->p, SIGKILL);
}

static void recovery_is_entered_by_boot_mode_and_left_by_reset(void **state)
{
    struct life *l = *state;

    start(l, NULL);
    line_is(l, "running 1.0.0+0");
    bench_begin(&l->b);
    alk_cbor_put_text(&l->b.args, "boot_mode");
    alk_cbor_put_uint(&l->b.args, 1);
    assert_int_equal(bench_send(&l->b, ALK_SMP_OP_WRITE, ALK_SMP_OS, 5), 0);
    line_is(l, "reset");
    line_is(l, "recovery as asked");
    assert_int_equal(upload(l, &l->two), 0);
    list_is(l, "0:1.0.0:bca 1:2.0.0:bpP");
    reset(l, "running 2.0.0+0");
    process_end(&l->p, SIGKILL);
}

static void unprovisioned_device_says_so_and_takes_nothing(void **state)
{
    struct life *l = *state;
    uint8_t blank[1024];

    memset(blank, 0xff, sizeof blank);
    write_file(l->keys, blank, sizeof blank);
    start(l, NULL);
    line_is(l, "recovery unprovisioned");
    assert_int_equal(upload(l, &l->two), 32);
    process_end(&l->p, SIGKILL);
}

/* The power goes in each operation of a test swap: always one of the two whole images.
 */
static void device_survives_a_cut_at_any_operation(void **state)
{
    struct life *l = *state;
    char cut[40];
    unsigned n;

    for (n = 1; n < 100000; n++) {
        const char *argv[] = {"--flash", l->flash, "--keys", l->keys, "--image", l->image, cut, NULL};
        int status;

        unlink(l->flash);
        start(l, NULL);
        line_is(l, "running 1.0.0+0");
        assert_int_equal(upload(l, &l->two), 0);
        assert_int_equal(bench_set(&l->b, l->h2, false), 0);
        process_end(&l->p, SIGKILL);
        snprintf(cut, sizeof cut, "--cut=%u", n);
        process_start(&l->p, argv);
        if (strcmp(process_line(&l->p), "running 2.0.0+0") == 0) {
            process_end(&l->p, SIGKILL);
            break;
        }
        status = process_end(&l->p, 0);
        if (status != 9)
            fail_msg("cut %u: exit status %d", n, status);
        start(l, NULL);
        const char *line = process_line(&l->p);
        if (strcmp(line, "running 2.0.0+0") != 0 && strcmp(line, "running 1.0.0+0") != 0)
            fail_msg("cut %u: %s", n, line);
        process_end(&l->p, SIGKILL);
    }
    assert_in_range(n, 40, 99999);
}

/* Packets faster than they can be answered, then garbage: it still answers. */
static void device_survives_bursts(void **state)
{
    struct life *l = *state;
    static const uint8_t echo[] = {0x0a, 0, 0, 6, 0, 0, 0x42, 0, 0xa1, 0x61, 0x64, 0x62, 0x68, 0x69};
    uint8_t junk[1500];

    start(l, NULL);
    line_is(l, "running 1.0.0+0");
    for (unsigned i = 0; i < 20000; i++)
        (void)!write(l->p.udp, echo, sizeof echo);
    srandom(6);
    for (unsigned i = 0; i < 5000; i++) {
        size_t n = (size_t)random() % sizeof junk;

        for (size_t k = 0; k < n; k++)
            junk[k] = (uint8_t)random();
        junk[0] &= 0xfe;
        (void)!write(l->p.udp, junk, n);
    }
    process_drain(&l->p);
    list_is(l, "0:1.0.0:bca");
    process_end(&l->p, SIGKILL);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(device_tests_an_update_and_keeps_it_when_confirmed),
        CASE(device_goes_back_when_nobody_confirms),
        CASE(device_confirms_itself_when_told),
        CASE(device_erase_drops_a_pending_test),
        CASE(device_refuses_downgrade_damage_and_strangers),
        CASE(device_resumes_an_upload_by_its_hash),
        CASE(recovery_takes_over_when_nothing_is_bootable),
        CASE(recovery_is_entered_by_boot_mode_and_left_by_reset),
        CASE(unprovisioned_device_says_so_and_takes_nothing),
        CASE(device_survives_a_cut_at_any_operation),
        CASE(device_survives_bursts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
