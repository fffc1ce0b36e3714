/* SPDX-License-Identifier: Apache-2.0 */
/* airlock doctor on the cases of this directory, on hostile trees, and against its page in the docs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "airlock/doctor.h"
#include "airlock/file.h"
#include "host/cli/cli.h"

#define LIMIT_MS 100
#define IDS      64

static char dir[] = "/tmp/airlock-doctor.XXXXXX";

struct list {
    char id[IDS][8];
    size_t n;
};

static void add(struct list *l, const char *id)
{
    if (l->n < IDS) {
        snprintf(l->id[l->n++], 8, "%.7s", id);
    }
}

static int by_text(const void *a, const void *b)
{
    return strcmp(a, b);
}

static const char *as_line(char out[512], struct list *l)
{
    size_t n = 0;

    out[0] = 0;
    qsort(l->id, l->n, sizeof l->id[0], by_text);
    for (size_t i = 0; i < l->n; i++) {
        n += (size_t)snprintf(out + n, 512 - n, "%s ", l->id[i]);
    }
    return out;
}

static void read_expect(struct list *want, unsigned sdk[2], const char *path)
{
    char line[128], name[128];
    FILE *f;
    unsigned major, minor;

    snprintf(name, sizeof name, "%s/expect", path);
    f = fopen(name, "r");
    assert_non_null(f);
    while (fgets(line, sizeof line, f) != NULL) {
        line[strcspn(line, "\n")] = 0;
        if (strncmp(line, "ALK-", 4) == 0) {
            add(want, line + 4);
        } else if (sscanf(line, "args --sdk %u.%u", &major, &minor) == 2) {
            sdk[0] = major * 100 + minor;
        } else if (sscanf(line, "args --zephyr %u.%u", &major, &minor) == 2) {
            sdk[1] = major * 100 + minor;
        } else {
            fail_msg("%s: \"%s\" is no line of an expect file", name, line);
        }
    }
    fclose(f);
}

static double now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void examine(struct list *got, const char *path, const unsigned sdk[2])
{
    struct alk_doctor *d = alk_doctor_open();
    struct alk_why why;
    int e;

    assert_non_null(d);
    alk_doctor_assume(d, sdk[0], sdk[1]);
    e = alk_doctor_read(d, path, &why);
    if (e != ALK_OK) {
        fail_msg("%s: %s", path, why.text);
    }
    assert_int_equal(alk_doctor_examine(d), ALK_OK);
    for (size_t i = 0; alk_doctor_finding(d, i) != NULL; i++) {
        add(got, alk_doctor_finding(d, i)->rule->id);
    }
    alk_doctor_close(d);
}

/* Run f on each case directory. */
static size_t each_case(void (*f)(const char *path, void *ctx), void *ctx)
{
    DIR *cases = opendir(dir);
    struct dirent *entry;
    char path[512], expect[600];
    size_t n = 0;

    assert_non_null(cases);
    while ((entry = readdir(cases)) != NULL) {
        snprintf(path, sizeof path, "%s/%s", dir, entry->d_name);
        snprintf(expect, sizeof expect, "%s/expect", path);
        if (entry->d_name[0] != '.' && alk_file_exists(expect)) {
            f(path, ctx);
            n++;
        }
    }
    closedir(cases);
    return n;
}

static void check_case(const char *path, void *ctx)
{
    struct list want = {0}, got = {0};
    unsigned sdk[2] = {0};
    char a[512], b[512];
    double start = now_ms(), took;

    read_expect(&want, sdk, path);
    examine(&got, path, sdk);
    took = now_ms() - start;
    if (strcmp(as_line(a, &want), as_line(b, &got)) != 0) {
        print_error("%s: expected %s, found %s\n", path, a, b);
        ++*(int *)ctx;
    }
    if (took > LIMIT_MS) {
        print_error("%s: took %.0f ms\n", path, took);
        ++*(int *)ctx;
    }
}

static void doctor_finds_each_mistake_and_nothing_else(void **unused)
{
    int failed = 0;

    (void)unused;
    assert_true(each_case(check_case, &failed) > 100);
    assert_int_equal(failed, 0);
}

static void doctor_has_a_case_for_each_rule(void **unused)
{
    const struct alk_rule *r;

    (void)unused;
    for (size_t i = 0; (r = alk_doctor_rule(i)) != NULL; i++) {
        char command[300];

        snprintf(command, sizeof command, "grep -rqs '^ALK-%s$' %s/*/expect", r->id, dir);
        if (system(command) != 0) {
            fail_msg("%s: no case", r->id);
        }
        if (i > 0 && strcmp(alk_doctor_rule(i - 1)->id, r->id) >= 0) {
            fail_msg("%s: ids must rise", r->id);
        }
        assert_true(strlen(r->title) > 10 && strlen(r->why) > 20 && strlen(r->remedy) > 10);
    }
}

