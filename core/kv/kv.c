/* SPDX-License-Identifier: Apache-2.0 */
#include "airlock/kv.h"

#include <string.h>

#include "core/bytes.h"
#include "core/crc.h"

#define MAGIC 0x564b4c41u /* "ALKV" */

enum { HEAD = 12, FIXED = 8, GONE = 1, AT_FLAGS = 1, AT_LEN = 2, AT_CRC = 4, PIECE = 32 };

struct entry {
    uint32_t at; /* from the bank's start */
    uint8_t key_len, flags;
    uint16_t len;
    uint32_t size; /* in flash */
};

static uint32_t bank_size(const struct alk_kv *kv)
{
    return kv->area->sectors / 2u * kv->area->sector_size;
}

static uint32_t head_size(const struct alk_kv *kv)
{
    return alk_align_up(HEAD, kv->area->unit);
}

static int get(void *buf, const struct alk_kv *kv, unsigned bank, uint32_t at, size_t len)
{
    return alk_flash_read(buf, kv->area, bank * bank_size(kv) + at, len);
}

static int put(const struct alk_kv *kv, unsigned bank, uint32_t at, const void *p, size_t len)
{
    return alk_flash_prog(kv->area, bank * bank_size(kv) + at, p, len);
}

/* CRC of what follows the CRC field, from one bank, going on from crc. */
static int crc_of(uint32_t *crc, const struct alk_kv *kv, uint32_t at, uint32_t len)
{
    uint8_t piece[PIECE];
    uint32_t n;

    for (; len != 0; at += n, len -= n) {
        n = alk_min(len, sizeof piece);
        if (get(piece, kv, kv->bank, at, n) != ALK_OK)
            return ALK_E_FLASH;
        *crc = alk_crc32(*crc, piece, n);
    }
    return ALK_OK;
}

static bool is_blank(const struct alk_kv *kv, uint32_t at, uint32_t len)
{
    uint8_t piece[PIECE];
    uint32_t n, i;

    for (; len != 0; at += n, len -= n) {
        n = alk_min(len, sizeof piece);
        if (get(piece, kv, kv->bank, at, n) != ALK_OK)
            return false;
        for (i = 0; i < n; i++)
            if (piece[i] != 0xff)
                return false;
    }
    return true;
}

/* return: 1 - e is the entry at e->at; 0 - there is none */
static int load(struct entry *e, const struct alk_kv *kv)
{
    uint8_t h[FIXED];
    uint32_t size = bank_size(kv), crc;

    if (e->at > size || FIXED > size - e->at || get(h, kv, kv->bank, e->at, FIXED) != ALK_OK)
        return 0;
    e->key_len = h[0];
    e->flags = h[AT_FLAGS];
    e->len = alk_get16(h + AT_LEN);
    e->size = alk_align_up(FIXED + e->key_len + e->len, kv->area->unit);
    if (e->key_len == 0 || e->key_len > ALK_KV_KEY_MAX || e->len > ALK_KV_VALUE_MAX || e->flags > GONE ||
        e->size > size - e->at)
        return 0;
    crc = alk_crc32(kv->number, h, AT_CRC);
    return crc_of(&crc, kv, e->at + FIXED, e->key_len + e->len) == ALK_OK && crc == alk_get32(h + AT_CRC);
}

static bool is_key(const struct alk_kv *kv, const struct entry *e, const char *key, size_t key_len)
{
    char now[ALK_KV_KEY_MAX];

    return e->key_len == key_len && get(now, kv, kv->bank, e->at + FIXED, key_len) == ALK_OK &&
           memcmp(now, key, key_len) == 0;
}

/* The last entry of a key at or behind `from`.  return: is there one? */
static bool find(struct entry *last, const struct alk_kv *kv, uint32_t from, const char *key, size_t key_len)
{
    struct entry e = {.at = from};
    bool found = false;

    for (; e.at < kv->end && load(&e, kv) == 1; e.at += e.size) {
        if (!is_key(kv, &e, key, key_len))
            continue;
        *last = e;
        found = true;
    }
    return found;
}

