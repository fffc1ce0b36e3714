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

#define FIELDS     7
#define BYTES      8192
#define HASH_WIDTH 32

static const char *directory;

struct bytes {
    uint8_t at[BYTES];
    size_t len;
};

struct row {
    unsigned id;
    bool valid, invalid;
    struct bytes field[FIELDS];
};

static void take_hex(struct bytes *out, const char *hex)
{
    if (strcmp(hex, "=") == 0) {
        return;
    }
    out->len = 0;
    if (strcmp(hex, "-") == 0) {
        return;
    }
    for (; hex[0] != '\0' && hex[1] != '\0'; hex += 2) {
        char pair[3] = {hex[0], hex[1], '\0'};

        assert_true(out->len < BYTES);
        out->at[out->len++] = (uint8_t)strtoul(pair, NULL, 16);
    }
    assert_int_equal(*hex, '\0');
}

static bool take_row(struct row *row, char *line)
{
    char *next, *word = strtok_r(line, " \n", &next);

    if (word == NULL || *word == '#') {
        return false;
    }
    row->id = (unsigned)strtoul(word, NULL, 10);
    word = strtok_r(NULL, " \n", &next);
    row->valid = strcmp(word, "valid") == 0;
    row->invalid = strcmp(word, "invalid") == 0;
    for (unsigned i = 0; (word = strtok_r(NULL, " \n", &next)) != NULL; i++) {
        assert_true(i < FIELDS);
        take_hex(&row->field[i], word);
    }
    return true;
}

/* Calls check for each test of the file and wants as many as the file says it has. */
static void for_each(const char *file, bool (*check)(const struct row *))
{
    static struct row row;
    static char line[4 * BYTES];
    unsigned expected = 0, seen = 0, failed = 0;
    char path[512];
    FILE *f;

    snprintf(path, sizeof path, "%s/%s.txt", directory, file);
    f = fopen(path, "r");
    assert_non_null(f);
    while (fgets(line, sizeof line, f) != NULL) {
        const char *count = strstr(line, "tests: ");

        if (*line == '#' && count != NULL) {
            expected = (unsigned)strtoul(count + 7, NULL, 10);
        }
        if (!take_row(&row, line)) {
            continue;
        }
        seen++;
        if (!check(&row)) {
            print_error("%s: id %u\n", file, row.id);
            failed++;
        }
    }
    fclose(f);
    assert_int_equal(failed, 0);
    assert_true(expected > 0);
    assert_int_equal(seen, expected);
}

static void hash(uint8_t digest[HASH_WIDTH], const struct bytes *message)
{
    struct alk_sha256 c;

    alk_sha256_init(&c);
    alk_sha256_update(&c, message->at, message->len);
    alk_sha256_final(digest, &c);
}

static bool check_p1363(const struct row *row)
{
    const struct bytes *sig = &row->field[2];
    uint8_t digest[HASH_WIDTH], x[32];

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

static bool check_der(const struct row *row)
{
    const struct bytes *sig = &row->field[2];
    size_t len = sig->len;

    if (!row->invalid || !der_accepted(row, len)) {
        return der_accepted(row, len) == row->valid;
    }
    /* The one liberty: zeros behind the sequence, as old image tools padded. */
    while (len > 0 && sig->at[len - 1] == 0) {
        len--;
    }
    return len < sig->len && len == 2u + sig->at[1] && der_accepted(row, len);
}

static bool check_ecdh(const struct row *row)
{
    const struct bytes *public = &row->field[1];
    uint8_t secret[32];
    int err;

    if (public->len != 65 || public->at[0] != 4) {
        return !row->valid; /* uncompressed points only */
    }
    err = alk_p256_ecdh(secret, row->field[0].at, public->at + 1);
    if (row->invalid) {
        return err == ALK_E_AUTH;
    }
    return err == ALK_OK && row->field[2].len == 32 && memcmp(secret, row->field[2].at, 32) == 0;
}

static bool check_hmac(const struct row *row)
{
    const struct bytes *tag = &row->field[2];
    uint8_t mac[32];

    assert_true(tag->len <= sizeof mac);
    alk_hmac_sha256(mac, row->field[0].at, row->field[0].len, row->field[1].at, row->field[1].len);
    return alk_equal(mac, tag->at, tag->len) == row->valid;
}

static bool check_hkdf(const struct row *row)
{
    static uint8_t okm[BYTES];
    const struct bytes *salt = &row->field[1], *want = &row->field[4];
    uint8_t padded[32] = {0};

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
    for_each("ecdsa_secp256r1_sha256_p1363", check_p1363);
}

static void ecdsa_der_answers_as_wycheproof_says(void **unused)
{
    (void)unused;
    for_each("ecdsa_secp256r1_sha256", check_der);
}

static void ecdh_answers_as_wycheproof_says(void **unused)
{
    (void)unused;
    for_each("ecdh_secp256r1_ecpoint", check_ecdh);
}

static void hmac_answers_as_wycheproof_says(void **unused)
{
    (void)unused;
    for_each("hmac_sha256", check_hmac);
}

static void hkdf_answers_as_wycheproof_says(void **unused)
{
    (void)unused;
    for_each("hkdf_sha256", check_hkdf);
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
