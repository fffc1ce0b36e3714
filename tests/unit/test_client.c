/* SPDX-License-Identifier: Apache-2.0 */
/* The client against a scripted server: every way an answer can come, or not come. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "airlock/device.h"
#include "tests/unit/sim_link.h"

/* ---- a server that does as it is told ---- */

struct script {
    unsigned asked;         /* requests seen */
    unsigned deaf_until;    /* so many get no answer */
    uint64_t silent_before; /* no answer before this time */
    const uint8_t *answer;  /* payload; NULL: an empty map */
    size_t answer_len;
    int seq_error, id_error; /* added to those of the answer */
    int version;             /* of the answer; -1: as asked */
    unsigned echoes;
    bool skip_echo;
    uint8_t last[256];
    size_t last_len;
};

static size_t serve(void *ctx, uint64_t now_ms, const uint8_t *req, size_t len, uint8_t *rsp, size_t cap)
{
    static const uint8_t empty[] = {0xbf, 0xff};
    struct script *s = ctx;
    const uint8_t *payload = s->answer == NULL ? empty : s->answer;
    size_t n = s->answer == NULL ? sizeof empty : s->answer_len;

    (void)cap;
    if (s->skip_echo && req[5] == 0 && req[7] == 0) {
        s->echoes++;
        payload = empty;
        n = sizeof empty;
    } else if (s->asked++ < s->deaf_until || now_ms < s->silent_before) {
        return 0;
    }
    s->last_len = len < sizeof s->last ? len : sizeof s->last;
    memcpy(s->last, req, s->last_len);
    memcpy(rsp, req, 8);
    rsp[0] = (uint8_t)(((s->version < 0 ? req[0] >> 3 : s->version) << 3) | ((req[0] & 7) + 1));
    rsp[2] = (uint8_t)(n >> 8);
    rsp[3] = (uint8_t)n;
    rsp[6] = (uint8_t)(rsp[6] + s->seq_error);
    rsp[7] = (uint8_t)(rsp[7] + s->id_error);
    memcpy(rsp + 8, payload, n);
    return 8 + n;
}

struct bench {
    struct script s;
    struct sim_link link;
    struct alk_client *c;
    struct alk_smp_reply r;
    uint8_t map[512];
    unsigned answers;
};

static void keep(void *ctx, const struct alk_smp_reply *r)
{
    struct bench *b = ctx;
    size_t n = (size_t)(r->map.end - r->map.p);

    b->answers++;
    b->r = *r;
    if (n == 0 || n > sizeof b->map)
        return;
    memcpy(b->map, r->map.p, n);
    b->r.map = (struct alk_cbor){b->map, b->map + n};
}

static bool answered(void *ctx)
{
    return ((struct bench *)ctx)->answers > 0;
}

static struct bench *begin(void)
{
    struct bench *b = calloc(1, sizeof *b);

    b->s.version = -1;
    sim_init(&b->link, 1, serve, &b->s);
    b->c = alk_client_new(&b->link.t);
    assert_int_equal(alk_client_open(b->c), ALK_OK);
    alk_client_process(b->c, b->link.now_ms);
    return b;
}

static void end(struct bench *b)
{
    alk_client_free(b->c);
    free(b);
}

static bool ask(struct bench *b, const struct alk_smp_request *q, uint64_t limit_ms)
{
    b->answers = 0;
    assert_true(alk_client_send(b->c, q, keep, b) > 0);
    return sim_run(&b->link, b->c, answered, b, b->link.now_ms + limit_ms);
}

static const struct alk_smp_request list = {.ask = ALK_ASK_READ, .group = 1, .id = 0, .retries = 3};

/* ---- what an answer means ---- */

struct vector {
    const char *what, *request, *response; /* hexadecimal, sequence 42 */
    int result;
    uint16_t group;
    uint32_t rc;
    bool grouped;
};

