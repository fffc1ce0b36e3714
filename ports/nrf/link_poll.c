/* SPDX-License-Identifier: Apache-2.0 */
/* link_poll.c - the console line for a program that runs with interrupts off. */
#include "airlock/port.h"
#include "ports/nrf/nrf.h"
#include "ports/nrf/uart.h"

static int get(void *dev)
{
    (void)dev;
    return nrf_uart_take();
}

/*
 * A one-shot of a timer nobody listens to.  Emulators that sleep until their
 * next event notice a receiver that was just started only at such an event;
 * on silicon it costs nothing.
 */
static void nudge(void)
{
    REG(TIMER0 + TIMER_SHORTS) = TIMER_STOP_AT_0;
    REG(TIMER0 + TIMER_CC0) = 100;
    REG(TIMER0 + TIMER_START) = 1;
}

/* A masked interrupt still wakes; it stays pending if it came before the sleep. */
static void sleep_for_byte(void *dev)
{
    (void)dev;
    REG(UART_INTENSET) = UART_INT_RX;
    REG(NVIC_ISER) = 1u << IRQ_UART;
    nudge();
    __asm volatile("wfi");
    REG(NVIC_ICPR) = 1u << IRQ_UART;
}

const struct alk_link alk_port_link = {.get = get, .put = nrf_uart_put, .wait = sleep_for_byte};
