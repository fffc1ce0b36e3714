/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "airlock/frame.h"
#include "core/frame/crc16.h"

#define CAP 4096u

struct wire {
    uint8_t bytes[CAP];
    size_t len, longest;
};

static void collect(void *ctx, const uint8_t *p, size_t len)
{
    struct wire *w = ctx;

    assert_true(len <= sizeof w->bytes - w->len);
    memcpy(w->bytes + w->len, p, len);
    w->len += len;
    w->longest = len > w->longest ? len : w->longest;
}

static void encode(struct wire *w, const void *packet, size_t len)
{
    w->len = w->longest = 0;
    alk_frame_send(packet, len, collect, w);
}

/* Feed all of it; the number of packets that came out, and the length of the last. */
static unsigned decode(struct alk_frame *f, int *last, const void *bytes, size_t len)
{
    unsigned n = 0;
    int r;

    for (size_t i = 0; i < len; i++) {
        r = alk_frame_feed(f, ((const uint8_t *)bytes)[i]);
        assert_true(r >= 0 && r + 4 <= f->cap + (r == 0) * 4);
        n += r > 0;
        *last = r > 0 ? r : *last;
    }
    return n;
}

static void fill(uint8_t *p, size_t len, unsigned seed)
{
    srandom(seed);
    for (size_t i = 0; i < len; i++)
        p[i] = (uint8_t)random();
}

static void frame_crc_is_xmodem(void **state)
{
    (void)state;
    assert_int_equal(alk_frame_crc((const uint8_t *)"123456789", 9), 0x31c3);
    assert_int_equal(alk_frame_crc(NULL, 0), 0);
}

/* Recorded from Zephyr 4.4.0: echo "hi", version 2 and 1, request and response. */
static void frame_matches_recorded_lines(void **state)
{
    static const struct {
        const char *line;
        uint8_t packet[15];
        uint8_t len;
    } row[] = {
        {"\x06\x09"
         "ABAKAAAGAABCAKFhZGJoaZsK\n",
         {0x0a, 0, 0, 6, 0, 0, 0x42, 0, 0xa1, 0x61, 0x64, 0x62, 0x68, 0x69},
         14},
        {"\x06\x09"
         "ABELAAAHAABCAL9hcmJoaf9Hhw==\n",
         {0x0b, 0, 0, 7, 0, 0, 0x42, 0, 0xbf, 0x61, 0x72, 0x62, 0x68, 0x69, 0xff},
         15},
        {"\x06\x09"
         "ABACAAAGAABCAKFhZGJoaXBh\n",
         {0x02, 0, 0, 6, 0, 0, 0x42, 0, 0xa1, 0x61, 0x64, 0x62, 0x68, 0x69},
         14},
        {"\x06\x09"
         "ABEDAAAHAABCAL9hcmJoaf9gwg==\n",
         {0x03, 0, 0, 7, 0, 0, 0x42, 0, 0xbf, 0x61, 0x72, 0x62, 0x68, 0x69, 0xff},
         15},
    };
    struct wire w;
    uint8_t buf[64];
    struct alk_frame f;
    int len = 0;

    (void)state;
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        encode(&w, row[i].packet, row[i].len);
        assert_int_equal(w.len, strlen(row[i].line));
        assert_memory_equal(w.bytes, row[i].line, w.len);
        alk_frame_init(&f, buf, sizeof buf);
        assert_int_equal(decode(&f, &len, w.bytes, w.len), 1);
        assert_int_equal(len, row[i].len);
        assert_memory_equal(buf + 2, row[i].packet, row[i].len);
    }
}

static void frame_carries_every_length(void **state)
{
    struct wire w;
    struct alk_frame f;
    uint8_t packet[1024];
    int got = 0;

    (void)state;
    fill(packet, sizeof packet, 7);
    for (size_t len = 1; len <= sizeof packet; len++) {
        uint8_t *buf = malloc(len + 4); /* exactly what the contract asks for */

        encode(&w, packet, len);
        assert_true(w.longest <= ALK_FRAME_LINE);
        assert_int_equal(w.bytes[w.len - 1], '\n');
        alk_frame_init(&f, buf, len + 4);
        assert_int_equal(decode(&f, &got, w.bytes, w.len), 1);
        assert_int_equal(got, len);
        assert_memory_equal(buf + 2, packet, len);
        /* one byte more than there is room for */
        alk_frame_init(&f, buf, len + 3);
        assert_int_equal(decode(&f, &got, w.bytes, w.len), 0);
        free(buf);
    }
}

/* (C1): each byte of a frame, changed into each other value. */
static void frame_with_a_changed_byte_yields_nothing(void **state)
{
    static const size_t lengths[] = {8, 9, 10, 89, 90, 91, 200};
    uint8_t packet[200], buf[256], before;
    struct alk_frame f;
    struct wire w;
    int len = 0;

    (void)state;
    fill(packet, sizeof packet, 3);
    for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++) {
        encode(&w, packet, lengths[l]);
        for (size_t i = 0; i < w.len; i++) {
            before = w.bytes[i];
            for (unsigned v = 0; v < 256; v++) {
                if (v == before)
                    continue;
                w.bytes[i] = (uint8_t)v;
                alk_frame_init(&f, buf, sizeof buf);
                if (decode(&f, &len, w.bytes, w.len) != 0)
                    fail_msg("length %zu, byte %zu as %02x", lengths[l], i, v);
            }
            w.bytes[i] = before;
        }
    }
}

