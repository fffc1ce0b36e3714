/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bench.h - an SMP server on a bench: real flash rules, real images, the real
 * check; requests go in as a client would build them, replies come out parsed.
 */
#ifndef TESTS_BENCH_H
#define TESTS_BENCH_H

#include "adapters/flash/file.h"
#include "airlock/mailbox.h"
#include "airlock/smp.h"
#include "forge.h"
#include "keyring.h"
#include "programs/serve.h"

#define BENCH_SECTOR  1024u
#define BENCH_SECTORS 16u /* of each slot */
#define BENCH_SLOT    (BENCH_SECTOR * BENCH_SECTORS)

struct bench {
    struct alk_flash_file flash;
    struct alk_map map;
    struct keyring ring;
    struct serve_judge judge;
    uint8_t work[256];
    struct alk_smp_config cfg;
    struct alk_smp smp;
    /* Where requests go; NULL: the server on this bench. */
    int (*exchange)(void *peer, const uint8_t *req, size_t len, uint8_t *rsp, size_t cap);
    void *peer;
    unsigned version; /* of the requests, 0 or 1 */
    uint8_t req[2048], rsp[2048];
    struct alk_cbor_out args; /* the request being built */
    int len;                  /* of the reply */
    struct alk_cbor_item map_of_reply;
};

/* A provisioned device with empty slots. */
void bench_open(struct bench *b, uint16_t unit);
void bench_close(struct bench *b);

/* An image of that version for this device; the seed decides its content. */
void bench_image(struct forge *f, const uint8_t version[4], size_t len, unsigned seed, const char *key);
void bench_hash(uint8_t hash[32], const struct forge *f);
/* Put bytes into erased flash, as a programmer would. */
void bench_burn(struct bench *b, const struct alk_flash *area, uint32_t at, const void *p, size_t len);

/* A request: begin, then alk_cbor_put_*(&b->args, ...), then send; the result as bench_rc(). */
void bench_begin(struct bench *b);
int bench_send(struct bench *b, uint8_t op, uint16_t group, uint8_t id);
/* A request without arguments. */
int bench_ask(struct bench *b, uint8_t op, uint16_t group, uint8_t id);

/* 0; -rc of the SMP layer (and of version 1); group error, positive; -1000: no reply. */
int bench_rc(struct bench *b);
/* A number or bool of the reply, -1 when absent. */
long bench_number(struct bench *b, const char *key);
/* "slot:version:flags ..." of an image list; flags of b p c a P in the order of the reply. */
const char *bench_list(struct bench *b);

struct bench_chunk {
    uint32_t off;
    const void *data;
    size_t data_len;
    uint32_t len;       /* given when off is 0 */
    const uint8_t *sha; /* 32 bytes, or NULL */
    bool upgrade;
};
int bench_upload(struct bench *b, const struct bench_chunk *c);
/* A whole file in chunks; the result of the last request sent. */
int bench_upload_all(struct bench *b, const void *file, size_t len, size_t chunk, const uint8_t *sha);
/* State write; hash NULL: none. */
int bench_set(struct bench *b, const uint8_t *hash, bool confirm);

#endif
