/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tool's verdict on every image of tests/vectors is what an independent
 * reader found (expected.json): signer, hash, content key, plaintext; and no
 * single changed byte of what is signed goes unnoticed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <jansson.h>

#include "airlock/imgfile.h"
#include "airlock/text.h"

static const char *const signers[] = {"sign-ecdsa-p256", "sign-ecdsa-p384", "sign-ed25519", "sign-rsa-2048",
                                      "sign-rsa-3072"};
static const char *const openers[] = {"enc-ecdsa-p256", "enc-x25519", "enc-rsa-2048"};
static struct alk_hostkey verify[5], decrypt[3];
static const struct alk_judge with = {verify, 5, decrypt, 3};
static json_t *expected;

static int setup(void **unused)
{
    struct alk_why why;
    char path[512];

    (void)unused;
    for (size_t i = 0; i < 5; i++) {
        snprintf(path, sizeof path, "%s/keys/%s.pub.pem", ALK_VECTORS, signers[i]);
        assert_int_equal(alk_key_load(&verify[i], path, NULL, &why), ALK_OK);
    }
    for (size_t i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "%s/keys/%s.pem", ALK_VECTORS, openers[i]);
        assert_int_equal(alk_key_load(&decrypt[i], path, NULL, &why), ALK_OK);
    }
    snprintf(path, sizeof path, "%s/expected.json", ALK_VECTORS);
    expected = json_load_file(path, 0, NULL);
    return expected == NULL;
}

static int teardown(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < 5; i++) {
        alk_key_free(&verify[i]);
    }
    for (size_t i = 0; i < 3; i++) {
        alk_key_free(&decrypt[i]);
    }
    json_decref(expected);
    return 0;
}

static const char *text(const json_t *v, const char *key)
{
    return json_string_value(json_object_get(v, key));
}

static void same_hex(const char *name, const char *what, const char *want, const uint8_t *data, size_t len)
{
    char hex[2 * 64 + 1];

    alk_hex_text(hex, data, len);
    if (want != NULL && strcmp(want, hex) != 0) {
        fail_msg("%s: %s %s, want %s", name, what, hex, want);
    }
}

static void check(const char *name, const json_t *want, struct alk_imgfile *f)
{
    const char *signer = text(want, "sig_by");
    struct alk_judgement j;
    struct alk_why why = {0};
    uint8_t digest[64];
    bool nobody = json_object_get(want, "enc") != NULL || strstr(name, "rsa-3072_aes") != NULL;
    int e = alk_judge_image(&j, f, &with, &why);

    if ((e == ALK_OK) != (signer != NULL && !nobody)) {
        fail_msg("%s: verdict %d: %s", name, e, why.text);
    }
    if (e != ALK_OK) {
        assert_int_not_equal(e, ALK_E_BUG);
        assert_true(why.text[0] != 0);
        return;
    }
    assert_string_equal(signers[j.signer], signer);
    same_hex(name, "content key", text(want, "aes_key"), j.content_key, j.content_key_len);
    alk_imgfile_decrypt(f, &j);
    alk_digest_of(digest, ALK_SHA256, f->data.data + f->img.hdr_size, f->img.img_size);
    same_hex(name, "plaintext", text(want, "plaintext_sha256"), digest, 32);
}

static void judge_agrees_with_an_independent_reader(void **unused)
{
    const char *name;
    json_t *want;
    int n = 0;

    (void)unused;
    json_object_foreach(expected, name, want)
    {
        struct alk_imgfile f;
        struct alk_why why;
        char path[512];

        if (json_object_get(want, "note") != NULL) {
            continue; /* no image */
        }
        snprintf(path, sizeof path, "%s/%s", ALK_VECTORS, text(want, "file"));
        if (alk_imgfile_load(&f, path, &why) != ALK_OK) {
            fail_msg("%s: %s", name, why.text);
        }
        check(name, want, &f);
        alk_imgfile_free(&f);
        n++;
    }
    assert_int_equal(n, 55);
}

/* return: the verdict on a copy with byte i changed; ALK_E_FORMAT when it is no image any more */
static int verdict_with(const struct alk_buf *good, size_t i, uint8_t flip)
{
    struct alk_buf copy = {0};
    struct alk_imgfile f;
    struct alk_judgement j;
    struct alk_why why;
    int e;

    alk_buf_put(&copy, good->data, good->len);
    copy.data[i] ^= flip;
    e = alk_imgfile_take(&f, &copy, &why);
    if (e == ALK_OK) {
        e = alk_judge_image(&j, &f, &with, &why);
        alk_imgfile_free(&f);
    }
    return e;
}

static void judge_notices_every_changed_byte(void **unused)
{
    static const char *const names[] = {"all_protected", "sig_ed25519_pure", "sig_rsa-3072",
                                        "x25519_pure_ed25519_enc", "header_not16_0x2c_enc"};

    (void)unused;
    for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
        struct alk_imgfile f;
        struct alk_why why;
        char path[512];

        snprintf(path, sizeof path, "%s/img/%s.bin", ALK_VECTORS, names[k]);
        assert_int_equal(alk_imgfile_load(&f, path, &why), ALK_OK);
        for (size_t i = 0; i < f.img.end; i += i < 64 || i >= f.img.tlv_off ? 1 : 37) {
            int e = verdict_with(&f.data, i, (uint8_t)(1u << i % 8));

            if (e == ALK_OK || e == ALK_E_BUG) {
                fail_msg("%s: byte %zu changed: verdict %d", names[k], i, e);
            }
        }
        alk_imgfile_free(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(judge_agrees_with_an_independent_reader),
        cmocka_unit_test(judge_notices_every_changed_byte),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