/* (C2), and what is left of a broken frame does not hurt the next. */
static void frame_is_found_among_noise(void **state)
{
    static const char *const before[] = {
        "",
        "boot: hello\r\n",
        "\n",
        "no newline at its end",
        "\x06\x09"
        "ABAKAAAGAABCAKFhZGJoa", /* half a frame */
        "\x06\x09"
        "ABAKAAAGAABCAKFhZGJoaZsL\n", /* wrong CRC */
        "\x06\x09"
        "ABAKAAAGAABCAKFhZGJoa*sK\n",
        "\x04\x14"
        "ABAKAAAGAABCAKFhZGJoaZsK\n", /* continues nothing */
        "\x06\x06",
        "\x04\x06",
        "\x06\x09=\n",
        "\x06\x09====\n",
        "\x06\x09"
        "A===\n",
        "\x06\x09"
        "//8=\n", /* promises 65535 bytes */
        "\x06\x09"
        "AAA=\n", /* less than a CRC */
        "\x06\x09"
        "AAIAAA==\n", /* an empty packet */
    };
    uint8_t packet[150], buf[256];
    struct alk_frame f;
    struct wire w;

    (void)state;
    fill(packet, sizeof packet, 11);
    encode(&w, packet, sizeof packet);
    for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
        int len = 0;

        alk_frame_init(&f, buf, sizeof buf);
        assert_int_equal(decode(&f, &len, before[i], strlen(before[i])), 0);
        if (decode(&f, &len, w.bytes, w.len) != 1)
            fail_msg("lost after noise %zu", i);
        assert_int_equal(len, sizeof packet);
        assert_memory_equal(buf + 2, packet, sizeof packet);
    }
}

static void frame_tolerates_log_lines_and_carriage_returns_between(void **state)
{
    uint8_t packet[260], buf[300];
    struct alk_frame f;
    struct wire w;
    int len = 0;
    unsigned n = 0;

    (void)state;
    fill(packet, sizeof packet, 5);
    encode(&w, packet, sizeof packet);
    alk_frame_init(&f, buf, sizeof buf);
    for (size_t i = 0; i < w.len; i++) {
        if (w.bytes[i] == '\n')
            n += decode(&f, &len, "\r", 1);
        n += decode(&f, &len, w.bytes + i, 1);
        if (w.bytes[i] == '\n' && i + 1 < w.len)
            n += decode(&f, &len, "[00:01] log of the application\r\n", 33);
    }
    assert_int_equal(n, 1);
    assert_memory_equal(buf + 2, packet, sizeof packet);
}

/* Lines cut elsewhere than we cut them, padded in the middle, the CRC split over two. */
static void frame_takes_other_peoples_lines(void **state)
{
    static const char other[] = "\x06\x09"
                                "ABA=\n"
                                "\x04\x14"
                                "CgAABgAAQgChYWRi\n"
                                "\x04\x14"
                                "aGmb\n"
                                "\x04\x14"
                                "Cg==\n";
    static const uint8_t packet[] = {0x0a, 0, 0, 6, 0, 0, 0x42, 0, 0xa1, 0x61, 0x64, 0x62, 0x68, 0x69};
    uint8_t buf[64];
    struct alk_frame f;
    int len = 0;

    (void)state;
    alk_frame_init(&f, buf, sizeof buf);
    assert_int_equal(decode(&f, &len, other, sizeof other - 1), 1);
    assert_int_equal(len, sizeof packet);
    assert_memory_equal(buf + 2, packet, sizeof packet);
}

/* (C3) Garbage that likes markers, newlines and base64; then a frame still passes. */
static void frame_survives_garbage(void **state)
{
    static const char likely[] = "\x06\x09\x04\x14\n\r=AB/+9z";
    uint8_t *buf = malloc(64);
    struct alk_frame f;
    struct wire w;
    int len = 0;

    (void)state;
    encode(&w, "packet", 6);
    srandom(2);
    alk_frame_init(&f, buf, 64);
    for (unsigned round = 0; round < 20000; round++) {
        for (unsigned i = 0; i < 100; i++) {
            uint8_t c = (uint8_t)(random() % 8 == 0 ? random() : likely[random() % 14]);
            decode(&f, &len, &c, 1);
        }
        len = 0;
        assert_int_equal(decode(&f, &len, w.bytes, w.len), 1);
        assert_int_equal(len, 6);
    }
    free(buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frame_crc_is_xmodem),
        cmocka_unit_test(frame_matches_recorded_lines),
        cmocka_unit_test(frame_carries_every_length),
        cmocka_unit_test(frame_with_a_changed_byte_yields_nothing),
        cmocka_unit_test(frame_is_found_among_noise),
        cmocka_unit_test(frame_tolerates_log_lines_and_carriage_returns_between),
        cmocka_unit_test(frame_takes_other_peoples_lines),
        cmocka_unit_test(frame_survives_garbage),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
