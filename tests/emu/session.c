/* SPDX-License-Identifier: Apache-2.0 */
/* session.c - requests as console frames into the UART, answers out of it. */
#include "tests/emu/session.h"

#include <string.h>

#include "airlock/cbor.h"
#include "airlock/frame.h"
#include "core/bytes.h"

#define CHUNK       256u
#define OP_WRITE    2u
#define GROUP_OS    0u
#define GROUP_IMAGE 1u
#define ID_RESET    5u
#define ID_UPLOAD   1u
#define HEAD        8u

struct lines {
    uint8_t byte[2048];
    size_t len;
};

static void collect(void *ctx, const uint8_t *p, size_t len)
{
    struct lines *l = ctx;

    if (len <= sizeof l->byte - l->len) {
        memcpy(l->byte + l->len, p, len);
        l->len += len;
    }
}

static enum alk_emu_end ask(struct alk_rig *r, uint8_t group, uint8_t id, const uint8_t *body, size_t len)
{
    uint8_t packet[CHUNK + 64] = {OP_WRITE | 1u << 3, 0, 0, (uint8_t)len, 0, group, 0, id};
    struct lines lines = {.len = 0};

    alk_put16be(packet + 2, (uint16_t)len);
    memcpy(packet + HEAD, body, len);
    alk_frame_send(packet, HEAD + len, collect, &lines);
    r->emu->uart.tx_len = 0;
    alk_emu_feed(r->emu, lines.byte, lines.len);
    return alk_emu_resume(r->emu);
}

/* return: rc of the answer (its "err" too), or -1;  out: off if it has one */
static int answer(uint32_t *off, const struct alk_rig *r)
{
    uint8_t buf[CHUNK + 64];
    struct alk_frame f;
    struct alk_cbor top;
    struct alk_cbor_item map, it;
    int n = 0;

    alk_frame_init(&f, buf, sizeof buf);
    for (size_t i = 0; i < r->emu->uart.tx_len && n == 0; i++)
        n = alk_frame_feed(&f, r->emu->uart.tx[i]);
    top = (struct alk_cbor){buf + 2 + HEAD, buf + 2 + n};
    if (n <= (int)HEAD || alk_cbor_next(&map, &top) != 1)
        return -1;
    if (alk_cbor_find(&it, &map.in, "off") == 1)
        *off = it.value;
    if (alk_cbor_find(&it, &map.in, "rc") == 1)
        return (int)it.value;
    return alk_cbor_find(&it, &map.in, "err") == 1 ? -2 : 0;
}

static size_t upload_body(uint8_t *body, size_t cap, const uint8_t *image, size_t len, uint32_t off)
{
    struct alk_cbor_out o = {.p = body, .end = body + cap};

    alk_cbor_open_map(&o);
    alk_cbor_put_text(&o, "off");
    alk_cbor_put_uint(&o, off);
    if (off == 0) {
        alk_cbor_put_text(&o, "len");
        alk_cbor_put_uint(&o, (uint32_t)len);
    }
    alk_cbor_put_text(&o, "data");
    alk_cbor_put_bytes(&o, image + off, alk_min((uint32_t)len - off, CHUNK));
    alk_cbor_close(&o);
    return o.full ? 0 : (size_t)(o.p - body);
}

int alk_session_upload(struct alk_rig *r, const uint8_t *image, size_t len)
{
    uint8_t body[CHUNK + 48];
    uint32_t off = 0, before;
    int rc;

    do {
        size_t n = upload_body(body, sizeof body, image, len, off);

        before = off;
        if (ask(r, GROUP_IMAGE, ID_UPLOAD, body, n) != ALK_EMU_IDLE)
            return -1;
        rc = answer(&off, r);
    } while (rc == 0 && off < len && off > before);
    return rc != 0 ? rc : off == len ? 0 : -1;
}

enum alk_emu_end alk_session_reset(struct alk_rig *r)
{
    static const uint8_t empty_map[] = {0xa0};

    return ask(r, GROUP_OS, ID_RESET, empty_map, sizeof empty_map);
}
