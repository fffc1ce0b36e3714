/* SPDX-License-Identifier: Apache-2.0 */
/* help.c - --help and guesses, from the command rows. */
#include <stdio.h>
#include <string.h>

#include "host/cli/parse.h"

#define HELP_WIDTH  88
#define HELP_COLUMN 30

/* Print text wrapped, further lines indented; the cursor stands at column `at`. */
static void put_wrapped(const char *text, size_t at, size_t indent)
{
    while (*text != 0) {
        size_t word = strcspn(text, " \n");

        if (at + word > HELP_WIDTH && at > indent) {
            printf("\n%*s", (int)indent, "");
            at = indent;
        }
        printf("%.*s", (int)word, text);
        at += word;
        text += word;
        if (*text == '\n') {
            printf("\n%*s", (int)indent, "");
            at = indent;
        } else if (*text != 0) {
            putchar(' ');
            at++;
        }
        text += *text != 0;
    }
    putchar('\n');
}

static void put_option(const struct cli_opt *o)
{
    char head[100];
    int len;

    if (o->letter != 0) {
        len = snprintf(head, sizeof head, "  -%c, --%s", o->letter, o->name);
    } else {
        len = snprintf(head, sizeof head, "      --%s", o->name);
    }
    if (o->arg != NULL) {
        len += snprintf(head + len, sizeof head - (size_t)len, " %s", o->arg);
    }
    printf("%s", head);
    if (len > HELP_COLUMN - 2) {
        printf("\n%*s", HELP_COLUMN, "");
    } else {
        printf("%*s", HELP_COLUMN - len, "");
    }
    put_wrapped(o->help, HELP_COLUMN, HELP_COLUMN);
}

static void put_table(const char *title, const struct cli_opt *o)
{
    if (o->name == NULL) {
        return;
    }
    printf("\n%s:\n", title);
    for (; o->name != NULL; o++) {
        put_option(o);
    }
}

static void put_synopsis(const struct cli_cmd *cmd)
{
    printf("Usage: airlock %s", cmd->name);
    for (int t = 0; t < 2; t++) {
        for (const struct cli_opt *o = cli_table(cmd, t); o->name != NULL; o++) {
            if (o->required && strstr(cmd->operands, o->name) == NULL) {
                printf(" --%s %s", o->name, o->arg);
            }
        }
    }
    printf(" [options] %s\n\n", cmd->operands);
}

void cli_help(const struct cli *c)
{
    const char *shared = c->cmd->shared_title != NULL ? c->cmd->shared_title : "Link";
    const char *const titles[] = {"Options", shared, "Everywhere"};

    put_synopsis(c->cmd);
    put_wrapped(c->cmd->summary, 0, 0);
    for (int t = 0; t < 3; t++) {
        put_table(titles[t], cli_table(c->cmd, t));
    }
    if (c->cmd->examples != NULL) {
        printf("\nExamples:\n  ");
        put_wrapped(c->cmd->examples, 2, 2);
    }
    printf("\nMore: airlock --man \"%s\" | man -l -\n", c->cmd->name);
}

void cli_help_all(const struct cli_cmd *const *cmds, const char *prefix)
{
    size_t len = prefix != NULL ? strlen(prefix) : 0;

    printf("Usage: airlock %s%sVERB [options] ...\n\n", prefix != NULL ? prefix : "",
           prefix != NULL ? " " : "");
    if (prefix == NULL) {
        printf("Encrypted, signed, power-fail-safe updates for microcontrollers.\n\n");
    }
    for (; *cmds != NULL; cmds++) {
        if (prefix == NULL || (strncmp((*cmds)->name, prefix, len) == 0 && (*cmds)->name[len] == ' ')) {
            printf("  %-16s ", (*cmds)->name);
            put_wrapped((*cmds)->summary, 19, 19);
        }
    }
    put_table("Everywhere", cli_global_options);
    printf("\n\"airlock VERB --help\" tells more.  Exit status: 0 yes, 1 no, 2 usage,\n"
           "3 file, link or device, 4 a bug in airlock.\n");
}

/* Edits (insert, delete, change) from a to b, at most 32 letters of each. */
static unsigned distance(const char *a, const char *b)
{
    unsigned row[33];
    size_t la = strnlen(a, 32), lb = strnlen(b, 32);

    for (unsigned j = 0; j <= lb; j++) {
        row[j] = j;
    }
    for (unsigned i = 1; i <= la; i++) {
        unsigned diagonal = row[0];

        row[0] = i;
        for (unsigned j = 1; j <= lb; j++) {
            unsigned best = diagonal + (a[i - 1] != b[j - 1]);

            diagonal = row[j];
            best = best < row[j] + 1 ? best : row[j] + 1;
            row[j] = best < row[j - 1] + 1 ? best : row[j - 1] + 1;
        }
    }
    return row[lb];
}

const char *cli_guess(const char *word, const char *(*nth)(const void *ctx, size_t i), const void *ctx)
{
    const char *best = NULL;
    unsigned least = (unsigned)strlen(word) / 3 + 2;

    for (size_t i = 0; nth(ctx, i) != NULL; i++) {
        unsigned d = distance(word, nth(ctx, i));

        if (d < least) {
            least = d;
            best = nth(ctx, i);
        }
    }
    return best;
}
