/* SPDX-License-Identifier: Apache-2.0 */
/* vectors_boot.c - with VTOR the image has its own table; faults here end in a lockup, which resets. */
#include "ports/nrf/nrf.h"
#include "ports/nrf/start.h"

extern uint32_t __stack[];

__attribute__((section(".vectors"), used)) static void (*const table[])(void) = {
    (void (*)(void))__stack,
    nrf_start,
};

void nrf_vectors_use(uint32_t vectors)
{
    REG(SCB_VTOR) = vectors;
}
