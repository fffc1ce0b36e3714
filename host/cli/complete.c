/* SPDX-License-Identifier: Apache-2.0 */
/* complete.c - completion rules for shells, from the command rows. */
#include <stdio.h>
#include <string.h>

#include "host/cli/parse.h"

static void put_choices(const struct cli_opt *o)
{
    for (const char *p = o->arg; *p != 0; p++) {
        putchar(*p == '|' ? ' ' : *p);
    }
}

static void put_option_words(const struct cli_cmd *cmd, int first)
{
    for (int t = first; cli_table(cmd, t) != NULL; t++) {
        for (const struct cli_opt *o = cli_table(cmd, t); o->name != NULL; o++) {
            printf(" --%s", o->name);
        }
    }
}

/* First words of all verbs, each once; of those that begin with group: the second words. */
static void put_verbs(const struct cli_cmd *const *cmds, const char *group)
{
    const char *last = "";
    size_t skip = group != NULL ? strlen(group) + 1 : 0;

    for (; *cmds != NULL; cmds++) {
        const char *name = (*cmds)->name;
        size_t len;

        if (group != NULL && (strncmp(name, group, skip - 1) != 0 || name[skip - 1] != ' ')) {
            continue;
        }
        name += skip;
        len = strcspn(name, " ");
        if (strncmp(name, last, len) != 0 || last[len] != ' ') {
            printf(" %.*s", (int)len, name);
        }
        last = name;
    }
}

static void put_bash_groups(const struct cli_cmd *const *cmds)
{
    const char *last = "";

    for (size_t i = 0; cmds[i] != NULL; i++) {
        size_t len = strcspn(cmds[i]->name, " ");
        char group[40];

        if (cmds[i]->name[len] == 0 || strncmp(cmds[i]->name, last, len + 1) == 0) {
            continue;
        }
        last = cmds[i]->name;
        snprintf(group, sizeof group, "%.*s", (int)len, last);
        printf("    \"%s\") words=\"", group);
        put_verbs(cmds, group);
        puts("\" ;;");
    }
}

static void put_bash_values(const struct cli_cmd *const *cmds)
{
    for (size_t i = 0; cmds[i] != NULL; i++) {
        for (int t = 0; t < 2; t++) {
            for (const struct cli_opt *o = cli_table(cmds[i], t); o->name != NULL; o++) {
                if (cli_opt_is_choice(o)) {
                    printf("    \"%s --%s\") words=\"", cmds[i]->name, o->name);
                    put_choices(o);
                    puts("\" ;;");
                }
            }
        }
    }
}

static void put_bash(const struct cli_cmd *const *cmds)
{
    puts("# bash completion for airlock; made by: airlock --completion bash\n"
         "_airlock() {\n"
         "  local cur=\"${COMP_WORDS[COMP_CWORD]}\" prev=\"${COMP_WORDS[COMP_CWORD-1]}\" verb= words= w\n"
         "  for w in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
         "    case \"$w\" in -*) break ;; esac\n"
         "    case \"$verb\" in *' '*) break ;; esac\n"
         "    verb=\"${verb:+$verb }$w\"\n"
         "    case \"$verb\" in");
    for (size_t i = 0; cmds[i] != NULL; i++) {
        printf("%s\"%s\"", i == 0 ? "      " : "|", cmds[i]->name);
    }
    puts(") break ;;\n"
         "    esac\n"
         "  done\n"
         "  case \"$verb $prev\" in");
    put_bash_values(cmds);
    puts("  esac\n"
         "  if [ -z \"$words\" ]; then case \"$verb\" in");
    fputs("    \"\") words=\"", stdout);
    put_verbs(cmds, NULL);
    put_option_words(NULL, 2);
    puts("\" ;;");
    put_bash_groups(cmds);
    for (size_t i = 0; cmds[i] != NULL; i++) {
        printf("    \"%s\") case \"$cur\" in -*) words=\"", cmds[i]->name);
        put_option_words(cmds[i], 0);
        puts("\" ;; esac ;;");
    }
    puts("  esac; fi\n"
         "  COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
         "  [ -n \"$words\" ] || COMPREPLY=($(compgen -f -- \"$cur\"))\n"
         "}\n"
         "complete -o filenames -F _airlock airlock");
}

/* zsh speaks bash's completion language when asked to. */
static void put_zsh(const struct cli_cmd *const *cmds)
{
    puts("#compdef airlock\nautoload -U +X bashcompinit && bashcompinit");
    put_bash(cmds);
}

static void put_fish_options(const struct cli_cmd *cmd, int first_word)
{
    for (int t = 0; t < 2; t++) {
        for (const struct cli_opt *o = cli_table(cmd, t); o->name != NULL; o++) {
            printf("complete -c airlock -n '__fish_seen_subcommand_from %.*s' -l %s%s\n", first_word,
                   cmd->name, o->name, o->arg != NULL ? " -r" : "");
        }
    }
}

static void put_fish(const struct cli_cmd *const *cmds)
{
    for (; *cmds != NULL; cmds++) {
        int first_word = (int)strcspn((*cmds)->name, " ");

        printf("complete -c airlock -n __fish_use_subcommand -a '%.*s' -d '%s'\n", first_word, (*cmds)->name,
               (*cmds)->summary);
        put_fish_options(*cmds, first_word);
    }
}

bool cli_complete(const struct cli_cmd *const *cmds, const char *shell)
{
    if (strcmp(shell, "bash") == 0) {
        put_bash(cmds);
    } else if (strcmp(shell, "zsh") == 0) {
        put_zsh(cmds);
    } else if (strcmp(shell, "fish") == 0) {
        put_fish(cmds);
    } else if (strcmp(shell, "verbs") == 0) {
        for (; *cmds != NULL; cmds++) {
            puts((*cmds)->name);
        }
    } else {
        return false;
    }
    return true;
}
