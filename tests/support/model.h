/* SPDX-License-Identifier: Apache-2.0 */
/* model.h - upload servers as they are told of: one rule in common, a whim each. */
#ifndef TESTS_MODEL_H
#define TESTS_MODEL_H

#include "sim_link.h"

enum { MODEL_LEN = 20000 };

/* A server with the one rule they share: data counts at the expected offset only. */
struct model {
    uint32_t off, len;
    uint8_t data[MODEL_LEN], sha[32];
    unsigned requests, firsts;
    unsigned align;     /* writes whole units only; 0: any */
    size_t too_long;    /* longer packets get rc 9 */
    size_t mute_above;  /* longer packets get no answer at all */
    unsigned no_memory; /* so many requests get rc 2 */
    unsigned most;      /* more in the queue get rc 2; 0: no limit */
    struct sim_link *link;
    uint32_t forget_at; /* loses the session once, from this offset on */
    uint32_t claim;     /* answers this offset instead, when not 0 */
    bool corrupt;       /* the hash of what it got is another */
    bool open;
    size_t longest, full; /* packets: longest seen, number of those */
};

/* ctx: a struct model */
size_t model_serve(void *ctx, uint64_t now_ms, const uint8_t *req, size_t len, uint8_t *rsp, size_t cap);

#endif
