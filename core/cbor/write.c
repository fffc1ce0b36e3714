/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "airlock/cbor.h"

static void put(struct alk_cbor_out *o, const void *p, size_t len)
{
    if (o->full || len > (size_t)(o->end - o->p)) {
        o->full = true;
        return;
    }
    memcpy(o->p, p, len);
    o->p += len;
}

static void put_byte(struct alk_cbor_out *o, uint8_t b)
{
    put(o, &b, 1);
}

/* Initial byte and value in their shortest form. */
static void put_head(struct alk_cbor_out *o, unsigned type, uint32_t n)
{
    uint8_t head[5] = {(uint8_t)(type << 5), (uint8_t)(n >> 24), (uint8_t)(n >> 16), (uint8_t)(n >> 8),
                       (uint8_t)n};
    unsigned info = n < 24 ? 0 : n <= 0xff ? 1 : n <= 0xffff ? 2 : 4;
    uint8_t *first = head + 4 - info;

    *first = (uint8_t)(head[0] | (info == 0 ? n : 24u + info / 2u));
    put(o, first, info + 1u);
}

void alk_cbor_put_uint(struct alk_cbor_out *o, uint32_t n)
{
    put_head(o, ALK_CBOR_UINT, n);
}

void alk_cbor_put_int(struct alk_cbor_out *o, int32_t n)
{
    put_head(o, n < 0, n < 0 ? ~(uint32_t)n : (uint32_t)n);
}

void alk_cbor_put_bool(struct alk_cbor_out *o, bool b)
{
    put_byte(o, b ? 0xf5 : 0xf4);
}

void alk_cbor_put_null(struct alk_cbor_out *o)
{
    put_byte(o, 0xf6);
}

void alk_cbor_put_string(struct alk_cbor_out *o, unsigned type, const void *p, size_t len)
{
    put_head(o, type, (uint32_t)len);
    put(o, p, len);
}

void alk_cbor_put_bytes(struct alk_cbor_out *o, const uint8_t *p, size_t len)
{
    alk_cbor_put_string(o, ALK_CBOR_BYTES, p, len);
}

void alk_cbor_put_text(struct alk_cbor_out *o, const char *s)
{
    size_t len = 0;

    while (s[len] != '\0')
        len++;
    alk_cbor_put_string(o, ALK_CBOR_TEXT, s, len);
}

void alk_cbor_open_map(struct alk_cbor_out *o)
{
    put_byte(o, 0xbf);
}

void alk_cbor_open_array(struct alk_cbor_out *o)
{
    put_byte(o, 0x9f);
}

void alk_cbor_close(struct alk_cbor_out *o)
{
    put_byte(o, 0xff);
}
