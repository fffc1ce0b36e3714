/* SPDX-License-Identifier: Apache-2.0 */
/*
 * client_run.c - requests in flight over one link.
 *
 *   waiting --sent--> in flight --answer--> done
 *      ^                 |  |
 *      |<-- time out ----+  +-- tries used up --> ALK_E_TIMEOUT
 *      |<-- link back ---- link lost --> ALK_E_IO when patience ends
 */
#include "host/lib/client_state.h"

#include <poll.h>
#include <string.h>

enum { SLOW_MS = 5000, ECHO_EVERY_MS = 2500, REOPEN_MS = 250, SEND_AGAIN_MS = 5 };

/* ---- the end of a request ---- */

static void finish(struct pending *p, const struct alk_smp_reply *r)
{
    alk_reply_fn fn = p->fn;
    void *ctx = p->ctx;

    client_forget(p);
    if (fn != NULL)
        fn(ctx, r);
}

static void fail(struct pending *p, int result)
{
    struct alk_smp_reply r = {.result = result, .group = alk_get16be(p->packet + 4)};

    if (p->may_vanish && p->sent) {
        r.result = ALK_OK;
        r.silent = true;
    }
    finish(p, &r);
}

/* Ends what was asked before now; what reply functions ask anew stays. */
static void give_up(struct alk_client *c)
{
    int last = c->number;

    for (size_t i = 0; i < CLIENT_PENDING; i++)
        if (c->pending[i].used && c->pending[i].number <= last)
            fail(&c->pending[i], ALK_E_IO);
}

/* A link that opens and breaks without a packet was lost all the time. */
static void link_lost(struct alk_client *c)
{
    c->t->ops->close(c->t);
    c->open = false;
    if (c->alive)
        c->lost_ms = c->now_ms;
    c->alive = false;
    c->reopen_at = c->now_ms + REOPEN_MS;
    for (size_t i = 0; i < CLIENT_PENDING; i++) {
        struct pending *p = &c->pending[i];

        if (p->used && p->sent && p->may_vanish)
            fail(p, ALK_E_IO);
        p->sent = false;
    }
    if (c->t->refused || c->now_ms - c->lost_ms >= c->patience_ms)
        give_up(c);
}

static bool reopen(struct alk_client *c)
{
    if (c->now_ms < c->reopen_at)
        return false;
    if (c->t->ops->open(c->t) == ALK_OK) {
        c->open = true;
        return true;
    }
    c->reopen_at = c->now_ms + REOPEN_MS;
    if (c->now_ms - c->lost_ms >= c->patience_ms)
        give_up(c);
    return false;
}

/* ---- sending ---- */

/* Time the line needs for what is on its way, so that slow lines do not time out. */
static uint32_t line_ms(const struct alk_client *c)
{
    uint64_t bytes = 0;

    if (c->t->bytes_per_s == 0)
        return 0;
    for (size_t i = 0; i < CLIENT_PENDING; i++)
        bytes += c->pending[i].used ? c->pending[i].len + 16u : 0;
    return (uint32_t)(bytes * 1500u / c->t->bytes_per_s);
}

static bool transmit(struct alk_client *c, struct pending *p)
{
    int rc = c->t->ops->send(c->t, p->packet, p->len);

    if (rc < 0)
        link_lost(c);
    if (rc != 1)
        return false;
    p->sent = true;
    p->sent_ms = c->now_ms;
    p->deadline_ms = c->now_ms + p->timeout_ms + line_ms(c);
    return true;
}

static struct pending *oldest_unsent(struct alk_client *c)
{
    struct pending *best = NULL;

    for (size_t i = 0; i < CLIENT_PENDING; i++) {
        struct pending *p = &c->pending[i];

        if (p->used && !p->sent && (best == NULL || p->number < best->number))
            best = p;
    }
    return best;
}

static void flush(struct alk_client *c)
{
    struct pending *p;

    while (c->open && (p = oldest_unsent(c)) != NULL)
        if (!transmit(c, p))
            return;
}

/* ---- answers ---- */

static bool answers(const struct pending *p, const uint8_t *h)
{
    const uint8_t *q = p->packet;

    return p->used && (h[0] & 7) == (q[0] & 7) + 1 && memcmp(h + 4, q + 4, 4) == 0;
}

