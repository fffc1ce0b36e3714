/* SPDX-License-Identifier: Apache-2.0 */
/*
 * link_irq.c - the console line for an application: an interrupt fills a ring.
 * When the ring is full the receiver is left alone until the program sleeps
 * again, so that a line with flow control waits.
 */
#include "airlock/port.h"
#include "ports/nrf/irq.h"
#include "ports/nrf/nrf.h"
#include "ports/nrf/uart.h"

#define RING 2048u /* a power of two */

static uint8_t ring[RING];
static volatile uint32_t head, tail; /* written by the interrupt, by the program */

void nrf_irq_uart(void)
{
    int byte;

    while (head - tail < RING && (byte = nrf_uart_take()) >= 0)
        ring[head++ % RING] = (uint8_t)byte;
    if (head - tail >= RING)
        REG(UART_INTENCLR) = UART_INT_RX;
}

static int get(void *dev)
{
    int byte;

    (void)dev;
    if (head == tail)
        return -1;
    byte = ring[tail % RING];
    tail++;
    return byte;
}

/* With interrupts off between the look and the sleep no byte is slept through. */
static void sleep_for_byte(void *dev)
{
    (void)dev;
    __asm volatile("cpsid i");
    REG(UART_INTENSET) = UART_INT_RX;
    REG(NVIC_ISER) = 1u << IRQ_UART;
    if (head == tail)
        __asm volatile("wfi");
    __asm volatile("cpsie i");
}

const struct alk_link alk_port_link = {.get = get, .put = nrf_uart_put, .wait = sleep_for_byte};
