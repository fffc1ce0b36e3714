/* SPDX-License-Identifier: Apache-2.0 */
/* Images that differ in one thing from a good one: only the good one verifies. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "airlock/memory.h"
#include "airlock/verify.h"
#include "core/bytes.h"
#include "forge.h"
#include "keyring.h"

#define GOOD_KEY  "sign-ecdsa-p256"
#define OTHER_KEY "sign2-ecdsa-p256"

static struct forge f;
static struct keyring ring;

static int check(const struct alk_image *img, bool in_primary)
{
    uint8_t buf[192];
    struct alk_check c = {.keys = &ring.keys, .buf = buf, .buf_len = sizeof buf};
    struct alk_verdict v;
    int err = in_primary ? alk_verify(&v, img, &c) : alk_verify_secondary(&v, img, &c);

    assert_true((v.word == ALK_VERDICT_GOOD) == (err == ALK_OK));
    for (unsigned i = 0; err == ALK_OK && i < sizeof buf; i++)
        assert_int_equal(buf[i], 0);
    return err;
}

static void begin(void)
{
    keyring_usual(&ring, 0);
    forge_begin(&f, 32, "a small payload, but one", 24, 0);
}

static int end(void)
{
    assert_int_equal(forge_end(&f), ALK_OK);
    return check(&f.image, true);
}

static void hash_and_pair(const char *named, const char *signer)
{
    forge_hash(&f);
    forge_keyhash(&f, named);
    forge_sign(&f, signer);
}

static void verify_takes_the_good_image(void **unused)
{
    (void)unused;
    begin();
    hash_and_pair(GOOD_KEY, GOOD_KEY);
    assert_int_equal(end(), ALK_OK);
    begin();
    forge_prot(&f, 0xa0, "x", 1);
    forge_prot(&f, ALK_TLV_SHA256, "of something else, and signed...", 32);
    hash_and_pair(GOOD_KEY, GOOD_KEY);
    assert_int_equal(end(), ALK_OK);
    begin();
    forge_hash(&f);
    forge_pubkey(&f, GOOD_KEY);
    forge_sign(&f, GOOD_KEY);
    assert_int_equal(end(), ALK_OK);
}

static void verify_wants_exactly_one_hash_of_32_bytes(void **unused)
{
    uint8_t digest[64] = {0};

    (void)unused;
    begin();
    forge_keyhash(&f, GOOD_KEY);
    forge_sign(&f, GOOD_KEY);
    assert_int_equal(end(), ALK_E_FORMAT);
    begin();
    forge_hash(&f);
    hash_and_pair(GOOD_KEY, GOOD_KEY);
    assert_int_equal(end(), ALK_E_FORMAT);
    for (unsigned len = 0; len <= 33; len += len == 0 ? 31 : 2) {
        begin();
        forge_digest(digest, &f);
        forge_tlv(&f, ALK_TLV_SHA256, digest, len);
        forge_keyhash(&f, GOOD_KEY);
        forge_sign(&f, GOOD_KEY);
        assert_int_equal(end(), ALK_E_FORMAT);
    }
    begin();
    forge_hash(&f);
    forge_tlv(&f, ALK_TLV_SHA384, digest, 48);
    forge_keyhash(&f, GOOD_KEY);
    forge_sign(&f, GOOD_KEY);
    assert_int_equal(end(), ALK_E_SUPPORT);
}

static void verify_pairs_each_signature_with_the_key_before_it(void **unused)
{
    static const struct {
        const char *named[2], *signer[2];
        int err;
    } rows[] = {
        {{OTHER_KEY, GOOD_KEY}, {OTHER_KEY, GOOD_KEY}, ALK_OK},
        {{GOOD_KEY, GOOD_KEY}, {OTHER_KEY, GOOD_KEY}, ALK_OK},
        {{GOOD_KEY, OTHER_KEY}, {GOOD_KEY, OTHER_KEY}, ALK_OK},
        {{GOOD_KEY, GOOD_KEY}, {OTHER_KEY, OTHER_KEY}, ALK_E_AUTH},
        {{OTHER_KEY, NULL}, {GOOD_KEY, GOOD_KEY}, ALK_E_KEY},
        {{NULL, GOOD_KEY}, {GOOD_KEY, NULL}, ALK_E_KEY},
        {{GOOD_KEY, NULL}, {OTHER_KEY, GOOD_KEY}, ALK_E_KEY}, /* a name serves one signature */
        {{GOOD_KEY, OTHER_KEY}, {NULL, GOOD_KEY}, ALK_E_KEY}, /* the nearest name counts */
    };

    (void)unused;
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
        int err;

        begin();
        forge_hash(&f);
        for (unsigned k = 0; k < 2; k++) {
            if (rows[i].named[k] != NULL)
                forge_keyhash(&f, rows[i].named[k]);
            if (rows[i].signer[k] != NULL)
                forge_sign(&f, rows[i].signer[k]);
        }
        err = end();
        if (err != rows[i].err)
            fail_msg("row %u: %d", i, err);
    }
}

