/* SPDX-License-Identifier: Apache-2.0 */
#include "airlock/cbor.h"

#define INDEFINITE 31u
#define BREAK      0xffu

static size_t left(const struct alk_cbor *c)
{
    return (size_t)(c->end - c->p);
}

/* The value after an initial byte; one of more than 32 bits is refused. */
static int argument(uint32_t *value, struct alk_cbor *c, uint8_t info)
{
    size_t n;

    *value = info;
    if (info < 24)
        return ALK_OK;
    n = (size_t)1 << (info - 24);
    if (info > 27 || n > left(c))
        return ALK_E_FORMAT;
    for (*value = 0; n != 0; n--) {
        if (*value >> 24 != 0)
            return ALK_E_FORMAT;
        *value = *value << 8 | *c->p++;
    }
    return ALK_OK;
}

static int simple(struct alk_cbor_item *it, uint8_t info)
{
    it->type = info == 22 ? ALK_CBOR_NULL : ALK_CBOR_BOOL;
    it->value = info == 21;
    return info >= 20 && info <= 22 ? 1 : ALK_E_FORMAT;
}

static int string(struct alk_cbor_item *it, struct alk_cbor *c, uint32_t len)
{
    if (len > left(c))
        return ALK_E_FORMAT;
    it->data = c->p;
    it->len = len;
    c->p += len;
    return 1;
}

static int item(struct alk_cbor_item *it, struct alk_cbor *c, unsigned depth);

/* in: count - items to come; endless: up to a break */
static int nested(struct alk_cbor_item *it, struct alk_cbor *c, uint32_t count, bool endless, unsigned depth)
{
    const uint8_t *start = c->p;
    uint8_t type = it->type;
    uint32_t n = 0;

    while (endless ? left(c) == 0 || *c->p != BREAK : n < count) {
        if (item(it, c, depth) < 0)
            return ALK_E_FORMAT;
        n++;
    }
    if (type == ALK_CBOR_MAP && (n & 1u) != 0)
        return ALK_E_FORMAT;
    it->type = type;
    it->in.p = start;
    it->in.end = c->p;
    c->p += endless;
    return 1;
}

static int item(struct alk_cbor_item *it, struct alk_cbor *c, unsigned depth)
{
    uint8_t info;
    bool endless;

    if (depth == 0 || left(c) == 0)
        return ALK_E_FORMAT;
    it->type = *c->p >> 5;
    info = *c->p++ & 31u;
    if (it->type == 7)
        return simple(it, info);
    endless = info == INDEFINITE && (it->type == ALK_CBOR_ARRAY || it->type == ALK_CBOR_MAP);
    if (!endless && argument(&it->value, c, info) != ALK_OK)
        return ALK_E_FORMAT;
    if (it->type <= ALK_CBOR_NINT)
        return 1;
    if (it->type <= ALK_CBOR_TEXT)
        return string(it, c, it->value);
    if (it->type > ALK_CBOR_MAP || (!endless && it->value > left(c)))
        return ALK_E_FORMAT;
    return nested(it, c, it->value << (it->type == ALK_CBOR_MAP), endless, depth - 1);
}

int alk_cbor_next(struct alk_cbor_item *it, struct alk_cbor *c)
{
    return left(c) == 0 ? 0 : item(it, c, ALK_CBOR_DEPTH + 1);
}

static bool is_key(const struct alk_cbor_item *it, const char *key)
{
    uint32_t i;

    for (i = 0; i < it->len; i++)
        if (key[i] == '\0' || (uint8_t)key[i] != it->data[i])
            return false;
    return key[i] == '\0';
}

int alk_cbor_find(struct alk_cbor_item *it, const struct alk_cbor *map, const char *key)
{
    struct alk_cbor c = *map;
    struct alk_cbor_item entry;
    bool wanted;
    int found = 0, r;

    while ((r = alk_cbor_next(&entry, &c)) > 0) {
        if (entry.type != ALK_CBOR_TEXT)
            return ALK_E_FORMAT;
        wanted = is_key(&entry, key);
        if (alk_cbor_next(&entry, &c) <= 0 || (wanted && found != 0))
            return ALK_E_FORMAT;
        if (wanted) {
            *it = entry;
            found = 1;
        }
    }
    return r < 0 ? r : found;
}
