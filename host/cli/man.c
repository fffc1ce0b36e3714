/* SPDX-License-Identifier: Apache-2.0 */
/* man.c - manual pages from the command rows. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "host/cli/parse.h"

/* Text as roff: a leading dot or quote is no request, a dash is a dash. */
static void put_text(const char *s)
{
    bool line_start = true;

    for (; *s != 0; s++) {
        if (line_start && (*s == '.' || *s == '\'')) {
            fputs("\\&", stdout);
        }
        line_start = *s == '\n';
        if (*s == '\\') {
            fputs("\\e", stdout);
        } else if (*s == '-') {
            fputs("\\-", stdout);
        } else {
            putchar(*s);
        }
    }
}

static void put_line(const char *s)
{
    put_text(s);
    putchar('\n');
}

/* Paragraphs are separated by an empty line. */
static void put_paragraphs(const char *s)
{
    for (; *s != 0; s++) {
        const char *end = strstr(s, "\n\n");
        size_t len = end != NULL ? (size_t)(end - s) : strlen(s);
        char text[2048];

        snprintf(text, sizeof text, "%.*s", (int)len, s);
        puts(".PP");
        put_line(text);
        if (end == NULL) {
            return;
        }
        s = end + 1;
    }
}

static void put_options(const char *title, const struct cli_opt *o)
{
    if (o->name != NULL) {
        printf(".SS %s\n", title);
    }
    for (; o->name != NULL; o++) {
        puts(".TP");
        fputs(".B ", stdout);
        if (o->letter != 0) {
            printf("\\-%c, ", o->letter);
        }
        fputs("\\-\\-", stdout);
        put_text(o->name);
        if (o->arg != NULL) {
            putchar(' ');
            put_text(o->arg);
        }
        putchar('\n');
        put_text(o->help);
        puts(o->required ? " Required." : o->repeats ? " May be repeated." : "");
    }
}

static void put_title(const char *name)
{
    printf(".TH \"AIRLOCK%s", *name != 0 ? "-" : "");
    for (const char *p = name; *p != 0; p++) {
        putchar(*p == ' ' ? '-' : toupper((unsigned char)*p));
    }
    printf("\" 1 \"\" \"airlock %s\" \"User Commands\"\n.SH NAME\n", ALK_VERSION);
}

static void put_status(void)
{
    puts(".SH EXIT STATUS\n.TP\n.B 0\nyes: done, or the answer is good\n.TP\n.B 1\n"
         "no: refused, or verification failed\n.TP\n.B 2\nusage\n.TP\n.B 3\nfile, link or device\n.TP\n.B 4\n"
         "a bug in airlock");
}

static void put_all(const struct cli_cmd *const *cmds)
{
    put_title("");
    puts("airlock \\- encrypted, signed, power\\-fail\\-safe updates for microcontrollers\n.SH SYNOPSIS\n"
         ".B airlock\n.I verb\n[options] ...\n.SH VERBS");
    for (; *cmds != NULL; cmds++) {
        fputs(".TP\n.B ", stdout);
        put_line((*cmds)->name);
        put_line((*cmds)->summary);
    }
    puts(".SH OPTIONS");
    put_options("Everywhere", cli_global_options);
    put_status();
}

void cli_man(const struct cli_cmd *const *cmds, const struct cli_cmd *cmd)
{
    if (cmd == NULL) {
        put_all(cmds);
        return;
    }
    put_title(cmd->name);
    fputs("airlock", stdout);
    for (const char *p = cmd->name; p != NULL; p = strchr(p, ' ')) {
        p += *p == ' ';
        printf("\\-%.*s", (int)strcspn(p, " "), p);
    }
    fputs(" \\- ", stdout);
    put_line(cmd->summary);
    fputs(".SH SYNOPSIS\n.B airlock ", stdout);
    put_text(cmd->name);
    fputs("\n[options] ", stdout);
    put_line(cmd->operands);
    if (cmd->detail != NULL) {
        puts(".SH DESCRIPTION");
        put_paragraphs(cmd->detail);
    }
    puts(".SH OPTIONS");
    put_options("Of this verb", cli_table(cmd, 0));
    put_options(cmd->shared_title != NULL ? cmd->shared_title : "Link", cli_table(cmd, 1));
    put_options("Everywhere", cli_table(cmd, 2));
    if (cmd->examples != NULL) {
        puts(".SH EXAMPLES\n.nf");
        put_line(cmd->examples);
        puts(".fi");
    }
    put_status();
    puts(".SH SEE ALSO\n.BR airlock (1)");
}
