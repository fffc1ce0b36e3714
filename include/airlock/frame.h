/* SPDX-License-Identifier: Apache-2.0 */
/*
 * frame.h - SMP packets as lines on a shared console (UART, USB CDC).
 *
 *   packet:  BE16 length of (body + CRC) | body | CRC-16/XMODEM of body, BE
 *   lines:   06 09 base64... 0a   first
 *            04 14 base64... 0a   following; at most 127 bytes a line, each
 *                                 decoded by itself
 *
 * (C1) A frame with a changed byte yields nothing.
 * (C2) Text between lines and CR before LF are ignored; a new 06 09 restarts.
 * (C3) feed() handles any byte in any state in bounded time and memory.
 */
#ifndef AIRLOCK_FRAME_H
#define AIRLOCK_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "airlock/err.h"

#define ALK_FRAME_LINE 127u /* longest line, newline included */

struct alk_frame {
    uint8_t *buf;  /* the caller's; receives length, body and CRC */
    uint16_t cap;  /* of buf: longest body + 4 */
    uint16_t len;  /* bytes decoded so far */
    uint32_t bits; /* of the current group */
    uint8_t quad;  /* base64 characters in the current group */
    uint8_t state; /* private */
    uint8_t last;  /* byte before */
    bool open;     /* a frame has begun and all of its lines were good */
};

void alk_frame_init(struct alk_frame *f, uint8_t *buf, size_t cap);

/*
 * Take one received byte.
 *
 * return: > 0 - a packet of that many bytes begins at f->buf + 2, and stays
 *         there until the next feed(); 0 - not yet
 */
int alk_frame_feed(struct alk_frame *f, uint8_t byte);

/*
 * Send a packet as lines.
 *
 * in:     put - takes the encoded bytes, in pieces of at most ALK_FRAME_LINE
 */
void alk_frame_send(const uint8_t *packet, size_t len, void (*put)(void *ctx, const uint8_t *p, size_t len),
                    void *ctx);

#endif
