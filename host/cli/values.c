/* SPDX-License-Identifier: Apache-2.0 */
/* values.c - what a command asks of its parsed arguments, and how it answers. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "host/cli/parse.h"

const char *cli_verb(const struct cli *c)
{
    return c->cmd != NULL ? c->cmd->name : "";
}

const char *cli_get_nth(const struct cli *c, const char *name, size_t n)
{
    for (size_t i = 0; i < c->n_values; i++) {
        if (strcmp(c->values[i].opt->name, name) == 0 && n-- == 0) {
            return c->values[i].value;
        }
    }
    return NULL;
}

const char *cli_get(const struct cli *c, const char *name)
{
    const char *last = NULL;

    for (size_t i = 0; i < c->n_values; i++) {
        if (strcmp(c->values[i].opt->name, name) == 0) {
            last = c->values[i].value;
        }
    }
    return last;
}

bool cli_has(const struct cli *c, const char *name)
{
    return cli_get(c, name) != NULL;
}

size_t cli_operands(const struct cli *c)
{
    return c->n_operands;
}

const char *cli_operand(const struct cli *c, size_t i)
{
    return i < c->n_operands ? c->operands[i] : NULL;
}

bool cli_json(const struct cli *c)
{
    return cli_has(c, "json");
}

bool cli_color(const struct cli *c)
{
    const char *color = cli_get(c, "color");

    if (color != NULL && strcmp(color, "auto") != 0) {
        return strcmp(color, "always") == 0;
    }
    return isatty(STDERR_FILENO) && getenv("NO_COLOR") == NULL;
}

static bool parse_number(const char *text, unsigned long *out)
{
    char *end = NULL;
    unsigned long v, scale = 1;

    if (text[0] < '0' || text[0] > '9') {
        return false;
    }
    errno = 0;
    /* a leading zero is no octal sign here */
    v = strtoul(text, &end, text[0] == '0' && (text[1] == 'x' || text[1] == 'X') ? 16 : 10);
    if (*end == 'K' || *end == 'k' || *end == 'M') {
        scale = *end++ == 'M' ? 1024ul * 1024ul : 1024ul;
    }
    if (errno != 0 || *end != 0 || v > ~0ul / scale) {
        return false;
    }
    *out = v * scale;
    return true;
}

bool cli_number(const struct cli *c, const char *name, unsigned long *out)
{
    const char *text = cli_get(c, name);
    char what[80];

    if (text == NULL || parse_number(text, out)) {
        return true;
    }
    snprintf(what, sizeof what, "--%s", name);
    cli_fail(c, CLI_USAGE, what, "like 4096, 0x1000 or 4K", "\"%s\" is not a number", text);
    return false;
}

static void fail_json(const struct cli *c, int status, const char *what, const char *way_out, const char *why)
{
    json_t *e = json_pack("{s:{s:s, s:s*, s:s, s:s*, s:i}}", "error", "verb", cli_verb(c), "what", what,
                          "why", why, "way_out", way_out, "status", status);

    json_dumpf(e, stdout, JSON_COMPACT);
    putchar('\n');
    json_decref(e);
}

int cli_fail(const struct cli *c, int status, const char *what, const char *way_out, const char *why, ...)
{
    char text[1024];
    bool color = cli_color(c);
    va_list ap;

    va_start(ap, why);
    vsnprintf(text, sizeof text, why, ap);
    va_end(ap);
    if (cli_json(c)) {
        fail_json(c, status, what, way_out, text);
    }
    fflush(stdout);
    fprintf(stderr, "%sairlock%s%s%s: ", color ? "\033[31m" : "", c->cmd != NULL ? " " : "", cli_verb(c),
            color ? "\033[0m" : "");
    fprintf(stderr, "%s%s%s", what != NULL ? what : "", what != NULL ? ": " : "", text);
    if (way_out != NULL) {
        fprintf(stderr, " (%s)", way_out);
    }
    fputc('\n', stderr);
    return status;
}

void cli_say(const struct cli *c, const char *fmt, ...)
{
    va_list ap;

    if (cli_has(c, "quiet") || cli_json(c)) {
        return;
    }
    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    fputc('\n', stderr);
}
