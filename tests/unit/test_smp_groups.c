/* SPDX-License-Identifier: Apache-2.0 */
/* The groups beside os and image, as clients ask for them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "adapters/fs/hostdir.h"
#include "airlock/crypto.h"
#include "airlock/journal.h"
#include "appbench.h"
#include "core/crc.h"
#include "programs/device/services.h"

#define READ  ALK_SMP_OP_READ
#define WRITE ALK_SMP_OP_WRITE

struct house {
    struct appbench a;
    struct services services;
    char dir[32];
};

static int setup(void **state)
{
    struct house *h = calloc(1, sizeof *h);

    strcpy(h->dir, "/tmp/alk-fs-XXXXXX");
    assert_non_null(mkdtemp(h->dir));
    appbench_open(&h->a, 4);
    assert_int_equal(services_open(&h->services, NULL, h->dir), ALK_OK);
    h->a.app.services = &h->services.offered;
    *state = h;
    return 0;
}

static int teardown(void **state)
{
    struct house *h = *state;
    char command[64];

    snprintf(command, sizeof command, "rm -r %s", h->dir);
    assert_int_equal(system(command), 0);
    bench_close(&h->a.b);
    alk_flash_file_close(&h->services.chip);
    free(h);
    return 0;
}

static struct alk_cbor_item item(struct bench *b, const char *key)
{
    struct alk_cbor_item it = {.type = ALK_CBOR_NULL};

    alk_cbor_find(&it, &b->map_of_reply.in, key);
    return it;
}

static void text(struct bench *b, const char *key, const char *value)
{
    alk_cbor_put_text(&b->args, key);
    alk_cbor_put_text(&b->args, value);
}

static int ask_name(struct bench *b, uint8_t op, uint16_t group, uint8_t id, const char *name)
{
    bench_begin(b);
    text(b, "name", name);
    return bench_send(b, op, group, id);
}

static int put_setting(struct bench *b, const char *name, const char *value)
{
    bench_begin(b);
    text(b, "name", name);
    alk_cbor_put_text(&b->args, "val");
    alk_cbor_put_bytes(&b->args, (const uint8_t *)value, strlen(value));
    return bench_send(b, WRITE, ALK_SMP_SETTINGS, 0);
}

static void enum_tells_the_groups_of_the_table(void **state)
{
    static const uint32_t groups[] = {0, 1, 2, 3, 4, 8, 9, 10, 63, 64};
    struct house *h = *state;
    struct bench *b = &h->a.b;
    struct alk_cbor_item list, it;

    assert_int_equal(bench_ask(b, READ, ALK_SMP_ENUM, 0), 0);
    assert_int_equal(bench_number(b, "count"), 10);
    assert_int_equal(bench_ask(b, READ, ALK_SMP_ENUM, 1), 0);
    list = item(b, "groups");
    for (size_t i = 0; i < 10; i++) {
        assert_int_equal(alk_cbor_next(&it, &list.in), 1);
        assert_int_equal(it.value, groups[i]);
    }
    assert_int_equal(alk_cbor_next(&it, &list.in), 0);
    for (uint32_t i = 0; i < 11; i++) {
        bench_begin(b);
        alk_cbor_put_text(&b->args, "index");
        alk_cbor_put_uint(&b->args, i);
        assert_int_equal(bench_send(b, READ, ALK_SMP_ENUM, 2), i < 10 ? 0 : 4);
        if (i < 10)
            assert_int_equal(bench_number(b, "group"), groups[i]);
        assert_int_equal(bench_number(b, "end"), i == 9 ? 1 : -1);
    }
    assert_int_equal(bench_ask(b, READ, ALK_SMP_ENUM, 3), 0);
    list = item(b, "groups");
    assert_int_equal(alk_cbor_next(&it, &list.in), 1);
    assert_int_equal(alk_cbor_find(&list, &it.in, "handlers"), 1);
    assert_int_equal(list.value, 9);
}

static void services_left_out_are_not_supported(void **state)
{
    static const struct {
        uint16_t group;
        uint8_t id, op;
    } row[] = {{0, 2, READ}, {0, 3, READ},  {0, 4, READ},  {2, 1, READ},  {3, 2, WRITE},
               {4, 0, READ}, {4, 1, WRITE}, {4, 3, READ},  {4, 4, READ},  {4, 5, READ},
               {8, 3, READ}, {8, 4, WRITE}, {9, 0, WRITE}, {63, 0, WRITE}};
    static const struct alk_smp_services none;
    struct house *h = *state;

    for (unsigned how = 0; how < 2; how++)
        for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
            h->a.app.services = how != 0 ? &none : NULL;
            if (bench_ask(&h->a.b, row[i].op, row[i].group, row[i].id) != -8)
                fail_msg("group %u, command %u", row[i].group, row[i].id);
        }
}

static void settings_are_written_read_and_deleted(void **state)
{
    struct house *h = *state;
    struct bench *b = &h->a.b;
    char longest[ALK_KV_KEY_MAX + 2];

    assert_int_equal(ask_name(b, READ, 3, 0, "a/b"), 3);
    assert_int_equal(put_setting(b, "a/b", "hello"), 0);
    assert_int_equal(ask_name(b, READ, 3, 0, "a/b"), 0);
    assert_int_equal(item(b, "val").len, 5);
    assert_memory_equal(item(b, "val").data, "hello", 5);
    assert_int_equal(alk_kv_open(&h->services.kv, &h->services.area), ALK_OK); /* a reset */
    assert_int_equal(ask_name(b, READ, 3, 0, "a/b"), 0);
    bench_begin(b);
    text(b, "name", "a/b");
    alk_cbor_put_text(&b->args, "max_size");
    alk_cbor_put_uint(&b->args, 2);
    assert_int_equal(bench_send(b, READ, 3, 0), 0);
    assert_int_equal(item(b, "val").len, 2);
    assert_int_equal(ask_name(b, WRITE, 3, 1, "a/b"), 0);
    assert_int_equal(ask_name(b, WRITE, 3, 1, "a/b"), 3);
    memset(longest, 'k', sizeof longest);
    longest[sizeof longest - 1] = '\0';
    assert_int_equal(put_setting(b, longest, "x"), 2);
    assert_int_equal(ask_name(b, READ, 3, 0, ""), -3);
    assert_int_equal(bench_ask(b, WRITE, 3, 3), 0);
    assert_int_equal(put_setting(b, "x", "y"), 0);
    assert_int_equal(bench_ask(b, WRITE, ALK_SMP_BASIC, 0), 0);
    assert_int_equal(ask_name(b, READ, 3, 0, "x"), 3);
}

