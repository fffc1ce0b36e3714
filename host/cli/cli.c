/* SPDX-License-Identifier: Apache-2.0 */
/* cli.c - command rows and argv in, a run() with its values out. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/cli/parse.h"

/* --version is the program's, unless the verb has a row of that name (sign: the image's). */
static bool is_early(const struct cli_opt *o)
{
    bool named = strcmp(o->name, "version") == 0 || strcmp(o->name, "man") == 0 ||
                 strcmp(o->name, "completion") == 0;

    for (const struct cli_opt *g = cli_global_options; named && g->name != NULL; g++) {
        if (g == o) {
            return true;
        }
    }
    return false;
}

static const char *nth_option(const void *ctx, size_t i)
{
    const struct cli *c = ctx;

    for (int t = 0; cli_table(c->cmd, t) != NULL; t++) {
        for (const struct cli_opt *o = cli_table(c->cmd, t); o->name != NULL; o++) {
            if (i-- == 0) {
                return o->name;
            }
        }
    }
    return NULL;
}

static int unknown_option(const struct cli *c, const char *arg)
{
    const char *near = cli_guess(arg + strspn(arg, "-"), nth_option, c);
    char hint[120];

    snprintf(hint, sizeof hint, near != NULL ? "did you mean --%s?" : "see --help", near);
    return cli_fail(c, CLI_USAGE, arg, hint, "no such option");
}

static bool choice_holds(const char *choices, const char *value)
{
    size_t len = strlen(value);

    for (const char *p = choices; p != NULL; p = strchr(p, '|')) {
        p += *p == '|';
        if (strncmp(p, value, len) == 0 && (p[len] == '|' || p[len] == 0) && len > 0) {
            return true;
        }
    }
    return false;
}

static int add_value(struct cli *c, const struct cli_opt *o, const char *value)
{
    char what[80];

    snprintf(what, sizeof what, "--%s", o->name);
    if (cli_opt_is_choice(o) && !choice_holds(o->arg, value)) {
        return cli_fail(c, CLI_USAGE, what, NULL, "\"%s\" is not one of %s", value, o->arg);
    }
    c->values[c->n_values++] = (struct cli_value){o, value};
    return CLI_YES;
}

/* Take the values of option o; inline_value: what stood behind '=' or the letter. */
static int take_option(struct cli *c, const struct cli_opt *o, const char *inline_value, int *i, int argc,
                       char **argv)
{
    int want = cli_opt_args(o), status = CLI_YES;
    bool again = want > 1;
    char what[80];

    snprintf(what, sizeof what, "--%s", o->name);
    if (want == 0) {
        return inline_value == NULL ? add_value(c, o, "")
                                    : cli_fail(c, CLI_USAGE, what, NULL, "takes no value");
    }
    while (want-- > 0 && status == CLI_YES) {
        const char *value = inline_value;

        inline_value = NULL;
        if (value == NULL && *i + 1 >= argc) {
            return cli_fail(c, CLI_USAGE, what, NULL, "needs %s", o->arg);
        }
        value = value != NULL ? value : argv[++*i];
        if (again) {
            c->values[c->n_values++] = (struct cli_value){o, value};
        } else {
            status = add_value(c, o, value);
        }
    }
    return status;
}

static int parse_long(struct cli *c, int *i, int argc, char **argv)
{
    const char *name = argv[*i] + 2, *eq = strchr(name, '=');
    size_t len = eq != NULL ? (size_t)(eq - name) : strlen(name);
    const struct cli_opt *o = cli_find_opt(c, name, len);

    if (o == NULL) {
        return unknown_option(c, argv[*i]);
    }
    return take_option(c, o, eq != NULL ? eq + 1 : NULL, i, argc, argv);
}

static int parse_letters(struct cli *c, int *i, int argc, char **argv)
{
    int status = CLI_YES;

    for (const char *p = argv[*i] + 1; *p != 0 && status == CLI_YES; p++) {
        const struct cli_opt *o = cli_find_letter(c, *p);

        if (o == NULL) {
            return unknown_option(c, argv[*i]);
        }
        if (cli_opt_args(o) > 0) {
            return take_option(c, o, p[1] != 0 ? p + 1 : NULL, i, argc, argv);
        }
        status = add_value(c, o, "");
    }
    return status;
}

static int parse_rest(struct cli *c, int argc, char **argv)
{
    int status = CLI_YES;
    bool options = true;

    for (int i = 0; i < argc && status == CLI_YES; i++) {
        if (options && strcmp(argv[i], "--") == 0) {
            options = false;
        } else if (options && strncmp(argv[i], "--", 2) == 0) {
            status = parse_long(c, &i, argc, argv);
        } else if (options && argv[i][0] == '-' && argv[i][1] != 0) {
            status = parse_letters(c, &i, argc, argv);
        } else {
            c->operands[c->n_operands++] = argv[i];
        }
    }
    return status;
}

static int check_complete(const struct cli *c)
{
    for (int t = 0; cli_table(c->cmd, t) != NULL; t++) {
        for (const struct cli_opt *o = cli_table(c->cmd, t); o->name != NULL; o++) {
            if (o->required && !cli_has(c, o->name)) {
                return cli_fail(c, CLI_USAGE, NULL, "see --help", "--%s %s is missing", o->name, o->arg);
            }
        }
    }
    if ((long)c->n_operands < c->cmd->min_operands) {
        return cli_fail(c, CLI_USAGE, NULL, NULL, "expected: airlock %s %s", c->cmd->name, c->cmd->operands);
    }
    if (c->cmd->max_operands >= 0 && (long)c->n_operands > c->cmd->max_operands) {
        return cli_fail(c, CLI_USAGE, c->operands[c->cmd->max_operands], NULL,
                        "one word too many; expected: airlock %s %s", c->cmd->name, c->cmd->operands);
    }
    return CLI_YES;
}

