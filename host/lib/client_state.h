/* SPDX-License-Identifier: Apache-2.0 */
/* client_state.h - what a client knows; for libairlock only. */
#ifndef ALK_HOST_CLIENT_STATE_H
#define ALK_HOST_CLIENT_STATE_H

#include "host/lib/smp_wire.h"

#define CLIENT_PENDING    (ALK_CLIENT_WINDOW + 2u) /* the window, an echo, and one to spare */
#define CLIENT_PACKET_MIN 64u

struct pending {
    uint8_t *packet;
    uint16_t len;
    uint8_t tries; /* left after this one */
    bool used, sent, may_vanish;
    int number; /* grows: order of asking */
    uint32_t timeout_ms;
    uint64_t sent_ms, deadline_ms;
    alk_reply_fn fn;
    void *ctx;
};

struct alk_client {
    struct alk_transport *t;
    bool open;
    bool alive; /* a packet came since the last loss */
    uint8_t seq, version;
    int number;
    int stop_fd;
    size_t packet_max;
    unsigned window;
    uint64_t now_ms;
    uint32_t patience_ms;
    uint64_t lost_ms, reopen_at;
    int echo_number; /* of the echo under way; 0: none */
    uint64_t echo_sent_ms;
    uint64_t timer_at;
    void (*timer)(void *ctx);
    void *timer_ctx;
    struct pending pending[CLIENT_PENDING];
    uint8_t packet[ALK_PACKET_MAX];
    uint8_t reply[ALK_PACKET_MAX]; /* what alk_client_call() hands out */
};

/* Frees the packet and the place. */
void client_forget(struct pending *p);

#endif
