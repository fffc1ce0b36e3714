/* SPDX-License-Identifier: Apache-2.0 */
#include "airlock/chain_port.h"
#include "board.h"
#include "ports/nrf/nvmc.h"

#define AREA(at, size)                                                                                 \
    {                                                                                                  \
        .ops = &alk_nvmc_ops, .base = (at), .sector_size = BOARD_PAGE, .sectors = (size) / BOARD_PAGE, \
        .unit = 4                                                                                      \
    }

const struct alk_chain alk_port_chain = {
    .provision = AREA(BOARD_PROVISION, BOARD_PAGE),
    .stage = {AREA(BOARD_S0, BOARD_STAGE_SIZE), AREA(BOARD_S1, BOARD_STAGE_SIZE)},
};
