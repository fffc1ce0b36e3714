/* SPDX-License-Identifier: Apache-2.0 */
/* trailer.c - padding an image to its slot, with a request at the end. */
#include <string.h>

#include "airlock/build.h"
#include "core/bytes.h"

static const uint8_t magic_8[16] = {0x77, 0xc2, 0x95, 0xf3, 0x60, 0xd2, 0xef, 0x7f,
                                    0x35, 0x52, 0x50, 0x0f, 0x2c, 0xb6, 0x79, 0x80};
static const uint8_t magic_any[14] = {0x2d, 0xe1, 0x5d, 0x29, 0x41, 0x0b, 0x8d,
                                      0x77, 0x67, 0x9c, 0x11, 0x0f, 0x1f, 0x8a};

uint32_t alk_trailer_size(const struct alk_trailer *t)
{
    uint32_t magic = alk_align_up(16, t->max_align);

    if (t->overwrite_only) {
        return 2 * t->max_align + magic;
    }
    return t->max_sectors * 3 * t->align + 2 * alk_align_up(t->saved_key, t->max_align) + 4 * t->max_align +
           magic;
}

static uint32_t minus(uint32_t a, uint32_t b)
{
    return a > b ? a - b : 0;
}

/* What MCUboot itself reserves, field by field. */
static uint32_t true_trailer(enum alk_layout layout, const struct alk_trailer *t)
{
    uint32_t a = t->max_align, states = layout == ALK_LAYOUT_OFFSET ? 2 : 3;
    uint32_t fields = layout == ALK_LAYOUT_OFFSET ? 5 : 4;

    return t->max_sectors * states * t->align + 2 * alk_align_up(t->saved_key, a) + fields * a +
           alk_align_up(16, a);
}

uint32_t alk_layout_limit(enum alk_layout layout, const struct alk_trailer *t, uint32_t sector_size)
{
    uint32_t trailer = true_trailer(layout, t);
    uint32_t sectors = alk_align_up(trailer, sector_size);

    switch (layout) {
    case ALK_LAYOUT_MOVE:
    case ALK_LAYOUT_OFFSET:
        return minus(minus(t->slot_size, sector_size), sectors);
    case ALK_LAYOUT_SCRATCH:
        return minus(t->slot_size, trailer);
    case ALK_LAYOUT_OVERWRITE:
        return minus(t->slot_size, 3 * t->max_align + alk_align_up(16, t->max_align));
    default:
        return minus(t->slot_size, sector_size + 3 * t->max_align + alk_align_up(16, t->max_align));
    }
}

static void magic_of(uint8_t out[16], const struct alk_trailer *t)
{
    if (t->max_align == 8) {
        memcpy(out, magic_8, 16);
        return;
    }
    out[t->big_endian ? 1 : 0] = (uint8_t)t->max_align;
    out[t->big_endian ? 0 : 1] = 0;
    memcpy(out + 2, magic_any, sizeof magic_any);
}

int alk_trailer_put(struct alk_buf *image, const struct alk_trailer *t, struct alk_why *why)
{
    uint32_t size = alk_trailer_size(t);
    uint8_t *end;

    if (size > t->slot_size || image->len > t->slot_size - size) {
        return alk_why(why, ALK_E_SIZE, "%zu bytes and a trailer of %u do not fit the slot of %u", image->len,
                       size, t->slot_size);
    }
    if (alk_buf_fill(image, t->erased, t->slot_size - image->len) == NULL) {
        return alk_why(why, ALK_E_MEMORY, "not enough memory");
    }
    end = image->data + image->len;
    magic_of(end - 16, t);
    if (t->confirm) {
        end[-(ptrdiff_t)(alk_align_up(16, t->max_align) + t->max_align)] = 1;
    }
    return ALK_OK;
}
