/* SPDX-License-Identifier: Apache-2.0 */
/* Uploads that outlive cuts and resets, tokens, classes of links. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "airlock/crypto.h"
#include "appbench.h"
#include "core/bytes.h"

#define OURS "sign-ecdsa-p256"

static const uint8_t v1[4] = {1, 0, 0, 0}, v2[4] = {2, 0, 0, 0}, v3[4] = {3, 0, 0, 0};

struct life {
    struct appbench a;
    struct forge one, two, three;
    uint8_t sha2[32], sha3[32];
    jmp_buf cut;
    long back; /* where the last resumption went on; 0: from the start */
};

static void sha_of(uint8_t sha[32], const struct forge *f)
{
    struct alk_sha256 s;

    alk_sha256_init(&s);
    alk_sha256_update(&s, f->bytes, f->len);
    alk_sha256_final(sha, &s);
}

static void power_gone(void *ctx)
{
    struct life *l = ctx;

    longjmp(l->cut, 1);
}

static struct life made; /* images, and a key area: signed once */

static int make(void **state)
{
    (void)state;
    bench_image(&made.one, v1, 3000, 1, OURS);
    bench_image(&made.two, v2, 7000, 2, OURS);
    bench_image(&made.three, v3, 5000, 3, OURS);
    sha_of(made.sha2, &made.two);
    sha_of(made.sha3, &made.three);
    return 0;
}

static struct life *begin(uint16_t unit)
{
    struct life *l = malloc(sizeof *l);

    *l = made;
    appbench_open(&l->a, unit);
    bench_burn(&l->a.b, &l->a.b.map.primary, 0, l->one.bytes, l->one.len);
    l->a.b.flash.on_cut = power_gone;
    l->a.b.flash.ctx = l;
    return l;
}

static void end(struct life *l)
{
    bench_close(&l->a.b);
    free(l);
}

/* Upload as a client does: from 0, then wherever the server says. */
static int upload(struct life *l, const struct forge *f, const uint8_t *sha, size_t chunk)
{
    struct bench *b = &l->a.b;
    uint32_t off = 0;
    unsigned guard = 0;

    l->back = -1;
    while (guard++ < 400) {
        struct bench_chunk c = {.off = off, .data = f->bytes + off, .len = (uint32_t)f->len};

        c.data_len = f->len - off < chunk ? f->len - off : chunk;
        c.sha = off == 0 ? sha : NULL;
        int rc = bench_upload(b, &c);
        if (rc != 0)
            return rc;
        uint32_t next = (uint32_t)bench_number(b, "off");
        if (off == 0)
            l->back = next == c.data_len ? 0 : (long)next;
        off = next;
        if (off == f->len)
            return 0;
    }
    return -1000;
}

static void expect_good(struct life *l, const struct forge *f)
{
    struct bench *b = &l->a.b;
    uint8_t hash[32];

    if (memcmp(b->flash.mem + b->map.secondary.base, f->bytes, f->len) != 0)
        fail_msg("other bytes than were sent");
    bench_hash(hash, f);
    assert_int_equal(bench_set(b, hash, false), 0);
}

/* The upload with the power gone at flash operation n.  return: did it go? */
static bool upload_cut(struct life *l, uint64_t n, const struct forge *f, const uint8_t *sha, size_t chunk)
{
    struct bench *b = &l->a.b;

    b->flash.count = 0;
    b->flash.cut = n;
    if (setjmp(l->cut) != 0) {
        b->flash.cut = 0;
        appbench_reset(&l->a);
        return true;
    }
    assert_int_equal(upload(l, f, sha, chunk), 0);
    b->flash.cut = 0;
    return false;
}

static void cut_everywhere(uint16_t unit, size_t chunk, unsigned step)
{
    bool went = true;
    unsigned resumed = 0, cuts = 0;

    for (uint64_t n = 1; went; n += step) {
        struct life *l = begin(unit);

        went = upload_cut(l, n, &l->two, l->sha2, chunk);
        if (went) {
            cuts++;
            if (upload(l, &l->two, l->sha2, chunk) != 0)
                fail_msg("unit %u, cut %llu", unit, (unsigned long long)n);
            resumed += l->back > 0;
        }
        expect_good(l, &l->two);
        end(l);
    }
    if (resumed * 10 < cuts * 7)
        fail_msg("unit %u: only %u of %u cuts were resumed", unit, resumed, cuts);
}

static void upload_resumes_after_a_cut_at_any_operation(void **state)
{
    static const struct {
        uint16_t unit;
        unsigned step;
    } row[] = {{4, 1}, {8, 1}, {16, 1}, {32, 1}, {1, 97}};

    (void)state;
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        cut_everywhere(row[i].unit, 300, row[i].step);
}

