/* SPDX-License-Identifier: Apache-2.0 */
/* The key area: a damaged one holds no keys, a revoked key is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "airlock/memory.h"
#include "core/bytes.h"
#include "keyring.h"

static const uint8_t vendor[16] = "vendor-uuid-0123";

static void three_keys(struct keyring *r)
{
    uint8_t id[32] = {0};

    keyring_begin(r, ALK_POLICY_REQUIRE_ENCRYPTION);
    keyring_add_pem(r, ALK_USE_VERIFY, "sign-ecdsa-p256");
    keyring_add_pem(r, ALK_USE_DECRYPT, "enc-ecdsa-p256");
    keyring_add_pem(r, ALK_USE_VERIFY, "sign2-ecdsa-p256");
    keyring_add(r, ALK_USE_VENDOR, ALK_ALG_NONE, id, vendor, sizeof vendor);
    assert_int_equal(keyring_finish(r), ALK_OK);
}

static void keys_are_found_by_use_kind_and_id(void **unused)
{
    EVP_PKEY *second = keyring_load("sign2-ecdsa-p256");
    struct keyring r;
    struct alk_key k;
    uint8_t id[32], value[64];

    (void)unused;
    three_keys(&r);
    assert_int_equal(r.keys.count, 4);
    assert_int_equal(r.keys.policy, ALK_POLICY_REQUIRE_ENCRYPTION);
    keyring_id(id, second);
    EVP_PKEY_free(second);
    assert_int_equal(alk_keys_find(&k, &r.keys, ALK_USE_VERIFY, ALK_ALG_P256, id), ALK_OK);
    assert_int_equal(k.index, 2);
    assert_memory_equal(k.id, id, 32);
    assert_int_equal(alk_keys_find(&k, &r.keys, ALK_USE_DECRYPT, ALK_ALG_P256, id), ALK_E_KEY);
    assert_int_equal(alk_keys_find(&k, &r.keys, ALK_USE_VERIFY, ALK_ALG_NONE, id), ALK_E_KEY);
    assert_int_equal(alk_keys_find(&k, &r.keys, ALK_USE_DECRYPT, ALK_ALG_P256, NULL), ALK_OK);
    assert_int_equal(k.index, 1);
    assert_int_equal(alk_keys_read(value, &r.keys, &k, 64), ALK_E_FORMAT);
    assert_int_equal(alk_keys_read(value, &r.keys, &k, 32), ALK_OK);
    assert_int_equal(alk_keys_find(&k, &r.keys, ALK_USE_VENDOR, ALK_ALG_NONE, NULL), ALK_OK);
    assert_int_equal(alk_keys_read(value, &r.keys, &k, sizeof vendor), ALK_OK);
    assert_memory_equal(value, vendor, sizeof vendor);
    id[0] ^= 1;
    assert_int_equal(alk_keys_find(&k, &r.keys, ALK_USE_VERIFY, ALK_ALG_P256, id), ALK_E_KEY);
    assert_int_equal(alk_keys_read(value, &r.keys, &k, 64), ALK_E_FORMAT);
}

static void keys_with_any_bit_flipped_are_no_keys(void **unused)
{
    struct keyring r;
    unsigned kept = 0;

    (void)unused;
    three_keys(&r);
    for (size_t bit = 0; bit < 8 * sizeof r.bytes; bit++) {
        size_t at = bit / 8;
        struct alk_keys keys;
        int err;

        r.bytes[at] ^= (uint8_t)(1u << bit % 8);
        err = alk_keys_open(&keys, &r.area);
        r.bytes[at] ^= (uint8_t)(1u << bit % 8);
        if (at < r.len + 4 && (err != ALK_E_FORMAT || keys.count != 0))
            fail_msg("bit %zu: %d", bit, err);
        /* behind the CRC lie blank bytes and revocation words */
        kept += at >= r.len + 4 && err == ALK_OK && keys.count == 4;
    }
    assert_int_equal(kept, 8 * (sizeof r.bytes - r.len - 4));
}

static void keys_revoked_by_any_bit_are_gone_and_no_others(void **unused)
{
    struct keyring r;

    (void)unused;
    three_keys(&r);
    for (unsigned bit = 0; bit < ALK_KEYS_MAX * 4 * 8; bit++) {
        uint8_t *word = r.bytes + sizeof r.bytes - ALK_KEYS_MAX * 4 + bit / 8;
        struct alk_key k = {0};

        *word ^= (uint8_t)(1u << bit % 8);
        while (alk_keys_next(&k, &r.keys) > 0)
            assert_int_equal(k.revoked, k.index == bit / 32);
        assert_int_equal(alk_keys_find(&k, &r.keys, ALK_USE_DECRYPT, ALK_ALG_P256, NULL),
                         bit / 32 == 1 ? ALK_E_KEY : ALK_OK);
        *word ^= (uint8_t)(1u << bit % 8);
    }
}

