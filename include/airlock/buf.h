/* SPDX-License-Identifier: Apache-2.0 */
/*
 * buf.h - bytes that grow, on the host.
 *
 * A zeroed struct is an empty buffer.  A lack of memory sets `failed`, adds
 * nothing more, and is looked at once, at the end.
 */
#ifndef AIRLOCK_BUF_H
#define AIRLOCK_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct alk_buf {
    uint8_t *data;
    size_t len, cap;
    bool failed;
};

/* Make room for len bytes more, so that they come without another copy. */
bool alk_buf_reserve(struct alk_buf *b, size_t len);

/* Append; the space the bytes went to, or NULL.  The old data is wiped when it moves. */
uint8_t *alk_buf_put(struct alk_buf *b, const void *data, size_t len);
uint8_t *alk_buf_fill(struct alk_buf *b, uint8_t value, size_t len);
void alk_buf_put8(struct alk_buf *b, uint8_t v);
void alk_buf_put16(struct alk_buf *b, uint16_t v);
void alk_buf_put32(struct alk_buf *b, uint32_t v);
void alk_buf_printf(struct alk_buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Wipe and free; the buffer is empty again. */
void alk_buf_free(struct alk_buf *b);

#endif
