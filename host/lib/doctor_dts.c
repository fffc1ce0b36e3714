/* SPDX-License-Identifier: Apache-2.0 */
/* doctor_dts.c - just enough of devicetree: labels, reg, chosen. */
#include <string.h>

#include "host/lib/doctor_text.h"

#define DEPTH_MAX 32

struct reader {
    unsigned line;
    alk_dts_fn fn;
    void *ctx;
    const char *labels[DEPTH_MAX]; /* of the open nodes */
    bool chosen[DEPTH_MAX];
    unsigned depth;
};

/* Comments become blanks; line ends stay, so that lines can be counted. */
static void blank_comments(char *s, const char *end)
{
    while (s + 1 < end) {
        const char *stop = NULL;

        if (s[0] == '/' && s[1] == '*') {
            stop = memmem(s + 2, (size_t)(end - s - 2), "*/", 2);
            stop = stop != NULL ? stop + 2 : end;
        } else if (s[0] == '/' && s[1] == '/') {
            stop = memchr(s, '\n', (size_t)(end - s));
            stop = stop != NULL ? stop : end;
        }
        for (; stop != NULL && s < stop; s++) {
            *s = *s == '\n' ? '\n' : ' ';
        }
        s += stop == NULL;
    }
}

static char *skip_blanks(char *s)
{
    return s + strspn(s, " \t\r\n");
}

static void cut_word(char *s)
{
    s[strcspn(s, " \t\r\n;{}=<>")] = 0;
}

/* "label: name@addr" or "&label" before a brace. */
static const char *label_of(char *head)
{
    char *colon = strchr(head, ':');

    if (*head == '&') {
        cut_word(head + 1);
        return head + 1;
    }
    if (colon == NULL) {
        return "";
    }
    *colon = 0;
    cut_word(head);
    return head;
}

static void open_node(struct reader *r, char *head)
{
    bool chosen = strncmp(head, "chosen", 6) == 0 && *skip_blanks(head + 6) == 0;

    if (r->depth < DEPTH_MAX) {
        r->labels[r->depth] = label_of(head);
        r->chosen[r->depth] = chosen;
    }
    r->depth++;
}

/* A number, or DT_SIZE_K(n), DT_SIZE_M(n). */
static bool cell(uint32_t *out, char *word)
{
    uint32_t unit = strncmp(word, "DT_SIZE_K(", 10) == 0   ? 1024
                    : strncmp(word, "DT_SIZE_M(", 10) == 0 ? 1024 * 1024
                                                           : 1;

    if (unit > 1) {
        word += 10;
        word[strcspn(word, ")")] = 0;
    }
    if (!alk_doctor_number(out, word) || *out > UINT32_MAX / unit) {
        return false;
    }
    *out *= unit;
    return true;
}

/* The nearest node around the innermost one that has a label. */
static const char *around(const struct reader *r)
{
    for (unsigned i = r->depth - 1; i-- > 0;) {
        if (*r->labels[i] != 0) {
            return r->labels[i];
        }
    }
    return "";
}

static void take_reg(struct reader *r, char *value, const char *label)
{
    struct alk_dts_fact f = {.line = r->line, .name = label, .value = around(r)};
    char *words[3] = {NULL}, *save = NULL;
    size_t n = 0;

    for (char *w = strtok_r(value, " \t\r\n<>", &save); w != NULL && n < 3;
         w = strtok_r(NULL, " \t\r\n<>", &save)) {
        words[n++] = w;
    }
    if (n == 2 && cell(&f.addr, words[0]) && cell(&f.size, words[1])) {
        r->fn(r->ctx, &f);
    }
}

static void take_property(struct reader *r, char *text)
{
    char *eq = strchr(text, '='), *name = text, *value;
    unsigned at = r->depth - 1;

    if (eq == NULL || r->depth == 0 || r->depth > DEPTH_MAX) {
        return;
    }
    *eq = 0;
    value = skip_blanks(eq + 1);
    cut_word(name);
    if (r->chosen[at] && *value == '&') {
        struct alk_dts_fact f = {.line = r->line, .chosen = true, .name = name, .value = value + 1};

        cut_word(value + 1);
        r->fn(r->ctx, &f);
    } else if (strcmp(name, "reg") == 0 && *r->labels[at] != 0) {
        take_reg(r, value, r->labels[at]);
    }
}

static unsigned newlines(const char *from, const char *to)
{
    unsigned n = 0;

    for (; from < to; from++) {
        n += *from == '\n';
    }
    return n;
}

/* One piece of text that ends in a brace or semicolon. */
static void take_piece(struct reader *r, char *head, char *stop)
{
    char mark = *stop, *first;
    unsigned after = r->line + newlines(head, stop);

    *stop = 0;
    first = skip_blanks(head);
    r->line += newlines(head, first);
    if (mark == '{') {
        open_node(r, first);
    } else if (mark == ';') {
        take_property(r, first);
    } else {
        r->depth -= r->depth > 0;
    }
    r->line = after;
}

void alk_doctor_dts(char *text, size_t len, alk_dts_fn fn, void *ctx)
{
    struct reader r = {.line = 1, .fn = fn, .ctx = ctx};
    const char *end = text + strnlen(text, len);

    blank_comments(text, end);
    while (text < end) {
        char *stop = text + strcspn(text, "{};");

        if (stop >= end) {
            return;
        }
        take_piece(&r, text, stop);
        text = stop + 1;
    }
}
