/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sim_link.h - a transport in memory and in virtual time: latency, jitter,
 * loss, duplication, reordering, breaks; everything from one seed.
 */
#ifndef TESTS_SIM_LINK_H
#define TESTS_SIM_LINK_H

#include "airlock/client.h"

#define SIM_PACKETS 512
#define SIM_PACKET  2600

/* Answer a packet; return: length of the answer, 0 for none. */
typedef size_t (*sim_serve)(void *ctx, uint64_t now_ms, const uint8_t *req, size_t len, uint8_t *rsp,
                            size_t cap);

struct sim_packet {
    uint64_t at_ms, number;
    bool used, up;
    size_t len;
    uint8_t data[SIM_PACKET];
};

struct sim_link {
    struct alk_transport t;
    uint32_t seed;
    uint64_t now_ms, last_ms[2], number;
    unsigned latency_ms, jitter_ms, loss, dup; /* of a thousand */
    unsigned busy_ms;                          /* the server's time for a request */
    bool reorder, broken;
    bool flaky;                 /* opens, and breaks at the first use */
    uint64_t break_ms, mend_ms; /* the link is down from .. to; 0: never */
    unsigned sent, peak;        /* packets from the client; most of them on their way at once */
    sim_serve serve;
    void *ctx;
    struct sim_packet packet[SIM_PACKETS];
};

/* A number below `below`. */
uint32_t sim_random(uint32_t *seed, uint32_t below);

void sim_init(struct sim_link *s, uint32_t seed, sim_serve serve, void *ctx);

/* Let time go by until done() or limit_ms; return: done() came true. */
bool sim_run(struct sim_link *s, struct alk_client *c, bool (*done)(void *), void *ctx, uint64_t limit_ms);

#endif