static struct pending *asked(struct alk_client *c, const uint8_t *h)
{
    for (size_t i = 0; i < CLIENT_PENDING; i++)
        if (answers(&c->pending[i], h))
            return &c->pending[i];
    return NULL;
}

static void received(struct alk_client *c, size_t len)
{
    const uint8_t *h = c->packet;
    struct pending *p;
    struct alk_smp_reply r;

    if (len < SMP_HEADER || (size_t)alk_get16be(h + 2) > len - SMP_HEADER)
        return;
    p = asked(c, h);
    if (p == NULL)
        return;
    c->alive = true;
    smp_reply_parse(&r, h, SMP_HEADER + alk_get16be(h + 2));
    if (!r.grouped && r.rc == SMP_RC_TOO_NEW && c->version != 0) {
        c->version = 0;
        p->packet[0] &= 7;
        p->sent = false;
        return;
    }
    finish(p, &r);
}

static void receive_all(struct alk_client *c)
{
    int n;

    while (c->open && (n = c->t->ops->receive(c->t, c->packet, sizeof c->packet)) != 0) {
        if (n < 0)
            link_lost(c);
        else
            received(c, (size_t)n);
    }
}

/* ---- time ---- */

static void again(struct pending *p)
{
    if (p->tries == 0) {
        fail(p, ALK_E_TIMEOUT);
        return;
    }
    p->tries--;
    p->sent = false;
}

static void echo_answered(void *ctx, const struct alk_smp_reply *r)
{
    struct alk_client *c = ctx;
    int before = c->echo_number;

    c->echo_number = 0;
    if (r->result == ALK_E_TIMEOUT || r->result == ALK_E_IO)
        return;
    for (size_t i = 0; i < CLIENT_PENDING; i++) {
        struct pending *p = &c->pending[i];

        if (p->used && p->sent && p->number < before && p->timeout_ms > SLOW_MS &&
            p->sent_ms < c->echo_sent_ms)
            again(p);
    }
}

/* L3: ask whether the server is still busy with it. */
static void ask_echo(struct alk_client *c)
{
    static const uint8_t payload[] = {0xa1, 0x61, 'd', 0x60};
    const struct alk_smp_request q = {.ask = ALK_ASK_WRITE,
                                      .id = SMP_OS_ECHO,
                                      .payload = payload,
                                      .payload_len = sizeof payload,
                                      .timeout_ms = SLOW_MS};
    int number = alk_client_send(c, &q, echo_answered, c);

    if (number <= 0)
        return;
    c->echo_number = number;
    c->echo_sent_ms = c->now_ms;
}

static uint64_t echo_due(const struct alk_client *c, const struct pending *p)
{
    if (!p->used || !p->sent || p->timeout_ms <= SLOW_MS || c->echo_number != 0)
        return UINT64_MAX;
    return p->sent_ms + ECHO_EVERY_MS;
}

static void time_out(struct alk_client *c)
{
    int last = c->number;

    for (size_t i = 0; i < CLIENT_PENDING; i++) {
        struct pending *p = &c->pending[i];

        if (p->used && p->sent && p->number <= last && c->now_ms >= p->deadline_ms)
            again(p);
        else if (c->now_ms >= echo_due(c, p))
            ask_echo(c);
    }
}

static void ring(struct alk_client *c)
{
    void (*fn)(void *) = c->timer;

    if (c->now_ms < c->timer_at)
        return;
    c->timer_at = UINT64_MAX;
    fn(c->timer_ctx);
}

void alk_client_process(struct alk_client *c, uint64_t now_ms)
{
    c->now_ms = now_ms;
    if (!c->open)
        reopen(c);
    receive_all(c);
    time_out(c);
    ring(c);
    flush(c);
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

uint64_t alk_client_watch(const struct alk_client *c, struct pollfd *p)
{
    uint64_t due = c->open ? c->timer_at : earlier(c->timer_at, c->reopen_at);

    *p = (struct pollfd){.fd = -1};
    if (c->open)
        c->t->ops->watch(c->t, p);
    for (size_t i = 0; i < CLIENT_PENDING; i++) {
        const struct pending *q = &c->pending[i];

        if (q->used && q->sent)
            due = earlier(due, earlier(q->deadline_ms, echo_due(c, q)));
        else if (q->used && c->open)
            due = earlier(due, c->now_ms + SEND_AGAIN_MS);
    }
    return due;
}
