/* SPDX-License-Identifier: Apache-2.0 */
/* The store of settings on simulated flash: every cut, torn in every way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "airlock/kv.h"
#include "sim/lib/sim.h"

enum { SECTOR = 256, SIZE = 2 * SECTOR, KEYS = 3, ABSENT = 0 };

/* Values are versions: key k has the value {k, version, filling}; version 0: no such key. */
struct world {
    uint8_t v[SIZE], a[SIZE], r[SIZE];
    struct alk_sim sim;
    struct alk_flash area;
    struct alk_kv kv;
    jmp_buf cut;
    unsigned long ops, at; /* cut before operation `at`, which ends as `how` says */
    enum alk_sim_how how;
    bool possible;
    unsigned seed;
    bool may[KEYS][256]; /* versions a key may read as: more than one after cuts, until a write is done */
};

static void broken(struct alk_sim *s, const char *rule)
{
    (void)s;
    fail_msg("%s", rule);
}

static void event(struct alk_sim *s, const struct alk_sim_op *op)
{
    struct world *w = s->ctx;

    if (++w->ops != w->at)
        return;
    w->possible = alk_sim_can(op, w->how);
    alk_sim_leave(w->v, w->a, op, w->how);
    longjmp(w->cut, 1);
}

static uint8_t noise(struct world *w)
{
    w->seed = w->seed * 1103515245u + 12345u;
    return (uint8_t)(w->seed >> 16);
}

/* Power on: each unstable bit is what it likes to be. */
static void boot(struct world *w)
{
    for (size_t i = 0; i < SIZE; i++) {
        uint8_t pick = noise(w);

        w->r[i] = (uint8_t)((w->v[i] & pick) | (w->a[i] & ~pick));
    }
    w->at = 0;
    assert_int_equal(alk_kv_open(&w->kv, &w->area), ALK_OK);
}

static void begin(struct world *w, uint16_t unit, unsigned seed)
{
    memset(w, 0, sizeof *w);
    memset(w->v, 0xff, SIZE);
    memset(w->a, 0xff, SIZE);
    w->sim = (struct alk_sim){.v = w->v,
                              .a = w->a,
                              .r = w->r,
                              .size = SIZE,
                              .unit = unit,
                              .ctx = w,
                              .event = event,
                              .broken = broken};
    w->area = (struct alk_flash){
        .ops = &alk_sim_ops, .dev = &w->sim, .sector_size = SECTOR, .sectors = 2, .unit = unit};
    for (unsigned k = 0; k < KEYS; k++)
        w->may[k][ABSENT] = true;
    w->seed = seed;
    boot(w);
}

static size_t value_len(uint8_t version)
{
    return 2u + version % 20u;
}

static uint8_t read_version(struct world *w, unsigned k)
{
    const char key[] = {'k', (char)('a' + k)};
    uint8_t val[ALK_KV_VALUE_MAX];
    int len = alk_kv_get(val, sizeof val, &w->kv, key, sizeof key);

    if (len == ALK_E_KEY)
        return ABSENT;
    if (len < 2 || val[0] != k || (size_t)len != value_len(val[1]))
        fail_msg("key %u: no value that was ever written", k);
    for (int i = 2; i < len; i++)
        assert_int_equal(val[i], val[1]);
    return val[1];
}

static void check(struct world *w, const char *when, unsigned long n)
{
    for (unsigned k = 0; k < KEYS; k++) {
        uint8_t now = read_version(w, k);

        if (!w->may[k][now])
            fail_msg("%s, cut %lu, how %d: key %u reads %u", when, n, w->how, k, now);
    }
}

static void decide(struct world *w, unsigned k, uint8_t version)
{
    memset(w->may[k], 0, sizeof w->may[k]);
    w->may[k][version] = true;
}

/* The key goes to a version (ABSENT: it is deleted); after it nothing is in doubt. */
static void write_version(struct world *w, unsigned k, uint8_t version)
{
    const char key[] = {'k', (char)('a' + k)};
    uint8_t val[64] = {(uint8_t)k, version};

    memset(val + 2, version, sizeof val - 2);
    w->may[k][version] = true;
    if (version != ABSENT)
        assert_int_equal(alk_kv_set(&w->kv, key, 2, val, value_len(version)), ALK_OK);
    else if (alk_kv_delete(&w->kv, key, 2) != ALK_OK) /* nothing to delete: nothing is written */
        return;
    decide(w, k, version);
    for (unsigned other = 0; other < KEYS; other++) {
        uint8_t now = read_version(w, other);

        if (!w->may[other][now])
            fail_msg("key %u reads %u", other, now);
        decide(w, other, now);
    }
}

/* Step i of a life: which key goes to which version. */
static void step(struct world *w, unsigned i)
{
    write_version(w, i * 7u % KEYS, i % 5 == 4 ? ABSENT : (uint8_t)(1u + i));
}

/* return: did the cut happen within the life? */
static bool life_cut(struct world *w, unsigned steps, unsigned long at, enum alk_sim_how how)
{
    w->ops = 0;
    w->at = at;
    w->how = how;
    if (setjmp(w->cut) != 0) {
        w->at = 0;
        return true;
    }
    for (unsigned i = 0; i < steps; i++)
        step(w, i);
    w->at = 0;
    return false;
}

