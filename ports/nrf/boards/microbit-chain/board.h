/* SPDX-License-Identifier: Apache-2.0 */
/*
 * board.h - BBC micro:bit with a chain of two stages: nRF51822, Cortex-M0.
 * Read by C and by the linker scripts.
 *
 *   0x00000  first stage                            7 KiB
 *   0x01c00  provision page of the first stage      1 KiB
 *   0x02000  keys of the second stage               1 KiB
 *   0x02400  journal, two banks of two pages        4 KiB
 *   0x03400  s0, second stage                      17 KiB
 *   0x07800  s1, second stage                      17 KiB, and 1 to spare
 *   0x0c000  primary                               96 KiB
 *   0x24000  secondary                             96 KiB
 *   0x3c000  the application's own                 16 KiB
 *
 * All up to 0x2000 is locked, in blocks of 4 KiB, before a second stage runs.
 */
#ifndef BOARD_H
#define BOARD_H

#define BOARD_NAME "microbit-chain"

#define BOARD_PAGE          0x400
#define BOARD_BOOT          0x0
#define BOARD_BOOT_SIZE     0x1c00
#define BOARD_TABLE         0xa8 /* just behind the vectors */
#define BOARD_PROVISION     0x1c00
#define BOARD_LOCK_FIRST    0x2000
#define BOARD_KEYS          0x2000
#define BOARD_JOURNAL       0x2400
#define BOARD_JOURNAL_PAGES 4
#define BOARD_S0            0x3400
#define BOARD_S1            0x7800
#define BOARD_STAGE_SIZE    0x4400
#define BOARD_STAGE_HEADER  0x20
#define BOARD_PRIMARY       0xc000
#define BOARD_SECONDARY     0x24000
#define BOARD_SLOT_SIZE     0x18000

/* No VTOR: interrupts are forwarded to the one place where vectors can be. */
#define BOARD_HEADER_SIZE 0x200

#define BOARD_RAM      0x20000000
#define BOARD_RAM_SIZE 0x3ff0
#define BOARD_BOOT_RAM BOARD_RAM_SIZE
/* Two words behind the stack that no program clears. */
#define BOARD_RETAINED 0x20003ff0

#define BOARD_IRQS 26

#endif
