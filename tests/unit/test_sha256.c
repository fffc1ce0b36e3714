/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256: the examples of FIPS 180-4 / RFC 6234, and OpenSSL for every way to cut a message. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include <openssl/sha.h>

#include "airlock/crypto.h"

static const struct {
    const char *text;
    unsigned repeat;
    const char *digest;
} examples[] = {
    {"", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    {"a", 1000000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
    {"0123456701234567012345670123456701234567012345670123456701234567", 10,
     "594847328451bdfa85056225462cc1d867d877fb388df0ce35f25ab5562bfbb5"},
};

static void hex(char out[65], const uint8_t digest[32])
{
    for (unsigned i = 0; i < 32; i++) {
        sprintf(out + 2 * i, "%02x", digest[i]);
    }
}

static void sha256_gives_the_published_digests(void **unused)
{
    (void)unused;
    for (unsigned i = 0; i < sizeof examples / sizeof *examples; i++) {
        struct alk_sha256 c;
        uint8_t digest[32];
        char text[65];

        alk_sha256_init(&c);
        for (unsigned n = 0; n < examples[i].repeat; n++) {
            alk_sha256_update(&c, examples[i].text, strlen(examples[i].text));
        }
        alk_sha256_final(digest, &c);
        hex(text, digest);
        assert_string_equal(text, examples[i].digest);
    }
}

static void sha256_does_not_care_how_a_message_is_cut(void **unused)
{
    uint8_t data[259];

    (void)unused;
    for (unsigned i = 0; i < sizeof data; i++) {
        data[i] = (uint8_t)(i * 37 + 11);
    }
    for (size_t len = 0; len <= sizeof data; len++) {
        uint8_t expected[32];

        SHA256(data, len, expected);
        for (size_t cut = 0; cut <= len; cut += 1 + len / 13) {
            struct alk_sha256 c;
            uint8_t digest[32];

            alk_sha256_init(&c);
            alk_sha256_update(&c, data, cut);
            alk_sha256_update(&c, data + cut, len - cut);
            alk_sha256_final(digest, &c);
            if (memcmp(digest, expected, 32) != 0) {
                fail_msg("len=%zu cut=%zu", len, cut);
            }
        }
    }
}

static void sha256_final_leaves_nothing_behind(void **unused)
{
    static const struct alk_sha256 zero;
    struct alk_sha256 c;
    uint8_t digest[32];

    (void)unused;
    alk_sha256_init(&c);
    alk_sha256_update(&c, "secret", 6);
    alk_sha256_final(digest, &c);
    assert_memory_equal(&c, &zero, sizeof c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha256_gives_the_published_digests),
        cmocka_unit_test(sha256_does_not_care_how_a_message_is_cut),
        cmocka_unit_test(sha256_final_leaves_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
