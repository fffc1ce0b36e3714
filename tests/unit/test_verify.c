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

static void content_open_wants_flag_and_key_tlv_to_agree(void **unused)
{
    static const struct {
        uint32_t flags;
        const char *file; /* whose key TLV, NULL: none */
        int err;
        uint8_t key_len;
    } rows[] = {
        {ALK_IMAGE_ENC_AES128, "img/load_addr_enc.bin", ALK_OK, 16},
        {ALK_IMAGE_ENC_AES256, "img/pad_enc_aes256.bin", ALK_OK, 32},
        {ALK_IMAGE_ENC_AES256, "img/load_addr_enc.bin", ALK_E_FORMAT, 0},
        {ALK_IMAGE_ENC_AES128, "img/pad_enc_aes256.bin", ALK_E_FORMAT, 0},
        {ALK_IMAGE_ENCRYPTED, "img/load_addr_enc.bin", ALK_E_FORMAT, 0},
        {0, "img/load_addr_enc.bin", ALK_E_FORMAT, 0},
        {ALK_IMAGE_ENC_AES128, NULL, ALK_E_KEY, 0},
        {ALK_IMAGE_ENC_AES128, "img/enc_none__rsa-2048_aes256.bin", ALK_E_SUPPORT, 0},
        {ALK_IMAGE_ENC_AES128, "img/enc_rsa-3072__rsa-3072_aes256.bin", ALK_E_SUPPORT, 0},
        {0, NULL, ALK_OK, 16}, /* the outgoing key */
    };

    (void)unused;
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct alk_content_key key;
        uint8_t buf[ALK_WRAP_MAX];
        int err;

        keyring_usual(&ring, 0);
        forge_begin(&f, 32, "payload", 7, rows[i].flags);
        forge_hash(&f);
        if (rows[i].file != NULL) {
            size_t len;
            uint8_t *bytes = vector_load(&len, rows[i].file);
            struct alk_flash area;
            struct alk_image img;
            struct alk_tlv t = {0};

            alk_flash_memory(&area, bytes, len);
            assert_int_equal(alk_image_open(&img, &area, 0, (uint32_t)len), ALK_OK);
            while (alk_tlv_next(&t, &img) > 0)
                if (t.type >> 4 == 3)
                    forge_tlv(&f, t.type, bytes + t.off, t.len);
            free(bytes);
        }
        assert_int_equal(forge_end(&f), ALK_OK);
        err = alk_content_open(&key, buf, &f.image, &ring.keys);
        if (err != rows[i].err || key.len != rows[i].key_len)
            fail_msg("row %u: %d, key of %u", i, err, key.len);
    }
}

/* As the bootloader leaves it in the secondary: without key TLV, under the outgoing key. */
static void verify_secondary_reads_outgoing_then_plain(void **unused)
{
    (void)unused;
    for (uint32_t policy = 0; policy < 2; policy++) {
        struct alk_content_key key;
        uint8_t digest[32];

        begin();
        keyring_usual(&ring, policy);
        hash_and_pair(GOOD_KEY, GOOD_KEY);
        assert_int_equal(forge_end(&f), ALK_OK);
        assert_int_equal(check(&f.image, false), policy == 0 ? ALK_OK : ALK_E_AUTH);
        forge_digest(digest, &f);
        assert_int_equal(alk_outgoing_key(&key, digest, 0, &ring.keys), ALK_OK);
        alk_image_crypt(f.bytes, f.len, &f.image, 0, &key);
        assert_int_equal(check(&f.image, false), ALK_OK);
        assert_int_equal(check(&f.image, true), ALK_E_AUTH);
        f.bytes[40] ^= 1;
        assert_int_equal(check(&f.image, false), ALK_E_AUTH);
    }
}

static void verify_secondary_without_decrypt_key_follows_the_policy(void **unused)
{
    (void)unused;
    for (uint32_t policy = 0; policy < 2; policy++) {
        begin();
        keyring_begin(&ring, policy);
        keyring_add_pem(&ring, ALK_USE_VERIFY, GOOD_KEY);
        assert_int_equal(keyring_finish(&ring), ALK_OK);
        hash_and_pair(GOOD_KEY, GOOD_KEY);
        assert_int_equal(forge_end(&f), ALK_OK);
        assert_int_equal(check(&f.image, false), policy == 0 ? ALK_OK : ALK_E_POLICY);
    }
}

