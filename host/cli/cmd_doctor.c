/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "airlock/doctor.h"
#include "host/cli/commands.h"
#include "host/cli/use.h"

static const struct cli_opt options[] = {
    {"sdk", 0, "X.Y", "Version of the nRF Connect SDK, where the files do not say it.", false, false},
    {"zephyr", 0, "X.Y", "Version of Zephyr, for a project without Nordic's SDK.", false, false},
    {"strict", 0, NULL, "Exit status 1 for warnings too, not for errors only.", false, false},
    {"explain", 0, "ID", "Print what an id (ALK-D101) means and how to mend it.", false, false},
    {"page", 0, NULL, "Print the page about all ids, in Markdown.", false, false},
    {NULL, 0, NULL, NULL, false, false},
};

/* "2.6" and "v2.6.1" are 206; false: no version. */
static bool parse_version(unsigned *out, const struct cli *c, const char *option)
{
    const char *text = cli_get(c, option), *p = text;
    unsigned long major, minor;
    char *end;

    if (text == NULL) {
        return true;
    }
    p += *p == 'v';
    major = isdigit((unsigned char)*p) ? strtoul(p, &end, 10) : 0;
    if (major == 0 || major > 20 || *end != '.' || !isdigit((unsigned char)end[1])) {
        cli_fail(c, CLI_USAGE, text, "as --sdk 2.6", "is no version of an SDK");
        return false;
    }
    minor = strtoul(end + 1, &end, 10);
    if (minor > 99 || (*end != 0 && *end != '.')) {
        cli_fail(c, CLI_USAGE, text, "as --sdk 2.6", "is no version of an SDK");
        return false;
    }
    *out = (unsigned)(major * 100 + minor);
    return true;
}

static int print_page(void)
{
    struct alk_buf page = {0};

    alk_doctor_page(&page);
    fwrite(page.data, 1, page.len, stdout);
    alk_buf_free(&page);
    return CLI_YES;
}

static int explain(const struct cli *c, const char *id)
{
    const char *bare = strncmp(id, "ALK-", 4) == 0 ? id + 4 : id;

    for (size_t i = 0; alk_doctor_rule(i) != NULL; i++) {
        const struct alk_rule *r = alk_doctor_rule(i);

        if (strcmp(r->id, bare) == 0) {
            printf("ALK-%s  %s (%s)\n\n%s\n\nTo mend it: %s\n", r->id, r->title,
                   alk_severity_name(r->severity), r->why, r->remedy);
            return CLI_YES;
        }
    }
    return cli_fail(c, CLI_USAGE, id, "airlock doctor --page lists them", "no such id");
}

static void show(const struct alk_finding *f)
{
    printf("%s: ALK-%s: %s\n  ", alk_severity_name(f->rule->severity), f->rule->id, f->rule->title);
    if (f->file != NULL) {
        printf("%s", f->file);
        if (f->line != 0) {
            printf(":%u", f->line);
        } else if (f->has_addr && f->addr != 0) {
            printf(" at 0x%x", f->addr);
        }
        fputs(": ", stdout);
    }
    printf("%s\n  mend: %s\n  page: docs/DOCTOR.md#alk-%c%s\n\n", f->text, f->rule->remedy,
           tolower((unsigned char)f->rule->id[0]), f->rule->id + 1);
}

/* One object a line, so that a script can read them as they come. */
static void show_json(const struct alk_finding *f)
{
    char id[16], page[64];
    json_t *o;

    snprintf(id, sizeof id, "ALK-%s", f->rule->id);
    snprintf(page, sizeof page, "docs/DOCTOR.md#alk-%c%s", tolower((unsigned char)f->rule->id[0]),
             f->rule->id + 1);
    o = json_pack("{s:s, s:s, s:s, s:s*, s:s, s:s, s:s}", "id", id, "severity",
                  alk_severity_name(f->rule->severity), "title", f->rule->title, "file", f->file, "seen",
                  f->text, "remedy", f->rule->remedy, "page", page);
    if (o == NULL) { /* a name or text that is no UTF-8 */
        o = json_pack("{s:s, s:s, s:s, s:s, s:s}", "id", id, "severity", alk_severity_name(f->rule->severity),
                      "title", f->rule->title, "remedy", f->rule->remedy, "page", page);
    }
    if (f->line != 0) {
        json_object_set_new(o, "line", json_integer(f->line));
    }
    if (f->has_addr) {
        json_object_set_new(o, "address", json_integer(f->addr));
    }
    json_dumpf(o, stdout, 0);
    putchar('\n');
    json_decref(o);
}

