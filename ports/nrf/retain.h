/* SPDX-License-Identifier: Apache-2.0 */
/* retain.h - a byte that outlives a reset; one of the files retain_*.c is linked. */
#ifndef PORTS_NRF_RETAIN_H
#define PORTS_NRF_RETAIN_H

#include <stdint.h>

/* The byte last left, which is cleared; 0 when there is none. */
uint8_t nrf_retained_take(void);

#endif
