/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bench.h"
#include "core/bytes.h"

static int setup(void **state)
{
    struct bench *b = malloc(sizeof *b);

    bench_open(b, 4);
    *state = b;
    return 0;
}

static int teardown(void **state)
{
    bench_close(*state);
    free(*state);
    return 0;
}

static size_t unhex(uint8_t *out, const char *hex)
{
    size_t n = 0;

    for (; *hex != '\0'; hex += 2) {
        char pair[3] = {hex[0], hex[1], 0};
        out[n++] = (uint8_t)strtoul(pair, NULL, 16);
    }
    return n;
}

static void expect(struct bench *b, const char *request, const char *reply)
{
    uint8_t req[300], want[300];
    size_t n = unhex(req, request), m = unhex(want, reply);

    b->len = alk_smp_handle(&b->smp, req, n, b->rsp, sizeof b->rsp);
    if (b->len != (int)m || memcmp(b->rsp, want, m) != 0)
        fail_msg("%s: not the reply of Zephyr 4.4.0", request);
}

/* Recorded from Zephyr 4.4.0 with buffers of 384 x 4. */
static void smp_replies_as_recorded(void **state)
{
    static const char *const row[][2] = {
        {"0a00000600004200a16164626869", "0b00000700004200bf6172626869ff"},
        {"0200000600004200a16164626869", "0300000700004200bf6172626869ff"},
        {"0800000100004206a0", "0900001900004206bf686275665f73697a65190180696275665f636f756e7404ff"},
        {"000000010000ff06a0", "010000190000ff06bf686275665f73697a65190180696275665f636f756e7404ff"},
        {"0800000100634200a0", "0900000600634200bf62726308ff"},
        {"1200000500004200a161646178", "0b00000600004200bf6272630dff"},
        {"0800000a00004207a166666f726d61746151", "0900001300004207bf63657272bf6567726f75700062726302ffff"},
        {"0800000100004204a0", "0900000600004204bf62726308ff"},
        {"08000001000a4200a0", "09000006000a4200bf62726308ff"},
    };

    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        expect(*state, row[i][0], row[i][1]);
}

/* Length 0 is an empty map. */
static void smp_takes_no_map_for_an_empty_one(void **state)
{
    struct bench *b = *state;

    expect(b, "0800000000004206", "0900001900004206bf686275665f73697a65190180696275665f636f756e7404ff");
    expect(b, "0a00000000004200", "0b00000500004200bf617260ff");
    expect(b, "0a00000000004205", "0b00000200004205bfff");
    assert_int_equal(b->smp.after, ALK_SMP_RESET);
}

static void smp_refuses_malformed_requests(void **state)
{
    static const char *const row[][2] = {
        {"0800000a00004206a0", "0900000600004206bf62726309ff"},                 /* longer than the packet */
        {"0a00000600004200a16164826162", "0b00000600004200bf62726303ff"},       /* truncated */
        {"0a00000500004200a161641862", "0b00000600004200bf62726303ff"},         /* d is a number */
        {"0a0000020000420080ff", "0b00000600004200bf62726303ff"},               /* no map */
        {"0a00000900004200a26164616161646162", "0b00000600004200bf62726303ff"}, /* d twice */
        {"0b00000100004200a0", "0b00000600004200bf62726308ff"},                 /* a reply */
        {"0f00000100004200a0", "0b00000600004200bf62726308ff"},                 /* no such operation */
        {"0a00000100004206a0", "0b00000600004206bf62726308ff"},                 /* written, is to be read */
        {"1800000100004206a0", "0900000600004206bf6272630dff"},                 /* reserved version 3 */
    };

    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        expect(*state, row[i][0], row[i][1]);
}

static void smp_is_silent_below_a_header(void **state)
{
    struct bench *b = *state;

    for (size_t n = 0; n < 8; n++)
        assert_int_equal(alk_smp_handle(&b->smp, (const uint8_t *)"\x08\0\0\0\0\0\0\6", n, b->rsp, 100), 0);
}

static void smp_answers_several_requests_up_to_the_first_error(void **state)
{
    expect(*state,
           "0a00000600004300a16164626869"
           "0800000100004406a0"
           "0a00000000004500",
           "0b00000700004300bf6172626869ff"
           "0900001900004406bf686275665f73697a65190180696275665f636f756e7404ff"
           "0b00000500004500bf617260ff");
    expect(*state,
           "0a00000600004300a16164626869"
           "0800000100634400a0"
           "0a00000000004500",
           "0b00000700004300bf6172626869ff"
           "0900000600634400bf62726308ff");
}

static void smp_reply_that_does_not_fit_is_an_error_or_silence(void **state)
{
    struct bench *b = *state;
    uint8_t req[14];
    size_t n = unhex(req, "0a00000600004200a16164626869");

    for (size_t cap = 0; cap < 15; cap++) {
        uint8_t *rsp = malloc(cap + 1);

        rsp[cap] = 0xa5;
        int len = alk_smp_handle(&b->smp, req, n, rsp, cap);
        assert_int_equal(len, cap < 14 ? 0 : 14);
        assert_int_equal(rsp[cap], 0xa5);
        if (len != 0)
            assert_memory_equal(rsp + 8, "\xbf\x62rc\x07\xff", 6);
        free(rsp);
    }
}

