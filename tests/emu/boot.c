/* SPDX-License-Identifier: Apache-2.0 */
/*
 * boot.c - what is left in RAM and registers when the image starts, and
 * what is locked; recovery of a blank board.  The real code runs, P-256 too.
 *
 *   emu_boot BOOT.elf
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "airlock/mailbox.h"
#include "core/bytes.h"
#include "tests/emu/rig.h"
#include "tests/emu/session.h"

#define PAYLOAD 1040u
#define WINDOW  8u /* bytes in a row that count as a find */

struct board {
    struct alk_rig rig;
    struct alk_forge_image a, b;
    unsigned seen; /* times the content key was in RAM while the cipher ran */
};

static const char *boot_elf;

static bool in_ram(const struct alk_rig *r, const void *p, size_t len)
{
    return memmem(r->emu->ram, r->emu->chip->ram_size, p, len) != NULL;
}

/* A piece of a secret, as bytes or as words of the other order. */
static bool any_piece(const struct alk_rig *r, const uint8_t *secret, size_t len)
{
    uint8_t back[64];

    for (size_t i = 0; i < len; i++)
        back[i] = secret[len - 1 - i];
    for (size_t i = 0; i + WINDOW <= len; i++)
        if (in_ram(r, secret + i, WINDOW) || in_ram(r, back + i, WINDOW))
            return true;
    return false;
}

static bool any_plaintext(const struct alk_rig *r, const struct alk_forge_image *img)
{
    for (size_t i = 16; i + 16 <= img->payload; i += 4)
        if (in_ram(r, img->plain + img->payload_at + i, 16))
            return true;
    return false;
}

static void assert_clean(const struct board *b)
{
    const struct alk_forge_image *const images[] = {&b->a, &b->b};

    assert_false(any_piece(&b->rig, b->rig.device.priv, 32));
    for (size_t i = 0; i < 2; i++) {
        assert_false(any_piece(&b->rig, images[i]->content_key, 16));
        assert_false(any_piece(&b->rig, images[i]->shared, 32));
        assert_false(any_piece(&b->rig, images[i]->okm, 48));
        assert_false(any_plaintext(&b->rig, images[i]));
    }
}

static void assert_locked(const struct alk_rig *r)
{
    const struct alk_emu *e = r->emu;

    if (e->chip->mpu) {
        assert_int_equal(e->protect, (1u << r->primary_at / 4096) - 1);
        return;
    }
    assert_int_equal(e->lock[0].at, 0);
    assert_int_equal(e->lock[0].size, r->primary_at);
    assert_int_equal(e->lock[0].perm & 2u, 2u);
    assert_int_equal(e->lock[1].at, r->keys_at);
    assert_int_equal(e->lock[1].size, r->page);
    assert_int_equal(e->lock[1].perm & 4u, 4u);
}

/* While the cipher runs the key is in RAM: the search can find. */
static bool on_cipher(struct alk_emu *e, void *user)
{
    struct board *b = user;

    (void)e;
    b->seen += in_ram(&b->rig, b->b.content_key, 16) && in_ram(&b->rig, b->a.content_key, 16);
    return false;
}

static int set_up(void **state)
{
    static struct board b;
    uint32_t cipher;

    b = (struct board){.seen = 0};
    *state = &b;
    if (alk_rig_open(&b.rig, boot_elf) != 0 || alk_rig_image(&b.a, &b.rig, 1, PAYLOAD, true) != 0 ||
        alk_rig_image(&b.b, &b.rig, 2, PAYLOAD, true) != 0)
        return -1;
    cipher = alk_elf_symbol(&b.rig.elf, "alk_aes_ctr");
    if (cipher)
        alk_emu_tap(b.rig.emu, cipher, on_cipher, &b);
    alk_rig_factory(&b.rig, true);
    return 0;
}

static int tear_down(void **state)
{
    struct board *b = *state;

    alk_forge_image_free(&b->a);
    alk_forge_image_free(&b->b);
    alk_rig_close(&b->rig);
    return 0;
}

