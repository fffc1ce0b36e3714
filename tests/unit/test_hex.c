/* SPDX-License-Identifier: Apache-2.0 */
/* Intel HEX and ELF: every byte arrives, and a damaged file yields nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "airlock/hexfile.h"
#include "core/bytes.h"

static uint32_t state;

static uint32_t draw(uint32_t below)
{
    state = state * 1664525u + 1013904223u;
    return (state >> 8) % below;
}

/* A few pieces at random places near a 64 KiB border, the model beside them. */
static void scatter(struct alk_hex *h, uint8_t *model, uint32_t base, size_t size)
{
    memset(model, 0xff, size);
    for (int i = 0; i < 12; i++) {
        uint8_t piece[300];
        size_t len = 1 + draw(sizeof piece);
        uint32_t off = draw((uint32_t)(size - len));

        for (size_t k = 0; k < len; k++) {
            piece[k] = (uint8_t)draw(255);
        }
        assert_int_equal(alk_hex_put(h, base + off, piece, len), ALK_OK);
        memcpy(model + off, piece, len);
    }
}

static void check_order(const struct alk_hex *h)
{
    for (size_t i = 1; i < h->n; i++) {
        assert_true((uint64_t)h->spans[i - 1].addr + h->spans[i - 1].bytes.len < h->spans[i].addr);
    }
}

static void hex_text_keeps_every_byte(void **unused)
{
    static const uint32_t bases[] = {0, 0xf800, 0xffff0000u, 0x08000000u};
    uint8_t model[4096], back[4096];
    struct alk_why why;

    (void)unused;
    for (uint32_t seed = 0; seed < 40; seed++) {
        struct alk_hex h = {0}, again = {0};
        struct alk_buf text = {0};
        uint32_t base = bases[seed % 4];

        state = seed;
        scatter(&h, model, base, sizeof model);
        check_order(&h);
        alk_hex_format(&text, &h);
        assert_int_equal(alk_hex_parse(&again, text.data, text.len, &why), ALK_OK);
        check_order(&again);
        assert_int_equal(again.n, h.n);
        alk_hex_read(back, &again, base, sizeof back);
        if (memcmp(back, model, sizeof model) != 0) {
            fail_msg("seed %u", seed);
        }
        alk_buf_free(&text);
        alk_hex_free(&h);
        alk_hex_free(&again);
    }
}

static void hex_cut_takes_out_exactly_that(void **unused)
{
    uint8_t model[1024], back[1024];

    (void)unused;
    for (uint32_t seed = 0; seed < 100; seed++) {
        struct alk_hex h = {0};
        uint32_t off, len;

        state = seed;
        scatter(&h, model, 0x100, sizeof model);
        off = draw(1000);
        len = draw(1024 - off);
        assert_int_equal(alk_hex_cut(&h, 0x100 + off, len), ALK_OK);
        memset(model + off, 0xff, len);
        check_order(&h);
        alk_hex_read(back, &h, 0x100, sizeof back);
        if (memcmp(back, model, sizeof model) != 0) {
            fail_msg("seed %u", seed);
        }
        alk_hex_free(&h);
    }
}

static const char small[] =
    ":020000040001F9\n:10FFF000000102030405060708090A0B0C0D0E0F89\n:0400000301020304EF\n"
    ":00000001FF\n";

static void hex_refuses_every_flipped_bit(void **unused)
{
    struct alk_hex want = {0};
    struct alk_why why;

    (void)unused;
    assert_int_equal(alk_hex_parse(&want, (const uint8_t *)small, sizeof small - 1, &why), ALK_OK);
    assert_int_equal(want.spans[0].addr, 0x1fff0);
    for (size_t bit = 0; bit < 8 * (sizeof small - 1); bit++) {
        char text[sizeof small];
        struct alk_hex h = {0};

        memcpy(text, small, sizeof small);
        text[bit / 8] = (char)(text[bit / 8] ^ 1 << bit % 8);
        if (alk_hex_parse(&h, (const uint8_t *)text, sizeof small - 1, &why) == ALK_OK &&
            (h.n != 1 || memcmp(h.spans[0].bytes.data, want.spans[0].bytes.data, 16) != 0 ||
             h.spans[0].addr != want.spans[0].addr || h.start != want.start)) {
            fail_msg("bit %zu", bit);
        }
        alk_hex_free(&h);
    }
    alk_hex_free(&want);
}

