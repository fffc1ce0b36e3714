/* SPDX-License-Identifier: Apache-2.0 */
#include "host/lib/protobuf.h"

enum wire { WIRE_VARINT = 0, WIRE_BYTES = 2 };

void alk_pb_varint(struct alk_buf *out, uint64_t v)
{
    for (; v >= 0x80; v >>= 7) {
        alk_buf_put8(out, (uint8_t)(v | 0x80));
    }
    alk_buf_put8(out, (uint8_t)v);
}

void alk_pb_number(struct alk_buf *out, uint32_t field, uint64_t v)
{
    alk_pb_varint(out, field << 3 | WIRE_VARINT);
    alk_pb_varint(out, v);
}

void alk_pb_bytes(struct alk_buf *out, uint32_t field, const uint8_t *data, size_t len)
{
    alk_pb_varint(out, field << 3 | WIRE_BYTES);
    alk_pb_varint(out, len);
    alk_buf_put(out, data, len);
}

bool alk_pb_take_varint(uint64_t *v, struct alk_pb *in)
{
    const uint8_t *p = in->p;
    unsigned shift = 0;

    *v = 0;
    do {
        if (p == in->end || shift > 63) {
            return false;
        }
        *v |= (uint64_t)(*p & 0x7f) << shift;
        shift += 7;
    } while ((*p++ & 0x80) != 0);
    in->p = p;
    return true;
}

bool alk_pb_next(struct alk_pb_field *f, struct alk_pb *in)
{
    struct alk_pb at = *in;
    uint64_t tag;

    *f = (struct alk_pb_field){0};
    if (at.p == at.end || !alk_pb_take_varint(&tag, &at) || !alk_pb_take_varint(&f->value, &at)) {
        return false;
    }
    f->number = (uint32_t)(tag >> 3);
    if ((tag & 7) == WIRE_BYTES) {
        if (f->value > (uint64_t)(at.end - at.p)) {
            return false;
        }
        f->bytes = (struct alk_pb){at.p, at.p + f->value};
        at.p += f->value;
    } else if ((tag & 7) != WIRE_VARINT) {
        return false;
    }
    *in = at;
    return true;
}

bool alk_pb_find(struct alk_pb_field *f, struct alk_pb in, uint32_t number)
{
    while (alk_pb_next(f, &in)) {
        if (f->number == number) {
            return true;
        }
    }
    return false;
}
