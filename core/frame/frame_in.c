/* SPDX-License-Identifier: Apache-2.0 */
#include "airlock/frame.h"
#include "core/bytes.h"
#include "core/frame/crc16.h"

/* state: outside of lines; in one; in one where only its end may follow */
enum { TEXT, LINE, END };

#define PAD 64u

void alk_frame_init(struct alk_frame *f, uint8_t *buf, size_t cap)
{
    *f = (struct alk_frame){.buf = buf, .cap = (uint16_t)cap};
}

/* return: its value, PAD, or more */
static unsigned sextet(uint8_t c)
{
    unsigned v = 0;

    while (v <= PAD && (uint8_t)alk_frame_digit[v] != c)
        v++;
    return v;
}

/* Four characters are there, the last `pads` of them padding, whose bits must be zero. */
static bool group(struct alk_frame *f, unsigned pads)
{
    unsigned n = 3u - pads;

    if ((f->bits & ((1u << 8u * pads) - 1u)) != 0 || n > (unsigned)(f->cap - f->len))
        return false;
    for (; n != 0; n--, f->bits <<= 8)
        f->buf[f->len++] = (uint8_t)(f->bits >> 16);
    f->quad = 0;
    f->bits = 0;
    f->state = pads != 0 ? END : LINE;
    return true;
}

/* quad counts characters in its low and padding in its high half. */
static bool take(struct alk_frame *f, uint8_t c)
{
    unsigned v = sextet(c);

    if (c == '\r' && f->quad == 0) {
        f->state = END;
        return true;
    }
    if (f->state == END || v > PAD || (v == PAD ? (f->quad & 15u) < 2 : f->quad > 3))
        return false;
    f->bits = f->bits << 6 | (v & 63u);
    f->quad = (uint8_t)(f->quad + (v == PAD ? 17u : 1u));
    return (f->quad & 15u) < 4 || group(f, f->quad >> 4);
}

/* return: length of a packet that is whole and right, else 0 */
static int line_end(struct alk_frame *f)
{
    uint32_t want;

    f->state = TEXT;
    f->open = f->open && f->quad == 0;
    if (!f->open || f->len < 2)
        return 0;
    want = alk_get16be(f->buf);
    if (want > f->len - 2u)
        return 0;
    f->open = false;
    /* a CRC over itself is zero */
    if (want < 2 || want != f->len - 2u || alk_frame_crc(f->buf + 2, want) != 0)
        return 0;
    return (int)want - 2;
}

int alk_frame_feed(struct alk_frame *f, uint8_t byte)
{
    bool first = f->last == 0x06 && byte == 0x09;
    bool next = f->last == 0x04 && byte == 0x14 && f->open;

    f->last = byte;
    if (f->state != TEXT) {
        if (byte == '\n')
            return line_end(f);
        if (!take(f, byte)) {
            f->state = TEXT;
            f->open = false;
        }
    } else if (first || next) {
        if (first)
            f->len = 0;
        f->quad = 0;
        f->bits = 0;
        f->state = LINE;
        f->open = true;
    }
    return 0;
}
