/* SPDX-License-Identifier: Apache-2.0 */
/* vectors_app.c - an application's table: the console line, a timer, and a reset for whatever else comes. */
#include "airlock/port.h"
#include "board.h"
#include "ports/nrf/irq.h"
#include "ports/nrf/nrf.h"
#include "ports/nrf/start.h"

extern uint32_t __stack[];

static void unexpected(void)
{
    alk_port_reset();
}

__attribute__((section(".vectors"), used)) static void (*const table[16 + BOARD_IRQS])(void) = {
    [0] = (void (*)(void))__stack,  [1] = nrf_start,          [2 ... 17] = unexpected,
    [16 + IRQ_UART] = nrf_irq_uart, [19 ... 23] = unexpected, [16 + IRQ_TIMER0] = nrf_irq_timer,
};
