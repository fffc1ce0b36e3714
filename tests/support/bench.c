/* SPDX-License-Identifier: Apache-2.0 */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/bytes.h"

static struct alk_flash area(struct bench *b, unsigned first, unsigned sectors, uint16_t unit)
{
    return (struct alk_flash){.ops = &alk_flash_file_ops,
                              .dev = &b->flash,
                              .base = first * BENCH_SECTOR,
                              .sector_size = BENCH_SECTOR,
                              .sectors = (uint16_t)sectors,
                              .unit = unit};
}

void bench_open(struct bench *b, uint16_t unit)
{
    static const struct alk_smp_info info[] = {{'s', "airlock"}, {'n', "bench"}, {'v', "1.0"}, {0, NULL}};
    const unsigned s = BENCH_SECTORS;

    memset(b, 0, sizeof *b);
    if (alk_flash_file_open(&b->flash, NULL, (8 + 2 * s) * BENCH_SECTOR) != ALK_OK)
        abort();
    b->map = (struct alk_map){
        .board = "bench",
        .keys = area(b, 0, 1, unit),
        .journal = area(b, 4, 4, unit),
        .primary = area(b, 8, s, unit),
        .secondary = area(b, 8 + s, s, unit),
        .demand = {.exec_addr = 8 * BENCH_SECTOR, .max_size = BENCH_SLOT - BENCH_SECTOR, .hdr_size = 512},
    };
    keyring_usual(&b->ring, 0);
    memcpy(b->flash.mem, b->ring.bytes, BENCH_SECTOR);
    b->judge = (struct serve_judge){.map = &b->map, .buf = b->work, .buf_len = sizeof b->work};
    b->cfg = (struct alk_smp_config){
        .cmds = alk_smp_app_cmds,
        .map = &b->map,
        .info = info,
        .check = serve_check,
        .ctx = &b->judge,
        .buf_size = 384,
        .buf_count = 4,
    };
    b->smp = (struct alk_smp){.cfg = &b->cfg, .target = &b->map.secondary, .open = 0xff};
    b->version = 1;
}

void bench_close(struct bench *b)
{
    alk_flash_file_close(&b->flash);
}

void bench_image(struct forge *f, const uint8_t version[4], size_t len, unsigned seed, const char *key)
{
    uint8_t *payload = malloc(len);

    srandom(seed);
    for (size_t i = 0; i < len; i++)
        payload[i] = (uint8_t)random();
    forge_begin(f, 512, payload, len, 0);
    memcpy(f->bytes + 20, version, 3);
    f->bytes[24] = version[3];
    forge_hash(f);
    forge_keyhash(f, key);
    forge_sign(f, key);
    if (forge_end(f) != ALK_OK)
        abort();
    free(payload);
}

void bench_hash(uint8_t hash[32], const struct forge *f)
{
    struct alk_tlv t = {0};

    if (alk_tlv_find(&t, &f->image, ALK_TLV_SHA256) <= 0 || alk_tlv_read(hash, &f->image, &t, 32) != ALK_OK)
        abort();
}

void bench_burn(struct bench *b, const struct alk_flash *to, uint32_t at, const void *p, size_t len)
{
    memcpy(b->flash.mem + to->base + at, p, len);
}

void bench_begin(struct bench *b)
{
    b->args = (struct alk_cbor_out){b->req + 8, b->req + sizeof b->req, false};
    alk_cbor_open_map(&b->args);
}

int bench_send(struct bench *b, uint8_t op, uint16_t group, uint8_t id)
{
    size_t n;

    alk_cbor_close(&b->args);
    n = (size_t)(b->args.p - b->req) - 8;
    b->req[0] = (uint8_t)(b->version << 3 | op);
    b->req[1] = 0;
    alk_put16be(b->req + 2, (uint16_t)n);
    alk_put16be(b->req + 4, group);
    b->req[6]++;
    b->req[7] = id;
    b->len = b->exchange != NULL ? b->exchange(b->peer, b->req, n + 8, b->rsp, sizeof b->rsp)
                                 : alk_smp_handle(&b->smp, b->req, n + 8, b->rsp, sizeof b->rsp);
    return bench_rc(b);
}

int bench_ask(struct bench *b, uint8_t op, uint16_t group, uint8_t id)
{
    bench_begin(b);
    return bench_send(b, op, group, id);
}

