/* SPDX-License-Identifier: Apache-2.0 */
/* vectors_stage2_m0.c - a second stage on a Cortex-M0: the first one's vectors hand interrupts on. */
#include "ports/nrf/start.h"

extern uint32_t __stack[];

__attribute__((section(".vectors"), used)) static void (*const table[])(void) = {
    (void (*)(void))__stack,
    nrf_start,
};

void nrf_vectors_use(uint32_t vectors)
{
    (void)vectors;
}
