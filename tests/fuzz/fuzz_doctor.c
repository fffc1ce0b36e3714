/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libFuzzer target: any bytes as .conf, .yml and .overlay.  Claims: reading
 * ends; names and values lie inside the text, end in a NUL, and their lines
 * rise and are no more than the text has.
 */
#include <stdlib.h>
#include <string.h>

#include "host/lib/doctor_text.h"

#include "host/lib/doctor_dts.c"
#include "host/lib/doctor_text.c"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct text {
    char *from, *to; /* to: the NUL behind it */
    unsigned lines, last;
};

static void inside(const struct text *t, const char *s)
{
    if (s[0] == 0) /* may be a literal "" */
        return;
    if (s < t->from || s >= t->to || memchr(s, 0, (size_t)(t->to - s) + 1) == NULL)
        abort();
}

static void line(struct text *t, unsigned n)
{
    if (n < t->last || n == 0 || n > t->lines)
        abort();
    t->last = n;
}

static void conf(void *ctx, const struct alk_conf_line *l)
{
    line(ctx, l->line);
    inside(ctx, l->name);
    if (l->kind == ALK_CONF_SET)
        inside(ctx, l->value);
    else if (strlen(l->value) == 0)
        abort();
}

static void yaml(void *ctx, const struct alk_yaml_line *l)
{
    line(ctx, l->line);
    inside(ctx, l->key);
    inside(ctx, l->value);
}

static void dts(void *ctx, const struct alk_dts_fact *f)
{
    struct text *t = ctx;

    line(t, f->line);
    inside(t, f->name);
    inside(t, f->value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    for (int kind = 0; kind < 3; kind++) {
        struct text t = {.from = malloc(size + 1), .lines = 1};

        if (t.from == NULL)
            return 0;
        memcpy(t.from, data, size);
        t.to = t.from + size;
        *t.to = 0;
        for (size_t i = 0; i < size; i++)
            t.lines += data[i] == '\n';
        if (kind == 0)
            alk_doctor_conf(t.from, size, conf, &t);
        else if (kind == 1)
            alk_doctor_yaml(t.from, size, yaml, &t);
        else
            alk_doctor_dts(t.from, size, dts, &t);
        free(t.from);
    }
    return 0;
}
