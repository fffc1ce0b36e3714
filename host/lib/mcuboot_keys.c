/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>

#include "airlock/mcuboot_keys.h"

/* A SEQUENCE's whole length by its head; 0: no head of a length a key can have. */
static size_t sequence_length(const uint8_t *p, size_t room)
{
    size_t n = 0;

    if (room < 16 || p[0] != 0x30) {
        return 0;
    }
    if (p[1] < 0x80) {
        n = p[1] + 2u;
    } else if (p[1] == 0x81) {
        n = p[2] + 3u;
    } else if (p[1] == 0x82) {
        n = (size_t)(p[2] << 8 | p[3]) + 4;
    }
    return n >= 40 && n <= room && n <= 2500 ? n : 0;
}

/* What the structures that hold keys begin with, behind their head. */
static bool looks_like_key(const uint8_t *p)
{
    static const struct {
        uint8_t bytes[5], len;
    } begins[] = {
        {{0x30, 0x13, 0x06, 0x07, 0x2a}, 5}, /* SPKI, EC P-256 */
        {{0x30, 0x10, 0x06, 0x07, 0x2a}, 5}, /* SPKI, EC P-384 */
        {{0x30, 0x05, 0x06, 0x03, 0x2b}, 5}, /* SPKI, Ed25519, X25519 */
        {{0x02, 0x82, 0x01}, 3},             /* PKCS#1, public */
        {{0x02, 0x01, 0x00}, 3},             /* PKCS#8, PKCS#1 */
        {{0x02, 0x01, 0x01, 0x04}, 4},       /* SEC1 */
    };
    const uint8_t *body = p + (p[1] < 0x80 ? 2 : p[1] == 0x81 ? 3 : 4);

    for (size_t i = 0; i < sizeof begins / sizeof begins[0]; i++) {
        if (memcmp(body, begins[i].bytes, begins[i].len) == 0) {
            return true;
        }
    }
    return false;
}

static void try_key(struct alk_found_keys *found, const uint8_t *p, size_t room, uint32_t addr)
{
    struct alk_found_key *slot = &found->at[found->n];
    size_t len = sequence_length(p, room);
    struct alk_why why;

    if (len == 0 || found->n == ALK_FOUND_MAX || !looks_like_key(p) ||
        alk_key_parse(&slot->key, p, len, NULL, &why) != ALK_OK) {
        return;
    }
    for (size_t i = 0; i < found->n; i++) {
        if (alk_key_same(&found->at[i].key, &slot->key) &&
            found->at[i].key.is_private == slot->key.is_private) {
            alk_key_free(&slot->key);
            return;
        }
    }
    slot->addr = addr;
    found->n++;
}

/* "Booting MCUboot v2.1.0-rc1" */
static void find_version(struct alk_found_keys *found, const struct alk_buf *b)
{
    static const char words[] = "Booting MCUboot ";
    const char *at = memmem(b->data, b->len, words, sizeof words - 1), *end = (const char *)b->data + b->len;
    size_t n = 0;

    if (at == NULL) {
        return;
    }
    for (at += sizeof words - 1; at < end && n + 1 < sizeof found->version && isgraph((unsigned char)*at);
         at++) {
        found->version[n++] = *at;
    }
    found->version[n] = 0;
}

static void find_keys(struct alk_found_keys *found, const struct alk_span *s)
{
    for (size_t off = 0; off < s->bytes.len; off++) {
        if (s->bytes.data[off] == 0x30) {
            try_key(found, s->bytes.data + off, s->bytes.len - off, s->addr + (uint32_t)off);
        }
    }
}

void alk_keys_search(struct alk_found_keys *found, const struct alk_hex *h)
{
    *found = (struct alk_found_keys){0};
    for (size_t i = 0; i < h->n; i++) {
        find_keys(found, &h->spans[i]);
        find_version(found, &h->spans[i].bytes);
    }
}

void alk_found_keys_free(struct alk_found_keys *found)
{
    for (size_t i = 0; i < found->n; i++) {
        alk_key_free(&found->at[i].key);
    }
    found->n = 0;
}
