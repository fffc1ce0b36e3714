/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define FORMS (1u << 22)

static struct form {
    uint8_t *bytes; /* v, then a */
    uint32_t len;
} * forms;
static uint32_t *form_set, form_count;

static struct content *contents;
static uint32_t *content_set, content_count;

/* Zeroed, and only the pages that are used. */
static void *room(size_t count, size_t size)
{
    void *p = mmap(NULL, count * size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
                   -1, 0);

    if (p == MAP_FAILED) {
        fprintf(stderr, "store: no memory\n");
        exit(2);
    }
    return p;
}

void store_open(void)
{
    forms = room(FORMS, sizeof *forms);
    form_set = room(2 * FORMS, sizeof *form_set);
    contents = room(STORE_MAX, sizeof *contents);
    content_set = room(2 * STORE_MAX, sizeof *content_set);
}

static uint64_t mix(uint64_t h, const void *p, size_t len)
{
    const uint8_t *b = p;
    uint64_t x;

    for (; len >= 4; len -= 4, b += 4) {
        x = 0;
        memcpy(&x, b, 4);
        h = (h ^ x) * 0x9e3779b97f4a7c15u;
        h ^= h >> 29;
    }
    return h;
}

static void full(const char *what)
{
    fprintf(stderr, "store: more %s than room\n", what);
    exit(2);
}

uint32_t store_form(const uint8_t *v, const uint8_t *a, uint32_t len)
{
    uint64_t at = mix(mix(len, v, len), a, len) >> 8;
    struct form *f;

    for (at %= 2 * FORMS; form_set[at] != 0; at = (at + 1) % (2 * FORMS)) {
        f = &forms[form_set[at]];
        if (f->len == len && memcmp(f->bytes, v, len) == 0 && memcmp(f->bytes + len, a, len) == 0)
            return form_set[at];
    }
    if (form_count + 1 == FORMS)
        full("forms");
    form_set[at] = ++form_count;
    f = &forms[form_count];
    f->len = len;
    f->bytes = malloc(2 * len);
    if (f->bytes == NULL)
        full("bytes");
    memcpy(f->bytes, v, len);
    memcpy(f->bytes + len, a, len);
    return form_count;
}

void store_bytes(uint8_t *v, uint8_t *a, uint32_t form)
{
    memcpy(v, forms[form].bytes, forms[form].len);
    memcpy(a, forms[form].bytes + forms[form].len, forms[form].len);
}

bool store_add(const struct content *c, unsigned regions)
{
    uint64_t at = mix(mix(7, c->form, regions * sizeof c->form[0]), &c->g, sizeof c->g) >> 8;

    for (at %= 2 * STORE_MAX; content_set[at] != 0; at = (at + 1) % (2 * STORE_MAX)) {
        const struct content *have = &contents[content_set[at] - 1];

        if (memcmp(have->form, c->form, regions * sizeof c->form[0]) == 0 &&
            memcmp(&have->g, &c->g, sizeof c->g) == 0)
            return false;
    }
    if (content_count == STORE_MAX)
        full("contents");
    contents[content_count++] = *c;
    content_set[at] = content_count;
    return true;
}

uint32_t store_count(void)
{
    return content_count;
}

uint32_t store_forms(void)
{
    return form_count;
}

const struct content *store_get(uint32_t i)
{
    return &contents[i];
}
