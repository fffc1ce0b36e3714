/* SPDX-License-Identifier: Apache-2.0 */
/*
 * upload.c - an image in chunks, several in flight.
 *
 *      0 ........ acked ......... next ............ len
 *      | device has | in flight    | not sent yet    |
 *
 * (P1) `acked` is what the device said last, `next` where the next chunk
 *      begins; a go-back sets next = acked and starts a new generation.
 * (P2) An answer from an older generation moves nothing backwards.
 * (P3) A server answers in order: an answer to a chunk makes all chunks sent
 *      before it answered or lost, and they are forgotten.
 * (P4) The chunk at 0 travels alone.
 */
#include "airlock/upgrade.h"

#include "host/lib/smp_wire.h"

#include <stdlib.h>
#include <string.h>

enum {
    RETRIES = 5,  /* time-outs one after the other */
    STALLS = 40,  /* go-backs without progress */
    RESTARTS = 5, /* times the device may forget all */
    CALM = 32,    /* answers until the window grows again */
    ALIGN = 32,   /* what every flash can write, for servers that do not buffer */
    FIRST_MS = 40000,
    LAST_MS = 20000,
    PACKET_LEAST = 192, /* not halved below this */
};

struct chunk {
    struct alk_upload *u;
    int number; /* of the request; 0: free */
    unsigned generation;
    uint32_t off, len;
};

struct alk_upload {
    struct alk_client *c;
    struct alk_update_image im;
    struct alk_upload_options o;
    void (*progress)(void *ctx, uint32_t off);
    void (*done)(void *ctx, const struct alk_smp_reply *r);
    void *ctx;
    bool started; /* the chunk at 0 is answered */
    bool align;
    uint32_t acked, next;
    unsigned generation, window, window_max, calm;
    unsigned losses, stalls, restarts;
    size_t packet_max;
    struct chunk chunk[ALK_CLIENT_WINDOW];
    uint8_t payload[ALK_PACKET_MAX];
};

/* ---- sending ---- */

static void put_head(struct alk_cbor_out *o, const struct alk_upload *u, uint32_t off)
{
    unsigned pairs = off != 0 ? 2 : 4 + (u->o.image != 0 ? 1u : 0u) + (u->o.newer_only ? 1u : 0u);

    smp_put_map(o, pairs);
    if (off == 0 && u->o.image != 0) {
        alk_cbor_put_text(o, "image");
        alk_cbor_put_uint(o, u->o.image);
    }
    if (off == 0) {
        alk_cbor_put_text(o, "len");
        alk_cbor_put_uint(o, u->im.len);
        alk_cbor_put_text(o, "sha");
        alk_cbor_put_bytes(o, u->im.sha, sizeof u->im.sha);
    }
    if (off == 0 && u->o.newer_only) {
        alk_cbor_put_text(o, "upgrade");
        alk_cbor_put_bool(o, true);
    }
    alk_cbor_put_text(o, "off");
    alk_cbor_put_uint(o, off);
    alk_cbor_put_text(o, "data");
}

/* Most data whose byte string, with its head, takes at most room bytes. */
static uint32_t data_room(size_t room)
{
    if (room < 2)
        return 0;
    if (room <= 24)
        return (uint32_t)room - 1;
    if (room <= 257)
        return (uint32_t)room - 2;
    return (uint32_t)room - 3;
}

/* return: length of the payload, with the data's length in n; 0 - a packet has no room for any */
static size_t encode(uint32_t *n, struct alk_upload *u, uint32_t off)
{
    struct alk_cbor_out o = {u->payload, u->payload + (u->packet_max - SMP_HEADER), false};

    put_head(&o, u, off);
    *n = o.full ? 0 : data_room((size_t)(o.end - o.p));
    if (u->align && *n > ALIGN)
        *n &= ~(uint32_t)(ALIGN - 1);
    *n = alk_min(*n, u->im.len - off);
    alk_cbor_put_bytes(&o, u->im.data + off, *n);
    return o.full || *n == 0 ? 0 : (size_t)(o.p - u->payload);
}

