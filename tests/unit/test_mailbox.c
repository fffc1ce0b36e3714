/* SPDX-License-Identifier: Apache-2.0 */
/* The mailbox: MCUboot's places and values for every write size, and what a cut leaves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "airlock/mailbox.h"

#define SIZE 1024u

/* A slot of NOR flash that loses power before its n-th write. */
struct slot {
    uint8_t bytes[SIZE];
    unsigned writes_left;
    struct alk_flash flash;
};

static int slot_read(void *dev, uint32_t at, void *buf, size_t len)
{
    struct slot *s = dev;

    memcpy(buf, s->bytes + at, len);
    return ALK_OK;
}

static int slot_prog(void *dev, uint32_t at, const void *buf, size_t len)
{
    struct slot *s = dev;

    if (s->writes_left == 0)
        return ALK_E_FLASH;
    s->writes_left--;
    for (size_t i = 0; i < len; i++) {
        uint8_t byte = ((const uint8_t *)buf)[i];

        /* a unit is written once */
        assert_true(byte == 0xff || s->bytes[at + i] == 0xff);
        s->bytes[at + i] &= byte;
    }
    return ALK_OK;
}

static void slot_begin(struct slot *s, uint16_t unit)
{
    static const struct alk_flash_ops ops = {.read = slot_read, .prog = slot_prog};

    memset(s, 0, sizeof *s);
    memset(s->bytes, 0xff, SIZE);
    s->writes_left = 100;
    s->flash = (struct alk_flash){.ops = &ops, .dev = s, .sector_size = SIZE, .sectors = 1, .unit = unit};
}

static struct alk_mailbox look(struct slot *s)
{
    struct alk_mailbox m;

    assert_int_equal(alk_mailbox_read(&m, &s->flash), ALK_OK);
    return m;
}

/* Distances from the end of the slot, from MCUboot's definition of the trailer. */
static const struct layout {
    uint16_t unit;
    unsigned magic, image_ok, copy_done, swap_info;
} layouts[] = {{1, 16, 24, 32, 40}, {2, 16, 24, 32, 40},  {4, 16, 24, 32, 40},
               {8, 16, 24, 32, 40}, {16, 16, 32, 48, 64}, {32, 16, 64, 96, 128}};
#define LAYOUTS (sizeof layouts / sizeof *layouts)

static const uint8_t magic_8[] = "\x77\xc2\x95\xf3\x60\xd2\xef\x7f\x35\x52\x50\x0f\x2c\xb6\x79\x80";
static const uint8_t magic_16[] = "\x10\x00\x2d\xe1\x5d\x29\x41\x0b\x8d\x77\x67\x9c\x11\x0f\x1f\x8a";
static const uint8_t magic_32[] = "\x20\x00\x2d\xe1\x5d\x29\x41\x0b\x8d\x77\x67\x9c\x11\x0f\x1f\x8a";

static const uint8_t *magic_for(uint16_t unit)
{
    if (unit <= 8)
        return magic_8;
    return unit == 16 ? magic_16 : magic_32;
}

static void mailbox_writes_the_bytes_mcuboot_reads(void **unused)
{
    (void)unused;
    for (unsigned i = 0; i < LAYOUTS; i++) {
        const struct layout *l = &layouts[i];
        uint8_t want[SIZE];
        struct slot s;

        slot_begin(&s, l->unit);
        memset(want, 0xff, SIZE);
        memcpy(want + SIZE - 16, magic_for(l->unit), 16);
        want[SIZE - l->swap_info] = ALK_REQ_TEST;
        assert_int_equal(alk_mailbox_request(&s.flash, ALK_REQ_TEST), ALK_OK);
        assert_memory_equal(s.bytes, want, SIZE);
        assert_int_equal(alk_mailbox_size(&s.flash), l->swap_info);

        slot_begin(&s, l->unit);
        want[SIZE - l->swap_info] = ALK_REQ_PERM;
        want[SIZE - l->image_ok] = 1;
        assert_int_equal(alk_mailbox_request(&s.flash, ALK_REQ_PERM), ALK_OK);
        assert_memory_equal(s.bytes, want, SIZE);

        slot_begin(&s, l->unit);
        want[SIZE - l->copy_done] = 1;
        assert_int_equal(alk_mailbox_finish(&s.flash, ALK_REQ_PERM, true), ALK_OK);
        assert_memory_equal(s.bytes, want, SIZE);

        slot_begin(&s, l->unit);
        want[SIZE - l->image_ok] = 0xff;
        want[SIZE - l->swap_info] = ALK_REQ_TEST;
        assert_int_equal(alk_mailbox_finish(&s.flash, ALK_REQ_TEST, false), ALK_OK);
        assert_memory_equal(s.bytes, want, SIZE);
        want[SIZE - l->image_ok] = 1;
        assert_int_equal(alk_mailbox_confirm(&s.flash), ALK_OK);
        assert_memory_equal(s.bytes, want, SIZE);
    }
}

static void mailbox_request_cut_is_none_or_less(void **unused)
{
    (void)unused;
    for (unsigned i = 0; i < LAYOUTS; i++)
        for (unsigned writes = 0; writes < 4; writes++) {
            struct alk_mailbox m;
            struct slot s;

            slot_begin(&s, layouts[i].unit);
            s.writes_left = writes;
            assert_int_equal(alk_mailbox_request(&s.flash, ALK_REQ_PERM), writes < 3 ? ALK_E_FLASH : ALK_OK);
            m = look(&s);
            assert_int_equal(m.magic, writes == 0 ? ALK_UNSET : ALK_SET);
            assert_int_equal(m.image_ok, writes < 2 ? ALK_UNSET : ALK_SET);
            /* asked again, it is the whole request */
            s.writes_left = 100;
            assert_int_equal(alk_mailbox_request(&s.flash, ALK_REQ_PERM), ALK_OK);
            m = look(&s);
            assert_int_equal(m.magic, ALK_SET);
            assert_int_equal(m.image_ok, ALK_SET);
            assert_int_equal(m.swap_info, ALK_REQ_PERM);
        }
}

