/* SPDX-License-Identifier: Apache-2.0 */
/* hex_text.c - Intel HEX lines: ":" count address type data checksum. */
#include <string.h>

#include "airlock/hexfile.h"
#include "core/bytes.h"

enum record { REC_DATA, REC_END, REC_SEGMENT, REC_START_SEGMENT, REC_LINEAR, REC_START_LINEAR };

struct reader {
    const uint8_t *p, *end;
    unsigned line;
    uint32_t base;
    bool ended;
};

static int digit(uint8_t c)
{
    static const char digits[] = "0123456789abcdef";
    const char *d = c != 0 ? strchr(digits, c >= 'A' && c <= 'F' ? c + 32 : c) : NULL;

    return d != NULL ? (int)(d - digits) : -1;
}

/* The bytes of one line (its colon is read already) into raw; return: how many, -1: malformed. */
static int read_line(uint8_t raw[260], struct reader *r)
{
    int n = 0;

    while (r->p < r->end && *r->p != '\r' && *r->p != '\n') {
        int hi = digit(r->p[0]), lo = r->end - r->p > 1 ? digit(r->p[1]) : -1;

        if (hi < 0 || lo < 0 || n >= 260) {
            return -1;
        }
        raw[n++] = (uint8_t)(hi << 4 | lo);
        r->p += 2;
    }
    return n;
}

static bool line_holds(const uint8_t *raw, int n)
{
    uint8_t sum = 0;

    for (int i = 0; i < n; i++) {
        sum = (uint8_t)(sum + raw[i]);
    }
    return n >= 5 && raw[0] == n - 5 && sum == 0;
}

static int take_record(struct alk_hex *h, struct reader *r, const uint8_t *raw, struct alk_why *why)
{
    size_t len = raw[0];
    uint32_t addr = alk_get16be(raw + 1);
    const uint8_t *data = raw + 4;
    int e = ALK_OK;

    if (raw[3] == REC_DATA) {
        if (len > 0x10000 - addr) {
            return alk_why(why, ALK_E_FORMAT, "line %u: data passes a 64 KiB border", r->line);
        }
        e = alk_hex_add(h, r->base + addr, data, len);
    } else if (raw[3] == REC_END && len == 0) {
        r->ended = true;
    } else if (raw[3] == REC_SEGMENT && len == 2) {
        r->base = (uint32_t)alk_get16be(data) << 4;
    } else if (raw[3] == REC_LINEAR && len == 2) {
        r->base = (uint32_t)alk_get16be(data) << 16;
    } else if (raw[3] == REC_START_LINEAR && len == 4) {
        h->start = (uint32_t)alk_get16be(data) << 16 | alk_get16be(data + 2);
        h->has_start = true;
    } else if (raw[3] != REC_START_SEGMENT || len != 4) {
        return alk_why(why, ALK_E_FORMAT, "line %u: no record of Intel HEX", r->line);
    }
    if (e == ALK_E_STATE) {
        return alk_why(why, ALK_E_FORMAT, "line %u: address 0x%x has data already", r->line, r->base + addr);
    }
    return e == ALK_OK ? e : alk_why(why, e, "line %u: cannot be taken", r->line);
}

static int parse_line(struct alk_hex *h, struct reader *r, struct alk_why *why)
{
    uint8_t raw[260];
    int n;

    if (*r->p != ':') {
        return alk_why(why, ALK_E_FORMAT, "line %u: no line of Intel HEX", r->line);
    }
    if (r->ended) {
        return alk_why(why, ALK_E_FORMAT, "line %u: stands behind the end record", r->line);
    }
    r->p++;
    n = read_line(raw, r);
    if (n < 0 || !line_holds(raw, n)) {
        return alk_why(why, ALK_E_FORMAT, "line %u: damaged (length or checksum)", r->line);
    }
    return take_record(h, r, raw, why);
}

int alk_hex_parse(struct alk_hex *h, const uint8_t *text, size_t len, struct alk_why *why)
{
    struct reader r = {.p = text, .end = text + len, .line = 1};
    int e = ALK_OK;

    while (e == ALK_OK && r.p < r.end) {
        if (*r.p == '\n') {
            r.line++;
            r.p++;
        } else if (*r.p == '\r' || *r.p == ' ' || *r.p == '\t') {
            r.p++;
        } else {
            e = parse_line(h, &r, why);
        }
    }
    if (e == ALK_OK && !r.ended) {
        e = alk_why(why, ALK_E_FORMAT, "ends without an end record (cut short?)");
    }
    if (e != ALK_OK) {
        alk_hex_free(h);
    }
    return e;
}

static void put_record(struct alk_buf *out, uint8_t type, uint16_t addr, const uint8_t *data, size_t len)
{
    static const char digits[] = "0123456789ABCDEF";
    uint8_t raw[5 + 16] = {(uint8_t)len, (uint8_t)(addr >> 8), (uint8_t)addr, type};
    char text[2 * sizeof raw + 2], *p = text;
    uint8_t sum = 0;

    memcpy(raw + 4, data, len);
    for (size_t i = 0; i < len + 4; i++) {
        sum = (uint8_t)(sum + raw[i]);
    }
    raw[len + 4] = (uint8_t)-sum;
    *p++ = ':';
    for (size_t i = 0; i < len + 5; i++) {
        *p++ = digits[raw[i] >> 4];
        *p++ = digits[raw[i] & 15];
    }
    *p++ = '\n';
    alk_buf_put(out, text, (size_t)(p - text));
}

static void put_span(struct alk_buf *out, uint32_t *base, const struct alk_span *s)
{
    size_t n;

    for (size_t off = 0; off < s->bytes.len; off += n) {
        uint32_t addr = s->addr + (uint32_t)off;
        uint8_t high[2] = {(uint8_t)(addr >> 24), (uint8_t)(addr >> 16)};

        if (addr >> 16 != *base) {
            *base = addr >> 16;
            put_record(out, REC_LINEAR, 0, high, 2);
        }
        n = 16 - addr % 16; /* lines begin at multiples of 16 */
        n = n < s->bytes.len - off ? n : s->bytes.len - off;
        put_record(out, REC_DATA, (uint16_t)addr, s->bytes.data + off, n);
    }
}

void alk_hex_format(struct alk_buf *out, const struct alk_hex *h)
{
    uint32_t base = 0;

    for (size_t i = 0; i < h->n; i++) {
        put_span(out, &base, &h->spans[i]);
    }
    if (h->has_start) {
        uint8_t start[4] = {(uint8_t)(h->start >> 24), (uint8_t)(h->start >> 16), (uint8_t)(h->start >> 8),
                            (uint8_t)h->start};

        put_record(out, REC_START_LINEAR, 0, start, 4);
    }
    put_record(out, REC_END, 0, (const uint8_t *)"", 0);
}