static void kv_keeps_what_was_written(void **state)
{
    static const uint16_t unit[] = {1, 4, 8, 16, 32};
    struct world w;

    (void)state;
    for (size_t u = 0; u < 5; u++) {
        begin(&w, unit[u], 1);
        for (unsigned i = 0; i < 200; i++) {
            step(&w, i);
            check(&w, "alive", i);
            if (i % 13 == 0)
                boot(&w);
        }
        assert_int_equal(alk_kv_clear(&w.kv), ALK_OK);
        for (unsigned k = 0; k < KEYS; k++)
            decide(&w, k, ABSENT);
        check(&w, "cleared", 0);
        boot(&w);
        check(&w, "cleared and booted", 0);
    }
}

static void kv_cut_anywhere_leaves_old_or_new(void **state)
{
    static const uint16_t unit[] = {4, 16};
    struct world w;
    unsigned cuts = 0;

    (void)state;
    for (size_t u = 0; u < 2; u++)
        for (enum alk_sim_how how = 0; how < ALK_SIM_HOWS; how++)
            for (unsigned long n = 1;; n++) {
                begin(&w, unit[u], (unsigned)n);
                if (!life_cut(&w, 40, n, how))
                    break;
                if (!w.possible)
                    continue;
                for (unsigned again = 0; again < 3; again++) {
                    boot(&w);
                    check(&w, "booted", n);
                    cuts++;
                }
                write_version(&w, 0, 200);
                check(&w, "settled", n);
                for (unsigned again = 0; again < 3; again++) {
                    boot(&w);
                    check(&w, "settled and booted", n);
                }
            }
    assert_true(cuts > 1000);
}

/* Boots and writes, cut at random, again and again, for long. */
static void kv_any_run_of_cuts_loses_nothing(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= 300; seed++) {
        struct world w;

        begin(&w, seed % 2 != 0 ? 4 : 16, seed);
        for (volatile unsigned i = 0; i < 60; i++) {
            w.ops = 0;
            w.at = 1u + noise(&w) % 40u;
            w.how = (enum alk_sim_how)(noise(&w) % ALK_SIM_LOWER);
            if (setjmp(w.cut) == 0)
                write_version(&w, i % KEYS, i % 6 == 5 ? ABSENT : (uint8_t)(1u + i));
            else
                boot(&w);
            w.at = 0;
            check(&w, "random", seed);
        }
    }
}

static void kv_refuses_what_does_not_fit(void **state)
{
    struct world w;
    uint8_t val[ALK_KV_VALUE_MAX + 1] = {0};
    char key[ALK_KV_KEY_MAX + 1];
    unsigned i;

    (void)state;
    memset(key, 'x', sizeof key);
    begin(&w, 4, 1);
    assert_int_equal(alk_kv_set(&w.kv, key, 0, val, 1), ALK_E_SIZE);
    assert_int_equal(alk_kv_set(&w.kv, key, sizeof key, val, 1), ALK_E_SIZE);
    assert_int_equal(alk_kv_set(&w.kv, key, 1, val, sizeof val), ALK_E_SIZE);
    assert_int_equal(alk_kv_set(&w.kv, key, 1, val, SECTOR), ALK_E_SIZE); /* no bank is that large */
    assert_int_equal(alk_kv_delete(&w.kv, key, 1), ALK_E_KEY);
    for (i = 0; i < 20 && alk_kv_set(&w.kv, key, 1u + i, val, 40) == ALK_OK; i++)
        ;
    assert_in_range(i, 3, 5);
    for (unsigned k = 0; k < i; k++)
        assert_int_equal(alk_kv_get(val, sizeof val, &w.kv, key, 1u + k), 40);
    assert_int_equal(alk_kv_delete(&w.kv, key, 1), ALK_OK);
    assert_int_equal(alk_kv_set(&w.kv, key, 1, val, 40), ALK_OK);
}

static void kv_next_visits_each_living_key_once(void **state)
{
    struct world w;
    char key[ALK_KV_KEY_MAX];
    uint32_t at = 0;
    unsigned seen = 0;

    (void)state;
    begin(&w, 4, 1);
    assert_int_equal(alk_kv_next(&at, key, &w.kv), 0);
    write_version(&w, 0, 1);
    write_version(&w, 1, 2);
    write_version(&w, 0, 3);
    write_version(&w, 2, 4);
    write_version(&w, 1, ABSENT);
    while (alk_kv_next(&at, key, &w.kv) == 2)
        seen += key[1] == 'a' ? 1 : key[1] == 'c' ? 16 : 256;
    assert_int_equal(seen, 17);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kv_keeps_what_was_written),
        cmocka_unit_test(kv_cut_anywhere_leaves_old_or_new),
        cmocka_unit_test(kv_any_run_of_cuts_loses_nothing),
        cmocka_unit_test(kv_refuses_what_does_not_fit),
        cmocka_unit_test(kv_next_visits_each_living_key_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
