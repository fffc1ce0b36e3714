/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ECDSA and ECDH on P-256 against OpenSSL: random keys, and keys and hashes
 * made so that the joint multiplication meets 0, P + P and P - P on its way.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>

#include "airlock/crypto.h"

#define RANDOM_KEYS 60

static uint64_t random_state;

static uint64_t random_word(void)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return random_state >> 32;
}

static void random_bytes(uint8_t *out, size_t len)
{
    while (len-- != 0) {
        *out++ = (uint8_t)random_word();
    }
}

static const EC_GROUP *group(void)
{
    static EC_GROUP *g;

    if (g == NULL) {
        g = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
    }
    return g;
}

static const BIGNUM *order(void)
{
    return EC_GROUP_get0_order(group());
}

/* out: X || Y of d * G, or of d * point */
static void multiply(uint8_t out[64], const BIGNUM *d, const uint8_t *point)
{
    EC_POINT *p = EC_POINT_new(group());
    uint8_t bytes[65] = {4};

    if (point != NULL) {
        memcpy(bytes + 1, point, 64);
        assert_int_equal(EC_POINT_oct2point(group(), p, bytes, sizeof bytes, NULL), 1);
        assert_int_equal(EC_POINT_mul(group(), p, NULL, p, d, NULL), 1);
    } else {
        assert_int_equal(EC_POINT_mul(group(), p, d, NULL, NULL, NULL), 1);
    }
    assert_int_equal(EC_POINT_point2oct(group(), p, POINT_CONVERSION_UNCOMPRESSED, bytes, sizeof bytes, NULL),
                     sizeof bytes);
    memcpy(out, bytes + 1, 64);
    EC_POINT_free(p);
}

/* in: a number below 2^256, big-endian; out: reduced to [1, n-1] */
static BIGNUM *scalar(const uint8_t bytes[32])
{
    BIGNUM *d = BN_bin2bn(bytes, 32, NULL);
    BIGNUM *top = BN_dup(order());
    BN_CTX *ctx = BN_CTX_new();

    BN_sub_word(top, 1);
    BN_mod(d, d, top, ctx);
    BN_add_word(d, 1);
    BN_free(top);
    BN_CTX_free(ctx);
    return d;
}

/* s = (e + r d) / k, with k as given: OpenSSL would choose its own. */
static void sign(uint8_t sig[64], const BIGNUM *d, const uint8_t hash[32], const BIGNUM *k)
{
    BN_CTX *ctx = BN_CTX_new();
    BIGNUM *e = BN_bin2bn(hash, 32, NULL), *r = BN_new(), *s = BN_new();
    uint8_t point[64];

    multiply(point, k, NULL);
    BN_bin2bn(point, 32, r);
    BN_mod(r, r, order(), ctx);
    BN_mod_mul(s, r, d, order(), ctx);
    BN_mod_add(s, s, e, order(), ctx);
    BN_mod_inverse(e, k, order(), ctx);
    BN_mod_mul(s, s, e, order(), ctx);
    BN_bn2binpad(r, sig, 32);
    BN_bn2binpad(s, sig + 32, 32);
    BN_free(e);
    BN_free(r);
    BN_free(s);
    BN_CTX_free(ctx);
}

static int verify(const uint8_t sig[64], const uint8_t pub[64], const uint8_t hash[32])
{
    uint8_t x[32];
    int err = alk_p256_verify(x, sig, pub, hash);

    if (err == ALK_OK) {
        assert_memory_equal(x, sig, 32);
    }
    return err;
}

static void p256_accepts_what_is_signed_and_nothing_near_it(void **unused)
{
    (void)unused;
    for (unsigned round = 0; round < RANDOM_KEYS; round++) {
        uint64_t replay = random_state;
        uint8_t bytes[32], pub[64], hash[32], sig[64], *all[3] = {sig, pub, hash};
        BIGNUM *d, *k;
        unsigned victim = round % 3, bit;

        random_bytes(bytes, 32);
        d = scalar(bytes);
        random_bytes(bytes, 32);
        k = scalar(bytes);
        random_bytes(hash, 32);
        multiply(pub, d, NULL);
        sign(sig, d, hash, k);
        bit = (unsigned)random_word() % (victim == 2 ? 256 : 512);
        if (verify(sig, pub, hash) != ALK_OK) {
            fail_msg("seed %llu: a good signature is refused", (unsigned long long)replay);
        }
        all[victim][bit / 8] ^= (uint8_t)(1u << bit % 8);
        if (verify(sig, pub, hash) != ALK_E_AUTH) {
            fail_msg("seed %llu: accepted with bit %u of %u changed", (unsigned long long)replay, bit,
                     victim);
        }
        BN_free(d);
        BN_free(k);
    }
}

/* d or k = a / b mod n with small a and b: the sums along the way coincide. */
static BIGNUM *fraction(int a, unsigned b)
{
    BN_CTX *ctx = BN_CTX_new();
    BIGNUM *v = BN_new();

    BN_set_word(v, b);
    BN_mod_inverse(v, v, order(), ctx);
    BN_mul_word(v, (BN_ULONG)abs(a));
    BN_nnmod(v, v, order(), ctx);
    if (a < 0) {
        BN_sub(v, order(), v);
    }
    BN_CTX_free(ctx);
    return v;
}