static void no_secret_is_left_when_an_image_starts(void **state)
{
    struct board *b = *state;
    struct alk_rig *r = &b->rig;

    alk_rig_put(r, r->primary_at, b->a.plain, b->a.len);
    alk_rig_put(r, r->secondary_at, b->b.sealed, b->b.len);
    assert_int_equal(alk_rig_boot(r, 1), ALK_EMU_APP);
    assert_clean(b);
    assert_locked(r);
    assert_int_equal(alk_rig_app_request(r, ALK_REQ_TEST), ALK_OK);
    assert_int_equal(alk_rig_boot(r, 2), ALK_EMU_APP);
    assert_true(alk_rig_runs(r, r->emu->flash, &b->b));
    assert_true(b->seen > 0);
    assert_clean(b);
    assert_locked(r);
    assert_int_equal(alk_rig_boot(r, 3), ALK_EMU_APP);
    assert_true(alk_rig_runs(r, r->emu->flash, &b->a));
    assert_clean(b);
    assert_locked(r);
}

/* As out of reset: vectors where the core looks for them, the image's own stack, interrupts on. */
static void image_starts_as_out_of_reset(void **state)
{
    struct board *b = *state;
    struct alk_rig *r = &b->rig;
    uint32_t primask;

    alk_rig_put(r, r->primary_at, b->a.plain, b->a.len);
    assert_int_equal(alk_rig_boot(r, 1), ALK_EMU_APP);
    uc_reg_read(r->emu->uc, UC_ARM_REG_PRIMASK, &primask);
    assert_int_equal(primask, 0);
    assert_int_equal(r->emu->sp, alk_get32(b->a.plain + b->a.payload_at));
    assert_int_equal(r->emu->pc | 1u, alk_get32(b->a.plain + b->a.payload_at + 4));
    if (r->emu->chip->vtor)
        assert_int_equal(r->emu->vtor, r->primary_at + b->a.payload_at);
    assert_int_equal(r->emu->misuse, 0);
}

static void blank_board_is_recovered_by_an_upload(void **state)
{
    struct board *b = *state;
    struct alk_rig *r = &b->rig;

    assert_int_equal(alk_rig_boot(r, 1), ALK_EMU_IDLE);
    assert_int_equal(alk_session_upload(r, b->a.sealed, b->a.len), 0);
    assert_int_equal(alk_session_reset(r), ALK_EMU_APP);
    assert_true(alk_rig_runs(r, r->emu->flash, &b->a));
    assert_clean(b);
}

static void unprovisioned_board_runs_and_takes_nothing(void **state)
{
    struct board *b = *state;
    struct alk_rig *r = &b->rig;

    memset(r->emu->flash + r->keys_at, 0xff, r->page);
    alk_rig_put(r, r->primary_at, b->a.plain, b->a.len);
    assert_int_equal(alk_rig_boot(r, 1), ALK_EMU_IDLE);
    assert_int_not_equal(alk_session_upload(r, b->b.sealed, b->b.len), 0);
    assert_int_equal(alk_session_reset(r), ALK_EMU_IDLE);
    assert_true(alk_rig_runs(r, r->emu->flash, &b->a));
}

static void strangers_image_is_refused_before_anything_of_the_primary_changes(void **state)
{
    struct board *b = *state;
    struct alk_rig *r = &b->rig;
    struct alk_forge_key stranger, mine = r->sign;
    struct alk_forge_image evil;

    assert_int_equal(alk_forge_key_make(&stranger, 666), 0);
    r->sign = stranger;
    assert_int_equal(alk_rig_image(&evil, r, 9, PAYLOAD, true), 0);
    r->sign = mine;
    alk_rig_put(r, r->primary_at, b->a.plain, b->a.len);
    alk_rig_put(r, r->secondary_at, evil.sealed, evil.len);
    assert_int_equal(alk_rig_boot(r, 1), ALK_EMU_APP);
    assert_int_equal(alk_rig_app_request(r, ALK_REQ_PERM), ALK_OK);
    assert_int_equal(alk_rig_boot(r, 2), ALK_EMU_APP);
    assert_true(alk_rig_runs(r, r->emu->flash, &b->a));
    for (size_t i = 0; i < r->emu->ops; i++)
        assert_false(r->emu->log[i].at >= r->primary_at && r->emu->log[i].at < r->secondary_at);
    alk_forge_image_free(&evil);
    alk_forge_key_free(&stranger);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(no_secret_is_left_when_an_image_starts),
        TEST(image_starts_as_out_of_reset),
        TEST(blank_board_is_recovered_by_an_upload),
        TEST(unprovisioned_board_runs_and_takes_nothing),
        TEST(strangers_image_is_refused_before_anything_of_the_primary_changes),
    };

    if (argc != 2) {
        fprintf(stderr, "usage: emu_boot BOOT.elf\n");
        return 2;
    }
    boot_elf = argv[1];
    if (access(boot_elf, R_OK) != 0) {
        printf("SKIPPED: %s is not built\n", boot_elf);
        return 77;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
