/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cbor.h - the bounded subset of CBOR (RFC 8949) that SMP needs.
 *
 * Reading: unsigned and negative integers (32 bits of value), byte and text
 * strings of definite length, arrays and maps of definite or indefinite
 * length, false, true, null.  Nesting is bounded by ALK_CBOR_DEPTH.
 * Everything else, and every truncation, is ALK_E_FORMAT.  Nothing is copied: items point into the packet.
 *
 * Writing: an overrun sets `full` and writes nothing more; the caller looks
 * once, at the end.  Maps and arrays are written with indefinite length, as
 * Zephyr does, so nothing has to be counted beforehand.
 */
#ifndef AIRLOCK_CBOR_H
#define AIRLOCK_CBOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "airlock/err.h"

#define ALK_CBOR_DEPTH 8

enum alk_cbor_type {
    ALK_CBOR_UINT = 0,
    ALK_CBOR_NINT = 1,
    ALK_CBOR_BYTES = 2,
    ALK_CBOR_TEXT = 3,
    ALK_CBOR_ARRAY = 4,
    ALK_CBOR_MAP = 5,
    ALK_CBOR_BOOL = 6,
    ALK_CBOR_NULL = 7,
};

struct alk_cbor {
    const uint8_t *p, *end;
};

struct alk_cbor_item {
    uint8_t type;        /* alk_cbor_type */
    uint32_t value;      /* UINT: n; NINT: -1 - n; BOOL: 0, 1 */
    const uint8_t *data; /* BYTES, TEXT: the string */
    uint32_t len;        /* BYTES, TEXT: its length */
    struct alk_cbor in;  /* ARRAY, MAP: the content, without head and break */
};

/*
 * Read one whole item, nested ones included, and step past it.
 *
 * return: 1 - item read; 0 - c is at its end; ALK_E_FORMAT
 */
int alk_cbor_next(struct alk_cbor_item *it, struct alk_cbor *c);

/*
 * Look up a text key in a map's content.
 *
 * return: 1 - it is the value; 0 - no such key; ALK_E_FORMAT (the map is
 *         malformed anywhere, a key is no text, or this key appears twice)
 */
int alk_cbor_find(struct alk_cbor_item *it, const struct alk_cbor *map, const char *key);

struct alk_cbor_out {
    uint8_t *p, *end;
    bool full; /* something did not fit */
};

void alk_cbor_put_uint(struct alk_cbor_out *o, uint32_t n);
void alk_cbor_put_int(struct alk_cbor_out *o, int32_t n);
void alk_cbor_put_bool(struct alk_cbor_out *o, bool b);
void alk_cbor_put_null(struct alk_cbor_out *o);
void alk_cbor_put_bytes(struct alk_cbor_out *o, const uint8_t *p, size_t len);
void alk_cbor_put_text(struct alk_cbor_out *o, const char *s);
/* A string that need not end with NUL; type is ALK_CBOR_BYTES or ALK_CBOR_TEXT. */
void alk_cbor_put_string(struct alk_cbor_out *o, unsigned type, const void *p, size_t len);
void alk_cbor_open_map(struct alk_cbor_out *o);
void alk_cbor_open_array(struct alk_cbor_out *o);
void alk_cbor_close(struct alk_cbor_out *o); /* ends the innermost open map or array */

#endif
