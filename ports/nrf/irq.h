/* SPDX-License-Identifier: Apache-2.0 */
/* irq.h - the interrupts an application of this family takes. */
#ifndef PORTS_NRF_IRQ_H
#define PORTS_NRF_IRQ_H

#include <stdint.h>

void nrf_irq_uart(void);

/* Call tick() every so many microseconds, from an interrupt. */
void nrf_timer_start(uint32_t period_us, void (*tick)(void));
void nrf_irq_timer(void);

#endif