static bool read_head(uint32_t *number, const struct alk_kv *kv, unsigned bank)
{
    uint8_t h[HEAD];

    if (get(h, kv, bank, 0, HEAD) != ALK_OK || alk_get32(h) != MAGIC ||
        alk_crc32(0, h, 8) != alk_get32(h + 8))
        return false;
    *number = alk_get32(h + 4);
    return true;
}

int alk_kv_open(struct alk_kv *kv, const struct alk_flash *area)
{
    struct entry e;
    uint32_t number;

    memset(kv, 0, sizeof *kv);
    kv->area = area;
    if (area->sectors < 2)
        return ALK_E_RANGE;
    for (unsigned bank = 0; bank < 2; bank++)
        if (read_head(&number, kv, bank) && (int32_t)(number - kv->number) > 0) {
            kv->number = number;
            kv->bank = (uint8_t)bank;
        }
    kv->end = head_size(kv);
    if (kv->number != 0)
        for (e.at = kv->end; load(&e, kv) == 1; e.at += e.size)
            kv->end = e.at + e.size;
    kv->stale = true;
    return ALK_OK;
}

int alk_kv_get(uint8_t *val, size_t cap, const struct alk_kv *kv, const char *key, size_t key_len)
{
    struct entry e;

    if (kv->number == 0 || key_len > ALK_KV_KEY_MAX || !find(&e, kv, head_size(kv), key, key_len) ||
        e.flags == GONE)
        return ALK_E_KEY;
    if (get(val, kv, kv->bank, e.at + FIXED + e.key_len, alk_min(e.len, (uint32_t)cap)) != ALK_OK)
        return ALK_E_KEY;
    return e.len;
}

/* A run of bytes into blank flash, in whole units. */
struct pen {
    const struct alk_kv *kv;
    uint32_t at;
    unsigned bank, fill;
    int err;
    uint8_t unit[ALK_MAX_UNIT];
};

static void pen_flush(struct pen *p)
{
    uint32_t unit = p->kv->area->unit;

    if (p->fill == 0)
        return;
    memset(p->unit + p->fill, 0xff, unit - p->fill);
    if (p->err == ALK_OK)
        p->err = put(p->kv, p->bank, p->at, p->unit, unit);
    p->at += unit;
    p->fill = 0;
}

static void pen_put(struct pen *p, const void *data, size_t len)
{
    const uint8_t *from = data;

    for (; len != 0; len--) {
        p->unit[p->fill++] = *from++;
        if (p->fill == p->kv->area->unit)
            pen_flush(p);
    }
}

static void pen_entry(struct pen *p, uint32_t number, const struct entry *e, const void *key, const void *val)
{
    uint8_t h[FIXED];
    uint32_t crc;

    h[0] = e->key_len;
    h[AT_FLAGS] = e->flags;
    alk_put16(h + AT_LEN, e->len);
    crc = alk_crc32(alk_crc32(number, h, AT_CRC), key, e->key_len);
    alk_put32(h + AT_CRC, alk_crc32(crc, val, e->len));
    pen_put(p, h, sizeof h);
    pen_put(p, key, e->key_len);
    pen_put(p, val, e->len);
    pen_flush(p);
}

/* One entry into the other bank, with that bank's number. */
static int copy(struct pen *p, const struct alk_kv *kv, const struct entry *e)
{
    uint8_t key[ALK_KV_KEY_MAX], val[ALK_KV_VALUE_MAX];

    if (get(key, kv, kv->bank, e->at + FIXED, e->key_len) != ALK_OK ||
        get(val, kv, kv->bank, e->at + FIXED + e->key_len, e->len) != ALK_OK)
        return ALK_E_FLASH;
    pen_entry(p, kv->number + 1u, e, key, val);
    return p->err;
}

static int erase_bank(const struct alk_kv *kv, unsigned bank)
{
    uint32_t n = kv->area->sectors / 2u, i;
    int err = ALK_OK;

    for (i = 0; i < n && err == ALK_OK; i++)
        err = alk_flash_erase(kv->area, bank * n + i);
    return err;
}