/* A second cut, in what follows the first: still the right image in the end. */
static void upload_resumes_after_two_cuts(void **state)
{
    (void)state;
    for (uint64_t n = 1; n < 900; n += 127) {
        bool went = true;

        for (uint64_t m = 1; went && m < 600; m += 13) {
            struct life *l = begin(16);

            if (!upload_cut(l, n, &l->two, l->sha2, 300)) {
                end(l);
                break;
            }
            went = upload_cut(l, m, &l->two, l->sha2, 300);
            if (went && upload(l, &l->two, l->sha2, 300) != 0)
                fail_msg("cuts %llu, %llu", (unsigned long long)n, (unsigned long long)m);
            expect_good(l, &l->two);
            end(l);
        }
    }
}

/* The power goes in one file's upload; then another one comes, also cut, then either. */
static void upload_of_another_file_never_mixes(void **state)
{
    (void)state;
    for (uint64_t n = 20; n < 400; n += 83)
        for (uint64_t m = 1; m < 60; m += 3)
            for (unsigned which = 0; which < 2; which++) {
                struct life *l = begin(16);
                const struct forge *last = which != 0 ? &l->two : &l->three;

                upload_cut(l, n, &l->two, l->sha2, 300);
                upload_cut(l, m, &l->three, l->sha3, 300);
                if (upload(l, last, which != 0 ? l->sha2 : l->sha3, 300) != 0)
                    fail_msg("cuts %llu, %llu, then %u", (unsigned long long)n, (unsigned long long)m, which);
                expect_good(l, last);
                end(l);
            }
}

static struct life *half_done(void)
{
    struct life *l = begin(4);

    assert_true(upload_cut(l, 1500, &l->two, l->sha2, 300));
    return l;
}

static void upload_starts_anew_when_it_must(void **state)
{
    (void)state;
    for (unsigned how = 0; how < 5; how++) {
        struct life *l = half_done();
        struct bench *b = &l->a.b;
        uint8_t zero[4] = {0};
        const uint8_t *sha = l->sha2;

        switch (how) {
        case 0: /* nothing happened: it resumes */
            break;
        case 1: /* the slot was erased */
            assert_int_equal(bench_ask(b, ALK_SMP_OP_WRITE, ALK_SMP_IMAGE, 5), 0);
            break;
        case 2: /* the record is damaged */
            bench_burn(b, &b->map.secondary, BENCH_SLOT - 40 - 20, zero, 4);
            break;
        case 3: /* the client tells no name */
            sha = NULL;
            break;
        default: /* it has been ended */
            bench_burn(b, &b->map.secondary, BENCH_SLOT - 40 - 52, zero, 4);
        }
        assert_int_equal(upload(l, &l->two, sha, 300), 0);
        if ((l->back > 0) != (how == 0))
            fail_msg("case %u", how);
        expect_good(l, &l->two);
        end(l);
    }
}

/* What was resumed on changed flash fails at its end, once. */
static void upload_resumed_on_other_bytes_is_found_out(void **state)
{
    struct life *l = half_done();
    struct bench *b = &l->a.b;

    (void)state;
    b->flash.mem[b->map.secondary.base + 700] ^= 1;
    assert_int_equal(upload(l, &l->two, l->sha2, 300), 24);
    assert_true(l->back > 0);
    appbench_reset(&l->a);
    assert_int_equal(upload(l, &l->two, l->sha2, 300), 0);
    assert_int_equal(l->back, 0);
    expect_good(l, &l->two);
    end(l);
}

static void upload_that_ended_is_not_resumed(void **state)
{
    struct life *l = begin(4);

    (void)state;
    assert_int_equal(upload(l, &l->two, l->sha2, 300), 0);
    appbench_reset(&l->a);
    assert_int_equal(upload(l, &l->two, l->sha2, 300), 0);
    assert_int_equal(l->back, 0);
    end(l);
}

/* A request or a way back in the slot is stronger than an old note. */
static void upload_is_not_resumed_over_a_request(void **state)
{
    struct life *l = half_done();
    struct bench *b = &l->a.b;

    (void)state;
    assert_int_equal(alk_mailbox_request(&b->map.secondary, ALK_REQ_TEST), ALK_OK);
    assert_int_equal(upload(l, &l->two, l->sha2, 300), 9);
    end(l);
    l = half_done();
    assert_int_equal(alk_mailbox_finish(&l->a.b.map.primary, ALK_REQ_TEST, false), ALK_OK);
    assert_int_equal(upload(l, &l->two, l->sha2, 300), 9);
    end(l);
}

