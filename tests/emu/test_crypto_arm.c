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

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arm_ecdsa_answers_as_wycheproof_says),
        cmocka_unit_test(arm_ecdh_answers_as_wycheproof_says),
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
