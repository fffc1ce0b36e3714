/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "airlock/buf.h"
#include "core/bytes.h"

/* realloc() would leave a copy behind; explicit_bzero() is as sure as alk_wipe(), and fast. */
static bool grow(struct alk_buf *b, size_t len)
{
    size_t cap = b->cap < 64 ? 64 : b->cap;
    uint8_t *data;

    if (b->failed || len > SIZE_MAX / 4 - b->len) {
        b->failed = true;
        return false;
    }
    while (cap < b->len + len) {
        cap = b->cap == 0 && len > 4096 ? len : cap * 2;
    }
    if (cap == b->cap) {
        return true;
    }
    data = malloc(cap);
    if (data == NULL) {
        b->failed = true;
        return false;
    }
    if (b->data != NULL) {
        memcpy(data, b->data, b->len);
        explicit_bzero(b->data, b->len);
        free(b->data);
    }
    b->data = data;
    b->cap = cap;
    return true;
}

uint8_t *alk_buf_put(struct alk_buf *b, const void *data, size_t len)
{
    uint8_t *at;

    if (!grow(b, len)) {
        return NULL;
    }
    at = b->data + b->len;
    if (len > 0) {
        memcpy(at, data, len);
    }
    b->len += len;
    return at;
}

bool alk_buf_reserve(struct alk_buf *b, size_t len)
{
    return grow(b, len);
}

uint8_t *alk_buf_fill(struct alk_buf *b, uint8_t value, size_t len)
{
    uint8_t *at;

    if (!grow(b, len)) {
        return NULL;
    }
    at = b->data + b->len;
    memset(at, value, len);
    b->len += len;
    return at;
}

void alk_buf_put8(struct alk_buf *b, uint8_t v)
{
    alk_buf_put(b, &v, 1);
}

void alk_buf_put16(struct alk_buf *b, uint16_t v)
{
    uint8_t raw[2];

    alk_put16(raw, v);
    alk_buf_put(b, raw, sizeof raw);
}

void alk_buf_put32(struct alk_buf *b, uint32_t v)
{
    uint8_t raw[4];

    alk_put32(raw, v);
    alk_buf_put(b, raw, sizeof raw);
}

void alk_buf_printf(struct alk_buf *b, const char *fmt, ...)
{
    char text[1024];
    va_list ap;
    int n;

    va_start(ap, fmt);
    n = vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    if (n < 0 || (size_t)n >= sizeof text) {
        b->failed = true;
        return;
    }
    alk_buf_put(b, text, (size_t)n);
}

void alk_buf_free(struct alk_buf *b)
{
    if (b->data != NULL) {
        explicit_bzero(b->data, b->len);
        free(b->data);
    }
    *b = (struct alk_buf){0};
}