static void older_image_is_refused_on_the_first_packet(void **state)
{
    struct life *l = begin(4);
    struct bench *b = &l->a.b;

    (void)state;
    keyring_usual(&b->ring, ALK_POLICY_NO_DOWNGRADE);
    memcpy(b->flash.mem, b->ring.bytes, BENCH_SECTOR);
    bench_burn(b, &b->map.primary, 20, v3, 1);
    assert_int_equal(upload(l, &l->two, l->sha2, 300), 27);
    assert_int_equal(b->flash.count, 0);
    bench_burn(b, &b->map.primary, 20, v2, 1);
    assert_int_equal(upload(l, &l->two, l->sha2, 300), 0);
    end(l);
}

static void resets_and_erases_cost_tokens(void **state)
{
    struct life *l = begin(4);
    struct appbench *a = &l->a;

    (void)state;
    a->pace = (struct alk_smp_pace){.every_ms = 1000, .burst = 3};
    a->app.now_ms = UINT32_MAX - 500; /* it wraps */
    assert_int_equal(bench_ask(&a->b, ALK_SMP_OP_WRITE, ALK_SMP_OS, 5), 0);
    assert_int_equal(a->app.smp.after, ALK_SMP_RESET);
    appbench_reset(a);
    assert_int_equal(bench_ask(&a->b, ALK_SMP_OP_WRITE, ALK_SMP_IMAGE, 5), 0);
    assert_int_equal(upload(l, &l->two, l->sha2, 300), 0);
    assert_int_equal(bench_ask(&a->b, ALK_SMP_OP_WRITE, ALK_SMP_OS, 5), -10);
    assert_int_equal(a->app.smp.after, ALK_SMP_STAY);
    assert_int_equal(bench_ask(&a->b, ALK_SMP_OP_WRITE, ALK_SMP_IMAGE, 5), -10);
    a->b.flash.count = 0;
    assert_int_equal(upload(l, &l->two, l->sha2, 300), -10);
    assert_int_equal(a->b.flash.count, 0);
    a->app.now_ms += 1000;
    assert_int_equal(bench_ask(&a->b, ALK_SMP_OP_WRITE, ALK_SMP_IMAGE, 5), 0);
    assert_int_equal(bench_ask(&a->b, ALK_SMP_OP_WRITE, ALK_SMP_IMAGE, 5), -10);
    a->app.now_ms += 100000;
    for (unsigned i = 0; i < 4; i++)
        assert_int_equal(bench_ask(&a->b, ALK_SMP_OP_WRITE, ALK_SMP_IMAGE, 5), i < 3 ? 0 : -10);
    end(l);
}

/* Every command of every group on every link: open or refused as the table says. */
static void links_open_the_classes_of_the_table_and_no_others(void **state)
{
    static const uint8_t want[ALK_SMP_LINKS] = {[ALK_SMP_LINK_SERIAL] = 3,
                                                [ALK_SMP_LINK_UDP] = 3,
                                                [ALK_SMP_LINK_BLE_OPEN] = 0,
                                                [ALK_SMP_LINK_BLE_ENCRYPTED] = 1,
                                                [ALK_SMP_LINK_BLE_AUTHENTICATED] = 3};

    (void)state;
    for (unsigned link = 0; link < ALK_SMP_LINKS; link++)
        for (const struct alk_smp_cmd *row = alk_smp_all_cmds; row->run != NULL; row++) {
            struct life *l = begin(4);

            l->a.app.smp.open = alk_smp_links[link];
            int rc = bench_ask(&l->a.b, row->op, row->group, row->id);
            if ((rc != -11) != ((row->access & want[link]) != 0))
                fail_msg("link %u, group %u, command %u", link, row->group, row->id);
            end(l);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(upload_resumes_after_a_cut_at_any_operation),
        cmocka_unit_test(upload_resumes_after_two_cuts),
        cmocka_unit_test(upload_of_another_file_never_mixes),
        cmocka_unit_test(upload_starts_anew_when_it_must),
        cmocka_unit_test(upload_resumed_on_other_bytes_is_found_out),
        cmocka_unit_test(upload_that_ended_is_not_resumed),
        cmocka_unit_test(upload_is_not_resumed_over_a_request),
        cmocka_unit_test(older_image_is_refused_on_the_first_packet),
        cmocka_unit_test(resets_and_erases_cost_tokens),
        cmocka_unit_test(links_open_the_classes_of_the_table_and_no_others),
    };

    return cmocka_run_group_tests(tests, make, NULL);
}