static void docs_page_is_what_the_rows_say(void **unused)
{
    struct alk_buf page = {0}, file = {0};
    struct alk_why why;

    (void)unused;
    alk_doctor_page(&page);
    assert_false(page.failed);
    assert_int_equal(alk_file_read(&file, ALK_PAGE, &why), ALK_OK);
    if (page.len != file.len || memcmp(page.data, file.data, page.len) != 0) {
        fail_msg("docs/DOCTOR.md differs from `airlock doctor --page`: write it anew");
    }
    alk_buf_free(&page);
    alk_buf_free(&file);
}

static int call(char *line)
{
    char *argv[16] = {(char *)"airlock", (char *)"--quiet"}, *save;
    FILE *err = stderr, *out = stdout;
    int argc = 2, status;

    for (char *p = strtok_r(line, " ", &save); p != NULL; p = strtok_r(NULL, " ", &save)) {
        argv[argc++] = p;
    }
    stderr = fopen("/dev/null", "w");
    stdout = fopen("/dev/null", "w");
    status = cli_main(cli_cmds, argc, argv);
    fclose(stderr);
    fclose(stdout);
    stderr = err;
    stdout = out;
    return status;
}

static void exit_status_says_how_it_went(void **unused)
{
    static const struct {
        const char *line;
        int status;
    } rows[] = {
        {"doctor --sdk 2.6 %s/good_child_image", 0},
        {"doctor --sdk 2.6 %s/boot_option_in_app", 1},
        {"doctor --json --sdk 2.6 %s/boot_option_in_app", 1},
        {"doctor --sdk 2.9 %s/not_pinned", 0},
        {"doctor --sdk 2.9 --strict %s/not_pinned", 1},
        {"doctor --sdk nine %s/not_pinned", 2},
        {"doctor", 2},
        {"doctor --explain ALK-D106", 0},
        {"doctor --explain D9999", 2},
        {"doctor %s/nowhere", 3},
        {"doctor /dev/null", 3},
        {"doctor %s/no_version/app.signed.bin", 0},
        {"doctor %s/sample_key_in_hex/merged.hex", 1},
        {"doctor %s/unreadable/merged.hex", 3},
        {"doctor %s/key_relative/child_image/mcuboot.conf", 0},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char line[300], shown[300];
        int got;

        snprintf(line, sizeof line, rows[i].line, dir);
        snprintf(shown, sizeof shown, "%s", line);
        got = call(line);
        if (got != rows[i].status) {
            fail_msg("airlock %s: status %d, want %d", shown, got, rows[i].status);
        }
    }
}

/* Deep directories, links in circles, a fifo, names of every byte: it ends, and says what it could not read.
 */
static void hostile_trees_end_with_a_report(void **unused)
{
    char script[1200];
    struct list got = {0};
    const unsigned sdk[2] = {209, 0};
    double start;

    (void)unused;
    snprintf(script, sizeof script,
             "set -e; mkdir -p %s/tree && cd %s/tree && ln -s . loop && ln -s ../tree again && ln -s gone "
             "prj.conf && "
             "mkfifo sysbuild.conf && d=.; for i in $(seq 60); do d=$d/d; done; mkdir -p $d && "
             "echo 'CONFIG_BOOT_MAX_IMG_SECTORS=1' >$d/prj.conf && head -c 3000000 /dev/zero >big.conf && "
             "mkdir partitions.yml && for i in $(seq 900); do echo 'CONFIG_BT=y' >f$i.conf; done && "
             "printf 'CONFIG_BT=y\\nCONFIG_X=\"' >a_open.conf && printf '\\377\\376CONFIG_Y=1\\n' >b.conf",
             dir, dir);
    assert_int_equal(system(script), 0);
    snprintf(script, sizeof script, "%s/tree", dir);
    start = now_ms();
    examine(&got, script, sdk);
    assert_true(now_ms() - start < 1000);
    assert_true(got.n >= 2);
}

static int setup(void **unused)
{
    char command[600];

    (void)unused;
    assert_non_null(mkdtemp(dir));
    snprintf(command, sizeof command,
             "cp -r " ALK_CASES "/. %s && grep -rlI @DIR@ %s | xargs sed -i 's|@DIR@|%s|g'", dir, dir, dir);
    return system(command);
}

static int teardown(void **unused)
{
    char command[64];

    (void)unused;
    snprintf(command, sizeof command, "rm -rf %s", dir);
    return system(command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(doctor_finds_each_mistake_and_nothing_else),
        cmocka_unit_test(doctor_has_a_case_for_each_rule),
        cmocka_unit_test(docs_page_is_what_the_rows_say),
        cmocka_unit_test(exit_status_says_how_it_went),
        cmocka_unit_test(hostile_trees_end_with_a_report),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
