/* SPDX-License-Identifier: Apache-2.0 */
/* Key files of every kind, and what keys do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "airlock/build.h"
#include "airlock/key.h"
#include "airlock/text.h"

static int say_pass(void *ctx, char *text, size_t cap)
{
    return snprintf(text, cap, "%s", (const char *)ctx);
}

static void same_after(const struct alk_hostkey *key, struct alk_buf *file, bool is_private)
{
    struct alk_hostkey back;
    struct alk_why why = {0};

    if (alk_key_parse(&back, file->data, file->len, NULL, &why) != ALK_OK) {
        fail_msg("%s: %s", key->kind->name, why.text);
    }
    assert_true(alk_key_same(key, &back));
    assert_int_equal(back.is_private, is_private);
    alk_key_free(&back);
    alk_buf_free(file);
}

static struct alk_hostkey keys[8];

static int make_keys(void **unused)
{
    (void)unused;
    for (const struct alk_kind *k = alk_kinds; k->name != NULL; k++) {
        struct alk_why why;

        assert_int_equal(alk_key_generate(&keys[k - alk_kinds], k, &why), ALK_OK);
        assert_ptr_equal(keys[k - alk_kinds].kind, k);
    }
    return 0;
}

static int free_keys(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        alk_key_free(&keys[i]);
    }
    return 0;
}

static void each_kind(void (*test)(const struct alk_hostkey *key))
{
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        test(&keys[i]);
    }
}

static void go_round(const struct alk_hostkey *key)
{
    static const enum alk_key_form forms[] = {ALK_FORM_PEM, ALK_FORM_DER, ALK_FORM_TRADITIONAL};
    struct alk_buf file = {0};

    for (size_t i = 0; i < 3; i++) {
        if (alk_key_put_private(&file, key, forms[i], NULL) == ALK_OK) {
            same_after(key, &file, true);
        }
        if (alk_key_put_public(&file, key, forms[i]) == ALK_OK) {
            same_after(key, &file, false);
        }
    }
    if (key->pkey != NULL) {
        assert_int_equal(alk_key_put_tlv(&file, key), ALK_OK);
        same_after(key, &file, false);
    }
}

static void keyfile_keeps_keys_of_every_kind(void **unused)
{
    (void)unused;
    each_kind(go_round);
}

static void lock(const struct alk_hostkey *key)
{
    struct alk_buf file = {0};
    struct alk_hostkey back;
    struct alk_pass right = {say_pass, (void *)"open sesame"}, wrong = {say_pass, (void *)"open barley"};
    struct alk_why why;

    if (key->pkey == NULL) {
        return;
    }
    assert_int_equal(alk_key_put_private(&file, key, ALK_FORM_PEM, "open sesame"), ALK_OK);
    assert_int_equal(alk_key_parse(&back, file.data, file.len, NULL, &why), ALK_E_KEY);
    assert_int_equal(alk_key_parse(&back, file.data, file.len, &wrong, &why), ALK_E_KEY);
    assert_int_equal(alk_key_parse(&back, file.data, file.len, &right, &why), ALK_OK);
    assert_true(alk_key_same(key, &back));
    alk_key_free(&back);
    alk_buf_free(&file);
}

static void keyfile_opens_with_its_pass_phrase_only(void **unused)
{
    (void)unused;
    each_kind(lock);
}

static void sign(const struct alk_hostkey *key)
{
    uint8_t msg[64];
    size_t len = alk_hash_size(key->kind->hash);
    struct alk_why why;

    for (int fixed = 0; fixed < 2; fixed++) {
        struct alk_buf sig = {0};

        memset(msg, 7, sizeof msg);
        if (key->kind->sig_tlv == 0) {
            assert_int_equal(alk_key_sign(&sig, key, msg, len, fixed, &why), ALK_E_SUPPORT);
            continue;
        }
        assert_int_equal(alk_key_sign(&sig, key, msg, len, fixed, &why), ALK_OK);
        assert_int_equal(alk_key_check(key, sig.data, sig.len, msg, len), ALK_OK);
        msg[3] ^= 1;
        assert_int_equal(alk_key_check(key, sig.data, sig.len, msg, len), ALK_E_AUTH);
        msg[3] ^= 1;
        sig.data[sig.len - 1] ^= 1;
        assert_int_equal(alk_key_check(key, sig.data, sig.len, msg, len), ALK_E_AUTH);
        alk_buf_free(&sig);
    }
}

static void key_checks_what_it_signed_and_nothing_else(void **unused)
{
    (void)unused;
    each_kind(sign);
}

static void wrap(const struct alk_hostkey *key)
{
    uint8_t secret[32], back[32];
    size_t back_len;
    struct alk_random random = {0};
    struct alk_why why;

    for (size_t len = 16; len <= 32; len += 16) {
        struct alk_wrapping w = {key, false, &random};
        struct alk_buf value = {0};
        uint16_t tlv;
        int e;

        alk_random_get(secret, len, &random);
        e = alk_wrap_key(&value, &tlv, &w, secret, len, &why);
        if (key->kind->enc_tlv == 0) {
            assert_int_equal(e, ALK_E_SUPPORT);
        } else if (key->pkey == NULL && len * 8 != key->kind->bits) {
            assert_int_equal(e, ALK_E_USAGE);
        } else {
            assert_int_equal(e, ALK_OK);
            assert_int_equal(alk_open_key(back, &back_len, tlv, value.data, value.len, key), ALK_OK);
            assert_int_equal(back_len, len);
            assert_memory_equal(back, secret, len);
            value.data[value.len - 1] ^= 1;
            assert_int_equal(alk_open_key(back, &back_len, tlv, value.data, value.len, key), ALK_E_AUTH);
            assert_int_equal(alk_open_key(back, &back_len, tlv, value.data, value.len - 1, key), ALK_E_AUTH);
        }
        alk_buf_free(&value);
    }
}

static void key_opens_what_was_wrapped_for_it(void **unused)
{
    (void)unused;
    each_kind(wrap);
}

/* RFC 6979, A.2.5 and A.2.6: the message "sample" with the curve's own hash. */
static const struct {
    const char *der_head, *priv, *der_tail, *r, *s;
    enum alk_hash hash;
} rfc6979[] = {
    {"30310201010420", "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721",
     "a00a06082a8648ce3d030107", "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716",
     "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8", ALK_SHA256},
    {"303e0201010430",
     "6b9d3dad2e1b8c1c05b19875b6659f4de23c3b667bf297ba9aa47740787137d896d5724e4c70a825f872c9ea60d2edf5",
     "a00706052b81040022",
     "94edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c81a648152e44acf96e36dd1e80fabe46",
     "99ef4aeb15f178cea1fe40db2603138f130e740a19624526203b6351d0a3a94fa329c145786e679e7b82c71a38628ac8",
     ALK_SHA384},
};

