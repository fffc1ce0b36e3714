/* SPDX-License-Identifier: Apache-2.0 */
/* timer.c - TIMER0; one instruction is one cycle of the CPU. */
#include "devices.h"

#define START     0x000u
#define STOP      0x004u
#define CLEAR     0x00cu
#define SHUTDOWN  0x010u
#define CAPTURE   0x040u
#define COMPARE   0x140u
#define SHORTS    0x200u
#define PRESCALER 0x510u
#define CC        0x540u
#define BASE_MHZ  16u

static uint64_t now(const struct alk_emu *e)
{
    return e->insns * BASE_MHZ / e->chip->mhz;
}

static uint32_t value(const struct alk_emu *e)
{
    return e->timer.running ? (uint32_t)((now(e) - e->timer.start) >> e->timer.prescaler) : 0;
}

static void advance(struct alk_emu *e)
{
    struct alk_emu_timer *t = &e->timer;
    uint32_t v = value(e);

    for (unsigned i = 0; i < 4 && t->running; i++) {
        if (t->cc[i] == 0 || v < t->cc[i])
            continue;
        t->event[i] = true;
        t->running = (t->shorts >> (8 + i) & 1u) == 0;
    }
}

bool alk_emu_timer_skip(struct alk_emu *e)
{
    struct alk_emu_timer *t = &e->timer;
    uint32_t first = 0;

    if (!t->running)
        return false;
    for (unsigned i = 0; i < 4; i++)
        if (t->cc[i] && !t->event[i] && (first == 0 || t->cc[i] < first))
            first = t->cc[i];
    if (first == 0)
        return false;
    if (value(e) < first)
        t->start = now(e) - ((uint64_t)first << t->prescaler);
    advance(e);
    return true;
}

uint32_t alk_emu_timer_read(struct alk_emu *e, uint32_t reg)
{
    advance(e);
    if (reg >= COMPARE && reg < COMPARE + 16)
        return e->timer.event[(reg - COMPARE) / 4];
    if (reg >= CC && reg < CC + 16)
        return e->timer.cc[(reg - CC) / 4];
    return 0;
}

static void numbered(struct alk_emu *e, uint32_t reg, uint32_t v)
{
    if (reg >= COMPARE && reg < COMPARE + 16)
        e->timer.event[(reg - COMPARE) / 4] = v != 0;
    else if (reg >= CC && reg < CC + 16)
        e->timer.cc[(reg - CC) / 4] = v;
    else if (reg >= CAPTURE && reg < CAPTURE + 16)
        e->timer.cc[(reg - CAPTURE) / 4] = value(e);
}

void alk_emu_timer_write(struct alk_emu *e, uint32_t reg, uint32_t v)
{
    advance(e);
    switch (reg) {
    case START:
        e->timer.running = true;
        e->timer.start = now(e);
        break;
    case CLEAR:
        e->timer.start = now(e);
        break;
    case STOP:
    case SHUTDOWN:
        e->timer.running = false;
        break;
    case SHORTS:
        e->timer.shorts = v;
        break;
    case PRESCALER:
        e->timer.prescaler = v & 15u;
        break;
    default:
        numbered(e, reg, v);
        break;
    }
}
