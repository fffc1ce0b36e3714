/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whole upgrades of the real device - its SMP server, its bootloader's settle,
 * its check - over links that lose, double, delay, reorder and break, from a
 * seed.  Every run ends with the new image running, or with a clean error and
 * a device that runs one of the two images whole.  ALK_SEED=N replays one run.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "airlock/boot.h"
#include "airlock/upgrade.h"
#include "bench.h"
#include "sim_link.h"

enum { RUNS = 400, OLD = 1, NEW = 2, BAD = 3 };

struct device {
    struct bench b;
    uint64_t dark_until_ms; /* resetting, swapping */
    uint64_t reset_at_ms;   /* the reply has left */
    uint64_t confirm_at_ms; /* the application confirms itself; 0: never */
    uint64_t cut_at_ms;     /* power fails once, at this time; 0: never */
    unsigned boots, taken;
    bool confirms;
};

struct run {
    struct device d;
    struct sim_link link;
    struct forge image[4];
    struct alk_client *c;
    struct alk_update_image im;
    bool over;
};

/* The bootloader, then the application. */
static void boot(struct device *d, uint64_t now_ms)
{
    uint8_t work[512];
    struct alk_boot boot = {.map = &d->b.map, .buf = work, .buf_len = sizeof work};
    struct alk_settle settling;

    assert_int_equal(alk_boot_settle(&boot, &settling), ALK_OK);
    d->boots++;
    d->b.smp.after = 0;
    memset(&d->b.smp.upload, 0, sizeof d->b.smp.upload);
    d->reset_at_ms = 0;
    d->dark_until_ms = now_ms + 1500;
    d->confirm_at_ms = d->confirms ? now_ms + 4000 : 0;
}

static bool is_running(const struct run *r, unsigned which)
{
    return memcmp(r->d.b.flash.mem + r->d.b.map.primary.base, r->image[which].bytes, r->image[which].len) ==
           0;
}

static void live(struct device *d, uint64_t now_ms)
{
    if (d->cut_at_ms != 0 && now_ms >= d->cut_at_ms) {
        d->cut_at_ms = 0;
        boot(d, now_ms);
    }
    if (d->reset_at_ms != 0 && now_ms >= d->reset_at_ms)
        boot(d, now_ms);
    if (d->confirm_at_ms != 0 && now_ms >= d->confirm_at_ms) {
        d->confirm_at_ms = 0;
        alk_mailbox_confirm(&d->b.map.primary);
    }
}

static size_t serve(void *ctx, uint64_t now_ms, const uint8_t *req, size_t len, uint8_t *rsp, size_t cap)
{
    struct device *d = ctx;
    int n;

    live(d, now_ms);
    if (now_ms < d->dark_until_ms || len > d->b.cfg.buf_size)
        return 0;
    d->taken++;
    n = alk_smp_handle(&d->b.smp, req, len, rsp, cap);
    if (d->b.smp.after != 0 && d->reset_at_ms == 0)
        d->reset_at_ms = now_ms + 250;
    return n > 0 ? (size_t)n : 0;
}

static void event(void *ctx, const struct alk_upgrade_state *s)
{
    struct run *r = ctx;

    assert_false(r->over);
    r->over = s->over;
}

static bool is_over(void *ctx)
{
    return ((struct run *)ctx)->over;
}

static void make_images(struct run *r)
{
    static const char *const key[] = {NULL, "sign-ecdsa-p256", "sign-ecdsa-p256", "sign2-ecdsa-p256"};

    for (unsigned i = OLD; i <= BAD; i++) {
        const uint8_t version[4] = {(uint8_t)i, 0, 0, 0};

        bench_image(&r->image[i], version, 5000 + i * 100, i, key[i]);
    }
}

static struct run *begin(uint32_t seed, unsigned which)
{
    struct run *r = calloc(1, sizeof *r);

    make_images(r);
    bench_open(&r->d.b, 4);
    bench_burn(&r->d.b, &r->d.b.map.primary, 0, r->image[OLD].bytes, r->image[OLD].len);
    boot(&r->d, 0);
    sim_init(&r->link, seed, serve, &r->d);
    r->link.now_ms = 2000;
    r->c = alk_client_new(&r->link.t);
    assert_int_equal(alk_client_open(r->c), ALK_OK);
    alk_client_process(r->c, r->link.now_ms);
    assert_int_equal(alk_update_image_open(&r->im, r->image[which].bytes, r->image[which].len), ALK_OK);
    return r;
}

