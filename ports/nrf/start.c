/* SPDX-License-Identifier: Apache-2.0 */
#include "ports/nrf/start.h"

extern uint32_t __bss_start__[], __bss_end__[];

void nrf_start(void)
{
    __asm volatile("cpsid i");
    for (volatile uint32_t *p = __bss_start__; p < __bss_end__; p++)
        *p = 0;
    main();
    for (;;)
        ;
}
