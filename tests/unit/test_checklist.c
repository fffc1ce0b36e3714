/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `check` on every image of tests/vectors, for a bootloader with the keys and
 * algorithms of the MCUboot that gave mcuboot_verdicts.txt: the same answer,
 * but for the rows of differences.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "airlock/checklist.h"
#include "airlock/keyarea.h"

static const struct {
    const char *name, *why;
    int verdict; /* ours: takes it */
} differences[] = {
    {"header_0x800_enc",
     "its program starts in front of the payload, when that lies behind so large a header", 0},
    {"header_not16_0x2c_enc", "MCUboot loses the key stream when the header is no multiple of 16", 1},
};

static const struct alk_board board = {
    .name = "vectors",
    .keys_addr = 0x1000,
    .keys_size = 0x1000,
    .primary_addr = 0xc000, /* what the vectors' program is linked for */
    .primary_size = 0x4000,
    .secondary_addr = 0x10000,
    .secondary_size = 0x4000,
    .sector_size = 0x200,
    .unit = 4,
    .features = ALK_FEATURE_P256 | ALK_FEATURE_EC256 | ALK_FEATURE_AES128,
};

static void make_bootloader(struct alk_hex *h, uint32_t policy)
{
    struct alk_hostkey verify, decrypt;
    struct alk_provision p = {
        .verify = {&verify}, .n_verify = 1, .decrypt = {&decrypt}, .n_decrypt = 1, .policy = policy};
    struct alk_buf area = {0};
    struct alk_why why;

    assert_int_equal(alk_key_load(&verify, ALK_VECTORS "/keys/sign-ecdsa-p256.pub.pem", NULL, &why), ALK_OK);
    assert_int_equal(alk_key_load(&decrypt, ALK_VECTORS "/keys/enc-ecdsa-p256.pem", NULL, &why), ALK_OK);
    assert_int_equal(alk_keyarea_make(&area, &p, board.keys_size, board.unit, &why), ALK_OK);
    assert_int_equal(alk_hex_add(h, board.keys_addr, area.data, area.len), ALK_OK);
    alk_buf_free(&area);
    alk_key_free(&verify);
    alk_key_free(&decrypt);
}

static int expected(const char *name, const char *said)
{
    for (size_t i = 0; i < sizeof differences / sizeof differences[0]; i++) {
        if (strcmp(differences[i].name, name) == 0) {
            return differences[i].verdict;
        }
    }
    return strstr(said, "secondary-upgrade:installed") != NULL;
}

static void check_one(const struct alk_hex *h, const char *name, const char *said)
{
    struct alk_imgfile f;
    struct alk_checklist list;
    struct alk_why why;
    char path[512];
    int takes = 0;

    snprintf(path, sizeof path, "%s/img/%s.bin", ALK_VECTORS, name);
    if (alk_imgfile_load(&f, path, &why) == ALK_OK) {
        takes = alk_checklist_make(&list, &(struct alk_question){&f, h, &board, NULL}) == ALK_OK;
        assert_true(takes || alk_checklist_refuses(&list));
        alk_imgfile_free(&f);
    }
    if (takes != expected(name, said)) {
        fail_msg("%s: we %s it; %s", name, takes ? "take" : "refuse", said);
    }
}

static void check_agrees_with_mcuboot(void **unused)
{
    struct alk_hex h = {0};
    char line[256], name[128];
    FILE *f = fopen(ALK_VECTORS "/mcuboot_verdicts.txt", "r");
    int n = 0;

    (void)unused;
    assert_non_null(f);
    make_bootloader(&h, 0);
    while (fgets(line, sizeof line, f) != NULL) {
        if (sscanf(line, " %127[^. ].bin", name) == 1 && strstr(line, "secondary-upgrade:") != NULL) {
            check_one(&h, name, line);
            n++;
        }
    }
    fclose(f);
    alk_hex_free(&h);
    assert_int_equal(n, 56);
}

/* One item of a plain, signed image, its payload changed or not. */
static enum alk_answer answer_for_plain(const struct alk_hex *h, const char *what, bool changed)
{
    struct alk_imgfile f;
    struct alk_checklist list;
    struct alk_why why;

    assert_int_equal(alk_imgfile_load(&f, ALK_VECTORS "/img/sig_ecdsa-p256.bin", &why), ALK_OK);
    f.data.data[f.img.hdr_size + f.img.img_size - 1] ^= changed;
    assert_int_not_equal(alk_checklist_make(&list, &(struct alk_question){&f, h, &board, NULL}), ALK_OK);
    alk_imgfile_free(&f);
    for (size_t i = 0; i < list.n; i++) {
        if (strcmp(list.items[i].what, what) == 0) {
            return list.items[i].answer;
        }
    }
    fail_msg("no item %s", what);
    return ALK_UNKNOWN;
}

/* A plain image is refused as plain; its signature is blamed only if it is wrong. */
static void check_blames_a_plain_image_for_what_it_is(void **unused)
{
    struct alk_hex h = {0};

    (void)unused;
    make_bootloader(&h, ALK_POLICY_REQUIRE_ENCRYPTION);
    assert_int_equal(answer_for_plain(&h, "encryption", false), ALK_NO);
    assert_int_equal(answer_for_plain(&h, "signature", false), ALK_YES);
    assert_int_equal(answer_for_plain(&h, "signature", true), ALK_NO);
    alk_hex_free(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(check_agrees_with_mcuboot),
        cmocka_unit_test(check_blames_a_plain_image_for_what_it_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