/* Is it the last word on its key, and not that it is gone? */
static bool lives(const struct alk_kv *kv, const struct entry *e)
{
    char key[ALK_KV_KEY_MAX];
    struct entry last;

    return e->flags != GONE && get(key, kv, kv->bank, e->at + FIXED, e->key_len) == ALK_OK &&
           find(&last, kv, e->at, key, e->key_len) && last.at == e->at;
}

static int put_head(const struct alk_kv *kv, unsigned bank, uint32_t number)
{
    struct pen p = {.kv = kv, .bank = bank};
    uint8_t h[HEAD];

    alk_put32(h, MAGIC);
    alk_put32(h + 4, number);
    alk_put32(h + 8, alk_crc32(0, h, 8));
    pen_put(&p, h, sizeof h);
    pen_flush(&p);
    return p.err;
}

/*
 * What lives (keep: anything at all) goes to the other bank, which then is in use.
 *
 * cuts:   the old bank or the new one
 */
static int turn(struct alk_kv *kv, bool keep)
{
    struct pen p = {.kv = kv, .at = head_size(kv), .bank = kv->bank ^ 1u};
    struct entry e = {.at = head_size(kv)};
    int err = kv->number == 0 ? ALK_OK : put_head(kv, kv->bank, kv->number); /* once more: it may be torn */

    if (err == ALK_OK)
        err = erase_bank(kv, p.bank);
    for (; keep && kv->number != 0 && err == ALK_OK && e.at < kv->end && load(&e, kv) == 1; e.at += e.size)
        if (lives(kv, &e))
            err = copy(&p, kv, &e);
    if (err == ALK_OK)
        err = put_head(kv, p.bank, kv->number + 1u);
    if (err != ALK_OK)
        return err;
    kv->number++;
    kv->bank = (uint8_t)p.bank;
    kv->end = p.at;
    kv->stale = false;
    return ALK_OK;
}

static int append(struct alk_kv *kv, const struct entry *e, const char *key, const uint8_t *val)
{
    struct pen p = {.kv = kv};
    struct entry back;
    int err = ALK_OK;

    if (kv->stale || e->size > bank_size(kv) - kv->end || !is_blank(kv, kv->end, e->size))
        err = turn(kv, true);
    if (err == ALK_OK && e->size > bank_size(kv) - kv->end)
        err = ALK_E_SIZE;
    if (err != ALK_OK)
        return err;
    p.bank = kv->bank;
    p.at = back.at = kv->end;
    pen_entry(&p, kv->number, e, key, val);
    if (p.err != ALK_OK || load(&back, kv) != 1) {
        kv->stale = true;
        return ALK_E_FLASH;
    }
    kv->end += e->size;
    return ALK_OK;
}

int alk_kv_set(struct alk_kv *kv, const char *key, size_t key_len, const uint8_t *val, size_t len)
{
    struct entry e = {.key_len = (uint8_t)key_len, .len = (uint16_t)len};

    if (key_len == 0 || key_len > ALK_KV_KEY_MAX || len > ALK_KV_VALUE_MAX)
        return ALK_E_SIZE;
    e.size = alk_align_up((uint32_t)(FIXED + key_len + len), kv->area->unit);
    return append(kv, &e, key, val);
}

int alk_kv_delete(struct alk_kv *kv, const char *key, size_t key_len)
{
    struct entry e = {.key_len = (uint8_t)key_len, .flags = GONE};
    uint8_t none[1];

    if (alk_kv_get(none, 0, kv, key, key_len) < 0)
        return ALK_E_KEY;
    e.size = alk_align_up((uint32_t)(FIXED + key_len), kv->area->unit);
    return append(kv, &e, key, none);
}

int alk_kv_clear(struct alk_kv *kv)
{
    return turn(kv, false);
}

int alk_kv_next(uint32_t *at, char *key, const struct alk_kv *kv)
{
    struct entry e = {.at = *at != 0 ? *at : head_size(kv)};

    for (; kv->number != 0 && e.at < kv->end && load(&e, kv) == 1; e.at += e.size) {
        if (!lives(kv, &e) || get(key, kv, kv->bank, e.at + FIXED, e.key_len) != ALK_OK)
            continue;
        *at = e.at + e.size;
        return e.key_len;
    }
    return 0;
}