static int shell(struct bench *b, const char *const *argv)
{
    bench_begin(b);
    alk_cbor_put_text(&b->args, "argv");
    alk_cbor_open_array(&b->args);
    for (; *argv != NULL; argv++)
        alk_cbor_put_text(&b->args, *argv);
    alk_cbor_close(&b->args);
    return bench_send(b, WRITE, ALK_SMP_SHELL, 0);
}

static void shell_runs_what_is_registered(void **state)
{
    struct house *h = *state;
    struct bench *b = &h->a.b;

    assert_int_equal(shell(b, (const char *const[]){NULL}), 3);
    assert_int_equal(shell(b, (const char *const[]){"", NULL}), 3);
    assert_int_equal(shell(b, (const char *const[]){"say", "a", "b", NULL}), 0);
    assert_memory_equal(item(b, "o").data, "a b\r\n", 5);
    assert_int_equal(bench_number(b, "ret"), 0);
    assert_int_equal(shell(b, (const char *const[]){"say  c d", NULL}), 0); /* a line as one word */
    assert_memory_equal(item(b, "o").data, "c d\r\n", 5);
    assert_int_equal(shell(b, (const char *const[]){"rm", NULL}), 0);
    assert_int_equal(item(b, "ret").type, ALK_CBOR_NINT);
    assert_int_equal(item(b, "ret").value, 7); /* -8 */
    assert_int_equal(shell(b, (const char *const[]){"help", NULL}), 0);
    assert_true(item(b, "o").len > 40);
    assert_int_equal(shell(b, (const char *const[]){"1 2 3 4 5 6 7 8 9 10 11 12 13", NULL}), 2);
}

