/* SPDX-License-Identifier: Apache-2.0 */
/* scripted.h - a server that answers as it is told, and a client that asks it. */
#ifndef TESTS_SCRIPTED_H
#define TESTS_SCRIPTED_H

#include "sim_link.h"

struct script {
    unsigned asked;         /* requests seen */
    unsigned deaf_until;    /* so many get no answer */
    uint64_t silent_before; /* no answer before this time */
    const uint8_t *answer;  /* payload; NULL: an empty map */
    size_t answer_len;
    int seq_error, id_error; /* added to those of the answer */
    int version;             /* of the answer; -1: as asked */
    unsigned echoes;
    bool skip_echo;
    uint8_t last[256];
    size_t last_len;
};

/* A client, a simulated link, and that server. */
struct scripted {
    struct script s;
    struct sim_link link;
    struct alk_client *c;
    struct alk_smp_reply r;
    uint8_t map[512];
    unsigned answers;
};

struct scripted *scripted_begin(void);
void scripted_end(struct scripted *b);

/* Keeps the answer in b->r and counts it; a reply function. */
void scripted_keep(void *ctx, const struct alk_smp_reply *r);
bool scripted_answered(void *ctx);

/* Ask and wait; return: there was an end before limit_ms. */
bool scripted_ask(struct scripted *b, const struct alk_smp_request *q, uint64_t limit_ms);

#endif
