/* SPDX-License-Identifier: Apache-2.0 */
/* layout.h - the map of a real board, as numbers of its board.h, for the virtual device. */
#ifndef PROGRAMS_DEVICE_LAYOUT_H
#define PROGRAMS_DEVICE_LAYOUT_H

#include <stdint.h>

struct device_layout {
    const char *board;
    uint32_t flash_size, page;
    uint32_t keys, journal, journal_size;
    uint32_t primary, secondary, slot_size;
    uint16_t hdr_size;
};

/* For a file that includes one board's board.h. */
#define DEVICE_LAYOUT                                                                                   \
    {                                                                                                   \
        BOARD_NAME, (BOARD_SECONDARY + BOARD_SLOT_SIZE + 0x3ffff) / 0x40000 * 0x40000, BOARD_PAGE,      \
            BOARD_KEYS, BOARD_JOURNAL, BOARD_JOURNAL_PAGES *BOARD_PAGE, BOARD_PRIMARY, BOARD_SECONDARY, \
            BOARD_SLOT_SIZE, BOARD_HEADER_SIZE                                                          \
    }

extern const struct device_layout device_microbit, device_nrf52840dk;

#endif
