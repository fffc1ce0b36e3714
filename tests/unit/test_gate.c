/* SPDX-License-Identifier: Apache-2.0 */
/* The last door: it opens for a verdict without a flaw, and gives an address only then. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "airlock/boot.h"
#include "forge.h"
#include "keyring.h"

static struct forge f;
static struct keyring ring;
static struct alk_map map;
static uint8_t buf[256];

/* A boot whose primary verified just now. */
static void begin(struct alk_boot *b)
{
    struct alk_check c = {.keys = &ring.keys, .buf = buf, .buf_len = sizeof buf};

    keyring_usual(&ring, 0);
    forge_begin(&f, 0x200, "payload", 7, 0);
    forge_hash(&f);
    forge_keyhash(&f, "sign-ecdsa-p256");
    forge_sign(&f, "sign-ecdsa-p256");
    assert_int_equal(forge_end(&f), ALK_OK);
    map.primary = f.area;
    map.demand.exec_addr = 0x8000;
    *b = (struct alk_boot){.map = &map, .buf = buf, .buf_len = sizeof buf, .keys = ring.keys};
    assert_int_equal(alk_image_open(&b->image, &map.primary, 0, (uint32_t)f.len), ALK_OK);
    assert_int_equal(alk_verify(&b->verdict, &b->image, &c), ALK_OK);
}

static void refuses(struct alk_boot *b, const char *what, unsigned which)
{
    uint32_t vectors = 0x1234;
    int err = alk_gate_open(&vectors, b);

    if (err != ALK_E_AUTH || vectors != 0)
        fail_msg("%s %u: %d, %#x", what, which, err, (unsigned)vectors);
}

static void gate_opens_for_a_verified_image_and_wipes_the_buffer(void **unused)
{
    static const uint8_t zero[sizeof buf];
    struct alk_boot b;
    uint32_t vectors = 0;

    (void)unused;
    begin(&b);
    memset(buf, 0xa5, sizeof buf);
    assert_int_equal(alk_gate_open(&vectors, &b), ALK_OK);
    assert_int_equal(vectors, 0x8200);
    assert_memory_equal(buf, zero, sizeof buf);
}

/* Who signed is told to others; it opens nothing.  What follows the operands is padding. */
static bool gate_reads(size_t byte)
{
    return byte != offsetof(struct alk_verdict, signer) &&
           byte < offsetof(struct alk_verdict, operand) + sizeof((struct alk_verdict *)0)->operand;
}

static void gate_refuses_a_verdict_with_any_bit_flipped(void **unused)
{
    struct alk_boot good;

    (void)unused;
    begin(&good);
    for (unsigned bit = 0; bit < 8 * sizeof good.verdict; bit++) {
        struct alk_boot b = good;

        if (!gate_reads(bit / 8))
            continue;
        ((uint8_t *)&b.verdict)[bit / 8] ^= (uint8_t)(1u << bit % 8);
        refuses(&b, "bit", bit);
    }
}

static void gate_refuses_verdicts_nobody_made(void **unused)
{
    struct alk_boot good;

    (void)unused;
    begin(&good);
    for (unsigned fill = 0; fill < 256; fill++) {
        struct alk_boot b = good;

        memset(&b.verdict, (int)fill, sizeof b.verdict);
        refuses(&b, "fill", fill);
    }
}

static void gate_refuses_the_verdict_of_another_area(void **unused)
{
    struct alk_check c = {.keys = &ring.keys, .buf = buf, .buf_len = sizeof buf};
    struct alk_image elsewhere;
    struct alk_boot b;

    (void)unused;
    begin(&b);
    map.secondary = f.area;
    assert_int_equal(alk_secondary_open(&elsewhere, &map, 0), ALK_OK);
    assert_int_equal(alk_verify(&b.verdict, &elsewhere, &c), ALK_OK);
    refuses(&b, "secondary", 0);
}

/* What alk_verify() leaves when one of its steps says no, and the answer is lost. */
static void gate_refuses_what_verify_refused(void **unused)
{
    static const struct {
        const char *named, *signer;
        unsigned flip;
    } rows[] = {{"sign-ecdsa-p256", "sign2-ecdsa-p256", 0},
                {"sign2-ecdsa-p256", "sign2-ecdsa-p256", 0},
                {"sign-ecdsa-p256", "sign-ecdsa-p256", 0x201}};

    (void)unused;
    for (unsigned i = 0; i < 3; i++) {
        struct alk_check c = {.keys = &ring.keys, .buf = buf, .buf_len = sizeof buf};
        struct alk_boot b;

        begin(&b);
        forge_begin(&f, 0x200, "payload", 7, 0);
        forge_hash(&f);
        forge_keyhash(&f, rows[i].named);
        forge_sign(&f, rows[i].signer);
        f.bytes[rows[i].flip] ^= rows[i].flip != 0;
        assert_int_equal(forge_end(&f), ALK_OK);
        map.primary = f.area;
        assert_int_equal(alk_image_open(&b.image, &map.primary, 0, (uint32_t)f.len), ALK_OK);
        assert_int_not_equal(alk_verify(&b.verdict, &b.image, &c), ALK_OK);
        refuses(&b, "row", i);
        /* even with the words a lucky glitch would have to write */
        b.verdict.word = ALK_VERDICT_GOOD;
        b.verdict.flow = ALK_FLOW_GOOD;
        b.verdict.area = &map.primary;
        refuses(&b, "row with words", i);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gate_opens_for_a_verified_image_and_wipes_the_buffer),
        cmocka_unit_test(gate_refuses_a_verdict_with_any_bit_flipped),
        cmocka_unit_test(gate_refuses_verdicts_nobody_made),
        cmocka_unit_test(gate_refuses_the_verdict_of_another_area),
        cmocka_unit_test(gate_refuses_what_verify_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
