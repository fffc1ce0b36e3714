/* SPDX-License-Identifier: Apache-2.0 */
/* Content keys: HMAC and HKDF against OpenSSL, the wrapped key against every change, the key stream
 * piecewise. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include "airlock/memory.h"
#include "airlock/unwrap.h"
#include "airlock/verify.h"
#include "core/crypt/hmac.h"
#include "forge.h"
#include "keyring.h"

static uint32_t seed = 7;

static void noise(uint8_t *p, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        seed = seed * 1664525u + 1013904223u;
        p[i] = (uint8_t)(seed >> 24);
    }
}

static void hmac_agrees_with_openssl(void **unused)
{
    (void)unused;
    for (size_t key_len = 1; key_len <= 64; key_len++)
        for (size_t len = 0; len < 200; len += 13) {
            uint8_t key[64], msg[200], ours[32], theirs[32];
            unsigned n = 0;

            noise(key, sizeof key);
            noise(msg, sizeof msg);
            alk_hmac_sha256(ours, key, key_len, msg, len);
            assert_non_null(HMAC(EVP_sha256(), key, (int)key_len, msg, len, theirs, &n));
            assert_memory_equal(ours, theirs, 32);
        }
}

static void openssl_hkdf(uint8_t *okm, size_t len, const uint8_t *salt, const uint8_t ikm[32],
                         const char *info, size_t info_len)
{
    EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
    EVP_KDF_CTX *c = EVP_KDF_CTX_new(kdf);
    OSSL_PARAM p[5], *q = p;

    *q++ = OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, "SHA256", 0);
    *q++ = OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, (void *)(uintptr_t)ikm, 32);
    *q++ = OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, (void *)(uintptr_t)info, info_len);
    if (salt != NULL)
        *q++ = OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, (void *)(uintptr_t)salt, 32);
    *q = OSSL_PARAM_construct_end();
    assert_int_equal(EVP_KDF_derive(c, okm, len, p), 1);
    EVP_KDF_CTX_free(c);
    EVP_KDF_free(kdf);
}

static void hkdf_agrees_with_openssl(void **unused)
{
    (void)unused;
    for (unsigned round = 0; round < 200; round++) {
        uint8_t salt[32], ikm[32], info[20], ours[96], theirs[96];
        unsigned blocks = 1 + round % 3;
        const uint8_t *s = round % 2 != 0 ? salt : NULL;
        size_t info_len = 1 + round % 20;

        noise(salt, 32);
        noise(ikm, 32);
        noise(info, 20);
        alk_hkdf_sha256(ours, blocks, s, ikm, (char *)info, info_len);
        openssl_hkdf(theirs, 32 * blocks, s, ikm, (char *)info, info_len);
        assert_memory_equal(ours, theirs, 32 * blocks);
    }
}

static void outgoing_key_is_what_the_specification_says(void **unused)
{
    struct alk_content_key key;
    struct keyring r;
    struct alk_key k;
    uint8_t hash[32], priv[32], want[32];

    (void)unused;
    keyring_usual(&r, 0);
    assert_int_equal(alk_keys_find(&k, &r.keys, ALK_USE_DECRYPT, ALK_ALG_P256, NULL), ALK_OK);
    assert_int_equal(alk_keys_read(priv, &r.keys, &k, 32), ALK_OK);
    noise(hash, 32);
    openssl_hkdf(want, 16, hash, priv, "airlock outgoing v1\0", 20);
    assert_int_equal(alk_unwrap(&key, ALK_TLV_SHA256, hash, 32, &r.keys), ALK_OK);
    assert_int_equal(key.len, 16);
    assert_memory_equal(key.key, want, 16);
    assert_int_equal(alk_unwrap(&key, ALK_TLV_SHA256, hash, 31, &r.keys), ALK_E_FORMAT);
    keyring_revoke(&r, 1);
    assert_int_equal(alk_unwrap(&key, ALK_TLV_SHA256, hash, 32, &r.keys), ALK_E_KEY);
    assert_int_equal(key.len, 0);
}

/* The key TLV of a vector. */
static size_t wrapped_of(uint8_t wrapped[ALK_WRAP_MAX], const char *file)
{
    size_t len;
    uint8_t *bytes = vector_load(&len, file);
    struct alk_flash area;
    struct alk_image img;
    struct alk_tlv t = {0};

    alk_flash_memory(&area, bytes, len);
    assert_int_equal(alk_image_open(&img, &area, 0, (uint32_t)len), ALK_OK);
    assert_int_equal(alk_tlv_find(&t, &img, ALK_TLV_ENC_EC256), 1);
    assert_int_equal(alk_tlv_read(wrapped, &img, &t, t.len), ALK_OK);
    free(bytes);
    return t.len;
}

