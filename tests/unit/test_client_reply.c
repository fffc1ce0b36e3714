/* SPDX-License-Identifier: Apache-2.0 */
/* What the answers of servers mean: as recorded, and as told of others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "airlock/device.h"
#include "scripted.h"

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
        struct scripted *b = scripted_begin();
        uint8_t req[128], rsp[128];
        size_t n = unhex(req, v->request), m = unhex(rsp, v->response);
        struct alk_smp_request q = {
            .ask = req[0] & 7, .group = req[5], .id = req[7], .payload = req + 8, .payload_len = n - 8};

        b->s.answer = rsp + 8;
        b->s.answer_len = m - 8;
        assert_true(scripted_ask(b, &q, 1000));
        req[0] = (uint8_t)((req[0] & 7) | 8); /* we ask in version 2 */
        b->s.last[6] = 0x42;
        print_message("%s\n", v->what);
        assert_int_equal(b->s.last_len, n);
        assert_memory_equal(b->s.last, req, n);
        assert_int_equal(b->r.result, v->result);
        assert_int_equal(b->r.group, v->group);
        assert_int_equal(b->r.rc, v->rc);
        assert_int_equal(b->r.grouped, v->grouped);
        scripted_end(b);
    }
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

/* A list as Zephyr writes it, then with bytes changed, cut, or of nothing but noise. */
static void garbage_never_breaks_the_parsers(void **state)
{
    static const char good[] = "bf66696d616765739fbf64736c6f74006776657273696f6e65312e302e3064686173685820"
                               "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f68626f6f7461"
                               "626c65f56770656e64696e67f469636f6e6669726d6564f566616374697665f5697065726d61"
                               "6e656e74f4ffff6b73706c697453746174757300ff";
    uint8_t map[256];
    size_t len = unhex(map, good);
    const struct alk_cbor content = {map + 1, map + len - 1};
    struct alk_slot_list l;
    uint32_t seed = 1;

    (void)state;
    assert_int_equal(alk_slot_list_parse(&l, &content), ALK_OK);
    assert_int_equal(l.slot[0].flags, ALK_SLOT_BOOTABLE | ALK_SLOT_CONFIRMED | ALK_SLOT_ACTIVE);
    for (unsigned i = 0; i < 2000; i++) {
        struct scripted *b = scripted_begin();
        uint8_t bad[256];

        memcpy(bad, map, len);
        for (unsigned k = sim_random(&seed, i % 3 == 0 ? 200 : 4); k > 0; k--)
            bad[sim_random(&seed, (uint32_t)len)] = (uint8_t)sim_random(&seed, 256);
        b->s.answer = bad;
        b->s.answer_len = sim_random(&seed, 3) == 0 ? sim_random(&seed, (uint32_t)len) : len;
        assert_true(scripted_ask(b, &(struct alk_smp_request){.group = 1}, 60000));
        if (b->r.result == ALK_OK)
            alk_slot_list_parse(&l, &b->r.map);
        assert_in_range(l.count, 0, ALK_DEVICE_SLOTS);
        scripted_end(b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(recorded_answers_mean_what_they_meant),
        cmocka_unit_test(missing_flags_of_a_frugal_list_are_false),
        cmocka_unit_test(every_code_has_words),
        cmocka_unit_test(garbage_never_breaks_the_parsers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
