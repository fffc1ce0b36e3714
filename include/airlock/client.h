/* SPDX-License-Identifier: Apache-2.0 */
/*
 * client.h - ask an SMP server (mcumgr: Zephyr, MCUboot recovery, airlock).
 *
 *   alk_client_send() -> [ requests in flight ] -> transport
 *   reply function    <- [ by sequence number ] <-
 *
 * A client is a state machine without threads and without sleeps: give it
 * the time and it does what is due (alk_client_process), ask it what it waits
 * for (alk_client_watch), or let alk_client_call() and alk_loop_run() do both.
 * One thread may drive any number of clients.
 *
 * (L1) Every request ends with exactly one call of its reply function, unless
 *      it is cancelled or its client freed first.
 * (L2) An answer counts for the request with its sequence number, group and
 *      command; any other is stale and ignored.
 * (L3) A request that waits long is followed by an echo: a server answers in
 *      order, so an answered echo means that the request or its answer was
 *      lost, and it is sent again at once.
 * (L4) While the link is down, for at most patience_ms, requests wait, and are
 *      sent again when it is back.
 */
#ifndef AIRLOCK_CLIENT_H
#define AIRLOCK_CLIENT_H

#include "airlock/cbor.h"
#include "airlock/transport.h"

#define ALK_CLIENT_WINDOW 16u /* most requests in flight */

enum alk_smp_ask { ALK_ASK_READ = 0, ALK_ASK_WRITE = 2 };

struct alk_smp_request {
    uint8_t ask; /* alk_smp_ask */
    uint8_t id;
    uint16_t group;
    const uint8_t *payload; /* one CBOR map, copied; NULL: an empty map */
    size_t payload_len;
    uint32_t timeout_ms; /* of one try; 0: 2500 */
    uint8_t retries;     /* further tries */
    bool may_vanish;     /* a lost link or no answer is success (reset) */
};

struct alk_smp_reply {
    int result;          /* ALK_OK; ALK_E_POLICY: the server said no, see rc; ALK_E_SUPPORT: it
                            lacks the command; ALK_E_MEMORY: it has no buffer now; ALK_E_TIMEOUT;
                            ALK_E_IO; ALK_E_FORMAT: not an SMP answer */
    uint16_t group;      /* whose code rc is: see grouped */
    uint32_t rc;         /* 0: none */
    bool grouped;        /* rc belongs to the group; else it is a code of SMP itself */
    bool silent;         /* may_vanish, and there was no answer */
    uint8_t version;     /* of the answer: 0 or 1 */
    struct alk_cbor map; /* content of the reply; valid in the reply function, or until the next call */
};

typedef void (*alk_reply_fn)(void *ctx, const struct alk_smp_reply *r);

struct alk_client;

/*
 * Make a client on a transport, which it owns from here on.  Nothing is opened yet.
 *
 * return: NULL - no memory (the transport is freed)
 */
struct alk_client *alk_client_new(struct alk_transport *t);
void alk_client_free(struct alk_client *c);
struct alk_transport *alk_client_transport(struct alk_client *c);

/* return: ALK_OK, or ALK_E_IO with the reason in the transport's `error` */
int alk_client_open(struct alk_client *c);

/* How long to try to get a lost link back (L4); 0, the default: not at all. */
void alk_client_set_patience(struct alk_client *c, uint32_t patience_ms);

/*
 * Send a request.
 *
 * return: > 0 - its number, for alk_client_cancel(); ALK_E_STATE - the window
 *         is full; ALK_E_SIZE - longer than the transport can carry; ALK_E_MEMORY
 */
int alk_client_send(struct alk_client *c, const struct alk_smp_request *q, alk_reply_fn fn, void *ctx);
void alk_client_cancel(struct alk_client *c, int number);

/* Call fn once, ms from now; replaces the timer set before.  fn NULL: none. */
void alk_client_set_timer(struct alk_client *c, uint32_t ms, void (*fn)(void *ctx), void *ctx);

/*
 * What the server can take: set from its parameters by alk_device_params();
 * before that the transport's fallback and one request.
 */
size_t alk_client_packet_max(const struct alk_client *c);
unsigned alk_client_window(const struct alk_client *c);
void alk_client_set_limits(struct alk_client *c, uint32_t buf_size, uint32_t buf_count);

/* What to wait for: fills p, returns the time (of the same clock) when something is due, or UINT64_MAX. */
uint64_t alk_client_watch(const struct alk_client *c, struct pollfd *p);
/* Do what is due: receive, send, time out. */
void alk_client_process(struct alk_client *c, uint64_t now_ms);

/* Milliseconds of the monotonic clock. */
uint64_t alk_loop_now_ms(void);

/*
 * Drive clients until done() says so.
 *
 * in:     stop_fd - a descriptor that ends the loop when it is readable (a
 *         signalfd, a pipe); -1: none
 * return: ALK_OK; ALK_E_STATE - stopped; ALK_E_IO - poll failed
 */
int alk_loop_run(struct alk_client *const *clients, size_t n, int stop_fd, bool (*done)(void *ctx),
                 void *ctx);

/* Descriptor that ends the waiting of alk_client_call(); -1, the default: none. */
void alk_client_set_stop_fd(struct alk_client *c, int stop_fd);

/*
 * Send a request and wait for its answer.
 *
 * out:    r - its map stays valid until the next call on this client
 * return: r->result, or ALK_E_STATE when stopped
 */
int alk_client_call(struct alk_smp_reply *r, struct alk_client *c, const struct alk_smp_request *q);

#endif