/* Recorded from Zephyr 4.4.0. */
static const struct vector vectors[] = {
    {"echo v2", "0a00000600004200a16164626869", "0b00000700004200bf6172626869ff", ALK_OK, 0, 0, false},
    {"echo v1", "0200000600004200a16164626869", "0300000700004200bf6172626869ff", ALK_OK, 0, 0, false},
    {"params v2", "0800000100004206a0", "0900001900004206bf686275665f73697a65190180696275665f636f756e7404ff",
     ALK_OK, 0, 0, false},
    {"unknown group", "0800000100634200a0", "0900000600634200bf62726308ff", ALK_E_SUPPORT, 99, 8, false},
    {"settings v2", "0800000e00034200a1646e616d65676e6f2f73756368",
     "0900001300034200bf63657272bf6567726f75700362726305ffff", ALK_E_POLICY, 3, 5, true},
    {"settings v1", "0000000e00034200a1646e616d65676e6f2f73756368", "0100000600034200bf62726301ff",
     ALK_E_POLICY, 3, 1, false},
    {"os info", "0800000a00004207a166666f726d61746173", "0900001000004207bf666f7574707574665a6570687972ff",
     ALK_OK, 0, 0, false},
    {"os info, bad letter", "0800000a00004207a166666f726d61746151",
     "0900001300004207bf63657272bf6567726f75700062726302ffff", ALK_E_POLICY, 0, 2, true},
    {"enum list", "08000001000a4201a0", "09000013000a4201bf6667726f7570739f0a0800030902183fffff", ALK_OK, 10,
     0, false},
    {"shell", "0a00001600094200a1646172677682666b65726e656c6776657273696f6e",
     "0b00002300094200bf616f78180d0a5a65706879722076657273696f6e20342e342e300d0a6372657400ff", ALK_OK, 9, 0,
     false},
    {"file v2", "0800001600084200a2636f666600646e616d656a2f6c6673312f6e6f7065",
     "0900001300084200bf63657272bf6567726f75700862726303ffff", ALK_E_POLICY, 8, 3, true},
    {"no clock", "0800000100004204a0", "0900000600004204bf62726308ff", ALK_E_SUPPORT, 0, 8, false},
    /* not recorded: forms told of other servers */
    {"group error under ret", "0800000100014200a0", "0900001300014200bf63726574bf6567726f75700162726309ffff",
     ALK_E_POLICY, 1, 9, true},
    {"definite maps", "0800000100014200a0", "0900001100014200a163657272a26567726f75700162726309",
     ALK_E_POLICY, 1, 9, true},
    {"rc 0", "0800000100014200a0", "0900000500014200a162726300", ALK_OK, 1, 0, false},
    {"no memory", "0800000100014200a0", "0900000500014200a162726302", ALK_E_MEMORY, 1, 2, false},
    {"cut map", "0800000100014200a0", "0900000400014200a1627263", ALK_E_FORMAT, 1, 0, false},
};

static size_t unhex(uint8_t *out, const char *text)
{
    size_t n = strlen(text) / 2;

    for (size_t i = 0; i < n; i++) {
        unsigned v;

        sscanf(text + 2 * i, "%2x", &v);
        out[i] = (uint8_t)v;
    }
    return n;
}

static void recorded_answers_mean_what_they_meant(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        const struct vector *v = &vectors[i];
        struct bench *b = begin();
        uint8_t req[128], rsp[128];
        size_t n = unhex(req, v->request), m = unhex(rsp, v->response);
        struct alk_smp_request q = {
            .ask = req[0] & 7, .group = req[5], .id = req[7], .payload = req + 8, .payload_len = n - 8};

        b->s.answer = rsp + 8;
        b->s.answer_len = m - 8;
        assert_true(ask(b, &q, 1000));
        req[0] = (uint8_t)((req[0] & 7) | 8); /* we ask in version 2 */
        b->s.last[6] = 0x42;
        print_message("%s\n", v->what);
        assert_int_equal(b->s.last_len, n);
        assert_memory_equal(b->s.last, req, n);
        assert_int_equal(b->r.result, v->result);
        assert_int_equal(b->r.group, v->group);
        assert_int_equal(b->r.rc, v->rc);
        assert_int_equal(b->r.grouped, v->grouped);
        end(b);
    }
}

