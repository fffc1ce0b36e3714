/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "airlock/cbor.h"

struct example {
    const char *hex;
    uint8_t type;
    uint32_t value; /* or length */
};

static size_t unhex(uint8_t *out, const char *hex)
{
    size_t n = 0;

    for (; *hex != '\0'; hex += 2) {
        char pair[3] = {hex[0], hex[1], 0};
        out[n++] = (uint8_t)strtoul(pair, NULL, 16);
    }
    return n;
}

static struct alk_cbor over(const uint8_t *p, size_t len)
{
    return (struct alk_cbor){p, p + len};
}

/* Examples of RFC 8949, appendix A, as far as the subset goes, and padded heads. */
static const struct example good[] = {
    {"00", ALK_CBOR_UINT, 0},
    {"17", ALK_CBOR_UINT, 23},
    {"1818", ALK_CBOR_UINT, 24},
    {"1903e8", ALK_CBOR_UINT, 1000},
    {"1a000f4240", ALK_CBOR_UINT, 1000000},
    {"1affffffff", ALK_CBOR_UINT, 0xffffffff},
    {"1b00000000ffffffff", ALK_CBOR_UINT, 0xffffffff},
    {"1a00000001", ALK_CBOR_UINT, 1},
    {"20", ALK_CBOR_NINT, 0},
    {"3863", ALK_CBOR_NINT, 99},
    {"40", ALK_CBOR_BYTES, 0},
    {"4401020304", ALK_CBOR_BYTES, 4},
    {"6449455446", ALK_CBOR_TEXT, 4},
    {"590002aabb", ALK_CBOR_BYTES, 2},
    {"f4", ALK_CBOR_BOOL, 0},
    {"f5", ALK_CBOR_BOOL, 1},
    {"f6", ALK_CBOR_NULL, 0},
    {"80", ALK_CBOR_ARRAY, 0},
    {"83010203", ALK_CBOR_ARRAY, 3},
    {"8301820203820405", ALK_CBOR_ARRAY, 7},
    {"9fff", ALK_CBOR_ARRAY, 0},
    {"9f018202039f0405ffff", ALK_CBOR_ARRAY, 8},
    {"a0", ALK_CBOR_MAP, 0},
    {"a201020304", ALK_CBOR_MAP, 4},
    {"bf61610161629f0203ffff", ALK_CBOR_MAP, 9},
};

static void cbor_reads_every_example_of_the_subset(void **state)
{
    uint8_t buf[64];

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        size_t n = unhex(buf, good[i].hex);
        struct alk_cbor c = over(buf, n);
        struct alk_cbor_item it;

        assert_int_equal(alk_cbor_next(&it, &c), 1);
        assert_int_equal(it.type, good[i].type);
        if (it.type == ALK_CBOR_BYTES || it.type == ALK_CBOR_TEXT)
            assert_int_equal(it.len, good[i].value);
        else if (it.type == ALK_CBOR_ARRAY || it.type == ALK_CBOR_MAP)
            assert_int_equal(it.in.end - it.in.p, good[i].value);
        else
            assert_int_equal(it.value, good[i].value);
        assert_ptr_equal(c.p, c.end);
        assert_int_equal(alk_cbor_next(&it, &c), 0);
    }
}

static void cbor_refuses_every_truncation(void **state)
{
    uint8_t buf[64];

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        size_t n = unhex(buf, good[i].hex);

        for (size_t cut = 1; cut < n; cut++) {
            uint8_t *exact = malloc(cut); /* so that a sanitizer sees a read past it */
            struct alk_cbor c = over(memcpy(exact, buf, cut), cut);
            struct alk_cbor_item it;

            assert_int_equal(alk_cbor_next(&it, &c), ALK_E_FORMAT);
            free(exact);
        }
    }
}

