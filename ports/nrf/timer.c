/* SPDX-License-Identifier: Apache-2.0 */
#include "ports/nrf/irq.h"
#include "ports/nrf/nrf.h"

static void (*on_tick)(void);

void nrf_irq_timer(void)
{
    REG(TIMER0 + TIMER_COMPARE0) = 0;
    on_tick();
}

void nrf_timer_start(uint32_t period_us, void (*tick)(void))
{
    on_tick = tick;
    REG(TIMER0 + TIMER_BITMODE) = 3;   /* 32 bits */
    REG(TIMER0 + TIMER_PRESCALER) = 4; /* of 16 MHz: microseconds */
    REG(TIMER0 + TIMER_CC0) = period_us;
    REG(TIMER0 + TIMER_SHORTS) = TIMER_CLEAR_AT_0;
    REG(TIMER0 + TIMER_CLEAR) = 1;
    REG(TIMER0 + TIMER_COMPARE0) = 0; /* it may stand from before */
    REG(TIMER0 + TIMER_INTENSET) = TIMER_INT_0;
    REG(NVIC_ISER) = 1u << IRQ_TIMER0;
    REG(TIMER0 + TIMER_START) = 1;
}
