/* SPDX-License-Identifier: Apache-2.0 */
/* bootinfo_chain.c - a first stage's record: what every bootloader says, and where the chain's parts go. */
#include "bootinfo_base.h"

BOOTINFO_PLACE static const struct alk_bootinfo_chain info = {
    .base = BOOTINFO_BASE(ALK_BOOTINFO_CHAIN_SIZE),
    .provision_addr = BOARD_PROVISION,
    .stage_addr = {BOARD_S0, BOARD_S1},
    .stage_size = BOARD_STAGE_SIZE,
    .stage_hdr_size = BOARD_STAGE_HEADER,
};