static int put_file(struct bench *b, const char *name, uint32_t off, const char *data, uint32_t len)
{
    bench_begin(b);
    text(b, "name", name);
    alk_cbor_put_text(&b->args, "off");
    alk_cbor_put_uint(&b->args, off);
    alk_cbor_put_text(&b->args, "len");
    alk_cbor_put_uint(&b->args, len);
    alk_cbor_put_text(&b->args, "data");
    alk_cbor_put_bytes(&b->args, (const uint8_t *)data, strlen(data));
    return bench_send(b, WRITE, ALK_SMP_FS, 0);
}

static void fs_moves_files_both_ways(void **state)
{
    struct house *h = *state;
    struct bench *b = &h->a.b;

    assert_int_equal(ask_name(b, READ, 8, 1, "/lfs/f"), 3);
    assert_int_equal(put_file(b, "/lfs/f", 0, "12345", 9), 0);
    assert_int_equal(put_file(b, "/lfs/f", 4, "6789", 9), 11);
    assert_int_equal(put_file(b, "/lfs/f", 5, "6789", 9), 0);
    assert_int_equal(bench_number(b, "off"), 9);
    assert_int_equal(ask_name(b, READ, 8, 1, "f"), 0);
    assert_int_equal(bench_number(b, "len"), 9);
    for (uint32_t off = 0; off < 12; off += 4) {
        bench_begin(b);
        text(b, "name", "f");
        alk_cbor_put_text(&b->args, "off");
        alk_cbor_put_uint(&b->args, off);
        assert_int_equal(bench_send(b, READ, 8, 0), 0);
        assert_int_equal(item(b, "data").len, off < 9 ? 9 - off : 0);
        assert_memory_equal(item(b, "data").data, &"123456789"[off < 9 ? off : 9], item(b, "data").len);
        assert_int_equal(bench_number(b, "len"), off == 0 ? 9 : -1);
    }
    assert_int_equal(ask_name(b, READ, 8, 2, "f"), 0);
    assert_int_equal(item(b, "output").value, alk_crc32(0, "123456789", 9));
    bench_begin(b);
    text(b, "name", "f");
    text(b, "type", "md5");
    assert_int_equal(bench_send(b, READ, 8, 2), 13);
}

/* Nothing outside the directory, whatever the name. */
static void fs_stays_in_its_directory(void **state)
{
    static const char *const name[] = {"/etc/passwd", "../x",  "..",  ".",
                                       "/lfs/../x",   "/lfs/", "a/b", "/lfs//x"};
    struct house *h = *state;

    for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
        assert_int_equal(ask_name(&h->a.b, READ, 8, 1, name[i]), 2);
        assert_int_equal(put_file(&h->a.b, name[i], 0, "x", 1), 2);
    }
    assert_int_equal(ask_name(&h->a.b, READ, 8, 1, ""), -3);
}

static void log_is_shown_from_any_index_and_in_parts(void **state)
{
    struct house *h = *state;
    struct bench *b = &h->a.b;
    uint32_t index = 0, seen = 0;

    for (unsigned i = 0; i < 40; i++)
        services_log(&h->services, "a line of the log that is of a middling length");
    for (unsigned part = 0; part < 9 && index < 40; part++) {
        struct alk_cbor_item logs, one, entries, e;

        bench_begin(b);
        alk_cbor_put_text(&b->args, "index");
        alk_cbor_put_uint(&b->args, index);
        assert_int_equal(bench_send(b, READ, 4, 0), 0);
        logs = item(b, "logs");
        assert_int_equal(alk_cbor_next(&one, &logs.in), 1);
        assert_int_equal(alk_cbor_find(&entries, &one.in, "entries"), 1);
        while (alk_cbor_next(&e, &entries.in) == 1)
            seen++;
        assert_true(bench_number(b, "next_index") > (long)index);
        index = (uint32_t)bench_number(b, "next_index");
    }
    assert_int_equal(seen, SERVICES_LINES);
    assert_int_equal(bench_ask(b, WRITE, 4, 1), 0);
    assert_int_equal(bench_ask(b, READ, 4, 0), 0);
    assert_int_equal(bench_number(b, "next_index"), 0);
}

