/* SPDX-License-Identifier: Apache-2.0 */
#include "airlock/port.h"
#include "board.h"
#include "ports/nrf/nrf.h"
#include "ports/nrf/start.h"

/* Registers only from here on: RAM, stack included, is cleared before the jump. */
__attribute__((naked, noreturn)) static void go(uint32_t vectors)
{
    (void)vectors;
    __asm volatile(".syntax unified\n"
                   "ldr r1, =%c0\n"
                   "ldr r2, =%c1\n"
                   "movs r3, #0\n"
                   "1: stmia r1!, {r3}\n"
                   "cmp r1, r2\n"
                   "bne 1b\n"
                   "ldr r1, [r0]\n"
                   "ldr r2, [r0, #4]\n"
                   "msr msp, r1\n"
                   "movs r0, #0\n"
                   "mvns r0, r0\n"
                   "mov lr, r0\n"
                   "cpsie i\n"
                   "bx r2\n"
                   ".ltorg\n" ::"i"(BOARD_RAM),
                   "i"(BOARD_RAM + BOARD_BOOT_RAM));
}

_Noreturn void alk_port_jump(uint32_t vectors)
{
    REG(UART_ENABLE) = 0;
    nrf_vectors_use(vectors);
    go(vectors);
}
