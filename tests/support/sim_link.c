/* SPDX-License-Identifier: Apache-2.0 */
#include "sim_link.h"

#include <poll.h>
#include <string.h>

uint32_t sim_random(uint32_t *seed, uint32_t below)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (uint32_t)(((uint64_t)(*seed >> 8) * below) >> 24);
}

static void sim_post_once(struct sim_link *s, bool up, const uint8_t *data, size_t len)
{
    uint64_t at = s->now_ms + s->latency_ms + (s->jitter_ms == 0 ? 0 : sim_random(&s->seed, s->jitter_ms));

    if (len > SIM_PACKET || sim_random(&s->seed, 1000) < s->loss)
        return;
    if (!s->reorder && at < s->last_ms[up])
        at = s->last_ms[up];
    at += up ? s->busy_ms : 0;
    s->last_ms[up] = at;
    for (size_t i = 0; i < SIM_PACKETS; i++) {
        struct sim_packet *p = &s->packet[i];

        if (p->used)
            continue;
        *p = (struct sim_packet){.at_ms = at, .number = s->number++, .used = true, .up = up, .len = len};
        memcpy(p->data, data, len);
        return;
    }
}

static void sim_post(struct sim_link *s, bool up, const uint8_t *data, size_t len)
{
    sim_post_once(s, up, data, len);
    if (sim_random(&s->seed, 1000) < s->dup)
        sim_post_once(s, up, data, len);
}

static struct sim_packet *sim_due(struct sim_link *s, bool up, uint64_t until_ms)
{
    struct sim_packet *best = NULL;

    for (size_t i = 0; i < SIM_PACKETS; i++) {
        struct sim_packet *p = &s->packet[i];

        if (!p->used || p->up != up || p->at_ms > until_ms)
            continue;
        if (best == NULL || p->at_ms < best->at_ms || (p->at_ms == best->at_ms && p->number < best->number))
            best = p;
    }
    return best;
}

static int sim_open(struct alk_transport *t)
{
    return ((struct sim_link *)(void *)t)->broken ? ALK_E_IO : ALK_OK;
}

static int sim_send(struct alk_transport *t, const uint8_t *packet, size_t len)
{
    struct sim_link *s = (struct sim_link *)(void *)t;
    unsigned flying = 1;

    if (s->broken || s->flaky)
        return ALK_E_IO;
    s->sent++;
    for (size_t i = 0; i < SIM_PACKETS; i++)
        flying += s->packet[i].used;
    s->peak = flying > s->peak ? flying : s->peak;
    sim_post(s, true, packet, len);
    return 1;
}

static int sim_receive(struct alk_transport *t, uint8_t *packet, size_t cap)
{
    struct sim_link *s = (struct sim_link *)(void *)t;
    struct sim_packet *p = s->broken ? NULL : sim_due(s, false, s->now_ms);

    if (p == NULL)
        return s->broken ? ALK_E_IO : 0;
    p->used = false;
    if (p->len > cap)
        return 0;
    memcpy(packet, p->data, p->len);
    return (int)p->len;
}

static void sim_watch(const struct alk_transport *t, struct pollfd *p)
{
    (void)t;
    p->fd = -1;
}

static void sim_close(struct alk_transport *t)
{
    (void)t;
}

static const struct alk_transport_ops sim_ops = {sim_open,  sim_send,  sim_receive,
                                                 sim_watch, sim_close, sim_close};

void sim_init(struct sim_link *s, uint32_t seed, sim_serve serve, void *ctx)
{
    memset(s, 0, sizeof *s);
    s->t = (struct alk_transport){.ops = &sim_ops, .name = "sim", .mtu = SIM_PACKET - 100, .fallback = 256};
    s->seed = seed;
    s->now_ms = 1000;
    s->latency_ms = 7;
    s->serve = serve;
    s->ctx = ctx;
}

static void sim_server(struct sim_link *s)
{
    uint8_t rsp[SIM_PACKET];
    struct sim_packet *p;

    while ((p = sim_due(s, true, s->now_ms)) != NULL) {
        size_t n;

        p->used = false;
        n = s->serve == NULL ? 0 : s->serve(s->ctx, s->now_ms, p->data, p->len, rsp, sizeof rsp);
        if (n > 0)
            sim_post(s, false, rsp, n);
    }
}

/* What was on its way when the link broke is lost. */
static void sim_weather(struct sim_link *s)
{
    if (s->break_ms == 0)
        return;
    s->broken = s->now_ms >= s->break_ms && s->now_ms < s->mend_ms;
    for (size_t i = 0; s->broken && i < SIM_PACKETS; i++)
        s->packet[i].used = false;
}

bool sim_run(struct sim_link *s, struct alk_client *c, bool (*done)(void *), void *ctx, uint64_t limit_ms)
{
    while (s->now_ms <= limit_ms) {
        struct pollfd p;
        uint64_t next;
        struct sim_packet *q;

        sim_weather(s);
        sim_server(s);
        alk_client_process(c, s->now_ms);
        if (done != NULL && done(ctx))
            return true;
        next = alk_client_watch(c, &p);
        for (int up = 0; up < 2; up++)
            if ((q = sim_due(s, up != 0, UINT64_MAX)) != NULL && q->at_ms < next)
                next = q->at_ms;
        if (next == UINT64_MAX)
            return false;
        s->now_ms = next > s->now_ms ? next : s->now_ms + 1;
    }
    return false;
}
