/* SPDX-License-Identifier: Apache-2.0 */
/*
 * parse.h - what the framework's own files (cli.c, help.c, man.c,
 * complete.c) know of each other.  Commands include cli.h only.
 */
#ifndef AIRLOCK_CLI_PARSE_H
#define AIRLOCK_CLI_PARSE_H

#include "host/cli/cli.h"

struct cli_value {
    const struct cli_opt *opt;
    const char *value; /* "" for a switch */
};

struct cli {
    const struct cli_cmd *const *cmds;
    const struct cli_cmd *cmd; /* NULL until a verb is found */
    const char *prefix;        /* "image" when only the group was named */
    struct cli_value *values;
    size_t n_values;
    const char **operands;
    size_t n_operands;
};

/* The row of an option in the verb's tables or the global one; NULL: none. */
const struct cli_opt *cli_find_opt(const struct cli *c, const char *name, size_t len);
const struct cli_opt *cli_find_letter(const struct cli *c, char letter);

/* Does opt stand for one of a list of words? */
bool cli_opt_is_choice(const struct cli_opt *opt);
/* How many values an option takes. */
int cli_opt_args(const struct cli_opt *opt);
/* The i-th table of a command (own, shared, global), NULL past the last. */
const struct cli_opt *cli_table(const struct cli_cmd *cmd, int i);

/* The name in the list (ended by NULL) that looks most like word, or NULL. */
const char *cli_guess(const char *word, const char *(*nth)(const void *ctx, size_t i), const void *ctx);

void cli_help(const struct cli *c);
void cli_help_all(const struct cli_cmd *const *cmds, const char *prefix);

/* Manual page of a verb, or of the program when cmd is NULL, as roff on stdout. */
void cli_man(const struct cli_cmd *const *cmds, const struct cli_cmd *cmd);

/* Completion script for a shell ("bash", "zsh", "fish"), or "verbs": one a line; false: unknown. */
bool cli_complete(const struct cli_cmd *const *cmds, const char *shell);

#endif
