/* SPDX-License-Identifier: Apache-2.0 */
#include "forge_crypto.h"

#include <openssl/core_names.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/obj_mac.h>
#include <openssl/param_build.h>
#include <openssl/x509.h>
#include <string.h>

#include "core/bytes.h"
#include "sim/emu/emu.h"

static int public_half(uint8_t point[65], const BIGNUM *d)
{
    EC_GROUP *group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
    EC_POINT *q = group ? EC_POINT_new(group) : NULL;
    int ok = q && EC_POINT_mul(group, q, d, NULL, NULL, NULL) == 1 &&
             EC_POINT_point2oct(group, q, POINT_CONVERSION_UNCOMPRESSED, point, 65, NULL) == 65;

    EC_POINT_free(q);
    EC_GROUP_free(group);
    return ok ? 0 : -1;
}

static EVP_PKEY *load(const BIGNUM *d, const uint8_t point[65])
{
    OSSL_PARAM_BLD *b = OSSL_PARAM_BLD_new();
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    OSSL_PARAM *params = NULL;
    EVP_PKEY *key = NULL;

    if (b && ctx && OSSL_PARAM_BLD_push_utf8_string(b, OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) == 1 &&
        OSSL_PARAM_BLD_push_octet_string(b, OSSL_PKEY_PARAM_PUB_KEY, point, 65) == 1 &&
        OSSL_PARAM_BLD_push_BN(b, OSSL_PKEY_PARAM_PRIV_KEY, d) == 1)
        params = OSSL_PARAM_BLD_to_param(b);
    if (params && EVP_PKEY_fromdata_init(ctx) == 1)
        EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_KEYPAIR, params);
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(b);
    EVP_PKEY_CTX_free(ctx);
    return key;
}

int alk_forge_key_make(struct alk_forge_key *k, uint32_t seed)
{
    uint32_t rng = alk_emu_seed(seed);
    uint8_t point[65], *spki = NULL;
    BIGNUM *d;
    int len = 0;

    for (size_t i = 0; i < 32; i += 4)
        alk_put32(k->priv + i, alk_emu_random(&rng));
    k->priv[0] &= 0x7f;
    d = BN_bin2bn(k->priv, 32, NULL);
    k->pkey = d && public_half(point, d) == 0 ? load(d, point) : NULL;
    BN_free(d);
    if (!k->pkey || (len = i2d_PUBKEY(k->pkey, &spki)) <= 0)
        return -1;
    memcpy(k->pub, point + 1, 64);
    EVP_Digest(spki, (size_t)len, k->id, NULL, EVP_sha256(), NULL);
    OPENSSL_free(spki);
    return 0;
}

void alk_forge_key_free(struct alk_forge_key *k)
{
    EVP_PKEY_free(k->pkey);
    k->pkey = NULL;
}

/* r and s for this nonce: FIPS 186-5, 6.4.1. */
static int sign_with(ECDSA_SIG *sig, const BIGNUM *k, const BIGNUM *d, const uint8_t hash[32], BN_CTX *ctx)
{
    EC_GROUP *group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
    EC_POINT *point = EC_POINT_new(group);
    BIGNUM *r = BN_new(), *s = BN_new(), *e = BN_bin2bn(hash, 32, NULL);
    const BIGNUM *n = EC_GROUP_get0_order(group);
    int ok = EC_POINT_mul(group, point, k, NULL, NULL, ctx) == 1 &&
             EC_POINT_get_affine_coordinates(group, point, r, NULL, ctx) == 1 &&
             BN_nnmod(r, r, n, ctx) == 1 && BN_mod_mul(s, r, d, n, ctx) == 1 &&
             BN_mod_add(e, e, s, n, ctx) == 1 && BN_mod_inverse(s, k, n, ctx) != NULL &&
             BN_mod_mul(s, s, e, n, ctx) == 1;

    BN_free(e);
    EC_POINT_free(point);
    EC_GROUP_free(group);
    return ok && ECDSA_SIG_set0(sig, r, s) == 1 ? 0 : -1;
}