static uint32_t patience_ms(const struct alk_upload *u, uint32_t off, uint32_t n)
{
    if (off == 0)
        return u->o.first_ms != 0 ? u->o.first_ms : FIRST_MS + u->im.len / 20u;
    return off + n == u->im.len ? LAST_MS + u->im.len / 20u : 0;
}

static void answered(void *ctx, const struct alk_smp_reply *r);

static int send_chunk(struct alk_upload *u, struct chunk *k)
{
    struct alk_smp_request q = {
        .ask = ALK_ASK_WRITE, .group = SMP_IMAGE, .id = SMP_IMAGE_UPLOAD, .payload = u->payload};
    int rc;

    q.payload_len = encode(&k->len, u, u->next);
    if (q.payload_len == 0)
        return ALK_E_SIZE;
    q.timeout_ms = patience_ms(u, u->next, k->len);
    rc = alk_client_send(u->c, &q, answered, k);
    if (rc < 0)
        return rc;
    k->u = u;
    k->number = rc;
    k->off = u->next;
    k->generation = u->generation;
    u->next += k->len;
    return ALK_OK;
}

static struct chunk *free_chunk(struct alk_upload *u)
{
    struct chunk *found = NULL;
    unsigned busy = 0;

    for (size_t i = 0; i < ALK_CLIENT_WINDOW; i++) {
        if (u->chunk[i].number != 0)
            busy++;
        else
            found = &u->chunk[i];
    }
    return busy < (u->started ? u->window : 1) ? found : NULL;
}

static void end(struct alk_upload *u, const struct alk_smp_reply *r);

static void end_with(struct alk_upload *u, int result)
{
    const struct alk_smp_reply r = {.result = result, .group = SMP_IMAGE};

    end(u, &r);
}

static void fill(struct alk_upload *u)
{
    struct chunk *k;

    while (u->next < u->im.len && (k = free_chunk(u)) != NULL) {
        int rc = send_chunk(u, k);

        if (rc == ALK_OK)
            continue;
        if (rc != ALK_E_STATE)
            end_with(u, rc);
        return;
    }
}

/* ---- answers ---- */

/* Forget chunks asked before `number`. */
static void forget_before(struct alk_upload *u, int number)
{
    for (size_t i = 0; i < ALK_CLIENT_WINDOW; i++) {
        struct chunk *k = &u->chunk[i];

        if (k->number == 0 || k->number >= number)
            continue;
        alk_client_cancel(u->c, k->number);
        k->number = 0;
    }
}

static void end(struct alk_upload *u, const struct alk_smp_reply *r)
{
    forget_before(u, INT32_MAX);
    u->done(u->ctx, r); /* may free u */
}

static void go_to(struct alk_upload *u, uint32_t off)
{
    u->generation++;
    u->next = off;
    u->started = off != 0;
    u->stalls++;
    u->calm = 0;
}

static void shrink(struct alk_upload *u, unsigned to)
{
    u->window = to == 0 ? 1 : to;
    u->calm = 0;
}

/* Nothing came: all in flight is doubtful. */
static int silence(struct alk_upload *u)
{
    size_t fallback = alk_client_transport(u->c)->fallback;

    forget_before(u, INT32_MAX);
    if (++u->losses > (u->o.retries == 0 ? RETRIES : u->o.retries))
        return ALK_E_TIMEOUT;
    shrink(u, u->window / 2);
    if (u->losses > 2 && u->packet_max > fallback)
        u->packet_max = fallback;
    go_to(u, u->acked);
    return ALK_OK;
}

/* Only this one was dropped, for want of a buffer. */
static void crowded(struct alk_upload *u, const struct chunk *k)
{
    if (k->generation != u->generation)
        return;
    shrink(u, u->window - 1);
    u->window_max = u->window;
    go_to(u, k->off);
}

static bool too_big(struct alk_upload *u, const struct alk_smp_reply *r)
{
    if (r->grouped || (r->rc != SMP_RC_TOO_BIG && r->rc != SMP_RC_CORRUPT) || u->packet_max < PACKET_LEAST)
        return false;
    u->packet_max /= 2;
    forget_before(u, INT32_MAX);
    go_to(u, u->acked);
    return true;
}

