/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PORTS_NRF_UART_H
#define PORTS_NRF_UART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* 8N1, no flow control; receiver and transmitter started. */
void nrf_uart_open(void);

void nrf_uart_put(void *dev, const uint8_t *p, size_t len);

/* Take the byte that has come, or -1. */
int nrf_uart_take(void);

/* Is the line held low at this moment?  One of the files break*.c is linked. */
bool nrf_break_held(void);

#endif
