/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "airlock/bootinfo.h"
#include "host/cli/cli.h"
#include "tool.h"

static char said[4096];

/* Run a line ("airlock" left out); what it says on stderr goes to `said`. */
int tool_call(const char *line)
{
    char text[1024], *argv[48] = {(char *)"airlock"}, *end;
    FILE *err = stderr, *out = stdout;
    int argc = 1, status;

    snprintf(text, sizeof text, "%s", line);
    for (char *p = strtok_r(text, " ", &end); p != NULL; p = strtok_r(NULL, " ", &end)) {
        argv[argc++] = p;
    }
    memset(said, 0, sizeof said);
    stderr = fmemopen(said, sizeof said - 1, "w");
    stdout = fopen("/dev/null", "w");
    status = cli_main(cli_cmds, argc, argv);
    fclose(stderr);
    fclose(stdout);
    stderr = err;
    stdout = out;
    return status;
}

void tool_expect(const char *line, int status, const char *words)
{
    int got = tool_call(line);

    if (got != status || (words != NULL && strstr(said, words) == NULL)) {
        fail_msg("airlock %s: status %d, want %d; said: %s", line, got, status, said);
    }
}

void tool_put_file(const char *name, const void *data, size_t len)
{
    FILE *f = fopen(name, "wb");

    assert_non_null(f);
    assert_int_equal(fwrite(data, 1, len, f), len);
    fclose(f);
}

/* 1 KiB of code with boot info in it, for a part with 1 KiB pages. */
static void make_bootloader(const char *name)
{
    static uint8_t code[1024];
    struct alk_bootinfo info = {
        .magic = ALK_BOOTINFO_MAGIC,
        .version = ALK_BOOTINFO_VERSION,
        .size = ALK_BOOTINFO_SIZE,
        .board = "test",
        .code_end = sizeof code,
        .keys_addr = 0x6000,
        .keys_size = 0x400,
        .primary_addr = 0x8000,
        .primary_size = 0x4000,
        .secondary_addr = 0xc000,
        .secondary_size = 0x4000,
        .journal_addr = 0x7000,
        .journal_size = 0x1000,
        .sector_size = 0x400,
        .unit = 4,
        .hdr_size = 0x200,
        .features = ALK_FEATURE_P256 | ALK_FEATURE_EC256 | ALK_FEATURE_AES128,
    };

    memcpy(code + 192, &info, sizeof info);
    tool_put_file(name, code, sizeof code);
}

int tool_setup(void **unused)
{
    static char dir[] = "/tmp/airlock-tool.XXXXXX";
    static uint8_t program[3000];

    (void)unused;
    assert_non_null(mkdtemp(dir));
    assert_int_equal(chdir(dir), 0);
    make_bootloader("boot.bin");
    tool_put_file("room.bin", program, sizeof program);
    memset(program, 0x55, sizeof program);
    tool_put_file("data.bin", program, sizeof program);
    memset(program, 0, 0x200);
    tool_put_file("app.bin", program, sizeof program);
    tool_expect("keygen sign.pem", CLI_YES, "fingerprint");
    tool_expect("keygen other.pem", CLI_YES, NULL);
    tool_expect("keygen --encryption enc.pem", CLI_YES, NULL);
    return 0;
}

int tool_teardown(void **unused)
{
    char dir[128], line[160];

    (void)unused;
    assert_non_null(getcwd(dir, sizeof dir));
    snprintf(line, sizeof line, "rm -rf %s", dir);
    return system(line);
}
