/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "airlock/build.h"
#include "airlock/imgfile.h"
#include "airlock/memory.h"
#include "core/bytes.h"

static void turn(uint8_t *p, size_t len)
{
    for (size_t i = 0; i < len / 2; i++) {
        uint8_t t = p[i];

        p[i] = p[len - 1 - i];
        p[len - 1 - i] = t;
    }
}

/* One TLV area at off; return: its end, or 0 when it is not well-formed. */
static size_t turn_area(struct alk_buf *v, size_t off)
{
    size_t end;

    if (off > v->len || v->len - off < 4) {
        return 0;
    }
    turn(v->data + off, 2);
    turn(v->data + off + 2, 2);
    end = off + alk_get16(v->data + off + 2);
    for (off += 4; end <= v->len && off < end && end - off >= 4; off += 4u + alk_get16(v->data + off + 2)) {
        /* a known type is written as a byte and a zero, whatever the order of bytes */
        if (v->data[off + 1] != 0) {
            turn(v->data + off, 2);
        }
        turn(v->data + off + 2, 2);
    }
    return end <= v->len ? end : 0;
}

/* imgtool -e big: numbers of header and TLV heads are turned round, values are not. */
static void turn_image(struct alk_buf *v)
{
    static const uint8_t fields[][2] = {{0, 4}, {4, 4}, {8, 2}, {10, 2}, {12, 4}, {16, 4}, {22, 2}, {24, 4}};
    size_t end;

    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        turn(v->data + fields[i][0], fields[i][1]);
    }
    end = turn_area(v, (size_t)alk_get16(v->data + 8) + alk_get32(v->data + 12));
    if (end != 0 && alk_get16(v->data + 10) != 0) {
        turn_area(v, end);
    }
}

static int explain(const struct alk_imgfile *f, int e, struct alk_why *why)
{
    const struct alk_image *img = &f->img;

    if (f->data.len < ALK_IMAGE_HDR_SIZE || alk_get32(f->view.data) != ALK_IMAGE_MAGIC) {
        alk_why(why, ALK_E_FORMAT, "is no image (no header magic 0x96f3b83d)");
        return alk_way_out(why, ALK_E_FORMAT, "airlock sign makes one");
    }
    if (e == ALK_E_SIZE) {
        return alk_why(why, e, "is cut short: header of %u, payload of %u, TLVs, but %zu bytes in all",
                       img->hdr_size, img->img_size, f->data.len);
    }
    return alk_why(why, ALK_E_FORMAT, "its header or TLV area is damaged");
}

static int check_tlvs(const struct alk_imgfile *f, struct alk_why *why)
{
    struct alk_tlv t = {0};
    int more;

    while ((more = alk_tlv_next(&t, &f->img)) > 0) {
    }
    return more == 0 ? ALK_OK : alk_why(why, ALK_E_FORMAT, "its TLV area is damaged");
}

static int open_view(struct alk_imgfile *f, struct alk_why *why)
{
    int e;

    f->big_endian = f->data.len >= ALK_IMAGE_HDR_SIZE && memcmp(f->data.data, "\x96\xf3\xb8\x3d", 4) == 0;
    f->view = f->data;
    if (f->big_endian) {
        f->view = (struct alk_buf){0};
        alk_buf_put(&f->view, f->data.data, f->data.len);
        if (f->view.failed) {
            return alk_why(why, ALK_E_MEMORY, "not enough memory");
        }
        turn_image(&f->view);
    }
    alk_flash_memory(&f->flash, f->view.data, f->view.len);
    e = alk_image_open(&f->img, &f->flash, 0, (uint32_t)f->view.len);
    return e == ALK_OK ? check_tlvs(f, why) : explain(f, e, why);
}

int alk_imgfile_take(struct alk_imgfile *f, struct alk_buf *data, struct alk_why *why)
{
    int e;

    *f = (struct alk_imgfile){.data = *data};
    *data = (struct alk_buf){0};
    e = f->data.len >= ALK_IMAGE_HDR_SIZE ? open_view(f, why)
                                          : alk_why(why, ALK_E_FORMAT, "is too short for an image");
    if (e != ALK_OK) {
        alk_imgfile_free(f);
    }
    return e;
}

int alk_imgfile_load(struct alk_imgfile *f, const char *path, struct alk_why *why)
{
    struct alk_hex h = {0};
    struct alk_buf data = {0};
    bool is_bin = false;
    uint32_t base;
    int e = alk_hex_load(&h, &is_bin, path, 0, why);

    *f = (struct alk_imgfile){0};
    if (e != ALK_OK) {
        return e;
    }
    base = alk_hex_first(&h);
    if (h.n == 1) {
        data = h.spans[0].bytes;
        h.spans[0].bytes = (struct alk_buf){0};
    } else if (alk_hex_end(&h) - base > ALK_IMAGE_SPAN_MAX) {
        e = alk_why(why, ALK_E_SIZE, "spreads over more than %u MiB", ALK_IMAGE_SPAN_MAX >> 20);
    } else if (alk_buf_fill(&data, 0xff, (size_t)(alk_hex_end(&h) - base)) != NULL) {
        alk_hex_read(data.data, &h, base, data.len);
    }
    alk_hex_free(&h);
    if (e == ALK_OK) {
        e = alk_imgfile_take(f, &data, why);
    }
    if (e == ALK_OK) {
        f->base = base;
        f->has_base = !is_bin;
    }
    return e;
}

void alk_imgfile_free(struct alk_imgfile *f)
{
    if (f->big_endian) {
        alk_buf_free(&f->view);
    }
    alk_buf_free(&f->data);
    *f = (struct alk_imgfile){0};
}

const uint8_t *alk_imgfile_tlv(const struct alk_imgfile *f, const struct alk_tlv *t)
{
    return f->data.data + t->off;
}

bool alk_imgfile_find(struct alk_tlv *t, const struct alk_imgfile *f, uint16_t type)
{
    *t = (struct alk_tlv){0};
    return alk_tlv_find(t, &f->img, type) > 0;
}

bool alk_imgfile_has_wrapped(const struct alk_imgfile *f)
{
    struct alk_tlv t = {0};
    bool found = false;

    while (alk_tlv_next(&t, &f->img) > 0) {
        found = found || (!t.prot && t.type >= ALK_TLV_ENC_RSA2048 && t.type <= ALK_TLV_ENC_X25519_512);
    }
    return found;
}

void alk_imgfile_decrypt(struct alk_imgfile *f, const struct alk_judgement *j)
{
    if (j->encrypted && j->content_key_len != 0) {
        alk_payload_crypt(f->data.data + f->img.hdr_size, f->img.img_size, j->content_key,
                          j->content_key_len);
    }
}
