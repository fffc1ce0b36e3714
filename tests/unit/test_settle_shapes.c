/* SPDX-License-Identifier: Apache-2.0 */
/* Updates on flash of other shapes: 65 sectors, to count what is written; every write unit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "airlock/mailbox.h"
#include "board.h"
#include "core/bytes.h"

enum { ONE = 1, TWO };

static struct board b;

/* DESIGN 9: 65 sectors, encrypted, revertible. */
static void settle_erases_each_sector_once_and_three_more(void **unused)
{
    unsigned long erases;

    (void)unused;
    for (unsigned place = 0; place < 2; place++) {
        board_open(&b, 4, 1024, 65, 0);
        board_make(&b, BOARD_SEALED, 1, 65 * 1024 - 500);
        board_make(&b, BOARD_SEALED, 2, 65 * 1024 - 400);
        board_burn(&b, ONE);
        assert_int_equal(board_boot(&b), ONE);
        board_upload(&b, TWO, place, ALK_REQ_TEST);
        erases = b.sim.erases;
        b.sim.bytes_written = 0;
        assert_int_equal(board_boot(&b), TWO);
        assert_in_range(b.sim.erases - erases - b.map.journal.sectors / 2, 2 * 65, 133);
        /* both images, record and seal, a mark a step and D1 D2, the mailbox */
        assert_int_equal(b.sim.bytes_written, alk_align_up((uint32_t)b.image[0].sent.len, 4) +
                                                  alk_align_up((uint32_t)b.image[1].sent.len, 4) + 68 +
                                                  4 * (2 * 65 + 2) + 24);
        board_close(&b);
    }
}

static void settle_works_with_every_write_unit(void **unused)
{
    unsigned long before;

    (void)unused;
    for (uint16_t unit = 1; unit <= 32; unit *= 2) {
        board_open(&b, unit, 1024, 3, 0);
        board_make(&b, BOARD_SEALED, 1, 2001);
        board_make(&b, BOARD_SEALED, 2, 2500);
        board_burn(&b, ONE);
        board_upload(&b, TWO, 1, ALK_REQ_TEST);
        assert_int_equal(board_boot(&b), TWO);
        assert_int_equal(board_boot(&b), ONE);
        board_upload(&b, TWO, 0, ALK_REQ_TEST);
        assert_int_equal(board_boot(&b), TWO);
        assert_int_equal(alk_mailbox_confirm(&b.map.primary), ALK_OK);
        assert_int_equal(board_boot(&b), TWO);
        before = b.sim.bytes_written + b.sim.erases;
        assert_int_equal(board_boot(&b), TWO);
        assert_int_equal(b.sim.bytes_written + b.sim.erases, before);
        board_close(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(settle_erases_each_sector_once_and_three_more),
        cmocka_unit_test(settle_works_with_every_write_unit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
