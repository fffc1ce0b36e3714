/* SPDX-License-Identifier: Apache-2.0 */
/*
 * vectors_boot_m0.c - a Cortex-M0 has its vectors at 0 for ever: every
 * interrupt is handed on to the image's table, which lies at one constant
 * place.  The boot program itself never enables one.
 */
#include "board.h"
#include "ports/nrf/start.h"

extern uint32_t __stack[];
void nrf_forward(void);

/* LR holds the return code of the exception and is left alone. */
__attribute__((naked)) void nrf_forward(void)
{
    __asm volatile(".syntax unified\n"
                   "mrs r0, ipsr\n"
                   "lsls r0, r0, #2\n"
                   "ldr r1, =%c0\n"
                   "ldr r0, [r1, r0]\n"
                   "bx r0\n"
                   ".ltorg\n" ::"i"(BOARD_PRIMARY + BOARD_HEADER_SIZE));
}

__attribute__((section(".vectors"), used)) static void (*const table[])(void) = {
    (void (*)(void))__stack,
    nrf_start,
    [2 ... 15 + BOARD_IRQS] = nrf_forward,
};

/* What alk_admit() let through has its table where nrf_forward() looks. */
void nrf_vectors_use(uint32_t vectors)
{
    (void)vectors;
}
