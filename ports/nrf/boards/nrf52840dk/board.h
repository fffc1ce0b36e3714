/* SPDX-License-Identifier: Apache-2.0 */
/*
 * board.h - Nordic nRF52840 DK: Cortex-M4, 1 MiB flash, 256 KiB RAM.
 * Read by C and by the linker scripts.
 *
 *   0x00000  boot program                          36 KiB
 *   0x09000  keys, one page                         4 KiB
 *   0x0a000  journal, two banks of one page         8 KiB
 *   0x0c000  primary                              472 KiB
 *   0x82000  secondary                            472 KiB
 *   0xf8000  the application's own                 32 KiB
 */
#ifndef BOARD_H
#define BOARD_H

#define BOARD_NAME "nrf52840dk"

#define BOARD_PAGE          0x1000
#define BOARD_BOOT          0x0
#define BOARD_BOOT_SIZE     0x9000
#define BOARD_KEYS          0x9000
#define BOARD_JOURNAL       0xa000
#define BOARD_JOURNAL_PAGES 2
#define BOARD_PRIMARY       0xc000
#define BOARD_SECONDARY     0x82000
#define BOARD_SLOT_SIZE     0x76000

#define BOARD_HEADER_SIZE 0 /* any multiple of 4; VTOR asks for 512 bytes alignment */

#define BOARD_RAM      0x20000000
#define BOARD_RAM_SIZE 0x40000
#define BOARD_BOOT_RAM 0x4000 /* all the boot program uses, and wipes */

#define BOARD_IRQS 48

#endif