static int report(const struct cli *c, const struct alk_doctor *d)
{
    size_t count[3] = {0}, bad;
    const struct alk_finding *f;
    char world[120];

    for (size_t i = 0; (f = alk_doctor_finding(d, i)) != NULL; i++) {
        count[f->rule->severity]++;
        if (cli_json(c)) {
            show_json(f);
        } else {
            show(f);
        }
    }
    alk_doctor_world(world, sizeof world, d);
    cli_say(c, "taken for: %s", world);
    cli_say(c, "%zu errors, %zu warnings, %zu notes", count[ALK_ERROR], count[ALK_WARNING], count[ALK_NOTE]);
    bad = count[ALK_ERROR] + (cli_has(c, "strict") ? count[ALK_WARNING] : 0);
    return bad > 0 ? CLI_NO : CLI_YES;
}

/* Exit status: what cannot be looked at is 3, whatever the reason. */
static int examine(struct cli *c, struct alk_doctor *d, unsigned ncs, unsigned zephyr)
{
    struct alk_why why;

    alk_doctor_assume(d, ncs, zephyr);
    for (size_t i = 0; i < cli_operands(c); i++) {
        if (alk_doctor_read(d, cli_operand(c, i), &why) != ALK_OK) {
            return cli_refuse(c, ALK_E_IO, cli_operand(c, i), &why);
        }
    }
    if (alk_doctor_examine(d) != ALK_OK) {
        return cli_fail(c, CLI_IO, NULL, NULL, "not enough memory");
    }
    return report(c, d);
}

static int run(struct cli *c)
{
    unsigned ncs = 0, zephyr = 0;
    struct alk_doctor *d;
    int status;

    if (cli_has(c, "page")) {
        return print_page();
    }
    if (cli_has(c, "explain")) {
        return explain(c, cli_get(c, "explain"));
    }
    if (cli_operands(c) == 0) {
        return cli_fail(c, CLI_USAGE, NULL, NULL, "expected: airlock doctor DIR|FILE...");
    }
    if (!parse_version(&ncs, c, "sdk") || !parse_version(&zephyr, c, "zephyr")) {
        return CLI_USAGE;
    }
    d = alk_doctor_open();
    if (d == NULL) {
        return cli_fail(c, CLI_IO, NULL, NULL, "not enough memory");
    }
    status = examine(c, d, ncs, zephyr);
    alk_doctor_close(d);
    return status;
}

const struct cli_cmd cli_cmd_doctor = {
    .name = "doctor",
    .operands = "DIR|FILE...",
    .summary = "Look at a Zephyr project, a build or its files: what is wrong, how to mend it.",
    .detail = "Reads configuration, partitions, keys, images and packages of a Zephyr or nRF Connect SDK "
              "application with "
              "MCUboot, and reports mistakes that keep an update from working or let a foreign one in. "
              "Nothing is changed.\n\n"
              "Exit status 0: no errors; 1: errors (with --strict: or warnings); 3: something could not be "
              "read. --json prints "
              "one object a line for each finding.",
    .examples = "airlock doctor .\nairlock doctor --sdk 2.6 my_app\nairlock doctor build/merged.hex "
                "update.signed.bin\n"
                "airlock doctor --explain ALK-D106",
    .options = options,
    .min_operands = 0,
    .max_operands = -1,
    .run = run,
};
