/* SPDX-License-Identifier: Apache-2.0 */
#include "airlock/frame.h"
#include "core/bytes.h"
#include "core/frame/crc16.h"

/*
 * TEXT  anything up to a marker          SAW_06, SAW_04  half a marker
 * LINE  base64                           END             after padding or CR: only LF may follow
 *
 * OPEN is added while a frame has begun and all of its lines were good.
 */
enum { TEXT, SAW_06, SAW_04, LINE, END, STATE = 0x0f, OPEN = 0x80 };

#define PAD 64u

void alk_frame_init(struct alk_frame *f, uint8_t *buf, size_t cap)
{
    *f = (struct alk_frame){.buf = buf, .cap = (uint16_t)cap};
}

static unsigned sextet(uint8_t c)
{
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26u;
    if (c >= 'A' && c <= 'Z')
        return (unsigned)c - 'A';
    if (c >= '0' && c <= '9')
        return c - '0' + 52u;
    return c == '+' ? 62 : c == '/' ? 63 : c == '=' ? PAD : PAD + 1;
}

static int drop(struct alk_frame *f)
{
    f->state = TEXT;
    return 0;
}

/* Four characters are there, the last `pads` of them padding, whose bits must be zero. */
static int group(struct alk_frame *f, unsigned pads)
{
    unsigned n = 3u - pads, i;

    if ((f->bits & ((1u << 8u * pads) - 1u)) != 0 || n > (unsigned)(f->cap - f->len))
        return drop(f);
    for (i = 0; i < n; i++)
        f->buf[f->len++] = (uint8_t)(f->bits >> (16u - 8u * i));
    f->bits = 0;
    f->quad = 0;
    f->state = (uint8_t)(OPEN | (pads != 0 ? END : LINE));
    return 0;
}

/* quad counts characters in its low and padding in its high half. */
static int base64(struct alk_frame *f, uint8_t c)
{
    unsigned v = sextet(c), pads;

    if (v > PAD || (v != PAD && f->quad > 3) || (v == PAD && (f->quad & 15u) < 2))
        return drop(f);
    f->bits = f->bits << 6 | (v & 63u);
    f->quad = (uint8_t)(f->quad + (v == PAD ? 17u : 1u));
    pads = f->quad >> 4;
    return (f->quad & 15u) < 4 ? 0 : group(f, pads);
}

static int line_end(struct alk_frame *f)
{
    uint32_t want;

    if (f->quad != 0)
        return drop(f);
    f->state = OPEN | TEXT;
    if (f->len < 2)
        return 0;
    want = alk_get16be(f->buf);
    if (want > f->len - 2u)
        return 0;
    f->state = TEXT;
    /* a CRC over itself is zero */
    if (want < 2 || want != f->len - 2u || alk_frame_crc(f->buf + 2, want) != 0)
        return 0;
    return (int)want - 2;
}

/* in: first - 06 09 rather than 04 14 */
static int line_begin(struct alk_frame *f, int first)
{
    if (first)
        f->len = 0;
    else if ((f->state & OPEN) == 0)
        return 0;
    f->quad = 0;
    f->bits = 0;
    f->state = OPEN | LINE;
    return 0;
}

int alk_frame_feed(struct alk_frame *f, uint8_t byte)
{
    unsigned state = f->state & STATE;
    uint8_t open = f->state & OPEN;

    if (state == LINE || state == END) {
        if (byte == '\n')
            return line_end(f);
        if (byte == '\r' && f->quad == 0) {
            f->state = OPEN | END;
            return 0;
        }
        if (state == LINE && byte != 0x06)
            return base64(f, byte);
        open = 0;
    }
    if (state == SAW_06 && byte == 0x09)
        return line_begin(f, 1);
    if (state == SAW_04 && byte == 0x14)
        return line_begin(f, 0);
    f->state = (uint8_t)(open | (byte == 0x06 ? SAW_06 : byte == 0x04 ? SAW_04 : TEXT));
    return 0;
}
