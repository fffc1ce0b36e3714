/* SPDX-License-Identifier: Apache-2.0 */
/* protobuf.h - the little of protocol buffers that init packets use: varints and byte strings. */
#ifndef AIRLOCK_HOST_PROTOBUF_H
#define AIRLOCK_HOST_PROTOBUF_H

#include "airlock/buf.h"

struct alk_pb {
    const uint8_t *p, *end;
};

struct alk_pb_field {
    uint32_t number;
    uint64_t value;      /* of a varint */
    struct alk_pb bytes; /* of a string; empty otherwise */
};

void alk_pb_varint(struct alk_buf *out, uint64_t v);
void alk_pb_number(struct alk_buf *out, uint32_t field, uint64_t v);
void alk_pb_bytes(struct alk_buf *out, uint32_t field, const uint8_t *data, size_t len);

bool alk_pb_take_varint(uint64_t *v, struct alk_pb *in);
/* Take the next field; false: the end, or something malformed (then in->p != in->end). */
bool alk_pb_next(struct alk_pb_field *f, struct alk_pb *in);
bool alk_pb_find(struct alk_pb_field *f, struct alk_pb in, uint32_t number);

#endif