static void cbor_refuses_what_is_outside_the_subset(void **state)
{
    static const char *const bad[] = {
        "1b0000000100000000",
        "3b0000000100000000",
        "5f4101ff",
        "7f6161ff",
        "c000",
        "f7",
        "f818",
        "f93c00",
        "fa47c35000",
        "ff",
        "1c",
        "5c",
        "9c",
        "bf01ff",
        "bf010203ff",
        "9f",
        "a101",
        "5affffffff00",
        "9affffffff00",
        "baffffffff00",
        "ba80000001",
        "9b0000000100000000",
        "1f",
        "df",
    };
    uint8_t buf[64];

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct alk_cbor c = over(buf, unhex(buf, bad[i]));
        struct alk_cbor_item it;

        if (alk_cbor_next(&it, &c) != ALK_E_FORMAT)
            fail_msg("accepted: %s", bad[i]);
    }
}

static void cbor_bounds_its_nesting(void **state)
{
    (void)state;
    for (unsigned depth = 1; depth <= ALK_CBOR_DEPTH + 3; depth++) {
        uint8_t buf[32];
        struct alk_cbor_item it;

        memset(buf, 0x81, depth);
        buf[depth] = 0x01;
        struct alk_cbor c = over(buf, depth + 1);
        assert_int_equal(alk_cbor_next(&it, &c), depth <= ALK_CBOR_DEPTH ? 1 : ALK_E_FORMAT);
    }
}

static int find(struct alk_cbor_item *it, const char *hex, const char *key)
{
    static uint8_t buf[128];
    struct alk_cbor c = over(buf, unhex(buf, hex));
    struct alk_cbor_item map;

    assert_int_equal(alk_cbor_next(&map, &c), 1);
    assert_int_equal(map.type, ALK_CBOR_MAP);
    return alk_cbor_find(it, &map.in, key);
}

static void cbor_find_gives_the_value_of_a_key(void **state)
{
    struct alk_cbor_item it;

    (void)state;
    assert_int_equal(find(&it, "a26161016162190100", "b"), 1);
    assert_int_equal(it.value, 256);
    assert_int_equal(find(&it, "bf6161016162f5ff", "b"), 1);
    assert_int_equal(it.type, ALK_CBOR_BOOL);
    assert_int_equal(find(&it, "a0", "b"), 0);
    assert_int_equal(find(&it, "a1626162f5", "a"), 0); /* "ab" is not "a" */
    assert_int_equal(find(&it, "a16161f5", "ab"), 0);  /* nor the other way round */
    assert_int_equal(find(&it, "a1626100f5", "a"), 0); /* "a\0" */
    assert_int_equal(find(&it, "a160f5", ""), 1);
    assert_int_equal(find(&it, "a26161a1616205616202", "b"), 1); /* not the one of the map within */
    assert_int_equal(it.value, 2);
}

static void cbor_find_refuses_a_doubtful_map(void **state)
{
    struct alk_cbor_item it;

    (void)state;
    assert_int_equal(find(&it, "a2616101616102", "a"), ALK_E_FORMAT); /* twice */
    assert_int_equal(find(&it, "a26161010502", "a"), ALK_E_FORMAT);   /* key is a number, after the value */
    assert_int_equal(find(&it, "a14161f5", "a"), ALK_E_FORMAT);       /* key is a byte string */
}

static void cbor_writes_the_shortest_form(void **state)
{
    static const struct {
        int64_t n;
        const char *hex;
    } row[] = {
        {0, "00"},
        {23, "17"},
        {24, "1818"},
        {255, "18ff"},
        {256, "190100"},
        {65535, "19ffff"},
        {65536, "1a00010000"},
        {0x7fffffff, "1a7fffffff"},
        {-1, "20"},
        {-24, "37"},
        {-25, "3818"},
        {-256, "38ff"},
        {-257, "390100"},
        {INT32_MIN, "3a7fffffff"},
    };
    uint8_t buf[16], want[16];

    (void)state;
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct alk_cbor_out o = {buf, buf + sizeof buf, false};
        size_t n = unhex(want, row[i].hex);

        alk_cbor_put_int(&o, (int32_t)row[i].n);
        assert_int_equal(o.p - buf, n);
        assert_memory_equal(buf, want, n);
    }
}

