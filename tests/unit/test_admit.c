/* SPDX-License-Identifier: Apache-2.0 */
/* In the secondary: which key opens it, is plain allowed, is it for this board? */
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

#define GOOD_KEY "sign-ecdsa-p256"

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

static void hash_and_pair(void)
{
    forge_hash(&f);
    forge_keyhash(&f, GOOD_KEY);
    forge_sign(&f, GOOD_KEY);
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
        hash_and_pair();
        assert_int_equal(forge_end(&f), ALK_OK);
        assert_int_equal(check(&f.image, false), policy == 0 ? ALK_OK : ALK_E_AUTH);
        forge_digest(digest, &f);
        assert_int_equal(alk_unwrap(&key, ALK_TLV_SHA256, digest, 32, &ring.keys), ALK_OK);
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
        hash_and_pair();
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(content_open_wants_flag_and_key_tlv_to_agree),
        cmocka_unit_test(verify_secondary_reads_outgoing_then_plain),
        cmocka_unit_test(verify_secondary_without_decrypt_key_follows_the_policy),
        cmocka_unit_test(admit_asks_what_the_board_demands),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
