/* SPDX-License-Identifier: Apache-2.0 */
/* The command line: what the rows promise is what the parser, help and completion do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "host/cli/cli.h"

static char seen[512];

static int note(struct cli *c)
{
    snprintf(seen, sizeof seen, "%s|%s|%s|%s|%s|%d|%zu|%s", cli_verb(c),
             cli_get(c, "key") ? cli_get(c, "key") : "-",
             cli_get_nth(c, "key", 1) ? cli_get_nth(c, "key", 1) : "-",
             cli_get(c, "mode") ? cli_get(c, "mode") : "-",
             cli_get_nth(c, "pair", 1) ? cli_get_nth(c, "pair", 1) : "-", cli_has(c, "switch"),
             cli_operands(c), cli_operand(c, 0) ? cli_operand(c, 0) : "-");
    return CLI_YES;
}

static int count(struct cli *c)
{
    unsigned long n = 7;

    if (!cli_number(c, "number", &n)) {
        return CLI_USAGE;
    }
    snprintf(seen, sizeof seen, "%lu", n);
    return CLI_YES;
}

static const struct cli_opt options[] = {
    {"key", 'k', "PEM", "A key.", true, false},
    {"mode", 'm', "test|confirm", "A mode.", false, false},
    {"pair", 0, "TAG VALUE", "A pair.", true, false},
    {"switch", 's', NULL, "A switch.", false, false},
    {"other", 'o', NULL, "Another switch.", false, false},
    {NULL, 0, NULL, NULL, false, false},
};
static const struct cli_opt number_options[] = {
    {"number", 'n', "N", "A number.", false, true},
    {NULL, 0, NULL, NULL, false, false},
};
static const struct cli_cmd note_cmd = {.name = "note",
                                        .operands = "[X...]",
                                        .summary = "Note.",
                                        .options = options,
                                        .max_operands = -1,
                                        .run = note};
static const struct cli_cmd deep_cmd = {.name = "note deep",
                                        .operands = "X",
                                        .summary = "Deep.",
                                        .options = options,
                                        .min_operands = 1,
                                        .max_operands = 1,
                                        .run = note};
static const struct cli_cmd count_cmd = {
    .name = "count", .operands = "", .summary = "Count.", .options = number_options, .run = count};
static const struct cli_cmd *const cmds[] = {&note_cmd, &deep_cmd, &count_cmd, NULL};

static int call(const char *line)
{
    char text[256], *argv[32] = {(char *)"airlock"};
    int argc = 1;

    snprintf(text, sizeof text, "%s", line);
    for (char *p = strtok(text, " "); p != NULL; p = strtok(NULL, " ")) {
        argv[argc++] = p;
    }
    seen[0] = 0;
    return cli_main(cmds, argc, argv);
}

static void cli_parses_what_the_rows_say(void **unused)
{
    static const struct {
        const char *line;
        int status;
        const char *seen;
    } cases[] = {
        {"note", CLI_YES, "note|-|-|-|-|0|0|-"},
        {"note --key a -k b x", CLI_YES, "note|b|b|-|-|0|1|x"},
        {"note --key=a -kb", CLI_YES, "note|b|b|-|-|0|0|-"},
        {"note -so x", CLI_YES, "note|-|-|-|-|1|1|x"},
        {"note x -s y", CLI_YES, "note|-|-|-|-|1|2|x"},
        {"note -- -s", CLI_YES, "note|-|-|-|-|0|1|-s"},
        {"note - x", CLI_YES, "note|-|-|-|-|0|2|-"},
        {"note --mode test", CLI_YES, "note|-|-|test|-|0|0|-"},
        {"note --pair 1 2 --pair 3 4 x", CLI_YES, "note|-|-|-|2|0|1|x"},
        {"note deep x", CLI_YES, "note deep|-|-|-|-|0|1|x"},
        {"-q note deep x", CLI_YES, "note deep|-|-|-|-|0|1|x"},
        {"note deep", CLI_USAGE, ""},
        {"note deep x y", CLI_USAGE, ""},
        {"note --mode tes", CLI_USAGE, ""},
        {"note --mode t|c", CLI_USAGE, ""},
        {"note --mode test --mode confirm", CLI_YES, "note|-|-|confirm|-|0|0|-"},
        {"note --mode", CLI_USAGE, ""},
        {"note --pair 1", CLI_USAGE, ""},
        {"note --switch=1", CLI_USAGE, ""},
        {"note --nope", CLI_USAGE, ""},
        {"note -z", CLI_USAGE, ""},
        {"nothing", CLI_USAGE, ""},
        {"count", CLI_USAGE, ""},
        {"count -n 12", CLI_YES, "12"},
        {"count -n 0x10", CLI_YES, "16"},
        {"count -n 4K", CLI_YES, "4096"},
        {"count -n 2M", CLI_YES, "2097152"},
        {"count -n 010", CLI_YES, "10"},
        {"count -n -1", CLI_USAGE, ""},
        {"count -n 1x", CLI_USAGE, ""},
        {"count -n 99999999999999999999", CLI_USAGE, ""},
        {"count -n 18446744073709551615K", CLI_USAGE, ""},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int status = call(cases[i].line);

        if (status != cases[i].status || strcmp(seen, cases[i].seen) != 0) {
            fail_msg("airlock %s: status %d, \"%s\"", cases[i].line, status, seen);
        }
    }
}

static void cli_rows_are_complete(void **unused)
{
    (void)unused;
    for (size_t i = 0; cli_cmds[i] != NULL; i++) {
        const struct cli_cmd *cmd = cli_cmds[i];
        const struct cli_opt *tables[] = {cmd->options, cmd->shared, cli_global_options};
        bool letters[128] = {false};

        assert_non_null(cmd->run);
        assert_true(strlen(cmd->summary) > 10 && strlen(cmd->summary) < 90);
        for (size_t t = 0; t < 3; t++) {
            for (const struct cli_opt *o = tables[t]; o != NULL && o->name != NULL; o++) {
                if (o->help == NULL || (o->letter != 0 && letters[(int)o->letter])) {
                    fail_msg("%s --%s: no help, or its letter is taken", cmd->name, o->name);
                }
                letters[(int)o->letter] = o->letter != 0;
            }
        }
    }
}

/* The output of one call, of the shell's opinion of it. */
static int shell(const char *fmt, const char *arg)
{
    char line[512];

    snprintf(line, sizeof line, fmt, arg);
    return system(line);
}