static void keys_blank_or_foreign_are_told_apart(void **unused)
{
    struct keyring r;
    struct alk_keys keys;

    (void)unused;
    three_keys(&r);
    memset(r.bytes, 0xff, sizeof r.bytes);
    assert_int_equal(alk_keys_open(&keys, &r.area), ALK_E_KEY);
    assert_int_equal(keys.count, 0);
    memset(r.bytes, 0, sizeof r.bytes);
    assert_int_equal(alk_keys_open(&keys, &r.area), ALK_E_FORMAT);
    assert_int_equal(keys.count, 0);
}

/* A right CRC over wrong content, as a tool with a bug would write it: no value reaches past the area. */
static void keys_with_wrong_lengths_give_nothing_past_the_area(void **unused)
{
    static const struct {
        unsigned at, bytes;
        uint32_t value;
    } wrong[] = {{5, 1, 3}, {5, 1, 5}, {5, 1, 255}, {14, 2, 60}, {14, 2, 68}, {14, 2, 0xffff}, {14, 2, 1990}};

    (void)unused;
    for (unsigned i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct alk_key k = {0};
        struct keyring r;

        three_keys(&r);
        for (unsigned b = 0; b < wrong[i].bytes; b++)
            r.bytes[wrong[i].at + b] = (uint8_t)(wrong[i].value >> 8 * b);
        assert_int_equal(keyring_finish(&r), ALK_OK);
        while (alk_keys_next(&k, &r.keys) > 0) {
            uint8_t value[sizeof r.bytes];

            assert_true(k.index < ALK_KEYS_MAX || k.revoked);
            if (alk_keys_read(value, &r.keys, &k, k.len > sizeof value ? 0 : k.len) == ALK_OK)
                assert_true(k.value + k.len <= sizeof r.bytes);
        }
    }
}

static void keys_of_an_unknown_version_are_no_keys(void **unused)
{
    struct keyring r;

    (void)unused;
    three_keys(&r);
    r.bytes[4] = ALK_KEYS_VERSION + 1;
    assert_int_equal(keyring_finish(&r), ALK_E_FORMAT);
    assert_int_equal(r.keys.count, 0);
}

static void keys_length_field_stays_in_the_area(void **unused)
{
    struct keyring r;
    struct alk_keys keys;

    (void)unused;
    three_keys(&r);
    for (uint32_t len = 0; len < 0x10000; len += 1 + len % 7) {
        alk_put16(r.bytes + 6, (uint16_t)len);
        if (len != r.len + 4)
            assert_int_equal(alk_keys_open(&keys, &r.area), ALK_E_FORMAT);
    }
}

static int no_read(void *dev, uint32_t at, void *buf, size_t len)
{
    uint32_t from = *(uint32_t *)dev;
    static struct keyring r;

    if (r.len == 0)
        three_keys(&r);
    if (at >= from)
        return ALK_E_FLASH;
    memcpy(buf, r.bytes + at, len);
    return ALK_OK;
}

static void keys_unreadable_are_no_keys_and_an_unreadable_word_revokes(void **unused)
{
    static const struct alk_flash_ops ops = {.read = no_read};
    uint32_t from = 0;
    struct alk_flash area = {.ops = &ops, .dev = &from, .sector_size = 2048, .sectors = 1, .unit = 4};
    struct alk_keys keys;
    struct alk_key k;

    (void)unused;
    assert_int_equal(alk_keys_open(&keys, &area), ALK_E_FLASH);
    from = 100;
    assert_int_equal(alk_keys_open(&keys, &area), ALK_E_FORMAT);
    assert_int_equal(keys.count, 0);
    from = 2048 - ALK_KEYS_MAX * 4 + 4;
    assert_int_equal(alk_keys_open(&keys, &area), ALK_OK);
    assert_int_equal(alk_keys_find(&k, &keys, ALK_USE_VERIFY, ALK_ALG_P256, NULL), ALK_OK);
    assert_int_equal(k.index, 0);
    assert_int_equal(alk_keys_find(&k, &keys, ALK_USE_DECRYPT, ALK_ALG_P256, NULL), ALK_E_KEY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_are_found_by_use_kind_and_id),
        cmocka_unit_test(keys_with_any_bit_flipped_are_no_keys),
        cmocka_unit_test(keys_revoked_by_any_bit_are_gone_and_no_others),
        cmocka_unit_test(keys_blank_or_foreign_are_told_apart),
        cmocka_unit_test(keys_with_wrong_lengths_give_nothing_past_the_area),
        cmocka_unit_test(keys_of_an_unknown_version_are_no_keys),
        cmocka_unit_test(keys_length_field_stays_in_the_area),
        cmocka_unit_test(keys_unreadable_are_no_keys_and_an_unreadable_word_revokes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