static void verify_wants_a_signature_by_a_provisioned_key(void **unused)
{
    (void)unused;
    begin();
    forge_hash(&f);
    assert_int_equal(end(), ALK_E_KEY);
    begin();
    hash_and_pair(OTHER_KEY, OTHER_KEY);
    assert_int_equal(end(), ALK_E_KEY);
    begin();
    hash_and_pair(GOOD_KEY, OTHER_KEY);
    assert_int_equal(end(), ALK_E_AUTH);
    begin();
    hash_and_pair("enc-ecdsa-p256", "enc-ecdsa-p256"); /* a decrypt key vouches for nothing */
    assert_int_equal(end(), ALK_E_KEY);
    begin();
    hash_and_pair(GOOD_KEY, GOOD_KEY);
    keyring_revoke(&ring, 0);
    assert_int_equal(end(), ALK_E_KEY);
    begin();
    hash_and_pair(GOOD_KEY, GOOD_KEY);
    ring.bytes[20] ^= 1;
    assert_int_not_equal(alk_keys_open(&ring.keys, &ring.area), ALK_OK);
    assert_int_equal(end(), ALK_E_KEY);
}

/* MCUboot's list of what may stand unprotected; a key TLV needs the flag too, which the primary does not look
 * at. */
static bool on_the_list(unsigned type)
{
    static const uint8_t list[] = {0x01, 0x02, 0x10, 0x11, 0x12, 0x20, 0x21, 0x22,
                                   0x23, 0x24, 0x30, 0x31, 0x32, 0x33, 0x34};

    return memchr(list, (int)type, sizeof list) != NULL && type < 0x100;
}

static void verify_refuses_unprotected_entries_off_the_list(void **unused)
{
    (void)unused;
    for (unsigned type = 0; type < 0x10000; type = type < 0x200 ? type + 1 : type * 2 + 1) {
        uint8_t value[4] = {0};
        int err;

        begin();
        hash_and_pair(GOOD_KEY, GOOD_KEY);
        forge_tlv(&f, (uint16_t)type, value, sizeof value);
        err = end();
        if (!on_the_list(type) && err != ALK_E_FORMAT)
            fail_msg("type %#x: %d", type, err);
        if (on_the_list(type) && type >> 4 != 1 && err != ALK_OK)
            fail_msg("type %#x: %d", type, err);
        if (type >> 4 == 1 && err == ALK_OK)
            fail_msg("type %#x: %d", type, err);
    }
}

/* ways to write the signature r, s; each but the first two must be refused */
static size_t der_variant(uint8_t out[80], const uint8_t *der, size_t len, unsigned variant)
{
    uint8_t *p = out + 4;

    memcpy(out, der, len);
    switch (variant) {
    case 0:
        return len;
    case 1:
        memset(out + len, 0, 72 - len); /* imgtool --pad-sig */
        return 72;
    case 2: /* one byte behind it */
        out[len] = 1;
        return len + 1;
    case 3: /* r not minimal */
        memmove(p + 1, p, len - 4);
        *p = 0;
        out[1]++;
        out[3]++;
        return len + 1;
    case 4: /* sequence one byte longer than its content */
        out[1]++;
        out[len] = 0;
        return len + 1;
    case 5: /* sequence longer than the TLV */
        out[1]++;
        return len;
    case 6: /* length in the long form */
        memmove(out + 2, out + 1, len - 1);
        out[1] = 0x81;
        return len + 1;
    case 7: /* r of no bytes */
        out[3] = 0;
        return len;
    case 8: /* wrong tags */
        out[0] = 0x31;
        return len;
    case 9:
        out[2] = 3;
        return len;
    case 10:
        out[4 + out[3]] = 4;
        return len;
    case 11: /* s reaches past the end */
        out[4 + out[3] + 1]++;
        return len;
    case 12:
        return 0;
    case 13:
        return 1;
    case 14:
        return len - 1;
    default: /* too long for any P-256 signature */
        memset(out + len, 0, 73 - len);
        return 73;
    }
}

