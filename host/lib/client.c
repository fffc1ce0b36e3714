/* SPDX-License-Identifier: Apache-2.0 */
/* client.c - make a client, ask through it.  What happens then is in client_run.c. */
#include "host/lib/client_state.h"

#include <stdlib.h>
#include <string.h>

enum { TIMEOUT_MS = 2500 };

struct alk_client *alk_client_new(struct alk_transport *t)
{
    struct alk_client *c = t == NULL ? NULL : calloc(1, sizeof *c);

    if (c == NULL) {
        alk_transport_free(t);
        return NULL;
    }
    c->t = t;
    c->version = 1;
    c->stop_fd = -1;
    c->packet_max = t->fallback;
    c->window = 1;
    c->timer_at = UINT64_MAX;
    c->now_ms = alk_loop_now_ms();
    c->seq = (uint8_t)(c->now_ms * 37u);
    return c;
}

void client_forget(struct pending *p)
{
    free(p->packet);
    memset(p, 0, sizeof *p);
}

void alk_client_free(struct alk_client *c)
{
    if (c == NULL)
        return;
    for (size_t i = 0; i < CLIENT_PENDING; i++)
        client_forget(&c->pending[i]);
    alk_transport_free(c->t);
    free(c);
}

struct alk_transport *alk_client_transport(struct alk_client *c)
{
    return c->t;
}

void alk_client_set_patience(struct alk_client *c, uint32_t patience_ms)
{
    c->patience_ms = patience_ms;
}

void alk_client_set_stop_fd(struct alk_client *c, int stop_fd)
{
    c->stop_fd = stop_fd;
}

void alk_client_set_timer(struct alk_client *c, uint32_t ms, void (*fn)(void *ctx), void *ctx)
{
    c->timer_at = fn == NULL ? UINT64_MAX : c->now_ms + ms;
    c->timer = fn;
    c->timer_ctx = ctx;
}

size_t alk_client_packet_max(const struct alk_client *c)
{
    return c->packet_max;
}

unsigned alk_client_window(const struct alk_client *c)
{
    return c->window;
}

void alk_client_set_limits(struct alk_client *c, uint32_t buf_size, uint32_t buf_count)
{
    size_t room = buf_size > c->t->overhead ? buf_size - c->t->overhead : 0;

    c->packet_max = room < c->t->mtu ? room : c->t->mtu;
    if (c->packet_max < CLIENT_PACKET_MIN)
        c->packet_max = CLIENT_PACKET_MIN;
    c->window = buf_count > ALK_CLIENT_WINDOW ? ALK_CLIENT_WINDOW : buf_count < 2 ? 1 : buf_count - 1;
}

int alk_client_open(struct alk_client *c)
{
    int rc = c->open ? ALK_OK : c->t->ops->open(c->t);

    c->open = c->alive = rc == ALK_OK;
    return rc;
}

/* ---- asking ---- */

static struct pending *free_place(struct alk_client *c)
{
    for (size_t i = 0; i < CLIENT_PENDING; i++)
        if (!c->pending[i].used)
            return &c->pending[i];
    return NULL;
}

static int encode(struct pending *p, struct alk_client *c, const struct alk_smp_request *q)
{
    static const uint8_t empty[] = {0xa0};
    const uint8_t *payload = q->payload == NULL ? empty : q->payload;
    size_t len = q->payload == NULL ? sizeof empty : q->payload_len;

    if (len > c->t->mtu - SMP_HEADER)
        return ALK_E_SIZE;
    p->packet = malloc(SMP_HEADER + len);
    if (p->packet == NULL)
        return ALK_E_MEMORY;
    p->len = (uint16_t)(SMP_HEADER + len);
    p->packet[0] = (uint8_t)(c->version << 3 | q->ask);
    p->packet[1] = 0;
    alk_put16be(p->packet + 2, (uint16_t)len);
    alk_put16be(p->packet + 4, q->group);
    p->packet[6] = c->seq++;
    p->packet[7] = q->id;
    memcpy(p->packet + SMP_HEADER, payload, len);
    return ALK_OK;
}

int alk_client_send(struct alk_client *c, const struct alk_smp_request *q, alk_reply_fn fn, void *ctx)
{
    struct pending *p = free_place(c);
    int rc;

    if (p == NULL)
        return ALK_E_STATE;
    rc = encode(p, c, q);
    if (rc != ALK_OK)
        return rc;
    p->used = true;
    p->number = ++c->number;
    p->tries = q->retries;
    p->may_vanish = q->may_vanish;
    p->timeout_ms = q->timeout_ms == 0 ? TIMEOUT_MS : q->timeout_ms;
    p->fn = fn;
    p->ctx = ctx;
    return p->number;
}

void alk_client_cancel(struct alk_client *c, int number)
{
    for (size_t i = 0; i < CLIENT_PENDING; i++)
        if (c->pending[i].used && c->pending[i].number == number)
            client_forget(&c->pending[i]);
}
