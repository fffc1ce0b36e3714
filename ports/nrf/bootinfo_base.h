/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bootinfo_base.h - what every bootloader of a board says of itself, filled in
 * from its board.h.
 *
 * in: total - size of the whole record.  ALK_BOOT_FEATURES comes from the
 *     build, beside the list of the files it describes.
 */
#ifndef ALK_NRF_BOOTINFO_BASE_H
#define ALK_NRF_BOOTINFO_BASE_H

#include "airlock/bootinfo.h"
#include "board.h"

extern const uint8_t __code_start__[], __code_end__[];

#define BOOTINFO_PLACE __attribute__((section(".bootinfo"), used))

#define BOOTINFO_BASE(total)                                                                                 \
    {                                                                                                        \
        .magic = ALK_BOOTINFO_MAGIC, .version = ALK_BOOTINFO_VERSION, .size = (total), .board = BOARD_NAME,  \
        .code_start = (uint32_t)__code_start__, .code_end = (uint32_t)__code_end__, .keys_addr = BOARD_KEYS, \
        .keys_size = BOARD_PAGE, .primary_addr = BOARD_PRIMARY, .primary_size = BOARD_SLOT_SIZE,             \
        .secondary_addr = BOARD_SECONDARY, .secondary_size = BOARD_SLOT_SIZE, .journal_addr = BOARD_JOURNAL, \
        .journal_size = BOARD_JOURNAL_PAGES * BOARD_PAGE, .sector_size = BOARD_PAGE, .unit = 4,              \
        .hdr_size = BOARD_HEADER_SIZE, .features = ALK_BOOT_FEATURES,                                        \
    }

#endif
