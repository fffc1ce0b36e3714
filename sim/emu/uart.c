/* SPDX-License-Identifier: Apache-2.0 */
/* uart.c - UART0, the legacy one of both chips, fed from a script. */
#include <stdlib.h>

#include "devices.h"

#define STARTRX  0x000u
#define STOPRX   0x004u
#define RXDRDY   0x108u
#define TXDRDY   0x11cu
#define ERROR    0x124u
#define ERRORSRC 0x480u
#define RXD      0x518u
#define TXD      0x51cu

#define BREAK_AND_FRAMING 0xcu
#define PATIENCE          1000u /* fruitless looks at the UART that mean: idle */

static bool waiting(const struct alk_emu_uart *u)
{
    return u->started && u->rx_pos < u->rx_len;
}

/* A driver that polls for what will not come is idle. */
static uint32_t look(struct alk_emu *e)
{
    if (e->uart.ready || waiting(&e->uart)) {
        e->uart.ready = true;
        e->idle_polls = 0;
    } else if (++e->idle_polls >= PATIENCE) {
        e->idle_polls = 0;
        alk_emu_stop(e, ALK_EMU_IDLE);
    }
    return e->uart.ready;
}

static uint32_t take(struct alk_emu *e)
{
    struct alk_emu_uart *u = &e->uart;
    uint8_t byte = waiting(u) ? u->rx[u->rx_pos++] : 0;

    u->ready = waiting(u);
    return byte;
}

uint32_t alk_emu_uart_read(struct alk_emu *e, uint32_t reg)
{
    switch (reg) {
    case RXDRDY:
        return look(e);
    case RXD:
        return take(e);
    case TXDRDY:
        return e->uart.sent;
    case ERROR:
        return e->uart.error || e->uart.held;
    case ERRORSRC:
        return e->uart.error || e->uart.held ? BREAK_AND_FRAMING : 0;
    default:
        return 0;
    }
}

static void send(struct alk_emu_uart *u, uint8_t byte)
{
    if (u->tx_len == u->tx_cap) {
        u->tx_cap = u->tx_cap ? 2 * u->tx_cap : 1024;
        u->tx = realloc(u->tx, u->tx_cap);
        if (!u->tx)
            abort();
    }
    u->tx[u->tx_len++] = byte;
    u->sent = true;
}

void alk_emu_uart_write(struct alk_emu *e, uint32_t reg, uint32_t value)
{
    switch (reg) {
    case STARTRX:
        e->uart.started = true;
        break;
    case STOPRX:
        e->uart.started = false;
        break;
    case RXDRDY:
        e->uart.ready = false;
        break;
    case TXDRDY:
        e->uart.sent = value != 0;
        break;
    case ERROR:
    case ERRORSRC:
        e->uart.error = false;
        break;
    case TXD:
        send(&e->uart, (uint8_t)value);
        break;
    default:
        break;
    }
}

void alk_emu_feed(struct alk_emu *e, const uint8_t *p, size_t len)
{
    e->uart.rx = p;
    e->uart.rx_len = len;
    e->uart.rx_pos = 0;
}