/* The nonce is SHA-256(key, hash, try): the same image gives the same bytes in every run. */
int alk_forge_sign(uint8_t der[80], size_t *der_len, const struct alk_forge_key *k, const uint8_t hash[32],
                   uint8_t try)
{
    uint8_t seed[65], nonce[32], *p = der;
    BN_CTX *ctx = BN_CTX_new();
    ECDSA_SIG *sig = ECDSA_SIG_new();
    BIGNUM *kn, *d = BN_bin2bn(k->priv, 32, NULL);
    int rc;

    memcpy(seed, k->priv, 32);
    memcpy(seed + 32, hash, 32);
    seed[64] = try;
    EVP_Digest(seed, sizeof seed, nonce, NULL, EVP_sha256(), NULL);
    kn = BN_bin2bn(nonce, 32, NULL);
    rc = ctx && sig ? sign_with(sig, kn, d, hash, ctx) : -1;
    *der_len = rc == 0 && i2d_ECDSA_SIG(sig, NULL) <= 80 ? (size_t)i2d_ECDSA_SIG(sig, &p) : 0;
    ECDSA_SIG_free(sig);
    BN_free(kn);
    BN_free(d);
    BN_CTX_free(ctx);
    return rc;
}

int alk_forge_ctr(uint8_t *buf, size_t len, const uint8_t key[16])
{
    static const uint8_t zero[16];
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    int n = 0;
    int ok = ctx && EVP_EncryptInit_ex(ctx, EVP_aes_128_ctr(), NULL, key, zero) == 1 &&
             EVP_EncryptUpdate(ctx, buf, &n, buf, (int)len) == 1 && (size_t)n == len;

    EVP_CIPHER_CTX_free(ctx);
    return ok ? 0 : -1;
}

static int agree(uint8_t shared[32], const struct alk_forge_key *mine, const struct alk_forge_key *theirs)
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(mine->pkey, NULL);
    size_t len = 32;
    int ok = ctx && EVP_PKEY_derive_init(ctx) == 1 && EVP_PKEY_derive_set_peer(ctx, theirs->pkey) == 1 &&
             EVP_PKEY_derive(ctx, shared, &len) == 1 && len == 32;

    EVP_PKEY_CTX_free(ctx);
    return ok ? 0 : -1;
}

static int expand(uint8_t okm[48], const uint8_t shared[32])
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_id(EVP_PKEY_HKDF, NULL);
    size_t len = 48;
    int ok = ctx && EVP_PKEY_derive_init(ctx) == 1 && EVP_PKEY_CTX_set_hkdf_md(ctx, EVP_sha256()) == 1 &&
             EVP_PKEY_CTX_set1_hkdf_key(ctx, shared, 32) == 1 &&
             EVP_PKEY_CTX_add1_hkdf_info(ctx, (const unsigned char *)"MCUBoot_ECIES_v1", 16) == 1 &&
             EVP_PKEY_derive(ctx, okm, &len) == 1;

    EVP_PKEY_CTX_free(ctx);
    return ok ? 0 : -1;
}

int alk_forge_wrap(uint8_t wrapped[113], struct alk_forge_image *img, const struct alk_forge_key *to,
                   uint32_t seed)
{
    struct alk_forge_key once;
    uint32_t rng = alk_emu_seed(seed ^ 0xc0ffeeu);

    for (size_t i = 0; i < 16; i += 4)
        alk_put32(img->content_key + i, alk_emu_random(&rng));
    if (alk_forge_key_make(&once, seed ^ 0xecu) != 0 || agree(img->shared, &once, to) != 0 ||
        expand(img->okm, img->shared) != 0)
        return -1;
    wrapped[0] = 4;
    memcpy(wrapped + 1, once.pub, 64);
    memcpy(wrapped + 97, img->content_key, 16);
    alk_forge_key_free(&once);
    if (alk_forge_ctr(wrapped + 97, 16, img->okm) != 0)
        return -1;
    return HMAC(EVP_sha256(), img->okm + 16, 32, wrapped + 97, 16, wrapped + 65, NULL) ? 0 : -1;
}
