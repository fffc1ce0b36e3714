/* SPDX-License-Identifier: Apache-2.0 */
/* Wycheproof's cases for what the device links, through the functions the device calls. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "airlock/crypto.h"
#include "airlock/verify.h"
#include "core/crypt/hmac.h"
#include "wycheproof.h"

#define HASH_WIDTH 32

static const char *directory;

static void hash(uint8_t digest[HASH_WIDTH], const struct bytes *message)
{
    struct alk_sha256 c;

    alk_sha256_init(&c);
    alk_sha256_update(&c, message->at, message->len);
    alk_sha256_final(digest, &c);
}

static bool check_p1363(const struct row *row, void *unused)
{
    const struct bytes *sig = &row->field[2];
    uint8_t digest[HASH_WIDTH], x[32];

    (void)unused;
    if (sig->len != 64) {
        return row->invalid; /* the function takes no other length */
    }
    hash(digest, &row->field[1]);
    return (alk_p256_verify(x, sig->at, row->field[0].at, digest) == ALK_OK) == row->valid;
}

static bool der_accepted(const struct row *row, size_t len)
{
    uint8_t digest[HASH_WIDTH], proof[2][32];

    if (len > alk_sig_p256.sig_max) {
        return false; /* alk_verify() asks this before it calls */
    }
    hash(digest, &row->field[1]);
    return alk_sig_p256.verify(proof, row->field[2].at, len, row->field[0].at, digest) == ALK_OK;
}

static bool check_der(const struct row *row, void *unused)
{
    const struct bytes *sig = &row->field[2];
    size_t len = sig->len;

    (void)unused;
    if (!row->invalid || !der_accepted(row, len)) {
        return der_accepted(row, len) == row->valid;
    }
    /* The one liberty: zeros behind the sequence, as old image tools padded. */
    while (len > 0 && sig->at[len - 1] == 0) {
        len--;
    }
    return len < sig->len && len == 2u + sig->at[1] && der_accepted(row, len);
}

static bool check_ecdh(const struct row *row, void *unused)
{
    const struct bytes *public = &row->field[1];
    uint8_t secret[32];
    int err;

    (void)unused;
    if (public->len != 65 || public->at[0] != 4) {
        return !row->valid; /* uncompressed points only */
    }
    err = alk_p256_ecdh(secret, row->field[0].at, public->at + 1);
    if (row->invalid) {
        return err == ALK_E_AUTH;
    }
    return err == ALK_OK && row->field[2].len == 32 && memcmp(secret, row->field[2].at, 32) == 0;
}

static bool check_hmac(const struct row *row, void *unused)
{
    const struct bytes *tag = &row->field[2];
    uint8_t mac[32];

    (void)unused;
    assert_true(tag->len <= sizeof mac);
    alk_hmac_sha256(mac, row->field[0].at, row->field[0].len, row->field[1].at, row->field[1].len);
    return alk_equal(mac, tag->at, tag->len) == row->valid;
}

static bool check_hkdf(const struct row *row, void *unused)
{
    static uint8_t okm[WYCHEPROOF_BYTES];
    const struct bytes *salt = &row->field[1], *want = &row->field[4];
    uint8_t padded[32] = {0};

    (void)unused;
    if (row->invalid) {
        return want->len == 0; /* only: more than 255 blocks */
    }
    memcpy(padded, salt->at, salt->len);
    alk_hkdf_sha256(okm, (unsigned)(want->len + 31) / 32, salt->len != 0 ? padded : NULL, row->field[0].at,
                    (const char *)row->field[2].at, row->field[2].len);
    return memcmp(okm, want->at, want->len) == 0;
}

static void ecdsa_answers_as_wycheproof_says(void **unused)
{
    (void)unused;
    wycheproof_for_each(directory, "ecdsa_secp256r1_sha256_p1363", 1, check_p1363, NULL);
}

static void ecdsa_der_answers_as_wycheproof_says(void **unused)
{
    (void)unused;
    wycheproof_for_each(directory, "ecdsa_secp256r1_sha256", 1, check_der, NULL);
}

static void ecdh_answers_as_wycheproof_says(void **unused)
{
    (void)unused;
    wycheproof_for_each(directory, "ecdh_secp256r1_ecpoint", 1, check_ecdh, NULL);
}

static void hmac_answers_as_wycheproof_says(void **unused)
{
    (void)unused;
    wycheproof_for_each(directory, "hmac_sha256", 1, check_hmac, NULL);
}

static void hkdf_answers_as_wycheproof_says(void **unused)
{
    (void)unused;
    wycheproof_for_each(directory, "hkdf_sha256", 1, check_hkdf, NULL);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ecdsa_answers_as_wycheproof_says),
        cmocka_unit_test(ecdsa_der_answers_as_wycheproof_says),
        cmocka_unit_test(ecdh_answers_as_wycheproof_says),
        cmocka_unit_test(hmac_answers_as_wycheproof_says),
        cmocka_unit_test(hkdf_answers_as_wycheproof_says),
    };

    if (argc != 2) {
        fprintf(stderr, "usage: test_wycheproof DIRECTORY\n");
        return 2;
    }
    directory = argv[1];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