static void unwrap_refuses_every_flipped_bit(void **unused)
{
    static const char *const files[] = {"img/load_addr_enc.bin", "img/enc_none__ecdsa-p256_aes256.bin"};
    struct keyring r;

    (void)unused;
    keyring_usual(&r, 0);
    for (unsigned i = 0; i < 2; i++) {
        uint8_t wrapped[ALK_WRAP_MAX];
        size_t len = wrapped_of(wrapped, files[i]);
        struct alk_content_key key;

        assert_int_equal(alk_unwrap(&key, ALK_TLV_ENC_EC256, wrapped, len, &r.keys), ALK_OK);
        assert_int_equal(key.len, i == 0 ? 16 : 32);
        for (size_t bit = 0; bit < 8 * len; bit++) {
            int err;

            wrapped[bit / 8] ^= (uint8_t)(1u << bit % 8);
            err = alk_unwrap(&key, ALK_TLV_ENC_EC256, wrapped, len, &r.keys);
            if (err != ALK_E_AUTH || key.len != 0)
                fail_msg("%s bit %zu: %d", files[i], bit, err);
            wrapped[bit / 8] ^= (uint8_t)(1u << bit % 8);
        }
    }
}

static void unwrap_refuses_every_other_length(void **unused)
{
    uint8_t wrapped[512] = {4};
    struct alk_content_key key;
    struct keyring r;
    size_t len = wrapped_of(wrapped, "img/load_addr_enc.bin");

    (void)unused;
    keyring_usual(&r, 0);
    for (size_t n = 0; n <= sizeof wrapped; n++)
        assert_int_equal(alk_unwrap(&key, ALK_TLV_ENC_EC256, wrapped, n, &r.keys),
                         n == len ? ALK_OK : ALK_E_AUTH);
}

static void unwrap_tells_no_key_from_wrong_key_from_unknown_kind(void **unused)
{
    uint8_t wrapped[ALK_WRAP_MAX];
    size_t len = wrapped_of(wrapped, "img/load_addr_enc.bin");
    struct alk_content_key key;
    struct keyring r;

    (void)unused;
    keyring_begin(&r, 0);
    keyring_add_pem(&r, ALK_USE_VERIFY, "sign-ecdsa-p256");
    keyring_add_pem(&r, ALK_USE_DECRYPT, "sign2-ecdsa-p256");
    assert_int_equal(keyring_finish(&r), ALK_OK);
    assert_int_equal(alk_unwrap(&key, ALK_TLV_ENC_EC256, wrapped, len, &r.keys), ALK_E_AUTH);
    assert_int_equal(alk_unwrap(&key, ALK_TLV_ENC_X25519, wrapped, len, &r.keys), ALK_E_SUPPORT);
    keyring_revoke(&r, 1);
    assert_int_equal(alk_unwrap(&key, ALK_TLV_ENC_EC256, wrapped, len, &r.keys), ALK_E_KEY);
    assert_int_equal(key.len, 0);
}

static void image_crypt_gives_the_same_bytes_in_any_pieces(void **unused)
{
    static const uint16_t headers[] = {32, 44, 512};
    struct alk_content_key key = {.len = 16};
    static struct forge f;
    uint8_t payload[301];

    (void)unused;
    noise(key.key, 16);
    noise(payload, sizeof payload);
    for (unsigned h = 0; h < 3; h++) {
        uint8_t whole[1024], pieces[1024];

        forge_begin(&f, headers[h], payload, sizeof payload, 0);
        forge_prot(&f, 0xa0, "protected", 9);
        forge_hash(&f);
        assert_int_equal(forge_end(&f), ALK_OK);
        memcpy(whole, f.bytes, f.len);
        alk_image_crypt(whole, f.len, &f.image, 0, &key);
        assert_memory_equal(whole, f.bytes, headers[h]);
        assert_memory_not_equal(whole + headers[h], payload, sizeof payload);
        assert_memory_equal(whole + f.image.tlv_off, f.bytes + f.image.tlv_off, f.len - f.image.tlv_off);
        for (uint32_t step = 1; step < 700; step = step < 70 ? step + 1 : step + 97) {
            memcpy(pieces, f.bytes, f.len);
            for (uint32_t off = 0; off < f.len; off += step) {
                size_t n = f.len - off < step ? f.len - off : step;

                alk_image_crypt(pieces + off, n, &f.image, off, &key);
            }
            assert_memory_equal(pieces, whole, f.len);
        }
        alk_image_crypt(whole, f.len, &f.image, 0, &key);
        assert_memory_equal(whole, f.bytes, f.len);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hmac_agrees_with_openssl),
        cmocka_unit_test(hkdf_agrees_with_openssl),
        cmocka_unit_test(outgoing_key_is_what_the_specification_says),
        cmocka_unit_test(unwrap_refuses_every_flipped_bit),
        cmocka_unit_test(unwrap_refuses_every_other_length),
        cmocka_unit_test(unwrap_tells_no_key_from_wrong_key_from_unknown_kind),
        cmocka_unit_test(image_crypt_gives_the_same_bytes_in_any_pieces),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
