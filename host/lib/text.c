/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "airlock/text.h"

/* A decimal number without leading zeros, up to max; NULL: none here. */
static const char *take_number(uint32_t *out, const char *p, uint32_t max)
{
    uint64_t v = 0;
    const char *start = p;

    while (*p >= '0' && *p <= '9' && v <= max) {
        v = v * 10 + (uint64_t)(*p++ - '0');
    }
    if (p == start || v > max || (*start == '0' && p != start + 1)) {
        return NULL;
    }
    *out = (uint32_t)v;
    return p;
}

static const char *take_version(struct alk_version *v, const char *p)
{
    static const uint32_t max[4] = {255, 255, 65535, UINT32_MAX};
    uint32_t part[4] = {0};

    for (int i = 0; i < 4; i++) {
        p = take_number(&part[i], p, max[i]);
        if (p == NULL || *p != (i < 2 ? '.' : '+')) {
            break;
        }
        p += i < 3;
        if (i == 3) {
            p = NULL;
        }
    }
    *v = (struct alk_version){(uint8_t)part[0], (uint8_t)part[1], (uint16_t)part[2], part[3]};
    return p;
}

bool alk_version_parse(struct alk_version *v, const char *text)
{
    const char *end = take_version(v, text);

    return end != NULL && *end == 0;
}

void alk_version_text(char out[ALK_VERSION_TEXT], const struct alk_version *v)
{
    int n = snprintf(out, ALK_VERSION_TEXT, "%u.%u.%u", v->major, v->minor, v->revision);

    if (v->build != 0) {
        snprintf(out + n, ALK_VERSION_TEXT - (size_t)n, "+%u", v->build);
    }
}

static int digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool uuid_hex(uint8_t uuid[16], const char *text)
{
    bool dashes = strlen(text) == 36;
    size_t n = 0;

    if (!dashes && strlen(text) != 32) {
        return false;
    }
    for (size_t i = 0; text[i] != 0; i++) {
        bool dash = dashes && (i == 8 || i == 13 || i == 18 || i == 23);

        if (dash ? text[i] != '-' : digit(text[i]) < 0) {
            return false;
        }
        if (!dash) {
            uuid[n / 2] = (uint8_t)(n % 2 == 0 ? digit(text[i]) << 4 : uuid[n / 2] | digit(text[i]));
            n++;
        }
    }
    return true;
}

bool alk_uuid_parse(uint8_t uuid[16], const char *text, const uint8_t name_space[16])
{
    static const uint8_t dns[16] = {0x6b, 0xa7, 0xb8, 0x10, 0x9d, 0xad, 0x11, 0xd1,
                                    0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8};
    uint8_t digest[20];
    struct alk_buf name = {0};
    bool ok;

    if (uuid_hex(uuid, text)) {
        return true;
    }
    alk_buf_put(&name, name_space != NULL ? name_space : dns, 16);
    alk_buf_put(&name, text, strlen(text));
    ok = text[0] != 0 && EVP_Digest(name.data, name.len, digest, NULL, EVP_sha1(), NULL) == 1;
    alk_buf_free(&name);
    memcpy(uuid, digest, 16);
    uuid[6] = (uint8_t)((uuid[6] & 0x0f) | 0x50);
    uuid[8] = (uint8_t)((uuid[8] & 0x3f) | 0x80);
    return ok;
}

void alk_uuid_text(char out[37], const uint8_t uuid[16])
{
    char hex[33];

    alk_hex_text(hex, uuid, 16);
    snprintf(out, 37, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16, hex + 20);
}

static const char *skip_blanks(const char *p)
{
    return p + strspn(p, " \t");
}

/* "(id, version)" */
static const char *take_depend(struct alk_dependency *d, const char *p)
{
    uint32_t id;

    if (*p != '(') {
        return NULL;
    }
    p = take_number(&id, skip_blanks(p + 1), 255);
    if (p == NULL || *skip_blanks(p) != ',') {
        return NULL;
    }
    d->image = (uint8_t)id;
    p = take_version(&d->min, skip_blanks(skip_blanks(p) + 1));
    return p != NULL && *skip_blanks(p) == ')' ? skip_blanks(p) + 1 : NULL;
}

bool alk_depends_parse(struct alk_build *b, const char *text)
{
    const char *p = skip_blanks(text);

    while (*p != 0) {
        if (b->n_depends == ALK_BUILD_MAX) {
            return false;
        }
        p = take_depend(&b->depends[b->n_depends++], p);
        if (p == NULL) {
            return false;
        }
        p = skip_blanks(p);
        p = skip_blanks(p + (*p == ',')); /* between two of them */
    }
    return b->n_depends > 0;
}

void alk_hex_text(char *out, const uint8_t *data, size_t len)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < len; i++) {
        *out++ = digits[data[i] >> 4];
        *out++ = digits[data[i] & 15];
    }
    *out = 0;
}

bool alk_hex_bytes(struct alk_buf *b, const char *text)
{
    for (; text[0] != 0; text += 2) {
        if (digit(text[0]) < 0 || digit(text[1]) < 0) {
            return false;
        }
        alk_buf_put8(b, (uint8_t)(digit(text[0]) << 4 | digit(text[1])));
    }
    return true;
}