static void p256_adds_equal_and_opposite_points_right(void **unused)
{
    static const int tops[] = {1, -1, 2, -2, 3, -3, 4, 5, -5};

    (void)unused;
    for (unsigned i = 0; i < sizeof tops / sizeof *tops; i++) {
        for (unsigned below = 1; below < 5; below++) {
            BIGNUM *d = fraction(tops[i], below);
            uint8_t pub[64], sig[64], hash[32] = {0};

            multiply(pub, d, NULL);
            for (unsigned e = 0; e < 6; e++) {
                BIGNUM *k = fraction((int)e + 1, 1 + e % 3);

                memset(hash, e == 5 ? 0xff : 0, sizeof hash);
                hash[31] = (uint8_t)e;
                sign(sig, d, hash, k);
                if (!(sig[32] == 0 && memcmp(sig + 32, sig + 33, 31) == 0) && /* s = 0 is no signature */
                    verify(sig, pub, hash) != ALK_OK) {
                    fail_msg("d = %d / %u, hash %u is refused", tops[i], below, e);
                }
                BN_free(k);
            }
            BN_free(d);
        }
    }
}

/* e = -r d: the sum is the point at infinity whatever s is. */
static void p256_refuses_a_sum_of_zero(void **unused)
{
    (void)unused;
    for (unsigned round = 0; round < 10; round++) {
        BN_CTX *ctx = BN_CTX_new();
        uint8_t bytes[32], pub[64], sig[64], hash[32];
        BIGNUM *d, *r;

        random_bytes(bytes, 32);
        d = round < 2 ? fraction(round == 0 ? 1 : -1, 1) : scalar(bytes);
        random_bytes(sig, 64);
        sig[0] &= 0x7f;
        sig[32] &= 0x7f;
        r = BN_bin2bn(sig, 32, NULL);
        multiply(pub, d, NULL);
        BN_mod_mul(r, r, d, order(), ctx);
        BN_sub(r, order(), r);
        BN_bn2binpad(r, hash, 32);
        assert_int_equal(verify(sig, pub, hash), ALK_E_AUTH);
        BN_free(d);
        BN_free(r);
        BN_CTX_free(ctx);
    }
}

static void p256_ecdh_equals_openssl(void **unused)
{
    (void)unused;
    for (unsigned round = 0; round < RANDOM_KEYS; round++) {
        uint64_t replay = random_state;
        uint8_t bytes[32], pub[64], want[64], got[32];
        BIGNUM *d, *peer;

        random_bytes(bytes, 32);
        d = round < 4 ? fraction(round % 2 ? -1 : 1, 1 + round / 2) : scalar(bytes);
        random_bytes(bytes, 32);
        peer = scalar(bytes);
        multiply(pub, peer, NULL);
        multiply(want, d, pub);
        BN_bn2binpad(d, bytes, 32);
        if (alk_p256_ecdh(got, bytes, pub) != ALK_OK || memcmp(got, want, 32) != 0) {
            fail_msg("seed %llu", (unsigned long long)replay);
        }
        pub[63] ^= 1;
        assert_int_equal(alk_p256_ecdh(got, bytes, pub), ALK_E_AUTH);
        BN_free(d);
        BN_free(peer);
    }
}

static void p256_ecdh_refuses_keys_out_of_range(void **unused)
{
    uint8_t pub[64], priv[32] = {0}, secret[32];
    BIGNUM *one = BN_new();

    (void)unused;
    BN_one(one);
    multiply(pub, one, NULL);
    assert_int_equal(alk_p256_ecdh(secret, priv, pub), ALK_E_KEY);
    BN_bn2binpad(order(), priv, 32);
    assert_int_equal(alk_p256_ecdh(secret, priv, pub), ALK_E_KEY);
    memset(priv, 0xff, 32);
    assert_int_equal(alk_p256_ecdh(secret, priv, pub), ALK_E_KEY);
    BN_free(one);
}

static void equal_and_wipe_cover_every_byte(void **unused)
{
    uint8_t a[33], b[33];

    (void)unused;
    memset(a, 0x5a, sizeof a);
    memset(b, 0x5a, sizeof b);
    assert_true(alk_equal(a, b, sizeof a));
    assert_true(alk_equal(a, b, 0));
    for (unsigned i = 0; i < 8 * sizeof a; i++) {
        b[i / 8] ^= (uint8_t)(1u << i % 8);
        assert_false(alk_equal(a, b, sizeof a));
        b[i / 8] = a[i / 8];
    }
    b[32] ^= 1;
    assert_true(alk_equal(a, b, 32));
    alk_wipe(a, 32);
    for (unsigned i = 0; i < sizeof a; i++) {
        assert_int_equal(a[i], i < 32 ? 0 : 0x5a);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(p256_accepts_what_is_signed_and_nothing_near_it),
        cmocka_unit_test(p256_adds_equal_and_opposite_points_right),
        cmocka_unit_test(p256_refuses_a_sum_of_zero),
        cmocka_unit_test(p256_ecdh_equals_openssl),
        cmocka_unit_test(p256_ecdh_refuses_keys_out_of_range),
        cmocka_unit_test(equal_and_wipe_cover_every_byte),
    };

    random_state = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
    printf("seed %llu\n", (unsigned long long)random_state);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
