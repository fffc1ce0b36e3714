/* SPDX-License-Identifier: Apache-2.0 */
/* loop.c - one poll() for any number of clients; the only place that waits. */
#include "host/lib/client_state.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <poll.h>
#include <time.h>

uint64_t alk_loop_now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000u + (uint64_t)t.tv_nsec / 1000000u;
}

static int wait_ms(uint64_t due, uint64_t now)
{
    if (due <= now)
        return 0;
    return due - now > 60000 ? 60000 : (int)(due - now);
}

static bool stopped(const struct pollfd *stop)
{
    return stop->fd >= 0 && (stop->revents & POLLIN) != 0;
}

/* One round: do what is due, then wait for the next thing. */
static int turn(struct alk_client *const *clients, size_t n, struct pollfd *p, bool (*done)(void *),
                void *ctx)
{
    uint64_t due = UINT64_MAX, now = alk_loop_now_ms();

    for (size_t i = 0; i < n; i++)
        alk_client_process(clients[i], now);
    if (done(ctx))
        return 1;
    for (size_t i = 0; i < n; i++) {
        uint64_t d = alk_client_watch(clients[i], &p[i]);

        due = d < due ? d : due;
    }
    if (poll(p, n + 1, wait_ms(due, alk_loop_now_ms())) < 0 && errno != EINTR)
        return ALK_E_IO;
    return stopped(&p[n]) ? ALK_E_STATE : 0;
}

int alk_loop_run(struct alk_client *const *clients, size_t n, int stop_fd, bool (*done)(void *ctx), void *ctx)
{
    struct pollfd *p = calloc(n + 1, sizeof *p);
    int rc = 0;

    if (p == NULL)
        return ALK_E_MEMORY;
    p[n] = (struct pollfd){.fd = stop_fd, .events = POLLIN};
    while (rc == 0)
        rc = turn(clients, n, p, done, ctx);
    free(p);
    return rc == 1 ? ALK_OK : rc;
}

/* ---- one request, waited for ---- */

struct call {
    struct alk_client *c;
    struct alk_smp_reply *r;
    bool done;
};

static void answered(void *ctx, const struct alk_smp_reply *r)
{
    struct call *call = ctx;
    struct alk_client *c = call->c;

    *call->r = *r;
    call->done = true;
    if (r->map.p == NULL)
        return;
    memcpy(c->reply, c->packet, sizeof c->reply);
    call->r->map.p = c->reply + (r->map.p - c->packet);
    call->r->map.end = c->reply + (r->map.end - c->packet);
}

static bool is_answered(void *ctx)
{
    const struct call *call = ctx;

    return call->done;
}

int alk_client_call(struct alk_smp_reply *r, struct alk_client *c, const struct alk_smp_request *q)
{
    struct call call = {.c = c, .r = r};
    int number, rc;

    memset(r, 0, sizeof *r);
    number = alk_client_send(c, q, answered, &call);
    rc = number < 0 ? number : alk_loop_run(&c, 1, c->stop_fd, is_answered, &call);
    if (rc != ALK_OK) {
        alk_client_cancel(c, number);
        r->result = rc;
    }
    return r->result;
}
