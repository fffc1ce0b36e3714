/* SPDX-License-Identifier: Apache-2.0 */
/* Header and TLV areas: nothing is read past the end, and nothing malformed is called an image. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "airlock/image.h"
#include "airlock/memory.h"
#include "core/bytes.h"
#include "forge.h"
#include "keyring.h"

static const char *const files[] = {"img/sig_ecdsa-p256.bin", "img/all_protected.bin",
                                    "img/pad_enc_aes256.bin", "img/header_not16_0x2c_enc.bin"};

/* Open and walk; return: the first error, or how many entries there are. */
static int walk(const uint8_t *bytes, size_t len, uint32_t limit)
{
    struct alk_flash area;
    struct alk_image img;
    struct alk_tlv t = {0};
    int n = 0, more;

    alk_flash_memory(&area, bytes, len);
    more = alk_image_open(&img, &area, 0, limit);
    if (more != ALK_OK)
        return more;
    while ((more = alk_tlv_next(&t, &img)) > 0)
        n++;
    return more < 0 ? more : n;
}

static void image_refuses_truncation_at_every_length(void **unused)
{
    (void)unused;
    for (unsigned i = 0; i < sizeof files / sizeof *files; i++) {
        size_t len;
        uint8_t *bytes = vector_load(&len, files[i]);
        struct alk_flash area;
        struct alk_image img;

        alk_flash_memory(&area, bytes, len);
        assert_int_equal(alk_image_open(&img, &area, 0, (uint32_t)len), ALK_OK);
        for (uint32_t cut = 0; cut < img.end; cut++) {
            /* a block of its own, so that a sanitizer sees the first byte too many */
            uint8_t *part = malloc(cut + 1);
            int err;

            memcpy(part, bytes, cut);
            err = walk(part, cut, cut);
            if (err != (cut < ALK_IMAGE_HDR_SIZE ? ALK_E_FORMAT : ALK_E_SIZE))
                fail_msg("%s cut at %u: %d", files[i], cut, err);
            free(part);
        }
        assert_true(walk(bytes, img.end, img.end) > 0);
        free(bytes);
    }
}

/* One forged field; the rest is sig_ecdsa-p256: header 32, payload 1013, TLVs from 1045 to 1196. */
static const struct {
    const char *what;
    unsigned at, bytes;
    uint32_t value;
    int err;
} forged[] = {
    {"old magic", 0, 4, 0x96f3b83c, ALK_E_FORMAT},
    {"header below 32 bytes", 8, 2, 31, ALK_E_FORMAT},
    {"header past the end", 8, 2, 0xffff, ALK_E_SIZE},
    {"payload of 4 GiB - 1", 12, 4, 0xffffffff, ALK_E_SIZE},
    {"header + payload wraps to 0", 12, 4, 0xffffffe0, ALK_E_SIZE},
    {"payload ends at the limit", 12, 4, 1196 - 32, ALK_E_SIZE},
    {"payload one byte short", 12, 4, 1012, ALK_E_FORMAT},
    {"protected area announced, not there", 10, 2, 4, ALK_E_FORMAT},
    {"protected area past the end", 10, 2, 0xffff, ALK_E_FORMAT},
    {"magic of the TLV area", 1045, 2, 0x6909, ALK_E_FORMAT},
    {"protected magic without size in the header", 1045, 2, 0x6908, ALK_E_FORMAT},
    {"TLV area past the end", 1047, 2, 152, ALK_E_SIZE},
    {"TLV area of 64 KiB", 1047, 2, 0xffff, ALK_E_SIZE},
    {"TLV area shorter than its own head", 1047, 2, 3, ALK_E_FORMAT},
    {"TLV area ends inside an entry", 1047, 2, 150, ALK_E_FORMAT},
    {"TLV area ends inside an entry's head", 1047, 2, 4 + 36 + 36 + 3, ALK_E_FORMAT},
    {"entry past its area", 1051, 2, 0xffff, ALK_E_FORMAT},
    {"last entry one byte too long", 1045 + 4 + 36 + 36 + 2, 2, 72, ALK_E_FORMAT},
};

static void image_refuses_forged_sizes(void **unused)
{
    size_t len;
    uint8_t *bytes = vector_load(&len, "img/sig_ecdsa-p256.bin");

    (void)unused;
    assert_int_equal(walk(bytes, len, (uint32_t)len), 3);
    for (unsigned i = 0; i < sizeof forged / sizeof *forged; i++) {
        uint8_t copy[1196];
        int err;

        assert_int_equal(len, sizeof copy);
        memcpy(copy, bytes, len);
        for (unsigned b = 0; b < forged[i].bytes; b++)
            copy[forged[i].at + b] = (uint8_t)(forged[i].value >> 8 * b);
        err = walk(copy, len, (uint32_t)len);
        if (err != forged[i].err)
            fail_msg("%s: %d", forged[i].what, err);
    }
    free(bytes);
}

