/* SPDX-License-Identifier: Apache-2.0 */
#include "board.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "airlock/build.h"
#include "airlock/install.h"

#define HDR 64u

static void need(bool ok, const char *what)
{
    if (!ok) {
        fprintf(stderr, "board: %s\n", what);
        abort();
    }
}

static void broken(struct alk_sim *s, const char *rule)
{
    struct board *b = s->ctx;

    b->broken++;
    fprintf(stderr, "board: %s\n", rule);
}

static struct alk_flash area(struct board *b, uint32_t at, uint32_t sectors)
{
    return (struct alk_flash){&alk_sim_ops, &b->sim,           at * b->sector,
                              b->sector,    (uint16_t)sectors, b->sim.unit};
}

void board_open(struct board *b, uint16_t unit, uint32_t sector, uint32_t n, uint32_t policy)
{
    uint32_t bank = 1;

    memset(b, 0, sizeof *b);
    while (bank * sector < ALK_JOURNAL_BANK(unit, n))
        bank++;
    b->sector = sector;
    b->n = n;
    b->size = (2 * (n + 1) + 2 * bank) * sector;
    need(b->size <= BOARD_MAX, "too many sectors");
    b->sim = (struct alk_sim){
        .v = b->v, .a = b->a, .r = b->r, .size = b->size, .unit = unit, .ctx = b, .broken = broken};
    b->map.primary = area(b, 0, n + 1);
    b->map.secondary = area(b, n + 1, n + 1);
    b->map.journal = area(b, 2 * (n + 1), 2 * bank);
    b->map.demand.max_size = ALK_INSTALL_CAPACITY((n + 1) * sector, sector, unit);
    keyring_usual(&b->ring, policy);
    b->map.keys = b->ring.area;
    memset(b->v, 0xff, sizeof b->v);
    memset(b->a, 0xff, sizeof b->a);
    memset(b->r, 0xff, sizeof b->r);
}

void board_close(struct board *b)
{
    for (unsigned i = 0; i < b->images; i++) {
        alk_buf_free(&b->image[i].sent);
        alk_buf_free(&b->image[i].running);
    }
}

static void load_key(struct alk_hostkey *key, const char *name)
{
    struct alk_why why;
    char path[512];

    snprintf(path, sizeof path, "%s/keys/%s.pem", ALK_VECTORS, name);
    need(alk_key_load(key, path, NULL, &why) == ALK_OK, path);
}

/* The same image twice: as it is sent, and with its payload in the clear. */
static void build(struct board_image *im, enum board_image_kind kind, uint8_t major, const uint8_t *payload)
{
    for (int clear = 0; clear < 2; clear++) {
        char seed[32];
        struct alk_random random = {.seed = seed};
        struct alk_hostkey sign, device;
        struct alk_build how = {.hdr_size = HDR,
                                .pad_header = true,
                                .erased = 0xff,
                                .hash = -1,
                                .fixed_k = true,
                                .version = {.major = major},
                                .n_signers = 1,
                                .content_key_len = 16,
                                .clear = clear != 0,
                                .random = &random};
        struct alk_built out;
        struct alk_why why;

        snprintf(seed, sizeof seed, "board %u %u", major, im->payload);
        load_key(&sign, kind == BOARD_STRANGER ? "sign2-ecdsa-p256" : "sign-ecdsa-p256");
        load_key(&device, "enc-ecdsa-p256.pub");
        how.signers[0] = &sign;
        how.recipients[0] = &device;
        how.n_recipients = kind != BOARD_PLAIN;
        need(alk_build(&out, &how, payload, im->payload, &why) == ALK_OK, "alk_build");
        need(alk_buf_put(clear ? &im->running : &im->sent, out.image.data, out.image.len) != NULL, "memory");
        alk_built_free(&out);
        alk_key_free(&sign);
        alk_key_free(&device);
    }
}

unsigned board_make(struct board *b, enum board_image_kind kind, uint8_t major, uint32_t payload)
{
    struct board_image *im = &b->image[b->images];
    uint8_t *bytes = malloc(payload);
    uint32_t x = 12345u + 1000u * major + payload + b->images;

    need(b->images < BOARD_IMAGES && bytes != NULL, "too many images");
    for (uint32_t i = 0; i < payload; i++) {
        x = x * 1664525u + 1013904223u;
        bytes[i] = (uint8_t)(x >> 24);
    }
    im->hdr_size = HDR;
    im->payload = payload;
    build(im, kind, major, bytes);
    free(bytes);
    return ++b->images;
}

static void put(struct board *b, uint32_t at, const struct alk_buf *p)
{
    memcpy(b->v + at, p->data, p->len);
    memcpy(b->a + at, p->data, p->len);
    memcpy(b->r + at, p->data, p->len);
}

static uint32_t slot_bytes(const struct board *b)
{
    return (b->n + 1) * b->sector;
}

void board_burn(struct board *b, unsigned image)
{
    put(b, 0, &b->image[image - 1].running);
}

void board_upload(struct board *b, unsigned image, unsigned place, uint8_t request)
{
    for (uint32_t i = 0; i <= b->n; i++)
        need(alk_flash_erase(&b->map.secondary, i) == ALK_OK, "erase");
    put(b, slot_bytes(b) + place * b->sector, &b->image[image - 1].sent);
    if (request != 0)
        need(alk_mailbox_request(&b->map.secondary, request) == ALK_OK, "request");
}

unsigned board_boot(struct board *b)
{
    static uint8_t buf[512];
    struct alk_settle work;
    uint32_t vectors;

    memcpy(b->r, b->v, b->size);
    b->boot = (struct alk_boot){.map = &b->map, .buf = buf, .buf_len = 256};
    b->result = alk_boot_settle(&b->boot, &work);
    need(b->broken == 0, "a rule of flash.h was broken");
    if (b->result != ALK_OK || alk_gate_open(&vectors, &b->boot) != ALK_OK)
        return 0;
    return board_primary(b);
}

unsigned board_primary(const struct board *b)
{
    for (unsigned i = 0; i < b->images; i++)
        if (memcmp(b->v, b->image[i].running.data, b->image[i].running.len) == 0)
            return i + 1;
    return 0;
}

unsigned board_secondary(const struct board *b, unsigned place)
{
    uint32_t at = slot_bytes(b) + place * b->sector;

    for (unsigned i = 0; i < b->images; i++)
        if (memcmp(b->v + at, b->image[i].sent.data, b->image[i].sent.len) == 0)
            return i + 1;
    return 0;
}

uint32_t board_plaintext(const struct board *b)
{
    for (uint32_t at = slot_bytes(b); at + 8 <= b->size; at++)
        for (unsigned i = 0; i < b->images; i++) {
            const uint8_t *from = b->image[i].running.data + b->image[i].hdr_size;
            uint32_t pos = (at - slot_bytes(b)) % b->sector; /* sectors keep their inner offsets */

            for (; pos < b->image[i].hdr_size + b->image[i].payload; pos += b->sector)
                if (pos >= b->image[i].hdr_size && pos + 8 <= b->image[i].hdr_size + b->image[i].payload &&
                    memcmp(b->v + at, from + pos - b->image[i].hdr_size, 8) == 0)
                    return at;
        }
    return 0;
}
