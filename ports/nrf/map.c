/* SPDX-License-Identifier: Apache-2.0 */
#include "airlock/install.h"
#include "airlock/port.h"
#include "alk_config.h"
#include "board.h"
#include "ports/nrf/nvmc.h"

#define AREA(at, size)                                                                                 \
    {                                                                                                  \
        .ops = &alk_nvmc_ops, .base = (at), .sector_size = BOARD_PAGE, .sectors = (size) / BOARD_PAGE, \
        .unit = 4                                                                                      \
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
            .max_size = ALK_INSTALL_CAPACITY(BOARD_SLOT_SIZE, BOARD_PAGE, 4u),
            .hdr_size = BOARD_HEADER_SIZE,
        },
    .plan = CONFIG_ALK_PLAN,
};

_Static_assert(ALK_JOURNAL_BANK(4, BOARD_SLOT_SIZE / BOARD_PAGE - 1) <= BOARD_JOURNAL_PAGES / 2 * BOARD_PAGE,
               "a bank of the journal is too small for a record and the marks of a whole slot");