static void end(struct run *r)
{
    alk_client_free(r->c);
    bench_close(&r->d.b);
    free(r);
}

static struct alk_upgrade_state upgrade(struct run *r, const struct alk_upgrade_options *o)
{
    struct alk_upgrade *u = alk_upgrade_begin(r->c, &r->im, o, event, r);
    struct alk_upgrade_state s;
    bool ended;

    r->over = false;
    assert_non_null(u);
    ended = sim_run(&r->link, r->c, is_over, r, r->link.now_ms + 3600u * 1000u);
    s = *alk_upgrade_look(u);
    alk_upgrade_free(u);
    assert_true(ended);
    return s;
}

static const struct alk_upgrade_options usual = {.confirm_wait_ms = 10000, .swap_wait_ms = 60000};

static void good_link_installs_and_application_confirms(void **state)
{
    struct run *r = begin(1, NEW);
    struct alk_upgrade_state s;

    (void)state;
    r->d.confirms = true;
    s = upgrade(r, &usual);
    assert_string_equal(s.why, "");
    assert_int_equal(s.result, ALK_OK);
    assert_true(s.by_application);
    assert_true(is_running(r, NEW));
    assert_int_equal(r->d.boots, 2);
    s = upgrade(r, &usual);
    assert_int_equal(s.result, ALK_OK);
    assert_true(s.already);
    assert_int_equal(r->d.boots, 2);
    end(r);
}

static void silent_application_is_confirmed_by_us(void **state)
{
    struct run *r = begin(1, NEW);
    struct alk_upgrade_state s;

    (void)state;
    s = upgrade(r, &usual);
    assert_int_equal(s.result, ALK_OK);
    assert_false(s.by_application);
    boot(&r->d, r->link.now_ms);
    assert_true(is_running(r, NEW));
    end(r);
}

static void test_only_is_taken_back_at_the_next_reset(void **state)
{
    struct alk_upgrade_options o = usual;
    struct run *r = begin(1, NEW);

    (void)state;
    o.mode = ALK_UPGRADE_TEST_ONLY;
    assert_int_equal(upgrade(r, &o).result, ALK_OK);
    assert_true(is_running(r, NEW));
    boot(&r->d, r->link.now_ms);
    assert_true(is_running(r, OLD));
    end(r);
}

static void permanent_stays(void **state)
{
    struct alk_upgrade_options o = usual;
    struct run *r = begin(1, NEW);

    (void)state;
    o.mode = ALK_UPGRADE_PERMANENT;
    assert_int_equal(upgrade(r, &o).result, ALK_OK);
    boot(&r->d, r->link.now_ms);
    assert_true(is_running(r, NEW));
    end(r);
}

static void upload_only_changes_nothing(void **state)
{
    struct alk_upgrade_options o = usual;
    struct run *r = begin(1, NEW);

    (void)state;
    o.mode = ALK_UPGRADE_UPLOAD_ONLY;
    assert_int_equal(upgrade(r, &o).result, ALK_OK);
    boot(&r->d, r->link.now_ms);
    assert_true(is_running(r, OLD));
    end(r);
}

static void strangers_image_is_refused_in_words(void **state)
{
    struct run *r = begin(1, BAD);
    struct alk_upgrade_state s;

    (void)state;
    s = upgrade(r, &usual);
    assert_int_equal(s.result, ALK_E_POLICY);
    assert_string_not_equal(s.why, "");
    assert_int_equal(r->d.boots, 1);
    assert_true(is_running(r, OLD));
    end(r);
}

static void image_that_reverts_is_told_as_such(void **state)
{
    struct run *r = begin(1, NEW);
    struct alk_upgrade_options o = usual;
    struct alk_upgrade_state s;

    (void)state;
    o.mode = ALK_UPGRADE_TEST_AND_CONFIRM;
    o.confirm_wait_ms = 60000;
    r->d.cut_at_ms = r->link.now_ms + 20000; /* in the trial */
    s = upgrade(r, &o);
    assert_int_equal(s.result, ALK_E_AUTH);
    assert_true(is_running(r, OLD));
    end(r);
}