static void stale_and_foreign_answers_are_ignored(void **state)
{
    static const struct {
        int seq, id;
    } wrong[] = {{1, 0}, {-1, 0}, {0, 1}, {100, 3}};

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct bench *b = begin();

        b->s.seq_error = wrong[i].seq;
        b->s.id_error = wrong[i].id;
        assert_true(ask(b, &list, 60000));
        assert_int_equal(b->r.result, ALK_E_TIMEOUT);
        assert_int_equal(b->s.asked, 4);
        end(b);
    }
}

static void duplicated_answer_counts_once(void **state)
{
    struct bench *b = begin();

    (void)state;
    b->link.dup = 1000;
    assert_true(ask(b, &list, 1000));
    sim_run(&b->link, b->c, NULL, NULL, b->link.now_ms + 1000);
    assert_int_equal(b->answers, 1);
    end(b);
}

static void silence_is_asked_again_until_tries_end(void **state)
{
    (void)state;
    for (unsigned deaf = 0; deaf <= 5; deaf++) {
        struct bench *b = begin();

        b->s.deaf_until = deaf;
        assert_true(ask(b, &list, 60000));
        assert_int_equal(b->r.result, deaf <= 3 ? ALK_OK : ALK_E_TIMEOUT);
        assert_int_equal(b->s.asked, deaf <= 3 ? deaf + 1 : 4);
        end(b);
    }
}

static void reset_without_answer_is_silent_success(void **state)
{
    const struct alk_smp_request q = {.ask = ALK_ASK_WRITE, .group = 0, .id = 5, .may_vanish = true};
    struct bench *b = begin();

    (void)state;
    b->s.deaf_until = 100;
    assert_true(ask(b, &q, 60000));
    assert_int_equal(b->r.result, ALK_OK);
    assert_true(b->r.silent);
    end(b);
}

static void reset_that_breaks_the_link_is_success(void **state)
{
    const struct alk_smp_request q = {.ask = ALK_ASK_WRITE, .group = 0, .id = 5, .may_vanish = true};
    struct bench *b = begin();

    (void)state;
    b->s.deaf_until = 100;
    assert_true(alk_client_send(b->c, &q, keep, b) > 0);
    alk_client_process(b->c, b->link.now_ms);
    b->link.broken = true;
    assert_true(sim_run(&b->link, b->c, answered, b, b->link.now_ms + 1000));
    assert_int_equal(b->r.result, ALK_OK);
    end(b);
}

/* L3 */
static void lost_slow_request_is_found_by_an_echo(void **state)
{
    const struct alk_smp_request q = {
        .ask = ALK_ASK_WRITE, .group = 1, .id = 5, .timeout_ms = 40000, .retries = 2};
    struct bench *b = begin();
    uint64_t began = b->link.now_ms;

    (void)state;
    b->s.skip_echo = true;
    b->s.deaf_until = 1;
    assert_true(ask(b, &q, 60000));
    assert_int_equal(b->r.result, ALK_OK);
    assert_int_equal(b->s.asked, 2);
    assert_true(b->link.now_ms - began < 5000);
    end(b);
}

static void busy_server_is_not_asked_twice(void **state)
{
    const struct alk_smp_request q = {
        .ask = ALK_ASK_WRITE, .group = 1, .id = 5, .timeout_ms = 40000, .retries = 2};
    struct bench *b = begin();

    (void)state;
    b->s.skip_echo = true;
    b->link.busy_ms = 20000;
    assert_true(ask(b, &q, 60000));
    assert_int_equal(b->r.result, ALK_OK);
    assert_int_equal(b->s.asked, 1);
    end(b);
}

static void lost_link_is_waited_for_and_asked_again(void **state)
{
    struct bench *b = begin();

    (void)state;
    alk_client_set_patience(b->c, 30000);
    b->s.deaf_until = 1;
    assert_true(alk_client_send(b->c, &list, keep, b) > 0);
    sim_run(&b->link, b->c, NULL, NULL, b->link.now_ms + 100);
    b->link.broken = true;
    sim_run(&b->link, b->c, NULL, NULL, b->link.now_ms + 10000);
    assert_int_equal(b->answers, 0);
    b->link.broken = false;
    assert_true(sim_run(&b->link, b->c, answered, b, b->link.now_ms + 2000));
    assert_int_equal(b->r.result, ALK_OK);
    end(b);
}

