/* SPDX-License-Identifier: Apache-2.0 */
/*
 * board.h - where everything is on this board: facts only, read by C and by
 * the linker script.  Draw the flash here, so that a reader sees it at once.
 *
 *   0x00000  boot program      0x06000
 *   0x06000  keys, one sector; alone in a block of the part's write protection
 *   0x07000  journal, two banks of equal size
 *   0x08000  primary
 *   0x22000  secondary, as large as the primary
 */
#ifndef BOARD_H
#define BOARD_H

#define BOARD_NAME "my-board" /* at most 15 characters */

#define BOARD_PAGE          0x400 /* erase sector, a power of two */
#define BOARD_UNIT          4     /* write unit: 1 to 32, a power of two */
#define BOARD_BOOT          0x0
#define BOARD_BOOT_SIZE     0x6000
#define BOARD_KEYS          0x6000
#define BOARD_JOURNAL       0x7000
#define BOARD_JOURNAL_PAGES 4 /* even: half of them a bank */
#define BOARD_PRIMARY       0x8000
#define BOARD_SECONDARY     0x22000
#define BOARD_SLOT_SIZE     0x1a000

/* The one header size images must have (a CPU without VTOR), or 0: any multiple of 4. */
#define BOARD_HEADER_SIZE 0

#define BOARD_RAM      0x20000000
#define BOARD_BOOT_RAM 0x4000 /* all the boot program uses, and wipes at the end */

#endif
