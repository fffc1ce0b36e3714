/* SPDX-License-Identifier: Apache-2.0 */
#include "airlock/install.h"
#include "airlock/port.h"
#include "ports/template/board.h"
#include "ports/template/flash.h"

#define AREA(at, size)                                                                                       \
    {                                                                                                        \
        .ops = &template_flash_ops, .base = (at), .sector_size = BOARD_PAGE, .sectors = (size) / BOARD_PAGE, \
        .unit = BOARD_UNIT                                                                                   \
    }

const struct alk_map alk_port_map = {
    .board = BOARD_NAME,
    .primary = AREA(BOARD_PRIMARY, BOARD_SLOT_SIZE),
    .secondary = AREA(BOARD_SECONDARY, BOARD_SLOT_SIZE),
    .journal = AREA(BOARD_JOURNAL, BOARD_JOURNAL_PAGES *BOARD_PAGE),
    .keys = AREA(BOARD_KEYS, BOARD_PAGE),
    .demand =
        {
            .exec_addr = BOARD_PRIMARY,
            .max_size = ALK_INSTALL_CAPACITY(BOARD_SLOT_SIZE, BOARD_PAGE, BOARD_UNIT),
            .hdr_size = BOARD_HEADER_SIZE,
        },
};

_Static_assert(ALK_JOURNAL_BANK(BOARD_UNIT, BOARD_SLOT_SIZE / BOARD_PAGE - 1) <=
                   BOARD_JOURNAL_PAGES / 2 * BOARD_PAGE,
               "a bank of the journal is too small for a record and the marks of a whole slot");