/* Every kind of item, as many as the room given. */
static void put_all(struct alk_cbor_out *o)
{
    alk_cbor_open_map(o);
    alk_cbor_put_text(o, "key");
    alk_cbor_open_array(o);
    alk_cbor_put_uint(o, 0xffffffff);
    alk_cbor_put_bool(o, true);
    alk_cbor_put_null(o);
    alk_cbor_put_bytes(o, (const uint8_t *)"bytes", 5);
    alk_cbor_put_string(o, ALK_CBOR_TEXT, "text", 4);
    alk_cbor_close(o);
    alk_cbor_close(o);
}

static void cbor_writer_fills_up_without_overrun(void **state)
{
    uint8_t whole[64];
    struct alk_cbor_out o = {whole, whole + sizeof whole, false};

    (void)state;
    put_all(&o);
    assert_false(o.full);
    size_t need = (size_t)(o.p - whole);
    for (size_t cap = 0; cap <= need; cap++) {
        uint8_t *exact = malloc(cap + 1);

        exact[cap] = 0xa5;
        o = (struct alk_cbor_out){exact, exact + cap, false};
        put_all(&o);
        assert_int_equal(o.full, cap < need);
        assert_int_equal(exact[cap], 0xa5);
        assert_memory_equal(exact, whole, (size_t)(o.p - exact));
        free(exact);
    }
}

static void cbor_reads_what_it_writes(void **state)
{
    uint8_t buf[64];
    struct alk_cbor_out o = {buf, buf + sizeof buf, false};
    struct alk_cbor_item map, list, it;

    (void)state;
    put_all(&o);
    struct alk_cbor c = {buf, o.p};
    assert_int_equal(alk_cbor_next(&map, &c), 1);
    assert_int_equal(alk_cbor_find(&list, &map.in, "key"), 1);
    assert_int_equal(alk_cbor_next(&it, &list.in), 1);
    assert_int_equal(it.value, 0xffffffff);
    assert_int_equal(alk_cbor_next(&it, &list.in), 1);
    assert_int_equal(it.value, 1);
    assert_int_equal(alk_cbor_next(&it, &list.in), 1);
    assert_int_equal(it.type, ALK_CBOR_NULL);
    assert_int_equal(alk_cbor_next(&it, &list.in), 1);
    assert_memory_equal(it.data, "bytes", 5);
    assert_int_equal(alk_cbor_next(&it, &list.in), 1);
    assert_memory_equal(it.data, "text", it.len);
    assert_int_equal(alk_cbor_next(&it, &list.in), 0);
}

/* Whatever the bytes: an item that lies inside them, or a refusal. */
static void cbor_survives_garbage(void **state)
{
    (void)state;
    srandom(1);
    for (unsigned round = 0; round < 200000; round++) {
        size_t n = (size_t)random() % 40;
        uint8_t *buf = malloc(n + 1);
        struct alk_cbor_item it;

        for (size_t i = 0; i < n; i++)
            buf[i] = (uint8_t)(random() % 3 != 0 ? random() : 0x80 | random() % 0x60);
        struct alk_cbor c = over(buf, n), map = c;
        while (alk_cbor_next(&it, &c) > 0) {
            assert_in_range(c.end - c.p, 0, n);
            if (it.type == ALK_CBOR_BYTES || it.type == ALK_CBOR_TEXT)
                assert_true(it.data >= buf && it.len <= (size_t)(c.p - it.data));
        }
        if (alk_cbor_find(&it, &map, "off") > 0 && it.type == ALK_CBOR_TEXT)
            assert_true(it.data > buf && it.len <= (size_t)(buf + n - it.data));
        free(buf);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cbor_reads_every_example_of_the_subset),
        cmocka_unit_test(cbor_refuses_every_truncation),
        cmocka_unit_test(cbor_refuses_what_is_outside_the_subset),
        cmocka_unit_test(cbor_bounds_its_nesting),
        cmocka_unit_test(cbor_find_gives_the_value_of_a_key),
        cmocka_unit_test(cbor_find_refuses_a_doubtful_map),
        cmocka_unit_test(cbor_writes_the_shortest_form),
        cmocka_unit_test(cbor_writer_fills_up_without_overrun),
        cmocka_unit_test(cbor_reads_what_it_writes),
        cmocka_unit_test(cbor_survives_garbage),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
