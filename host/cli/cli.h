/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli.h - a command is a row: name, summary, options, run.  The rows feed
 * the parser, --help, the man pages and the shell completion.
 *
 * Data goes to stdout, talk to stderr.  Only run() functions decide the exit
 * status: 0 yes, 1 no, 2 usage, 3 I/O, link or device, 4 bug.
 */
#ifndef AIRLOCK_CLI_H
#define AIRLOCK_CLI_H

#include <stdbool.h>
#include <stddef.h>

enum cli_exit { CLI_YES = 0, CLI_NO = 1, CLI_USAGE = 2, CLI_IO = 3, CLI_BUG = 4 };

/* One option.  A table ends with a row whose name is NULL. */
struct cli_opt {
    const char *name; /* "key" for --key */
    char letter;      /* 'k' for -k; 0: none */
    /* "PEM" in --key PEM; NULL: a switch.  "TAG VALUE": takes two values, to
       be read with cli_get_nth 2i and 2i + 1.  Small letters and bars, as
       "test|confirm": exactly one of these words, checked by the parser. */
    const char *arg;
    const char *help; /* one or more sentences */
    bool repeats;     /* all values count; else the last one does */
    bool required;
};

struct cli; /* parsed arguments of one call */

struct cli_cmd {
    const char *name;     /* "sign", or "image list" for a sub-command */
    const char *operands; /* "IN -o OUT" as shown in the synopsis */
    const char *summary;  /* one line */
    const char *detail;   /* paragraphs for the man page; NULL: none */
    const char *examples; /* lines for --help and the man page; NULL: none */
    const struct cli_opt *options;
    const struct cli_opt *shared;   /* a second table (link options), or NULL */
    const char *shared_title;       /* over it in --help; NULL: "Link" */
    int min_operands, max_operands; /* max -1: any number */
    int (*run)(struct cli *c);
};

extern const struct cli_cmd *const cli_cmds[];    /* NULL-terminated; commands.c */
extern const struct cli_opt cli_global_options[]; /* cli.c */

/* Parse, find the row in cmds, run it; return: exit status. */
int cli_main(const struct cli_cmd *const *cmds, int argc, char **argv);

const char *cli_verb(const struct cli *c);

/* Value of an option (its last), or NULL when not given; "" for a switch. */
const char *cli_get(const struct cli *c, const char *name);
/* The i-th value of an option that repeats, or NULL. */
const char *cli_get_nth(const struct cli *c, const char *name, size_t i);
bool cli_has(const struct cli *c, const char *name);
size_t cli_operands(const struct cli *c);
const char *cli_operand(const struct cli *c, size_t i);
bool cli_json(const struct cli *c);
bool cli_color(const struct cli *c); /* of stderr: a terminal, or --color=always */

/*
 * A number with optional 0x prefix and K, M suffix (1024).
 *
 * return: true and *out set; on false a usage message has been printed.
 *         *out stays as it was if the option is not given.
 */
bool cli_number(const struct cli *c, const char *name, unsigned long *out);

/*
 * "airlock <verb>: <what>: <why> (<way out>)" on stderr, or {"error":...}
 * with --json.  what, way_out may be NULL.
 *
 * return: status, so that a run() can end with `return cli_fail(...)`
 */
int cli_fail(const struct cli *c, int status, const char *what, const char *way_out, const char *why, ...)
    __attribute__((format(printf, 5, 6)));

/* Talk: one line on stderr, silent with --quiet and --json. */
void cli_say(const struct cli *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
