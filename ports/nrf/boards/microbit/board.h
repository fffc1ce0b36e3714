/* SPDX-License-Identifier: Apache-2.0 */
/*
 * board.h - BBC micro:bit: nRF51822, Cortex-M0, 256 KiB flash, 16 KiB RAM.
 * Read by C and by the linker scripts.
 *
 *   0x00000  boot program                          24 KiB
 *   0x06000  keys, one page in a 4 KiB block        4 KiB
 *   0x07000  journal, two banks of two pages        4 KiB
 *   0x08000  primary                              104 KiB
 *   0x22000  secondary                            104 KiB
 *   0x3c000  the application's own                 16 KiB
 */
#ifndef BOARD_H
#define BOARD_H

#define BOARD_NAME "microbit"

#define BOARD_PAGE          0x400
#define BOARD_BOOT          0x0
#define BOARD_BOOT_SIZE     0x6000
#define BOARD_KEYS          0x6000
#define BOARD_JOURNAL       0x7000
#define BOARD_JOURNAL_PAGES 4
#define BOARD_PRIMARY       0x8000
#define BOARD_SECONDARY     0x22000
#define BOARD_SLOT_SIZE     0x1a000

/* No VTOR: interrupts are forwarded to the one place where vectors can be. */
#define BOARD_HEADER_SIZE 0x200

#define BOARD_RAM      0x20000000
#define BOARD_RAM_SIZE 0x3ff0
#define BOARD_BOOT_RAM BOARD_RAM_SIZE
/* Two words behind the stack that no program clears. */
#define BOARD_RETAINED 0x20003ff0

#define BOARD_IRQS 26

#endif