static void key_signs_as_rfc6979_says(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof rfc6979 / sizeof rfc6979[0]; i++) {
        struct alk_buf der = {0}, sig = {0}, r = {0}, s = {0};
        struct alk_hostkey key;
        uint8_t digest[64];
        size_t n = alk_digest_of(digest, rfc6979[i].hash, "sample", 6);
        struct alk_why why;

        alk_hex_bytes(&der, rfc6979[i].der_head);
        alk_hex_bytes(&der, rfc6979[i].priv);
        alk_hex_bytes(&der, rfc6979[i].der_tail);
        alk_hex_bytes(&r, rfc6979[i].r);
        alk_hex_bytes(&s, rfc6979[i].s);
        assert_int_equal(alk_key_parse(&key, der.data, der.len, NULL, &why), ALK_OK);
        assert_int_equal(alk_key_sign(&sig, &key, digest, n, true, &why), ALK_OK);
        assert_non_null(memmem(sig.data, sig.len, r.data, r.len));
        assert_memory_equal(sig.data + sig.len - s.len, s.data, s.len);
        alk_key_free(&key);
        alk_buf_free(&der);
        alk_buf_free(&sig);
        alk_buf_free(&r);
        alk_buf_free(&s);
    }
}

static void key_knows_the_sample_keys(void **unused)
{
    static const struct {
        const char *spki, *name;
    } samples[] = {
        {"3059301306072a8648ce3d020106082a8648ce3d030107034200042acb403ce8feed5ba44995a1a91daee8dbbe1937cd14f"
         "b2f2457"
         "37e5953988d994b9d65aebd7cdd5308ad6fe48b24a6a810ee5f07d8b6834cc3a6afc538efac1",
         "root-ec-p256.pem"},
        {"302a300506032b6570032100d4b31ba49a3add3f825d10ca7f31b50b0de87f37ccc49f1a403a5c1320ffb4e0",
         "root-ed25519.pem"},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        struct alk_buf der = {0};
        struct alk_hostkey key;
        struct alk_why why;

        alk_hex_bytes(&der, samples[i].spki);
        assert_int_equal(alk_key_parse(&key, der.data, der.len, NULL, &why), ALK_OK);
        assert_string_equal(alk_key_sample(&key), samples[i].name);
        alk_key_free(&key);
        alk_buf_free(&der);
    }
}

static void cut(const struct alk_hostkey *key)
{
    struct alk_buf file = {0};
    struct alk_why why;

    alk_key_put_private(&file, key, ALK_FORM_PEM, NULL);
    for (size_t len = 0; len + 30 < file.len; len += 1 + len / 8) {
        struct alk_hostkey back;

        assert_int_not_equal(alk_key_parse(&back, file.data, len, NULL, &why), ALK_OK);
        assert_true(why.text[0] != 0);
    }
    alk_buf_free(&file);
}

/* As `openssl ecparam -genkey` writes it. */
static void keyfile_skips_what_is_no_key(void **unused)
{
    static const char params[] =
        "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";
    struct alk_buf file = {0};

    (void)unused;
    alk_buf_put(&file, params, sizeof params - 1);
    assert_int_equal(alk_key_put_private(&file, &keys[ALK_KIND_P256], ALK_FORM_TRADITIONAL, NULL), ALK_OK);
    same_after(&keys[ALK_KIND_P256], &file, true);
}

static void keyfile_refuses_what_is_cut_short(void **unused)
{
    (void)unused;
    each_kind(cut);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keyfile_keeps_keys_of_every_kind),
        cmocka_unit_test(keyfile_opens_with_its_pass_phrase_only),
        cmocka_unit_test(keyfile_skips_what_is_no_key),
        cmocka_unit_test(keyfile_refuses_what_is_cut_short),
        cmocka_unit_test(key_checks_what_it_signed_and_nothing_else),
        cmocka_unit_test(key_opens_what_was_wrapped_for_it),
        cmocka_unit_test(key_signs_as_rfc6979_says),
        cmocka_unit_test(key_knows_the_sample_keys),
    };

    return cmocka_run_group_tests(tests, make_keys, free_keys);
}