static void mailbox_finish_cut_leaves_no_good_magic(void **unused)
{
    (void)unused;
    for (unsigned i = 0; i < LAYOUTS; i++)
        for (unsigned writes = 0; writes < 4; writes++) {
            struct slot s;

            slot_begin(&s, layouts[i].unit);
            s.writes_left = writes;
            assert_int_equal(alk_mailbox_finish(&s.flash, ALK_REQ_PERM, true), ALK_E_FLASH);
            assert_int_not_equal(look(&s).magic, ALK_SET);
        }
}

static void mailbox_test_may_become_perm_and_stays_a_request(void **unused)
{
    struct slot s;

    (void)unused;
    slot_begin(&s, 4);
    assert_int_equal(alk_mailbox_request(&s.flash, ALK_REQ_TEST), ALK_OK);
    assert_int_equal(alk_mailbox_request(&s.flash, ALK_REQ_TEST), ALK_OK);
    assert_int_equal(look(&s).image_ok, ALK_UNSET);
    assert_int_equal(alk_mailbox_request(&s.flash, ALK_REQ_PERM), ALK_OK);
    assert_int_equal(look(&s).image_ok, ALK_SET);
    assert_int_equal(alk_mailbox_request(&s.flash, ALK_REQ_TEST), ALK_E_STATE);
    assert_int_equal(look(&s).image_ok, ALK_SET);
}

/* What lies there before a request: an old word must not become part of a new one. */
static void mailbox_request_wants_a_blank_one(void **unused)
{
    static const struct {
        unsigned from_end;
        uint8_t value;
        bool with_magic;
        int err;
    } rows[] = {
        {24, 1, false, ALK_E_STATE},
        {24, 7, true, ALK_E_STATE},
        {32, 1, true, ALK_E_STATE},
        {32, 0, true, ALK_E_STATE},
        {40, ALK_REQ_TEST, false, ALK_E_STATE},
        {16, 0, false, ALK_E_STATE},
        {16, 0, true, ALK_E_STATE},
        {24, 1, true, ALK_OK},
    };

    (void)unused;
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t before[SIZE];
        struct slot s;
        int err;

        slot_begin(&s, 4);
        if (rows[i].with_magic)
            memcpy(s.bytes + SIZE - 16, magic_8, 16);
        s.bytes[SIZE - rows[i].from_end] = rows[i].value;
        memcpy(before, s.bytes, SIZE);
        err = alk_mailbox_request(&s.flash, ALK_REQ_PERM);
        if (err != rows[i].err)
            fail_msg("row %u: %d", i, err);
        if (err != ALK_OK)
            assert_memory_equal(s.bytes, before, SIZE);
    }
}

static void mailbox_confirm_needs_a_good_magic(void **unused)
{
    struct slot s;
    uint8_t before[SIZE];

    (void)unused;
    slot_begin(&s, 8);
    memcpy(before, s.bytes, SIZE);
    assert_int_equal(alk_mailbox_confirm(&s.flash), ALK_OK);
    assert_memory_equal(s.bytes, before, SIZE);
    s.bytes[SIZE - 1] = 0;
    assert_int_equal(alk_mailbox_confirm(&s.flash), ALK_E_STATE);
    slot_begin(&s, 8);
    assert_int_equal(alk_mailbox_finish(&s.flash, ALK_REQ_TEST, false), ALK_OK);
    s.bytes[SIZE - 24] = 3;
    assert_int_equal(alk_mailbox_confirm(&s.flash), ALK_E_STATE);
    s.bytes[SIZE - 24] = 1;
    s.writes_left = 0;
    assert_int_equal(alk_mailbox_confirm(&s.flash), ALK_OK);
}

static void mailbox_magic_with_any_bit_flipped_is_bad(void **unused)
{
    (void)unused;
    for (unsigned i = 0; i < LAYOUTS; i++)
        for (unsigned bit = 0; bit < 128; bit++) {
            struct slot s;

            slot_begin(&s, layouts[i].unit);
            s.bytes[SIZE - 16 + bit / 8] ^= (uint8_t)(1u << bit % 8);
            assert_int_equal(look(&s).magic, ALK_BAD);
            memcpy(s.bytes + SIZE - 16, magic_for(layouts[i].unit), 16);
            assert_int_equal(look(&s).magic, ALK_SET);
            s.bytes[SIZE - 16 + bit / 8] ^= (uint8_t)(1u << bit % 8);
            assert_int_equal(look(&s).magic, ALK_BAD);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mailbox_writes_the_bytes_mcuboot_reads),
        cmocka_unit_test(mailbox_request_cut_is_none_or_less),
        cmocka_unit_test(mailbox_finish_cut_leaves_no_good_magic),
        cmocka_unit_test(mailbox_test_may_become_perm_and_stays_a_request),
        cmocka_unit_test(mailbox_request_wants_a_blank_one),
        cmocka_unit_test(mailbox_confirm_needs_a_good_magic),
        cmocka_unit_test(mailbox_magic_with_any_bit_flipped_is_bad),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