/* How many words of argv name this command; 0: not this one. */
static int words_match(const char *name, int argc, char **argv)
{
    int words = 0;

    while (*name != 0 && words < argc) {
        size_t len = strcspn(name, " ");

        if (strlen(argv[words]) != len || memcmp(argv[words], name, len) != 0) {
            return 0;
        }
        words++;
        name += len + (name[len] == ' ');
    }
    return *name == 0 ? words : 0;
}

static int find_cmd(struct cli *c, int argc, char **argv)
{
    int best = 0;

    for (size_t i = 0; c->cmds[i] != NULL; i++) {
        int words = words_match(c->cmds[i]->name, argc, argv);
        size_t len = strlen(argv[0]);

        if (words > best) {
            best = words;
            c->cmd = c->cmds[i];
        }
        if (strncmp(c->cmds[i]->name, argv[0], len) == 0 && c->cmds[i]->name[len] == ' ') {
            c->prefix = argv[0];
        }
    }
    return best;
}

static const char *nth_verb(const void *ctx, size_t i)
{
    const struct cli *c = ctx;

    return c->cmds[i] != NULL ? c->cmds[i]->name : NULL;
}

static int unknown_verb(struct cli *c, const char *word)
{
    const char *near = cli_guess(word, nth_verb, c);
    char hint[120];

    if (c->prefix != NULL) {
        cli_help_all(c->cmds, c->prefix);
        return CLI_USAGE;
    }
    snprintf(hint, sizeof hint, near != NULL ? "did you mean %s?" : "see airlock --help", near);
    return cli_fail(c, CLI_USAGE, word, hint, "no such command");
}

static bool has_early(const struct cli *c)
{
    for (size_t i = 0; i < c->n_values; i++) {
        if (is_early(c->values[i].opt)) {
            return true;
        }
    }
    return false;
}

static const struct cli_cmd *cmd_named(const struct cli_cmd *const *cmds, const char *name)
{
    for (size_t i = 0; cmds[i] != NULL; i++) {
        if (strcmp(cmds[i]->name, name) == 0) {
            return cmds[i];
        }
    }
    return NULL;
}

/* airlock --man X, --completion X, --version, --help */
static int run_global(struct cli *c)
{
    const char *man = cli_get(c, "man"), *shell = cli_get(c, "completion");

    if (man != NULL) {
        const struct cli_cmd *cmd = cmd_named(c->cmds, man);

        if (cmd == NULL && strcmp(man, "airlock") != 0) {
            return cli_fail(c, CLI_USAGE, man, NULL, "no such command");
        }
        cli_man(c->cmds, cmd);
    } else if (shell != NULL) {
        cli_complete(c->cmds, shell);
    } else if (cli_has(c, "version")) {
        printf("airlock %s\n", ALK_VERSION);
    } else {
        cli_help_all(c->cmds, NULL);
        return cli_has(c, "help") ? CLI_YES : CLI_USAGE;
    }
    return CLI_YES;
}

static int run_cmd(struct cli *c, int argc, char **argv)
{
    int status = parse_rest(c, argc, argv);

    if (status == CLI_YES && has_early(c)) {
        return run_global(c);
    }
    if (status == CLI_YES && cli_has(c, "help")) {
        cli_help(c);
        return CLI_YES;
    }
    if (status == CLI_YES) {
        status = check_complete(c);
    }
    return status == CLI_YES ? c->cmd->run(c) : status;
}

/* Options that stand before the verb; return: how many words they are, or -status. */
static int parse_early(struct cli *c, int argc, char **argv)
{
    int i = 0;

    while (i < argc && argv[i][0] == '-') {
        int status = argv[i][1] == '-' ? parse_long(c, &i, argc, argv) : parse_letters(c, &i, argc, argv);

        if (status != CLI_YES) {
            return -status;
        }
        i++;
    }
    return i;
}

static int start(struct cli *c, int argc, char **argv)
{
    int first = parse_early(c, argc, argv), words;

    if (first < 0) {
        return -first;
    }
    if (first == argc || has_early(c)) {
        return run_global(c);
    }
    argc -= first;
    argv += first;
    words = find_cmd(c, argc, argv);
    return words > 0 ? run_cmd(c, argc - words, argv + words) : unknown_verb(c, argv[0]);
}

int cli_main(const struct cli_cmd *const *cmds, int argc, char **argv)
{
    size_t n = (size_t)argc + 1;
    struct cli c = {.cmds = cmds};
    int status = CLI_BUG;

    /* letters can pack several switches into one word */
    for (int i = 1; i < argc; i++) {
        n += strlen(argv[i]);
    }
    c.values = calloc(n, sizeof *c.values);
    c.operands = calloc(n, sizeof *c.operands);
    if (c.values != NULL && c.operands != NULL) {
        status = start(&c, argc - 1, argv + 1);
    }
    if (fflush(stdout) != 0 && status == CLI_YES) {
        status = cli_fail(&c, CLI_IO, "standard output", NULL, "cannot be written");
    }
    free(c.values);
    free(c.operands);
    return status;
}
