/* SPDX-License-Identifier: Apache-2.0 */
/* hex.c - the spans of a struct alk_hex; hex_text.c and elf.c fill it. */
#include <stdlib.h>
#include <string.h>

#include "airlock/file.h"
#include "airlock/hexfile.h"

#define ADDRESS_END ((uint64_t)1 << 32)

static uint64_t span_end(const struct alk_span *s)
{
    return (uint64_t)s->addr + s->bytes.len;
}

/* Index of the first span that ends behind addr. */
static size_t find(const struct alk_hex *h, uint64_t addr)
{
    size_t lo = 0, hi = h->n;

    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;

        if (span_end(&h->spans[mid]) > addr) {
            hi = mid;
        } else {
            lo = mid + 1;
        }
    }
    return lo;
}

static int insert_span(struct alk_hex *h, size_t at, uint32_t addr, const uint8_t *data, size_t len)
{
    struct alk_span *spans = realloc(h->spans, (h->n + 1) * sizeof *spans);

    if (spans == NULL) {
        return ALK_E_MEMORY;
    }
    h->spans = spans;
    memmove(spans + at + 1, spans + at, (h->n - at) * sizeof *spans);
    spans[at] = (struct alk_span){.addr = addr};
    h->n++;
    return alk_buf_put(&spans[at].bytes, data, len) != NULL ? ALK_OK : ALK_E_MEMORY;
}

static void remove_span(struct alk_hex *h, size_t at)
{
    alk_buf_free(&h->spans[at].bytes);
    memmove(h->spans + at, h->spans + at + 1, (h->n - at - 1) * sizeof *h->spans);
    h->n--;
}

/* Span `at` may now touch the next one: make them one. */
static int join_next(struct alk_hex *h, size_t at)
{
    struct alk_span *s = h->spans + at;

    if (at + 1 >= h->n || span_end(s) != s[1].addr) {
        return ALK_OK;
    }
    if (alk_buf_put(&s->bytes, s[1].bytes.data, s[1].bytes.len) == NULL) {
        return ALK_E_MEMORY;
    }
    remove_span(h, at + 1);
    return ALK_OK;
}

/* A plain file as the only span, without copying it. */
static int take_binary(struct alk_hex *h, uint32_t base, struct alk_buf *file)
{
    if (file->len > ADDRESS_END - base) {
        return ALK_E_RANGE;
    }
    h->spans = file->len > 0 ? calloc(1, sizeof *h->spans) : NULL;
    if (h->spans == NULL) {
        return file->len > 0 ? ALK_E_MEMORY : ALK_OK;
    }
    h->spans[0] = (struct alk_span){.addr = base, .bytes = *file};
    h->n = 1;
    *file = (struct alk_buf){0};
    return ALK_OK;
}

int alk_hex_add(struct alk_hex *h, uint32_t addr, const uint8_t *data, size_t len)
{
    size_t i = find(h, addr);

    if (len > ADDRESS_END - addr) {
        return ALK_E_RANGE;
    }
    if (len == 0) {
        return ALK_OK;
    }
    if (i < h->n && h->spans[i].addr < addr + (uint64_t)len) {
        return ALK_E_STATE;
    }
    if (i > 0 && span_end(&h->spans[i - 1]) == addr) {
        i--;
        if (alk_buf_put(&h->spans[i].bytes, data, len) == NULL) {
            return ALK_E_MEMORY;
        }
    } else {
        int e = insert_span(h, i, addr, data, len);

        if (e != ALK_OK) {
            return e;
        }
    }
    return join_next(h, i);
}

int alk_hex_cut(struct alk_hex *h, uint32_t addr, uint32_t len)
{
    uint64_t end = (uint64_t)addr + len;
    size_t i;

    for (i = find(h, addr); i < h->n && h->spans[i].addr < end; i = find(h, addr)) {
        struct alk_span *s = h->spans + i;
        size_t before = s->addr < addr ? addr - s->addr : 0;
        int e = ALK_OK;

        if (span_end(s) > end) {
            size_t skip = (size_t)(end - s->addr);

            e = insert_span(h, i + 1, (uint32_t)end, s->bytes.data + skip, s->bytes.len - skip);
        }
        if (e != ALK_OK) {
            return e;
        }
        h->spans[i].bytes.len = before;
        if (before == 0) {
            remove_span(h, i);
        }
    }
    return ALK_OK;
}

int alk_hex_put(struct alk_hex *h, uint32_t addr, const uint8_t *data, size_t len)
{
    int e;

    if (len > ADDRESS_END - addr) {
        return ALK_E_RANGE;
    }
    e = alk_hex_cut(h, addr, (uint32_t)len);
    return e == ALK_OK ? alk_hex_add(h, addr, data, len) : e;
}

size_t alk_hex_read(uint8_t *out, const struct alk_hex *h, uint32_t addr, size_t len)
{
    uint64_t end = (uint64_t)addr + len;
    size_t found = 0;

    memset(out, 0xff, len);
    for (size_t i = find(h, addr); i < h->n && h->spans[i].addr < end; i++) {
        const struct alk_span *s = h->spans + i;
        uint64_t from = s->addr > addr ? s->addr : addr;
        uint64_t to = span_end(s) < end ? span_end(s) : end;

        memcpy(out + (from - addr), s->bytes.data + (from - s->addr), (size_t)(to - from));
        found += (size_t)(to - from);
    }
    return found;
}

uint32_t alk_hex_first(const struct alk_hex *h)
{
    return h->n > 0 ? h->spans[0].addr : 0;
}

uint64_t alk_hex_end(const struct alk_hex *h)
{
    return h->n > 0 ? span_end(&h->spans[h->n - 1]) : 0;
}

void alk_hex_free(struct alk_hex *h)
{
    for (size_t i = 0; i < h->n; i++) {
        alk_buf_free(&h->spans[i].bytes);
    }
    free(h->spans);
    *h = (struct alk_hex){0};
}

/* What a name does not tell, the first bytes do: ":" and a record's head of hex digits, or ELF's magic. */
static bool looks_like_hex(const struct alk_buf *b)
{
    for (size_t i = 1; i < 11; i++) {
        if (b->len < 11 || b->data[i] == 0 || strchr("0123456789abcdefABCDEF", b->data[i]) == NULL) {
            return false;
        }
    }
    return b->data[0] == ':';
}

int alk_hex_load(struct alk_hex *h, bool *is_bin, const char *path, uint32_t base, struct alk_why *why)
{
    struct alk_buf file = {0};
    bool bin = alk_file_suffix(path, ".bin"), hex, elf;
    int e = alk_file_read(&file, path, why);

    hex = alk_file_suffix(path, ".hex") || (e == ALK_OK && !bin && looks_like_hex(&file));
    elf = e == ALK_OK && !bin && !hex && file.len >= 4 && memcmp(file.data, "\177ELF", 4) == 0;
    if (is_bin != NULL) {
        *is_bin = !hex && !elf;
    }
    if (e == ALK_OK && hex) {
        e = alk_hex_parse(h, file.data, file.len, why);
    } else if (e == ALK_OK && elf) {
        e = alk_elf_parse(h, file.data, file.len, why);
    } else if (e == ALK_OK) {
        e = take_binary(h, base, &file);
    }
    if (e == ALK_OK && h->n == 0) {
        e = alk_why(why, ALK_E_FORMAT, "is empty");
    }
    if (e == ALK_E_RANGE) {
        e = alk_why(why, ALK_E_RANGE, "does not fit 32-bit addresses");
    }
    alk_buf_free(&file);
    return e;
}