static void image_keeps_entries_inside_their_own_area(void **unused)
{
    static struct forge f;
    uint16_t prot;

    (void)unused;
    forge_begin(&f, 32, "payload", 7, 0);
    forge_prot(&f, 0xa0, "abcd", 4);
    forge_hash(&f);
    assert_int_equal(forge_end(&f), ALK_OK);
    assert_int_equal(walk(f.bytes, f.len, (uint32_t)f.len), 2);
    /* the protected entry reaches into the unprotected area, which is otherwise whole */
    alk_put16(f.bytes + 32 + 7 + 4 + 2, 4 + 4);
    assert_int_equal(walk(f.bytes, f.len, (uint32_t)f.len), ALK_E_FORMAT);
    alk_put16(f.bytes + 32 + 7 + 4 + 2, 4);
    /* both sizes agree, but the area takes in the next one's head */
    prot = (uint16_t)(alk_get16(f.bytes + 10) + 4);
    alk_put16(f.bytes + 10, prot);
    alk_put16(f.bytes + 32 + 7 + 2, prot);
    assert_int_equal(walk(f.bytes, f.len, (uint32_t)f.len), ALK_E_FORMAT);
}

static void image_takes_an_empty_protected_area(void **unused)
{
    static struct forge f;

    (void)unused;
    forge_begin(&f, 32, "payload", 7, 0);
    forge_prot(&f, 0xa0, "", 0);
    f.len -= 4; /* the entry again: the area's head alone */
    forge_hash(&f);
    assert_int_equal(forge_end(&f), ALK_OK);
    assert_int_equal(f.image.prot_size, 4);
    assert_int_equal(walk(f.bytes, f.len, (uint32_t)f.len), 1);
}

static void image_survives_random_bytes(void **unused)
{
    size_t len;
    uint8_t *bytes = vector_load(&len, "img/all_protected.bin");
    uint32_t x = 1;

    (void)unused;
    for (unsigned round = 0; round < 20000; round++) {
        uint8_t *copy = malloc(len);

        memcpy(copy, bytes, len);
        for (unsigned i = 0; i < 4; i++) {
            x = x * 1664525u + 1013904223u;
            copy[(x >> 16) % (i < 2 ? 32 : len)] = (uint8_t)(x >> 8);
        }
        walk(copy, len, (uint32_t)len);
        free(copy);
    }
    free(bytes);
}

static void image_read_stops_at_the_image_end(void **unused)
{
    static struct forge f;
    uint8_t buf[64];
    struct alk_tlv t = {0};

    (void)unused;
    forge_begin(&f, 32, "payload", 7, 0);
    forge_hash(&f);
    assert_int_equal(forge_end(&f), ALK_OK);
    assert_int_equal(alk_image_read(buf, &f.image, f.image.end - 1, 1), ALK_OK);
    assert_int_equal(alk_image_read(buf, &f.image, f.image.end, 0), ALK_OK);
    assert_int_equal(alk_image_read(buf, &f.image, f.image.end, 1), ALK_E_RANGE);
    assert_int_equal(alk_image_read(buf, &f.image, f.image.end - 1, 2), ALK_E_RANGE);
    assert_int_equal(alk_image_read(buf, &f.image, 0xffffffff, 2), ALK_E_RANGE);
    assert_int_equal(alk_tlv_find(&t, &f.image, ALK_TLV_SHA256), 1);
    assert_int_equal(alk_tlv_read(buf, &f.image, &t, 31), ALK_E_FORMAT);
    assert_int_equal(alk_tlv_read(buf, &f.image, &t, 33), ALK_E_FORMAT);
    assert_int_equal(alk_tlv_find(&t, &f.image, ALK_TLV_SHA256), 0);
}

static void image_opens_at_any_offset_of_the_area(void **unused)
{
    size_t len;
    uint8_t *bytes = vector_load(&len, "img/all_protected.bin");
    uint8_t *area_bytes = malloc(len + 1024);
    struct alk_flash area;
    struct alk_image img;

    (void)unused;
    memset(area_bytes, 0xff, len + 1024);
    memcpy(area_bytes + 1024, bytes, len);
    alk_flash_memory(&area, area_bytes, len + 1024);
    assert_int_equal(alk_image_open(&img, &area, 0, (uint32_t)len + 1024), ALK_E_FORMAT);
    assert_int_equal(alk_image_open(&img, &area, 1024, (uint32_t)len), ALK_OK);
    assert_int_equal(img.end, len);
    free(area_bytes);
    free(bytes);
}

static void version_order_counts_every_part(void **unused)
{
    static const struct alk_version rising[] = {
        {0, 0, 0, 0}, {0, 0, 0, 1},   {0, 0, 1, 0}, {0, 0, 0xffff, 0xffffffff},
        {0, 1, 0, 0}, {0, 255, 0, 0}, {1, 0, 0, 0}, {1, 2, 3, 4},
        {1, 2, 3, 5}, {255, 0, 0, 0},
    };

    (void)unused;
    for (int a = 0; a < 10; a++)
        for (int b = 0; b < 10; b++)
            assert_int_equal(alk_version_compare(&rising[a], &rising[b]), (a > b) - (a < b));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(image_refuses_truncation_at_every_length),
        cmocka_unit_test(image_refuses_forged_sizes),
        cmocka_unit_test(image_keeps_entries_inside_their_own_area),
        cmocka_unit_test(image_takes_an_empty_protected_area),
        cmocka_unit_test(image_survives_random_bytes),
        cmocka_unit_test(image_read_stops_at_the_image_end),
        cmocka_unit_test(image_opens_at_any_offset_of_the_area),
        cmocka_unit_test(version_order_counts_every_part),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
