/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PORTS_NRF_START_H
#define PORTS_NRF_START_H

#include <stdint.h>

int main(void);

/* Out of reset: interrupts off, clear .bss, go to main().  There is no initialised data. */
void nrf_start(void);

/* Let the CPU take its interrupts through the table at this address. */
void nrf_vectors_use(uint32_t vectors);

#endif