static void advance(struct alk_upload *u, uint32_t off)
{
    if (off > u->acked) {
        u->losses = u->stalls = 0;
        if (++u->calm >= CALM && u->window < u->window_max)
            shrink(u, u->window + 1);
    } else if (off < u->acked) {
        u->restarts++;
    }
    u->acked = off;
}

/* The device wants `off` next. */
static void told(struct alk_upload *u, const struct chunk *k, uint32_t off)
{
    bool expected = off == k->off + k->len;

    if (k->generation != u->generation) {
        if (off > u->acked)
            advance(u, off);
        u->next = u->next < u->acked ? u->acked : u->next;
        return;
    }
    advance(u, off);
    if (k->off == 0)
        u->started = true;
    if (expected)
        return;
    u->align = u->align || (off > k->off && off < k->off + k->len);
    go_to(u, off);
}

static int read_answer(uint32_t *off, bool *mismatch, const struct alk_smp_reply *r)
{
    struct alk_cbor_item it;

    if (alk_cbor_find(&it, &r->map, "off") != 1 || it.type != ALK_CBOR_UINT)
        return ALK_E_FORMAT;
    *off = it.value;
    *mismatch = alk_cbor_find(&it, &r->map, "match") == 1 && it.type == ALK_CBOR_BOOL && it.value == 0;
    return ALK_OK;
}

/* return: 1 - all is there; 0 - go on; or why it cannot go on */
static int good_answer(struct alk_upload *u, const struct chunk *k, const struct alk_smp_reply *r)
{
    uint32_t off = 0;
    bool mismatch = false;

    if (read_answer(&off, &mismatch, r) != ALK_OK || off > u->im.len)
        return ALK_E_FORMAT;
    forget_before(u, k->number);
    told(u, k, off);
    if (u->progress != NULL)
        u->progress(u->ctx, u->acked);
    if (off == u->im.len)
        return mismatch ? ALK_E_AUTH : 1;
    return u->stalls > STALLS || u->restarts > RESTARTS ? ALK_E_TIMEOUT : 0;
}

static int judge(struct alk_upload *u, const struct chunk *k, const struct alk_smp_reply *r)
{
    switch (r->result) {
    case ALK_OK:
        return good_answer(u, k, r);
    case ALK_E_TIMEOUT:
        return silence(u);
    case ALK_E_MEMORY:
        crowded(u, k);
        return u->stalls > STALLS ? ALK_E_MEMORY : 0;
    case ALK_E_POLICY:
        return too_big(u, r) ? 0 : ALK_E_POLICY;
    default:
        return r->result;
    }
}

static void answered(void *ctx, const struct alk_smp_reply *r)
{
    struct chunk k = *(const struct chunk *)ctx;
    int rc;

    ((struct chunk *)ctx)->number = 0;
    rc = judge(k.u, &k, r);
    if (rc == 0)
        fill(k.u);
    else if (rc == r->result)
        end(k.u, r);
    else
        end_with(k.u, rc == 1 ? ALK_OK : rc);
}

/* ---- the job ---- */

static void begin(void *ctx)
{
    fill(ctx);
}

struct alk_upload *alk_upload_begin(struct alk_client *c, const struct alk_update_image *im,
                                    const struct alk_upload_options *o,
                                    void (*progress)(void *ctx, uint32_t off),
                                    void (*done)(void *ctx, const struct alk_smp_reply *r), void *ctx)
{
    struct alk_upload *u = calloc(1, sizeof *u);

    if (u == NULL)
        return NULL;
    u->c = c;
    u->im = *im;
    u->o = *o;
    u->progress = progress;
    u->done = done;
    u->ctx = ctx;
    u->packet_max = alk_client_packet_max(c);
    if (o->packet_max >= PACKET_LEAST && o->packet_max < u->packet_max)
        u->packet_max = o->packet_max;
    u->window_max = alk_client_window(c);
    if (o->window_max != 0 && o->window_max < u->window_max)
        u->window_max = o->window_max;
    u->window = u->window_max;
    alk_client_set_timer(c, 0, begin, u);
    return u;
}

void alk_upload_free(struct alk_upload *u)
{
    if (u == NULL)
        return;
    forget_before(u, INT32_MAX);
    free(u);
}
