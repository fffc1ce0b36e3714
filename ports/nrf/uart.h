/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PORTS_NRF_UART_H
#define PORTS_NRF_UART_H

#include <stddef.h>
#include <stdint.h>

/* 115200 8N1, no flow control; receiver and transmitter started. */
void nrf_uart_open(void);

void nrf_uart_put(void *dev, const uint8_t *p, size_t len);

/* Take the byte that has come, or -1. */
int nrf_uart_take(void);

#endif
