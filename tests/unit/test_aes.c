/* SPDX-License-Identifier: Apache-2.0 */
/* AES-CTR: NIST's examples, and OpenSSL for random keys, lengths and places in the stream. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <openssl/evp.h>

#include "airlock/crypto.h"

#define ROUNDS  2000
#define LONGEST 300

/* Block 0 of a stream is AES(key, 0), which AESAVS lists for the keys of its appendices C and E. */
static const struct {
    const char *key;
    const char *first_block;
} zero_blocks[] = {
    {"10a58869d74be5a374cf867cfb473859", "6d251e6944b051e04eaa6fb4dbf78465"},
    {"caea65cdbb75e9169ecd22ebe6e54675", "6e29201190152df4ee058139def610bb"},
    {"80000000000000000000000000000000", "0edd33d3c621e546455bd8ba1418bec8"},
    {"c47b0294dbbbee0fec4757f22ffeee3587ca4730c3d33b691df38bab076bc558", "46f2fb342d6f0ab477476fc501242c5f"},
    {"28d46cffa158533194214a91e712fc2b45b518076675affd910edeca5f41ac64", "4bf3b0a69aeb6657794f2901b1440ad4"},
    {"8000000000000000000000000000000000000000000000000000000000000000", "e35a6dcb19b201a01ebcfa8aa22b5759"},
};

static size_t from_hex(uint8_t *out, const char *hex)
{
    size_t len = strlen(hex) / 2;

    for (size_t i = 0; i < len; i++) {
        sscanf(hex + 2 * i, "%2hhx", &out[i]);
    }
    return len;
}

static void aes_gives_the_published_blocks(void **unused)
{
    (void)unused;
    for (unsigned i = 0; i < sizeof zero_blocks / sizeof *zero_blocks; i++) {
        uint8_t key[32], want[16], got[16] = {0};
        size_t key_len = from_hex(key, zero_blocks[i].key);

        from_hex(want, zero_blocks[i].first_block);
        alk_aes_ctr(got, sizeof got, key, key_len, 0);
        assert_memory_equal(got, want, sizeof want);
    }
}

static uint64_t random_state;

static uint32_t random_word(void)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(random_state >> 32);
}

static void random_bytes(uint8_t *out, size_t len)
{
    while (len-- != 0) {
        *out++ = (uint8_t)random_word();
    }
}

static void openssl_ctr(uint8_t *buf, size_t len, const uint8_t *key, size_t key_len, uint32_t off)
{
    EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
    uint8_t counter[16] = {0}, skipped[16];
    int n;

    for (unsigned i = 0; i < 4; i++) {
        counter[15 - i] = (uint8_t)((off / 16) >> (8 * i));
    }
    EVP_EncryptInit_ex(c, key_len == 16 ? EVP_aes_128_ctr() : EVP_aes_256_ctr(), NULL, key, counter);
    EVP_EncryptUpdate(c, skipped, &n, counter, (int)(off % 16));
    EVP_EncryptUpdate(c, buf, &n, buf, (int)len);
    EVP_CIPHER_CTX_free(c);
}

static void aes_ctr_equals_openssl_anywhere_in_the_stream(void **unused)
{
    (void)unused;
    for (unsigned round = 0; round < ROUNDS; round++) {
        uint8_t key[32], ours[LONGEST], theirs[LONGEST];
        size_t key_len = random_word() & 1 ? 16 : 32;
        size_t len = random_word() % (LONGEST + 1);
        uint64_t replay = random_state;
        uint32_t off = round % 2 ? random_word() : random_word() % 5000;

        if (off > UINT32_MAX - len) {
            off -= LONGEST;
        }
        random_bytes(key, sizeof key);
        random_bytes(ours, sizeof ours);
        memcpy(theirs, ours, sizeof ours);
        alk_aes_ctr(ours, len, key, key_len, off);
        openssl_ctr(theirs, len, key, key_len, off);
        if (memcmp(ours, theirs, sizeof ours) != 0) {
            fail_msg("seed %llu: key %zu bytes, len %zu, off %lu", (unsigned long long)replay, key_len, len,
                     (unsigned long)off);
        }
    }
}

static void aes_ctr_does_not_care_how_a_stream_is_cut(void **unused)
{
    static const uint8_t key[16] = {1, 2, 3};
    uint8_t whole[100] = {0};

    (void)unused;
    alk_aes_ctr(whole, sizeof whole, key, sizeof key, 7);
    for (size_t cut = 0; cut <= sizeof whole; cut++) {
        uint8_t pieces[sizeof whole] = {0};

        alk_aes_ctr(pieces, cut, key, sizeof key, 7);
        alk_aes_ctr(pieces + cut, sizeof pieces - cut, key, sizeof key, 7 + (uint32_t)cut);
        if (memcmp(pieces, whole, sizeof whole) != 0) {
            fail_msg("cut=%zu", cut);
        }
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(aes_gives_the_published_blocks),
        cmocka_unit_test(aes_ctr_equals_openssl_anywhere_in_the_stream),
        cmocka_unit_test(aes_ctr_does_not_care_how_a_stream_is_cut),
    };

    random_state = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
    printf("seed %llu\n", (unsigned long long)random_state);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