static void capture(int argc, char **argv, const char *path)
{
    FILE *old = stdout;

    stdout = fopen(path, "w");
    assert_non_null(stdout);
    assert_int_equal(cli_main(cli_cmds, argc, argv), CLI_YES);
    fclose(stdout);
    stdout = old;
}

static void cli_completion_is_bash(void **unused)
{
    char path[64], *argv[] = {(char *)"airlock", (char *)"--completion", (char *)"bash", NULL};

    (void)unused;
    snprintf(path, sizeof path, "/tmp/airlock-cli.%d", (int)getpid());
    capture(3, argv, path);
    assert_int_equal(shell("bash -n %s", path), 0);
    assert_int_equal(shell("bash -c '. %s; COMP_WORDS=(airlock sign --ali); COMP_CWORD=2; _airlock; "
                           "[ \"${COMPREPLY[*]}\" = --align ]'",
                           path),
                     0);
    assert_int_equal(shell("bash -c '. %s; COMP_WORDS=(airlock image co); COMP_CWORD=2; _airlock; "
                           "[ \"${COMPREPLY[*]}\" = confirm ]'",
                           path),
                     0);
    assert_int_equal(shell("bash -c '. %s; COMP_WORDS=(airlock sign --endian b); COMP_CWORD=3; _airlock; "
                           "[ \"${COMPREPLY[*]}\" = big ]'",
                           path),
                     0);
    unlink(path);
}

static void cli_manual_pages_name_every_option(void **unused)
{
    char path[64], *argv[] = {(char *)"airlock", (char *)"--man", NULL, NULL};

    (void)unused;
    snprintf(path, sizeof path, "/tmp/airlock-cli.%d", (int)getpid());
    for (size_t i = 0; cli_cmds[i] != NULL; i++) {
        static char text[65536];
        FILE *f;
        size_t n;

        argv[2] = (char *)cli_cmds[i]->name;
        capture(3, argv, path);
        f = fopen(path, "r");
        n = fread(text, 1, sizeof text - 1, f);
        text[n] = 0;
        fclose(f);
        for (const struct cli_opt *o = cli_cmds[i]->options; o != NULL && o->name != NULL; o++) {
            char dashed[80];
            size_t k = 0;

            for (const char *p = o->name; *p != 0; p++) {
                k += (size_t)snprintf(dashed + k, sizeof dashed - k, *p == '-' ? "\\-" : "%c", *p);
            }
            if (strstr(text, dashed) == NULL) {
                fail_msg("the page of %s does not name --%s", cli_cmds[i]->name, o->name);
            }
        }
    }
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cli_parses_what_the_rows_say),
        cmocka_unit_test(cli_rows_are_complete),
        cmocka_unit_test(cli_completion_is_bash),
        cmocka_unit_test(cli_manual_pages_name_every_option),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