int bench_rc(struct bench *b)
{
    struct alk_cbor c = {b->rsp + 8, b->rsp + b->len};
    struct alk_cbor_item err, rc;

    if (b->len < 8 || b->len != alk_get16be(b->rsp + 2) + 8 || alk_cbor_next(&b->map_of_reply, &c) != 1 ||
        memcmp(b->rsp + 4, b->req + 4, 4) != 0 || (b->rsp[0] & 7u) != (b->req[0] & 7u) + 1u)
        return -1000;
    if (alk_cbor_find(&rc, &b->map_of_reply.in, "rc") == 1)
        return -(int)rc.value;
    if (alk_cbor_find(&err, &b->map_of_reply.in, "err") != 1)
        return 0;
    if (alk_cbor_find(&rc, &err.in, "group") != 1 || rc.value != alk_get16be(b->req + 4))
        return -1000;
    return alk_cbor_find(&rc, &err.in, "rc") == 1 ? (int)rc.value : -1000;
}

long bench_number(struct bench *b, const char *key)
{
    struct alk_cbor_item it;

    return alk_cbor_find(&it, &b->map_of_reply.in, key) == 1 ? (long)it.value : -1;
}

static size_t list_one(char *out, const struct alk_cbor_item *image)
{
    static const char *const flag[] = {"bootable", "pending", "confirmed", "active", "permanent"};
    struct alk_cbor_item slot, version, it;
    size_t n;

    if (alk_cbor_find(&slot, &image->in, "slot") != 1 ||
        alk_cbor_find(&version, &image->in, "version") != 1 || alk_cbor_find(&it, &image->in, "hash") != 1 ||
        it.len != 32)
        return (size_t)sprintf(out, "malformed");
    n = (size_t)sprintf(out, "%u:%.*s:", slot.value, (int)version.len, (const char *)version.data);
    for (unsigned i = 0; i < 5; i++)
        if (alk_cbor_find(&it, &image->in, flag[i]) == 1 && it.type == ALK_CBOR_BOOL && it.value != 0)
            out[n++] = "bpcaP"[i];
    out[n] = '\0';
    return n;
}

const char *bench_list(struct bench *b)
{
    static char text[200];
    struct alk_cbor_item images, one;
    size_t n = 0;

    if (alk_cbor_find(&images, &b->map_of_reply.in, "images") != 1)
        return "no list";
    text[0] = '\0';
    while (alk_cbor_next(&one, &images.in) == 1) {
        if (n != 0)
            text[n++] = ' ';
        n += list_one(text + n, &one);
    }
    return text;
}

int bench_upload(struct bench *b, const struct bench_chunk *c)
{
    bench_begin(b);
    if (c->off == 0) {
        alk_cbor_put_text(&b->args, "len");
        alk_cbor_put_uint(&b->args, c->len);
    }
    if (c->sha != NULL) {
        alk_cbor_put_text(&b->args, "sha");
        alk_cbor_put_bytes(&b->args, c->sha, 32);
    }
    if (c->upgrade) {
        alk_cbor_put_text(&b->args, "upgrade");
        alk_cbor_put_bool(&b->args, true);
    }
    alk_cbor_put_text(&b->args, "off");
    alk_cbor_put_uint(&b->args, c->off);
    alk_cbor_put_text(&b->args, "data");
    alk_cbor_put_bytes(&b->args, c->data, c->data_len);
    return bench_send(b, ALK_SMP_OP_WRITE, ALK_SMP_IMAGE, 1);
}

int bench_upload_all(struct bench *b, const void *file, size_t len, size_t chunk, const uint8_t *sha)
{
    size_t off = 0;
    int rc = 0;

    while (off < len && rc == 0) {
        struct bench_chunk c = {
            .off = (uint32_t)off, .data = (const uint8_t *)file + off, .len = (uint32_t)len};

        c.data_len = len - off < chunk ? len - off : chunk;
        c.sha = off == 0 ? sha : NULL;
        rc = bench_upload(b, &c);
        off += c.data_len;
        if (rc == 0 && bench_number(b, "off") != (long)off)
            return -1001;
    }
    return rc;
}

int bench_set(struct bench *b, const uint8_t *hash, bool confirm)
{
    bench_begin(b);
    if (hash != NULL) {
        alk_cbor_put_text(&b->args, "hash");
        alk_cbor_put_bytes(&b->args, hash, 32);
    }
    alk_cbor_put_text(&b->args, "confirm");
    alk_cbor_put_bool(&b->args, confirm);
    return bench_send(b, ALK_SMP_OP_WRITE, ALK_SMP_IMAGE, 0);
}