static void smp_reset_is_left_to_the_program(void **state)
{
    static const struct {
        const char *request;
        int rc;
        uint8_t after;
    } row[] = {
        {"0a00000100004205a0", 0, ALK_SMP_RESET},
        {"0a00000c00004205a169626f6f745f6d6f646500", 0, ALK_SMP_RESET},
        {"0a00000c00004205a169626f6f745f6d6f646501", 0, ALK_SMP_RESET_TO_RECOVERY},
        {"0a00000c00004205a169626f6f745f6d6f646502", -3, ALK_SMP_STAY},
        {"0a00000800004205a165666f726365f5", 0, ALK_SMP_RESET},
        {"0a00000800004205a165666f72636501", 0, ALK_SMP_RESET},
        {"0a00000800004205a165666f72636560", -3, ALK_SMP_STAY},
    };
    struct bench *b = *state;

    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        size_t n = unhex(b->req, row[i].request);

        b->smp.after = ALK_SMP_STAY;
        b->len = alk_smp_handle(&b->smp, b->req, n, b->rsp, sizeof b->rsp);
        assert_int_equal(bench_rc(b), row[i].rc);
        assert_int_equal(b->smp.after, row[i].after);
    }
}

static void smp_info_joins_the_letters_asked_for(void **state)
{
    static const char *const row[][2] = {
        {"", "airlock"},       {"s", "airlock"},      {"n", "bench"},
        {"sv", "airlock 1.0"}, {"vs", "airlock 1.0"}, {"a", "airlock bench 1.0"},
    };
    struct bench *b = *state;
    struct alk_cbor_item out;

    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        bench_begin(b);
        alk_cbor_put_text(&b->args, "format");
        alk_cbor_put_text(&b->args, row[i][0]);
        assert_int_equal(bench_send(b, ALK_SMP_OP_READ, ALK_SMP_OS, 7), 0);
        assert_int_equal(alk_cbor_find(&out, &b->map_of_reply.in, "output"), 1);
        assert_int_equal(out.len, strlen(row[i][1]));
        assert_memory_equal(out.data, row[i][1], out.len);
    }
    assert_int_equal(bench_ask(b, ALK_SMP_OP_READ, ALK_SMP_OS, 7), 0);
    b->version = 0;
    bench_begin(b);
    alk_cbor_put_text(&b->args, "format");
    alk_cbor_put_text(&b->args, "sQ");
    assert_int_equal(bench_send(b, ALK_SMP_OP_READ, ALK_SMP_OS, 7), -3);
}

static void smp_bootloader_info_is_what_clients_look_for(void **state)
{
    struct bench *b = *state;
    struct alk_cbor_item it;

    assert_int_equal(bench_ask(b, ALK_SMP_OP_READ, ALK_SMP_OS, 8), 0);
    assert_int_equal(alk_cbor_find(&it, &b->map_of_reply.in, "bootloader"), 1);
    assert_memory_equal(it.data, "MCUboot", it.len);
    for (unsigned version = 0; version < 2; version++) {
        b->version = version;
        bench_begin(b);
        alk_cbor_put_text(&b->args, "query");
        alk_cbor_put_text(&b->args, "mode");
        assert_int_equal(bench_send(b, ALK_SMP_OP_READ, ALK_SMP_OS, 8), 0);
        assert_int_equal(bench_number(b, "mode"), 3);
        bench_begin(b);
        alk_cbor_put_text(&b->args, "query");
        alk_cbor_put_text(&b->args, "modes");
        assert_int_equal(bench_send(b, ALK_SMP_OP_READ, ALK_SMP_OS, 8), version != 0 ? 3 : -5);
    }
}

/* (P4) Every row, with every set of open classes. */
static void smp_runs_only_classes_that_are_open(void **state)
{
    struct bench *b = *state;

    for (const struct alk_smp_cmd *cmd = alk_smp_app_cmds; cmd->run != NULL; cmd++) {
        for (unsigned open = 0; open < 16; open++) {
            b->smp.open = (uint8_t)open;
            int rc = bench_ask(b, cmd->op, cmd->group, cmd->id);
            assert_int_equal(rc == -11, (open & cmd->access) == 0);
        }
    }
}

/* (P1) Garbage, and requests with a few bytes changed. */
static void smp_survives_garbage(void **state)
{
    struct bench *b = *state;

    srandom(4);
    for (unsigned round = 0; round < 100000; round++) {
        size_t n = (size_t)random() % 64, cap = (size_t)random() % 400;
        uint8_t *req = malloc(n + 1), *rsp = malloc(cap + 1);

        for (size_t i = 0; i < n; i++)
            req[i] = (uint8_t)random();
        if (n >= 9 && round % 4 != 0) {
            memcpy(req,
                   (uint8_t[]){(uint8_t)(random() % 32), 0, 0, (uint8_t)(n - 8), 0, (uint8_t)(random() % 3),
                               1, (uint8_t)(random() % 9), 0xbf},
                   9);
            if (round % 2 != 0 && n > 16)
                memcpy(req + 9,
                       random() % 2 != 0 ? "\x63off\0\x64"
                                           "data"
                                         : "\x64hash\x41",
                       6);
        }
        int len = alk_smp_handle(&b->smp, req, n, rsp, cap);
        assert_in_range(len, 0, cap);
        free(req);
        free(rsp);
    }
    assert_int_equal(bench_ask(b, ALK_SMP_OP_READ, ALK_SMP_OS, 6), 0);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(smp_replies_as_recorded),
        CASE(smp_takes_no_map_for_an_empty_one),
        CASE(smp_refuses_malformed_requests),
        CASE(smp_is_silent_below_a_header),
        CASE(smp_answers_several_requests_up_to_the_first_error),
        CASE(smp_reply_that_does_not_fit_is_an_error_or_silence),
        CASE(smp_reset_is_left_to_the_program),
        CASE(smp_info_joins_the_letters_asked_for),
        CASE(smp_bootloader_info_is_what_clients_look_for),
        CASE(smp_runs_only_classes_that_are_open),
        CASE(smp_survives_garbage),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