/* ---- any link ---- */

static void make_link(struct run *r, uint32_t *seed)
{
    r->link.latency_ms = 1 + sim_random(seed, 60);
    r->link.jitter_ms = sim_random(seed, 2) ? sim_random(seed, 80) : 0;
    r->link.loss = sim_random(seed, 2) ? sim_random(seed, 150) : 0;
    r->link.dup = sim_random(seed, 2) ? sim_random(seed, 100) : 0;
    r->link.reorder = sim_random(seed, 2) != 0;
    r->link.busy_ms = sim_random(seed, 20);
    r->d.b.cfg.buf_size = (uint16_t)(160 + sim_random(seed, 1500));
    r->d.b.cfg.buf_count = (uint8_t)(1 + sim_random(seed, 8));
    r->d.confirms = sim_random(seed, 2) != 0;
    if (sim_random(seed, 4) == 0) {
        r->link.break_ms = r->link.now_ms + sim_random(seed, 8000);
        r->link.mend_ms = r->link.break_ms + sim_random(seed, 40000);
    }
    if (sim_random(seed, 4) == 0)
        r->d.cut_at_ms = r->link.now_ms + sim_random(seed, 15000);
}

static void one_random_run(uint32_t seed, unsigned results[16])
{
    uint32_t dice = seed * 2654435761u + 1;
    struct run *r = begin(seed, NEW);
    struct alk_upgrade_options o = usual;
    struct alk_upgrade_state s;

    make_link(r, &dice);
    s = upgrade(r, &o);
    if (s.result == ALK_OK ? !is_running(r, NEW)
                           : s.why[0] == '\0' || !(is_running(r, NEW) || is_running(r, OLD)))
        fail_msg("seed %u: result %d in stage %d: %s", (unsigned)seed, s.result, (int)s.stage, s.why);
    if (getenv("ALK_SEED") != NULL)
        print_message("seed %u: %d in stage %d after %u requests: %s\n", (unsigned)seed, s.result,
                      (int)s.stage, r->d.taken, s.why);
    results[-s.result]++;
    /* Whatever happened: over a good link the same command ends well. */
    r->link.loss = r->link.dup = r->link.jitter_ms = 0;
    r->d.cut_at_ms = 0;
    r->link.now_ms = r->link.mend_ms > r->link.now_ms ? r->link.mend_ms : r->link.now_ms;
    sim_run(&r->link, r->c, NULL, NULL, r->link.now_ms + 5000);
    s = upgrade(r, &o);
    if (s.result != ALK_OK || !is_running(r, NEW))
        fail_msg("seed %u: the second try ends with %d in stage %d: %s", (unsigned)seed, s.result,
                 (int)s.stage, s.why);
    end(r);
}

static void any_link_ends_installed_or_in_a_clean_error(void **state)
{
    const char *only = getenv("ALK_SEED"), *more = getenv("ALK_RUNS");
    unsigned results[16] = {0}, runs = more == NULL ? RUNS : (unsigned)atoi(more);

    (void)state;
    if (only != NULL) {
        one_random_run((uint32_t)strtoul(only, NULL, 0), results);
        return;
    }
    for (uint32_t seed = 1; seed <= runs; seed++)
        one_random_run(seed, results);
    print_message(
        "%u runs: %u installed, %u refused, %u back to the old image, %u timed out, %u lost the link\n", runs,
        results[0], results[-ALK_E_POLICY], results[-ALK_E_AUTH], results[-ALK_E_TIMEOUT],
        results[-ALK_E_IO]);
    assert_true(results[0] > runs * 8 / 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_link_installs_and_application_confirms),
        cmocka_unit_test(silent_application_is_confirmed_by_us),
        cmocka_unit_test(test_only_is_taken_back_at_the_next_reset),
        cmocka_unit_test(permanent_stays),
        cmocka_unit_test(upload_only_changes_nothing),
        cmocka_unit_test(strangers_image_is_refused_in_words),
        cmocka_unit_test(image_that_reverts_is_told_as_such),
        cmocka_unit_test(any_link_ends_installed_or_in_a_clean_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
