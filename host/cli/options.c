/* SPDX-License-Identifier: Apache-2.0 */
/* options.c - looking up option rows. */
#include <string.h>

#include "host/cli/parse.h"

const struct cli_opt cli_global_options[] = {
    {"help", 'h', NULL, "Show this help.", false, false},
    {"version", 0, NULL, "Print the version of airlock.", false, false},
    {"json", 0, NULL, "Print the result (or the error) as JSON.", false, false},
    {"quiet", 'q', NULL, "Say nothing but errors.", false, false},
    {"color", 0, "auto|always|never", "Colour in messages; auto: on a terminal.", false, false},
    {"man", 0, "VERB", "Print the manual page of VERB (or of airlock) for man(1).", false, false},
    {"completion", 0, "bash|zsh|fish|verbs", "Print completion rules for a shell, or the list of verbs.",
     false, false},
    {NULL, 0, NULL, NULL, false, false},
};

static const struct cli_opt early_end = {NULL, 0, NULL, NULL, false, false};

const struct cli_opt *cli_table(const struct cli_cmd *cmd, int i)
{
    const struct cli_opt *own = cmd != NULL && cmd->options != NULL ? cmd->options : &early_end;
    const struct cli_opt *shared = cmd != NULL && cmd->shared != NULL ? cmd->shared : &early_end;
    const struct cli_opt *const tables[] = {own, shared, cli_global_options};

    return i < 3 ? tables[i] : NULL;
}

bool cli_opt_is_choice(const struct cli_opt *opt)
{
    return opt->arg != NULL && strchr(opt->arg, '|') != NULL &&
           strpbrk(opt->arg, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == NULL;
}

int cli_opt_args(const struct cli_opt *opt)
{
    int n = opt->arg != NULL;

    for (const char *p = opt->arg; p != NULL && *p != 0; p++) {
        n += *p == ' ';
    }
    return n;
}

const struct cli_opt *cli_find_opt(const struct cli *c, const char *name, size_t len)
{
    for (int t = 0; cli_table(c->cmd, t) != NULL; t++) {
        for (const struct cli_opt *o = cli_table(c->cmd, t); o->name != NULL; o++) {
            if (strlen(o->name) == len && memcmp(o->name, name, len) == 0) {
                return o;
            }
        }
    }
    return NULL;
}

const struct cli_opt *cli_find_letter(const struct cli *c, char letter)
{
    for (int t = 0; cli_table(c->cmd, t) != NULL; t++) {
        for (const struct cli_opt *o = cli_table(c->cmd, t); o->name != NULL; o++) {
            if (o->letter == letter) {
                return o;
            }
        }
    }
    return NULL;
}
