/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/obj_mac.h>
#include <openssl/params.h>

#include "airlock/build.h"
#include "airlock/crypto.h"
#include "host/lib/ecies.h"

#define POINT_MAX 65u /* 04 || X || Y */

/* What follows from the shared secret: the key that wraps, then the key of the tag. */
struct okm {
    uint8_t bytes[32 + 64];
    size_t key_len, tag_len;
};

static bool derive(struct okm *okm, const uint8_t secret[32], size_t key_len, bool sha512)
{
    static char info[] = "MCUBoot_ECIES_v1", sha256_name[] = "SHA256", sha512_name[] = "SHA512";
    EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
    EVP_KDF_CTX *ctx = EVP_KDF_CTX_new(kdf);
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string("digest", sha512 ? sha512_name : sha256_name, 0),
        OSSL_PARAM_construct_octet_string("key", (void *)secret, 32),
        OSSL_PARAM_construct_octet_string("info", info, sizeof info - 1),
        OSSL_PARAM_construct_end(),
    };
    bool ok;

    okm->key_len = key_len;
    okm->tag_len = sha512 ? 64 : 32;
    ok = ctx != NULL && EVP_KDF_derive(ctx, okm->bytes, okm->key_len + okm->tag_len, params) == 1;
    EVP_KDF_CTX_free(ctx);
    EVP_KDF_free(kdf);
    return ok;
}

static void tag_of(uint8_t tag[64], const struct okm *okm, const uint8_t *wrapped)
{
    HMAC(okm->tag_len == 64 ? EVP_sha512() : EVP_sha256(), okm->bytes + okm->key_len, (int)okm->tag_len,
         wrapped, okm->key_len, tag, NULL);
}

static size_t point_size(const struct alk_hostkey *key)
{
    return key->kind->id == ALK_KIND_P256 ? POINT_MAX : 32;
}

/* A private key from chosen bytes; NULL when they are no key of the curve. */
static EVP_PKEY *key_from(const struct alk_hostkey *like, const uint8_t priv[32])
{
    EC_GROUP *group;
    EC_POINT *point;
    BIGNUM *k;
    uint8_t raw[POINT_MAX];
    EVP_PKEY *pkey = NULL;

    if (like->kind->id == ALK_KIND_X25519) {
        return EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, NULL, priv, 32);
    }
    group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
    point = EC_POINT_new(group);
    k = BN_bin2bn(priv, 32, BN_secure_new());
    if (point != NULL && k != NULL && !BN_is_zero(k) && BN_cmp(k, EC_GROUP_get0_order(group)) < 0 &&
        EC_POINT_mul(group, point, k, NULL, NULL, NULL) &&
        EC_POINT_point2oct(group, point, POINT_CONVERSION_UNCOMPRESSED, raw, sizeof raw, NULL) ==
            sizeof raw) {
        uint8_t native[32];
        OSSL_PARAM params[] = {
            OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, (char *)like->kind->group, 0),
            OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_PRIV_KEY, native, sizeof native),
            OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, raw, sizeof raw),
            OSSL_PARAM_construct_end(),
        };
        EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);

        BN_bn2nativepad(k, native, sizeof native);
        if (ctx == NULL || EVP_PKEY_fromdata_init(ctx) != 1 ||
            EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_KEYPAIR, params) != 1) {
            pkey = NULL;
        }
        EVP_PKEY_CTX_free(ctx);
        alk_wipe(native, sizeof native);
    }
    BN_clear_free(k);
    EC_POINT_free(point);
    EC_GROUP_free(group);
    return pkey;
}

static EVP_PKEY *ephemeral(const struct alk_hostkey *like, struct alk_random *random)
{
    uint8_t priv[32];
    EVP_PKEY *pkey = NULL;

    for (int tries = 0; pkey == NULL && tries < 8; tries++) {
        if (alk_random_get(priv, sizeof priv, random) != ALK_OK) {
            break;
        }
        pkey = key_from(like, priv);
    }
    alk_wipe(priv, sizeof priv);
    return pkey;
}

static bool agree(uint8_t secret[32], EVP_PKEY *mine, EVP_PKEY *theirs)
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, mine, NULL);
    size_t len = 32;
    bool ok = ctx != NULL && theirs != NULL && EVP_PKEY_derive_init(ctx) == 1 &&
              EVP_PKEY_derive_set_peer(ctx, theirs) == 1 && EVP_PKEY_derive(ctx, secret, &len) == 1 &&
              len == 32;

    EVP_PKEY_CTX_free(ctx);
    return ok;
}

static EVP_PKEY *public_from(const struct alk_hostkey *like, const uint8_t *point, size_t len)
{
    EVP_PKEY *pkey;

    if (like->kind->id == ALK_KIND_X25519) {
        return EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, NULL, point, len);
    }
    pkey = EVP_PKEY_new();
    if (point[0] != 4 || pkey == NULL || EVP_PKEY_copy_parameters(pkey, like->pkey) != 1 ||
        EVP_PKEY_set1_encoded_public_key(pkey, point, len) != 1) {
        EVP_PKEY_free(pkey);
        return NULL;
    }
    return pkey;
}

static bool put_point(struct alk_buf *out, EVP_PKEY *pkey)
{
    unsigned char *point = NULL;
    size_t len = EVP_PKEY_get1_encoded_public_key(pkey, &point);
    bool ok = len > 0 && alk_buf_put(out, point, len) != NULL;

    OPENSSL_free(point);
    return ok;
}

int alk_ecies_wrap(struct alk_buf *out, const struct alk_hostkey *to, const uint8_t *key, size_t len,
                   bool sha512, struct alk_random *random)
{
    EVP_PKEY *mine = ephemeral(to, random);
    uint8_t secret[32], wrapped[32], tag[64];
    struct okm okm;
    bool ok = mine != NULL && agree(secret, mine, to->pkey) && derive(&okm, secret, len, sha512);

    if (ok) {
        memcpy(wrapped, key, len);
        ok = alk_payload_crypt(wrapped, len, okm.bytes, len) == ALK_OK && put_point(out, mine);
    }
    if (ok) {
        tag_of(tag, &okm, wrapped);
        alk_buf_put(out, tag, okm.tag_len);
        alk_buf_put(out, wrapped, len);
    }
    EVP_PKEY_free(mine);
    alk_wipe(secret, sizeof secret);
    alk_wipe(&okm, sizeof okm);
    return ok && !out->failed ? ALK_OK : ALK_E_BUG;
}

int alk_ecies_open(uint8_t key[32], size_t *key_len, const uint8_t *value, size_t len,
                   const struct alk_hostkey *with, bool sha512)
{
    size_t point = point_size(with), tag_len = sha512 ? 64 : 32, n = len - point - tag_len;
    EVP_PKEY *theirs;
    uint8_t secret[32], tag[64];
    struct okm okm;
    bool ok;

    if (len < point + tag_len || (n != 16 && n != 32)) {
        return ALK_E_AUTH;
    }
    theirs = public_from(with, value, point);
    ok = agree(secret, with->pkey, theirs) && derive(&okm, secret, n, sha512);
    if (ok) {
        tag_of(tag, &okm, value + point + tag_len);
        ok = alk_equal(tag, value + point, tag_len);
    }
    if (ok) {
        memcpy(key, value + point + tag_len, n);
        *key_len = n;
        ok = alk_payload_crypt(key, n, okm.bytes, n) == ALK_OK;
    }
    EVP_PKEY_free(theirs);
    alk_wipe(secret, sizeof secret);
    alk_wipe(&okm, sizeof okm);
    return ok ? ALK_OK : ALK_E_AUTH;
}