static void admit_asks_what_the_board_demands(void **unused)
{
    static const uint8_t vid[16] = "vendor uuid 0001", cid[16] = "class uuid 00002", zero[32];
    static const struct {
        uint32_t flags, load_addr;
        uint16_t hdr_size, demanded;
        uint32_t max_size;
        const uint8_t *vid, *cid;
        bool prot;
        int err;
    } rows[] = {
        {0, 0, 32, 0, 4096, vid, cid, true, ALK_OK},
        {0, 0, 512, 512, 4096, vid, cid, true, ALK_OK},
        {0, 0, 32, 512, 4096, vid, cid, true, ALK_E_SUPPORT},
        {0, 0, 34, 0, 4096, vid, cid, true, ALK_E_SUPPORT},
        {0, 0, 32, 0, 87, vid, cid, true, ALK_OK},
        {0, 0, 32, 0, 86, vid, cid, true, ALK_E_SIZE},
        {ALK_IMAGE_NON_BOOTABLE, 0, 32, 0, 4096, vid, cid, true, ALK_E_POLICY},
        {ALK_IMAGE_LZMA2, 0, 32, 0, 4096, vid, cid, true, ALK_E_SUPPORT},
        {ALK_IMAGE_ROM_FIXED, 0x8000, 32, 0, 4096, vid, cid, true, ALK_OK},
        {ALK_IMAGE_ROM_FIXED, 0x8004, 32, 0, 4096, vid, cid, true, ALK_E_POLICY},
        {ALK_IMAGE_RAM_LOAD, 0x20000000, 32, 0, 4096, vid, cid, true, ALK_OK},
        {0, 0, 32, 0, 4096, cid, cid, true, ALK_E_POLICY},
        {0, 0, 32, 0, 4096, vid, vid, true, ALK_E_POLICY},
        {0, 0, 32, 0, 4096, NULL, cid, true, ALK_E_POLICY},
        {0, 0, 32, 0, 4096, vid, NULL, true, ALK_E_POLICY},
        {0, 0, 32, 0, 4096, vid, cid, false, ALK_E_POLICY},
    };

    (void)unused;
    keyring_begin(&ring, 0);
    keyring_add_pem(&ring, ALK_USE_VERIFY, GOOD_KEY);
    keyring_add(&ring, ALK_USE_VENDOR, ALK_ALG_NONE, zero, "another vendor..", 16);
    keyring_add(&ring, ALK_USE_VENDOR, ALK_ALG_NONE, zero, vid, 16);
    keyring_add(&ring, ALK_USE_CLASS, ALK_ALG_NONE, zero, cid, 16);
    assert_int_equal(keyring_finish(&ring), ALK_OK);
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct alk_demand d = {
            .exec_addr = 0x8000, .max_size = rows[i].max_size, .hdr_size = rows[i].demanded};
        void (*put)(struct forge *, uint16_t, const void *, size_t) = rows[i].prot ? forge_prot : forge_tlv;
        int err;

        forge_begin(&f, rows[i].hdr_size, "payload", 7, rows[i].flags);
        alk_put32(f.bytes + 4, rows[i].load_addr);
        if (rows[i].vid != NULL)
            put(&f, ALK_TLV_UUID_VID, rows[i].vid, 16);
        if (rows[i].cid != NULL)
            put(&f, ALK_TLV_UUID_CID, rows[i].cid, 16);
        assert_int_equal(forge_end(&f), ALK_OK);
        err = alk_admit(&f.image, &d, &ring.keys);
        if (err != rows[i].err)
            fail_msg("row %u: %d", i, err);
    }
    keyring_revoke(&ring, 3);
    forge_begin(&f, 32, "payload", 7, 0);
    forge_prot(&f, ALK_TLV_UUID_VID, vid, 16);
    assert_int_equal(forge_end(&f), ALK_OK);
    assert_int_equal(alk_admit(&f.image, &(struct alk_demand){.max_size = 4096}, &ring.keys), ALK_OK);
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
        cmocka_unit_test(content_open_wants_flag_and_key_tlv_to_agree),
        cmocka_unit_test(verify_secondary_reads_outgoing_then_plain),
        cmocka_unit_test(verify_secondary_without_decrypt_key_follows_the_policy),
        cmocka_unit_test(admit_asks_what_the_board_demands),
        cmocka_unit_test(verify_never_says_yes_after_a_failed_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
