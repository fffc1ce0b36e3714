/* SPDX-License-Identifier: Apache-2.0 */
/*
 * board.h - a device on simulated flash with real keys, real images and the
 * real check: what settle meets in the field.
 *
 *   | P: n + 1 sectors | S: n + 1 | journal: 2 banks |    key area apart
 */
#ifndef TESTS_BOARD_H
#define TESTS_BOARD_H

#include "airlock/boot.h"
#include "airlock/buf.h"
#include "airlock/mailbox.h"
#include "keyring.h"
#include "sim/lib/sim.h"

#define BOARD_MAX    (160u * 1024u)
#define BOARD_IMAGES 6u

/* How an image of a test is made. */
enum board_image_kind {
    BOARD_PLAIN,    /* neither key TLV nor encryption */
    BOARD_SEALED,   /* encrypted, as it is uploaded */
    BOARD_STRANGER, /* encrypted, signed by a key the device does not know */
};

struct board_image {
    struct alk_buf sent;    /* as uploaded */
    struct alk_buf running; /* as it lies in P: payload plain */
    uint16_t hdr_size;
    uint32_t payload; /* bytes */
};

struct board {
    struct alk_sim sim;
    uint8_t v[BOARD_MAX], a[BOARD_MAX], r[BOARD_MAX];
    uint32_t sector, n, size;
    struct alk_map map;
    struct keyring ring;
    struct board_image image[BOARD_IMAGES];
    unsigned images;
    struct alk_boot boot; /* of the last board_boot() */
    int result;           /* what settle said */
    unsigned broken;      /* rules of flash.h broken */
};

/* A blank board whose slots have n sectors beside the mailbox's. */
void board_open(struct board *b, uint16_t unit, uint32_t sector, uint32_t n, uint32_t policy);
void board_close(struct board *b);

/* Make an image with that much payload; return: its number, from 1. */
unsigned board_make(struct board *b, enum board_image_kind kind, uint8_t major, uint32_t payload);

/* Debug probe: image into P as it runs there; nothing else is touched. */
void board_burn(struct board *b, unsigned image);

/* Application: image into S, at sector 0 or 1, all else of S erased; then the request (0: none). */
void board_upload(struct board *b, unsigned image, unsigned place, uint8_t request);

/* One boot with the flash as it reads (r == v); return: number of the image that may run, or 0. */
unsigned board_boot(struct board *b);

/* Which image lies whole in P (as it runs), or at that place of S in the form it was sent; 0: none. */
unsigned board_primary(const struct board *b);
unsigned board_secondary(const struct board *b, unsigned place);

/* Eight bytes of an image's plain payload outside P?  return: their offset, or 0 */
uint32_t board_plaintext(const struct board *b);

#endif