static void hex_refuses_truncation_at_every_length(void **unused)
{
    struct alk_why why;

    (void)unused;
    for (size_t len = 0; len < sizeof small - 2; len++) {
        struct alk_hex h = {0};

        assert_int_equal(alk_hex_parse(&h, (const uint8_t *)small, len, &why), ALK_E_FORMAT);
        assert_int_equal(h.n, 0);
    }
}

static void hex_refuses_data_given_twice(void **unused)
{
    static const char twice[] = ":0100100055 9A\n:01001000559A\n:01001000559A\n:00000001FF\n";
    struct alk_hex h = {0};
    struct alk_why why;

    (void)unused;
    assert_int_equal(alk_hex_parse(&h, (const uint8_t *)twice + 15, sizeof twice - 16, &why), ALK_E_FORMAT);
    assert_non_null(strstr(why.text, "has data already"));
    assert_int_equal(alk_hex_add(&h, 10, (const uint8_t *)"abc", 3), ALK_OK);
    assert_int_equal(alk_hex_add(&h, 12, (const uint8_t *)"abc", 3), ALK_E_STATE);
    assert_int_equal(alk_hex_add(&h, 8, (const uint8_t *)"abc", 3), ALK_E_STATE);
    assert_int_equal(alk_hex_add(&h, 13, (const uint8_t *)"abc", 3), ALK_OK);
    assert_int_equal(alk_hex_add(&h, 7, (const uint8_t *)"abc", 3), ALK_OK);
    assert_int_equal(h.n, 1);
    assert_int_equal(alk_hex_add(&h, UINT32_MAX, (const uint8_t *)"abc", 3), ALK_E_RANGE);
    alk_hex_free(&h);
}

/* One program header, 8 bytes at 0x8200. */
static size_t make_elf(uint8_t elf[96])
{
    memset(elf, 0, 96);
    memcpy(elf, "\177ELF\1\1\1", 7);
    alk_put32(elf + 24, 0x8201);
    alk_put32(elf + 28, 52);
    alk_put16(elf + 42, 32);
    alk_put16(elf + 44, 1);
    alk_put32(elf + 52, 1);
    alk_put32(elf + 56, 84);
    alk_put32(elf + 64, 0x8200);
    alk_put32(elf + 68, 8);
    memcpy(elf + 84, "program!", 8);
    return 92;
}

static void elf_gives_its_segments(void **unused)
{
    uint8_t elf[96], back[8];
    size_t len = make_elf(elf);
    struct alk_hex h = {0};
    struct alk_why why;

    (void)unused;
    assert_int_equal(alk_elf_parse(&h, elf, len, &why), ALK_OK);
    assert_int_equal(alk_hex_read(back, &h, 0x8200, 8), 8);
    assert_memory_equal(back, "program!", 8);
    assert_int_equal(h.start, 0x8201);
    alk_hex_free(&h);
    for (size_t n = 0; n < len; n++) {
        uint8_t *cut = malloc(n + 1); /* exactly as long: a sanitizer sees what reads past it */

        memcpy(cut, elf, n);
        assert_int_equal(alk_elf_parse(&h, cut, n, &why), ALK_E_FORMAT);
        free(cut);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hex_text_keeps_every_byte),
        cmocka_unit_test(hex_cut_takes_out_exactly_that),
        cmocka_unit_test(hex_refuses_every_flipped_bit),
        cmocka_unit_test(hex_refuses_truncation_at_every_length),
        cmocka_unit_test(hex_refuses_data_given_twice),
        cmocka_unit_test(elf_gives_its_segments),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
