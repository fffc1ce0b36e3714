/* SPDX-License-Identifier: Apache-2.0 */
/* bootinfo_chain.c - a first stage's record: what every bootloader says, and where the chain's parts go. */
#include "airlock/bootinfo.h"
#include "board.h"

extern const uint8_t __code_start__[], __code_end__[];

__attribute__((section(".bootinfo"), used)) static const struct alk_bootinfo_chain info = {
    .base =
        {
            .magic = ALK_BOOTINFO_MAGIC,
            .version = ALK_BOOTINFO_VERSION,
            .size = ALK_BOOTINFO_CHAIN_SIZE,
            .board = BOARD_NAME,
            .code_start = (uint32_t)__code_start__,
            .code_end = (uint32_t)__code_end__,
            .keys_addr = BOARD_KEYS,
            .keys_size = BOARD_PAGE,
            .primary_addr = BOARD_PRIMARY,
            .primary_size = BOARD_SLOT_SIZE,
            .secondary_addr = BOARD_SECONDARY,
            .secondary_size = BOARD_SLOT_SIZE,
            .journal_addr = BOARD_JOURNAL,
            .journal_size = BOARD_JOURNAL_PAGES * BOARD_PAGE,
            .sector_size = BOARD_PAGE,
            .unit = 4,
            .hdr_size = BOARD_HEADER_SIZE,
            .features = ALK_BOOT_FEATURES,
        },
    .provision_addr = BOARD_PROVISION,
    .stage_addr = {BOARD_S0, BOARD_S1},
    .stage_size = BOARD_STAGE_SIZE,
    .stage_hdr_size = BOARD_STAGE_HEADER,
};
