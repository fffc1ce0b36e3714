/* SPDX-License-Identifier: Apache-2.0 */
/*
 * board.h - Nordic nRF52840 DK with a chain of two stages: Cortex-M4.
 * Read by C and by the linker scripts.
 *
 *   0x00000  first stage                            8 KiB
 *   0x02000  provision page of the first stage      4 KiB
 *   0x03000  keys of the second stage               4 KiB
 *   0x04000  journal, two banks of one page         8 KiB
 *   0x06000  s0, second stage                      16 KiB
 *   0x0a000  s1, second stage                      16 KiB
 *   0x0e000  primary                              468 KiB
 *   0x83000  secondary                            468 KiB
 *   0xf8000  the application's own                 32 KiB
 */
#ifndef BOARD_H
#define BOARD_H

#define BOARD_NAME "nrf52840dk-chain"

#define BOARD_PAGE          0x1000
#define BOARD_BOOT          0x0
#define BOARD_BOOT_SIZE     0x2000
#define BOARD_TABLE         0x8 /* just behind the vectors */
#define BOARD_PROVISION     0x2000
#define BOARD_LOCK_FIRST    0x3000
#define BOARD_KEYS          0x3000
#define BOARD_JOURNAL       0x4000
#define BOARD_JOURNAL_PAGES 2
#define BOARD_S0            0x6000
#define BOARD_S1            0xa000
#define BOARD_STAGE_SIZE    0x4000
#define BOARD_STAGE_HEADER  0x20
#define BOARD_PRIMARY       0xe000
#define BOARD_SECONDARY     0x83000
#define BOARD_SLOT_SIZE     0x75000

#define BOARD_HEADER_SIZE 0 /* any multiple of 4; VTOR asks for 512 bytes alignment */

#define BOARD_RAM      0x20000000
#define BOARD_RAM_SIZE 0x40000
#define BOARD_BOOT_RAM 0x4000 /* all the boot program uses, and wipes */

#define BOARD_IRQS 48

#endif