static void system_tells_tasks_pools_time_and_counters(void **state)
{
    struct house *h = *state;
    struct bench *b = &h->a.b;

    assert_int_equal(bench_ask(b, READ, 0, 2), 0);
    assert_int_equal(item(b, "tasks").type, ALK_CBOR_MAP);
    assert_int_equal(bench_ask(b, READ, 0, 3), 0);
    assert_int_equal(item(b, "packets").type, ALK_CBOR_MAP);
    bench_begin(b);
    text(b, "datetime", "2031-02-03T04:05:06.123+01:00");
    assert_int_equal(bench_send(b, WRITE, 0, 4), 0);
    assert_int_equal(bench_ask(b, READ, 0, 4), 0);
    assert_memory_equal(item(b, "datetime").data, "2031-02-03T04:05:0", 18);
    bench_begin(b);
    text(b, "datetime", "yesterday, at half past");
    assert_int_equal(bench_send(b, WRITE, 0, 4), 5);
    h->services.boots = 7;
    assert_int_equal(ask_name(b, READ, 2, 0, "device"), 0);
    assert_int_equal(ask_name(b, READ, 2, 0, "none"), 3);
    assert_int_equal(bench_ask(b, READ, 2, 0), -3);
}

static void group_64_tells_journal_hash_keys_and_erased_sectors(void **state)
{
    static const uint8_t v1[4] = {1, 0, 0, 0};
    struct house *h = *state;
    struct bench *b = &h->a.b;
    struct alk_journal j;
    struct alk_sha256 sha;
    struct forge f;
    uint8_t want[32];

    assert_int_equal(bench_ask(b, READ, 64, 1), 3);
    alk_journal_open(&j, &b->map.journal);
    j.rec.kind = ALK_REQ_TEST;
    j.rec.why = (uint8_t)ALK_E_AUTH;
    assert_int_equal(alk_journal_begin(&j), ALK_OK);
    assert_int_equal(bench_ask(b, READ, 64, 1), 0);
    assert_int_equal(item(b, "result").type, ALK_CBOR_NINT);
    assert_int_equal(item(b, "result").value, 5);
    assert_int_equal(bench_ask(b, READ, 64, 2), 5);
    bench_image(&f, v1, 3000, 1, "sign-ecdsa-p256");
    bench_burn(b, &b->map.primary, 0, f.bytes, f.len);
    alk_sha256_init(&sha);
    alk_sha256_update(&sha, f.bytes, f.len);
    alk_sha256_final(want, &sha);
    assert_int_equal(bench_ask(b, READ, 64, 2), 0);
    assert_int_equal(bench_number(b, "len"), f.len);
    assert_memory_equal(item(b, "sha").data, want, 32);
    assert_int_equal(bench_ask(b, READ, 64, 3), 0);
    assert_int_equal(item(b, "keys").type, ALK_CBOR_ARRAY);
    assert_int_equal(bench_ask(b, READ, 64, 4), 0);
    assert_int_equal(bench_number(b, "blank"), BENCH_SECTORS);
    assert_int_equal(bench_ask(b, READ, 64, 0), 0);
    assert_int_equal(bench_number(b, "unit"), 4);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(enum_tells_the_groups_of_the_table),
        CASE(services_left_out_are_not_supported),
        CASE(settings_are_written_read_and_deleted),
        CASE(shell_runs_what_is_registered),
        CASE(fs_moves_files_both_ways),
        CASE(fs_stays_in_its_directory),
        CASE(log_is_shown_from_any_index_and_in_parts),
        CASE(system_tells_tasks_pools_time_and_counters),
        CASE(group_64_tells_journal_hash_keys_and_erased_sectors),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
