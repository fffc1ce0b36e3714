/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The crypto as it is compiled for the chips, inner loops in assembly and
 * all, on emulated cores: Wycheproof's answers must come out of it too.
 *
 *     test_crypto_arm TABLES CORE ELF STEP      every STEP-th test
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "airlock/err.h"
#include "sim/emu/call.h"
#include "tests/vectors/wycheproof.h"

enum { CONTEXT = 0, HASH = 256, SIG = 512, PUB = 768, PRIV = 1024, OUT = 1280, MESSAGE = 1536 };

static const char *tables, *core, *elf;
static unsigned step;

#define AT(what) (ALK_CALL_RAM + (what))

static void hash(struct alk_call *m, const struct bytes *message)
{
    memcpy(m->ram + MESSAGE, message->at, message->len);
    alk_call(m, "alk_sha256_init", (uint32_t[]){AT(CONTEXT)}, 1);
    alk_call(m, "alk_sha256_update", (uint32_t[]){AT(CONTEXT), AT(MESSAGE), (uint32_t)message->len}, 3);
    alk_call(m, "alk_sha256_final", (uint32_t[]){AT(HASH), AT(CONTEXT)}, 2);
}

static bool check_ecdsa(const struct row *row, void *user)
{
    struct alk_call *m = user;

    if (row->field[2].len != 64) {
        return row->invalid; /* the function takes no other length */
    }
    hash(m, &row->field[1]);
    memcpy(m->ram + SIG, row->field[2].at, 64);
    memcpy(m->ram + PUB, row->field[0].at, 64);
    return (alk_call(m, "alk_p256_verify", (uint32_t[]){AT(OUT), AT(SIG), AT(PUB), AT(HASH)}, 4) == ALK_OK) ==
           row->valid;
}

static bool check_ecdh(const struct row *row, void *user)
{
    struct alk_call *m = user;
    uint32_t err;

    if (row->field[1].len != 65 || row->field[1].at[0] != 4) {
        return !row->valid; /* uncompressed points only */
    }
    memcpy(m->ram + PRIV, row->field[0].at, 32);
    memcpy(m->ram + PUB, row->field[1].at + 1, 64);
    err = alk_call(m, "alk_p256_ecdh", (uint32_t[]){AT(OUT), AT(PRIV), AT(PUB)}, 3);
    if (row->invalid) {
        return err == (uint32_t)ALK_E_AUTH;
    }
    return err == ALK_OK && memcmp(m->ram + OUT, row->field[2].at, 32) == 0;
}

static void run(const char *file, bool (*check)(const struct row *, void *))
{
    struct alk_call m;

    assert_int_equal(alk_call_open(&m, elf, core, false), 0);
    wycheproof_for_each(tables, file, step, check, &m);
    alk_call_close(&m);
}

static void arm_ecdsa_answers_as_wycheproof_says(void **unused)
{
    (void)unused;
    run("ecdsa_secp256r1_sha256_p1363", check_ecdsa);
}

static void arm_ecdh_answers_as_wycheproof_says(void **unused)
{
    (void)unused;
    run("ecdh_secp256r1_ecpoint", check_ecdh);
}

/* Counted instructions see what Valgrind on the host cannot: the target's code and its assembly. */
static void arm_ecdh_runs_as_long_for_every_key(void **unused)
{
    static const uint8_t peer[64] = {
        /* RFC 5903, 8.1: gr */
        0xd1, 0x2d, 0xfb, 0x52, 0x89, 0xc8, 0xd4, 0xf8, 0x12, 0x08, 0xb7, 0x02, 0x70, 0x39, 0x8c, 0x34,
        0x22, 0x96, 0x97, 0x0a, 0x0b, 0xcc, 0xb7, 0x4c, 0x73, 0x6f, 0xc7, 0x55, 0x44, 0x94, 0xbf, 0x63,
        0x56, 0xfb, 0xf3, 0xca, 0x36, 0x6c, 0xc2, 0x3e, 0x81, 0x57, 0x85, 0x4c, 0x13, 0xc5, 0x8d, 0x6a,
        0xac, 0x23, 0xf0, 0x46, 0xad, 0xa3, 0x0f, 0x83, 0x53, 0xe7, 0x4f, 0x33, 0x03, 0x98, 0x72, 0xab,
    };
    static const uint8_t fill[] = {0x01, 0x7e, 0x55, 0xfe, 0x80};
    unsigned long long first = 0;
    struct alk_call m;

    (void)unused;
    assert_int_equal(alk_call_open(&m, elf, core, true), 0);
    memcpy(m.ram + PUB, peer, sizeof peer);
    for (unsigned i = 0; i < sizeof fill; i++) {
        memset(m.ram + PRIV, i == 0 ? 0 : fill[i], 32);
        m.ram[PRIV + 31] = fill[i];
        m.insns = 0;
        assert_int_equal(alk_call(&m, "alk_p256_ecdh", (uint32_t[]){AT(OUT), AT(PRIV), AT(PUB)}, 3), ALK_OK);
        first = i == 0 ? m.insns : first;
        if (m.insns != first) {
            fail_msg("key of 0x%02x: %llu instructions, not %llu", fill[i], m.insns, first);
        }
    }
    alk_call_close(&m);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arm_ecdsa_answers_as_wycheproof_says),
        cmocka_unit_test(arm_ecdh_answers_as_wycheproof_says),
        cmocka_unit_test(arm_ecdh_runs_as_long_for_every_key),
    };

    if (argc != 5 || (step = (unsigned)strtoul(argv[4], NULL, 10)) == 0) {
        fprintf(stderr, "usage: test_crypto_arm TABLES CORE ELF STEP\n");
        return 2;
    }
    tables = argv[1];
    core = argv[2];
    elf = argv[3];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