static void lost_link_fails_when_patience_ends(void **state)
{
    struct bench *b = begin();

    (void)state;
    alk_client_set_patience(b->c, 5000);
    b->link.broken = true;
    assert_true(ask(b, &list, 6000));
    assert_int_equal(b->r.result, ALK_E_IO);
    end(b);
}

static void too_new_is_asked_again_in_version_1(void **state)
{
    static const uint8_t too_new[] = {0xa1, 0x62, 'r', 'c', 0x0d};
    struct bench *b = begin();

    (void)state;
    b->s.answer = too_new;
    b->s.answer_len = sizeof too_new;
    assert_true(ask(b, &list, 1000));
    assert_int_equal(b->s.asked, 2);
    assert_int_equal(b->s.last[0], 0);
    end(b);
}

static void limits_come_from_parameters(void **state)
{
    static const struct {
        uint32_t size, count;
        size_t packet;
        unsigned window;
    } rows[] = {{384, 4, 384, 3}, {2475, 4, 2475, 3}, {512, 1, 512, 1},
                {512, 2, 512, 1}, {1024, 0, 1024, 1}, {65536, 100, SIM_PACKET - 100, 16},
                {10, 4, 64, 3}};
    struct bench *b = begin();

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        alk_client_set_limits(b->c, rows[i].size, rows[i].count);
        assert_int_equal(alk_client_packet_max(b->c), rows[i].packet);
        assert_int_equal(alk_client_window(b->c), rows[i].window);
    }
    end(b);
}

static void missing_flags_of_a_frugal_list_are_false(void **state)
{
    /* { images: [ { slot: 0, version: "1.0.0", active: true } ] } */
    static const uint8_t map[] = {0xa1, 0x66, 'i',  'm',  'a',  'g', 'e', 's', 0x81, 0xa3, 0x64, 's',  'l',
                                  'o',  't',  0x00, 0x67, 'v',  'e', 'r', 's', 'i',  'o',  'n',  0x65, '1',
                                  '.',  '0',  '.',  '0',  0x66, 'a', 'c', 't', 'i',  'v',  'e',  0xf5};
    const struct alk_cbor content = {map + 1, map + sizeof map};
    struct alk_slot_list l;

    (void)state;
    assert_int_equal(alk_slot_list_parse(&l, &content), ALK_OK);
    assert_int_equal(l.count, 1);
    assert_int_equal(l.slot[0].flags, ALK_SLOT_ACTIVE);
    assert_int_equal(l.slot[0].hash_len, 0);
    assert_string_equal(l.slot[0].version, "1.0.0");
}

static void every_code_has_words(void **state)
{
    (void)state;
    for (unsigned group = 0; group < 100; group++)
        for (unsigned rc = 0; rc < 300; rc++)
            for (int grouped = 0; grouped < 2; grouped++) {
                const struct alk_smp_reply r = {
                    .result = ALK_E_POLICY, .group = (uint16_t)group, .rc = rc, .grouped = grouped != 0};
                struct alk_smp_words w = alk_smp_words(&r);

                assert_non_null(w.name);
                assert_non_null(w.why);
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(recorded_answers_mean_what_they_meant),
        cmocka_unit_test(stale_and_foreign_answers_are_ignored),
        cmocka_unit_test(duplicated_answer_counts_once),
        cmocka_unit_test(silence_is_asked_again_until_tries_end),
        cmocka_unit_test(reset_without_answer_is_silent_success),
        cmocka_unit_test(reset_that_breaks_the_link_is_success),
        cmocka_unit_test(lost_slow_request_is_found_by_an_echo),
        cmocka_unit_test(busy_server_is_not_asked_twice),
        cmocka_unit_test(lost_link_is_waited_for_and_asked_again),
        cmocka_unit_test(lost_link_fails_when_patience_ends),
        cmocka_unit_test(too_new_is_asked_again_in_version_1),
        cmocka_unit_test(limits_come_from_parameters),
        cmocka_unit_test(missing_flags_of_a_frugal_list_are_false),
        cmocka_unit_test(every_code_has_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