static void verify_reads_signatures_strictly(void **unused)
{
    (void)unused;
    for (unsigned variant = 0; variant < 16; variant++) {
        uint8_t digest[32], der[80], made[80] = {0};
        size_t len;
        int err;

        begin();
        forge_hash(&f);
        forge_keyhash(&f, GOOD_KEY);
        forge_digest(digest, &f);
        do
            len = forge_der(der, digest, GOOD_KEY);
        while (len > 71);
        len = der_variant(made, der, len, variant);
        forge_tlv(&f, ALK_TLV_ECDSA, made, len);
        err = end();
        if ((err == ALK_OK) != (variant < 2) || (err != ALK_OK && err != ALK_E_AUTH))
            fail_msg("variant %u: %d", variant, err);
    }
}

/* r - n, r = 0, r = n and the like, in good DER */
static void verify_refuses_numbers_out_of_range(void **unused)
{
    static const uint8_t n[32] =
        "\xff\xff\xff\xff\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff\xbc\xe6\xfa\xad"
        "\xa7\x17\x9e\x84\xf3\xb9\xca\xc2\xfc\x63\x25\x51";

    (void)unused;
    for (unsigned which = 0; which < 4; which++) {
        uint8_t der[80] = {0x30, 0, 2, 1, 0};
        size_t len = 5;

        if (which & 1) {
            der[3] = 33;
            memcpy(der + 5, n, 32);
            len = 37;
        }
        memcpy(der + len, which & 2 ? "\2\1\1" : "\2\1\0", 3);
        len += 3;
        der[1] = (uint8_t)(len - 2);
        begin();
        forge_hash(&f);
        forge_keyhash(&f, GOOD_KEY);
        forge_tlv(&f, ALK_TLV_ECDSA, der, len);
        assert_int_equal(end(), ALK_E_AUTH);
    }
}

static void verify_refuses_every_flipped_bit(void **unused)
{
    static const char *const files[] = {"img/security_counter.bin", "img/load_addr_enc.bin"};

    (void)unused;
    keyring_usual(&ring, 0);
    for (unsigned i = 0; i < 2; i++) {
        size_t len;
        uint8_t *bytes = vector_load(&len, files[i]);
        struct alk_flash area;
        struct alk_image img;

        alk_flash_memory(&area, bytes, len);
        assert_int_equal(alk_image_open(&img, &area, 0, (uint32_t)len), ALK_OK);
        assert_int_equal(check(&img, false), ALK_OK);
        for (size_t bit = 0; bit < 8 * len; bit++) {
            /* the payload is one run of hashed bytes: a bit of each, of the encrypted one every eighth */
            if (bit / 8 > 40 && bit / 8 < 1040 && bit % (i == 0 ? 8 : 64) != bit / 64 % 8)
                continue;
            bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
            if (alk_image_open(&img, &area, 0, (uint32_t)len) == ALK_OK && check(&img, false) == ALK_OK)
                fail_msg("%s bit %zu verifies", files[i], bit);
            bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        }
        free(bytes);
    }
}

static unsigned reads_left;

static int failing_read(void *dev, uint32_t at, void *buf, size_t len)
{
    if (reads_left-- == 0)
        return ALK_E_FLASH;
    memcpy(buf, (uint8_t *)dev + at, len);
    return ALK_OK;
}

static void verify_never_says_yes_after_a_failed_read(void **unused)
{
    static const struct alk_flash_ops ops = {.read = failing_read};
    struct alk_image img;
    int err = ALK_E_FLASH;

    (void)unused;
    begin();
    hash_and_pair(GOOD_KEY, GOOD_KEY);
    assert_int_equal(end(), ALK_OK);
    f.area.ops = &ops;
    for (unsigned n = 0; err != ALK_OK; n++) {
        assert_true(n < 100);
        reads_left = n;
        err = alk_image_open(&img, &f.area, 0, (uint32_t)f.len);
        if (err == ALK_OK)
            err = check(&img, true);
        assert_true(err == ALK_OK ? reads_left < 0x80000000u : err == ALK_E_FLASH || err == ALK_E_KEY);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verify_takes_the_good_image),
        cmocka_unit_test(verify_wants_exactly_one_hash_of_32_bytes),
        cmocka_unit_test(verify_pairs_each_signature_with_the_key_before_it),
        cmocka_unit_test(verify_wants_a_signature_by_a_provisioned_key),
        cmocka_unit_test(verify_refuses_unprotected_entries_off_the_list),
        cmocka_unit_test(verify_reads_signatures_strictly),
        cmocka_unit_test(verify_refuses_numbers_out_of_range),
        cmocka_unit_test(verify_refuses_every_flipped_bit),
        cmocka_unit_test(verify_never_says_yes_after_a_failed_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
