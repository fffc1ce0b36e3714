/* SPDX-License-Identifier: Apache-2.0 */
/* doctor_text.c - Kconfig-style and YAML files, line by line. */
#include <stdlib.h>
#include <string.h>

#include "host/lib/doctor_text.h"

#define BLANKS " \t\r\v\f"

bool alk_doctor_number(uint32_t *out, const char *text)
{
    char *end;
    unsigned long long v;

    if (*text < '0' || *text > '9') {
        return false;
    }
    v = strtoull(text, &end, strncmp(text, "0x", 2) == 0 ? 16 : 10);
    *out = (uint32_t)v;
    return *end == 0 && v <= UINT32_MAX;
}

static void trim_end(char *s)
{
    size_t n = strlen(s);

    while (n > 0 && strchr(BLANKS, s[n - 1]) != NULL) {
        s[--n] = 0;
    }
}

/* Cut the next line out; NULL: there is none. */
static char *next_line(char **at, const char *end)
{
    char *line = *at, *stop;

    if (line >= end) {
        return NULL;
    }
    stop = memchr(line, '\n', (size_t)(end - line));
    *at = stop != NULL ? stop + 1 : (char *)end;
    if (stop != NULL) {
        *stop = 0;
    }
    trim_end(line);
    return line;
}

static bool is_name(const char *s, size_t len)
{
    size_t n = strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

    return len > 0 && n >= len;
}

/* "# CONFIG_X is not set" */
static bool take_unset(struct alk_conf_line *l, char *s)
{
    char *end;

    s += 1 + strspn(s + 1, BLANKS);
    end = strstr(s, " is not set");
    if (end == NULL || end[11] != 0 || !is_name(s, (size_t)(end - s))) {
        return false;
    }
    *end = 0;
    l->kind = ALK_CONF_UNSET;
    l->name = s;
    l->value = "n";
    return true;
}

/* The text between quotes, backslash escapes undone as Kconfig does; false: no closing quote. */
static bool unquote(char *s)
{
    char *to = s;

    for (const char *p = s + 1; *p != 0; p++) {
        if (*p == '"') {
            *to = 0;
            return p[1] == 0 || p[1 + strspn(p + 1, BLANKS)] == '#';
        }
        p += *p == '\\' && p[1] != 0;
        *to++ = *p;
    }
    *to = 0;
    return false;
}

static void bad(struct alk_conf_line *l, char *s, const char *why)
{
    l->kind = ALK_CONF_BAD;
    l->name = s;
    l->value = why;
}

static void take_set(struct alk_conf_line *l, char *s)
{
    char *eq = strchr(s, '='), *value;

    if (eq == NULL || !is_name(s, strcspn(s, "= \t"))) {
        bad(l, s, "is no assignment CONFIG_NAME=value");
        return;
    }
    if (eq > s && strchr(BLANKS, eq[-1]) != NULL) {
        bad(l, s, "has a blank before the '=': Kconfig passes over the line");
        return;
    }
    *eq = 0;
    value = eq + 1;
    *l = (struct alk_conf_line){.kind = ALK_CONF_SET, .name = s, .line = l->line, .quoted = *value == '"'};
    l->value = value;
    if ((*value == 'y' || *value == 'n' || *value == 'm') && value[1] != 0 &&
        strchr(BLANKS, value[1]) != NULL) {
        value[1] = 0; /* of a bool Kconfig reads one letter */
    }
    if (strchr(BLANKS, *value) != NULL && *value != 0) {
        *eq = '=';
        bad(l, s, "has a blank behind the '=': Kconfig passes over the line");
    } else if (!l->quoted && strpbrk(value, BLANKS) != NULL) {
        *eq = '=';
        bad(l, s, "has text behind its value, which becomes a part of it");
    } else if (l->quoted && !unquote(value)) {
        bad(l, s, "has no closing quote, or text behind it");
    }
}

void alk_doctor_conf(char *text, size_t len, alk_conf_fn fn, void *ctx)
{
    const char *end = text + len;
    unsigned line = 0;

    for (char *s = next_line(&text, end); s != NULL; s = next_line(&text, end)) {
        struct alk_conf_line l = {.line = ++line};

        s += strspn(s, BLANKS);
        if (*s == '#' ? !take_unset(&l, s) : *s == 0) {
            continue;
        }
        if (l.name == NULL) {
            take_set(&l, s);
        }
        fn(ctx, &l);
    }
}

/* A comment begins at the line's start or behind a blank, outside quotes. */
static void cut_comment(char *s)
{
    char quote = 0;

    for (char *p = s; *p != 0; p++) {
        if (quote != 0) {
            quote = *p == quote ? 0 : quote;
        } else if (*p == '"' || *p == '\'') {
            quote = *p;
        } else if (*p == '#' && (p == s || strchr(BLANKS, p[-1]) != NULL)) {
            *p = 0;
            break;
        }
    }
    trim_end(s);
}

static char *bare(char *s)
{
    size_t n;

    s += strspn(s, BLANKS);
    trim_end(s);
    n = strlen(s);
    if (n >= 2 && (*s == '"' || *s == '\'') && s[n - 1] == *s) {
        s[n - 1] = 0;
        s++;
    }
    return s;
}

/* "key: value", "key:" or a bare word. */
static void split_pair(struct alk_yaml_line *l, char *s)
{
    char *colon = strchr(s, ':');

    while (colon != NULL && colon[1] != 0 && strchr(BLANKS, colon[1]) == NULL) {
        colon = strchr(colon + 1, ':');
    }
    if (colon == NULL) {
        l->key = "";
        l->value = bare(s);
        return;
    }
    *colon = 0;
    l->key = bare(s);
    l->value = bare(colon + 1);
}

/* {a: b, c: d}: as if each pair stood on a line of its own, deeper. */
static void flow(const struct alk_yaml_line *l, char *s, alk_yaml_fn fn, void *ctx)
{
    char *next, *close = strrchr(s, '}');

    if (close != NULL) {
        *close = 0;
    }
    for (s++; s != NULL; s = next) {
        struct alk_yaml_line inner = {.indent = l->indent + 2, .line = l->line};

        next = strchr(s, ',');
        if (next != NULL) {
            *next++ = 0;
        }
        split_pair(&inner, s);
        if (*inner.key != 0) {
            fn(ctx, &inner);
        }
    }
}

void alk_doctor_yaml(char *text, size_t len, alk_yaml_fn fn, void *ctx)
{
    const char *end = text + len;
    unsigned line = 0;

    for (char *s = next_line(&text, end); s != NULL; s = next_line(&text, end)) {
        struct alk_yaml_line l = {.line = ++line};

        cut_comment(s);
        l.indent = (unsigned)strspn(s, " ");
        s += l.indent;
        l.item = s[0] == '-' && (s[1] == ' ' || s[1] == 0);
        s += l.item ? 1 + strspn(s + 1, " ") : 0;
        if (*s == 0 || strcmp(s, "---") == 0) {
            continue;
        }
        split_pair(&l, s);
        if (*l.value == '{') {
            char *body = (char *)l.value;

            l.value = "";
            fn(ctx, &l);
            flow(&l, body, fn, ctx);
        } else {
            fn(ctx, &l);
        }
    }
}
