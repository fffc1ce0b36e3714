/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/obj_mac.h>

#include "airlock/crypto.h"
#include "host/lib/key_fixed.h"

#define FIXED_MAX 48 /* P-384 */

/* The generator of RFC 6979, 3.2: K and V, as long as the hash. */
struct hmac_drbg {
    const EVP_MD *md;
    size_t len;
    uint8_t k[FIXED_MAX], v[FIXED_MAX];
};

static void stir(struct hmac_drbg *g, uint8_t sep, const uint8_t *data, size_t len)
{
    uint8_t msg[FIXED_MAX + 1 + 2 * FIXED_MAX];

    memcpy(msg, g->v, g->len);
    msg[g->len] = sep;
    memcpy(msg + g->len + 1, data, len);
    HMAC(g->md, g->k, (int)g->len, msg, g->len + 1 + len, g->k, NULL);
    HMAC(g->md, g->k, (int)g->len, g->v, g->len, g->v, NULL);
    alk_wipe(msg, sizeof msg);
}

static void seed(struct hmac_drbg *g, const uint8_t *priv_and_digest, size_t len)
{
    memset(g->k, 0, sizeof g->k);
    memset(g->v, 1, sizeof g->v);
    stir(g, 0, priv_and_digest, len);
    stir(g, 1, priv_and_digest, len);
}

static void next(uint8_t *out, struct hmac_drbg *g)
{
    HMAC(g->md, g->k, (int)g->len, g->v, g->len, g->v, NULL);
    memcpy(out, g->v, g->len);
}

struct curve {
    EC_GROUP *group;
    BN_CTX *bn;
    BIGNUM *priv, *z, *k, *r, *s;
    EC_POINT *point;
    const BIGNUM *order;
};

static bool curve_open(struct curve *c, const struct alk_hostkey *key, const uint8_t *msg, size_t len)
{
    *c = (struct curve){0};
    c->group = EC_GROUP_new_by_curve_name(OBJ_sn2nid(key->kind->group));
    c->bn = BN_CTX_secure_new();
    c->z = BN_bin2bn(msg, (int)len, NULL);
    c->k = BN_secure_new();
    c->r = BN_new();
    c->s = BN_secure_new();
    if (c->group == NULL || c->bn == NULL || c->z == NULL || c->k == NULL || c->r == NULL || c->s == NULL ||
        !EVP_PKEY_get_bn_param(key->pkey, OSSL_PKEY_PARAM_PRIV_KEY, &c->priv)) {
        return false;
    }
    c->order = EC_GROUP_get0_order(c->group);
    c->point = EC_POINT_new(c->group);
    return c->point != NULL && BN_nnmod(c->z, c->z, c->order, c->bn);
}

static void curve_close(struct curve *c)
{
    EC_POINT_free(c->point);
    BN_clear_free(c->priv);
    BN_clear_free(c->k);
    BN_clear_free(c->s);
    BN_free(c->r);
    BN_free(c->z);
    BN_CTX_free(c->bn);
    EC_GROUP_free(c->group);
}

/* r = x(k G) mod n, s = (z + r priv) / k mod n; false: this k will not do */
static bool try_k(struct curve *c)
{
    BN_set_flags(c->k, BN_FLG_CONSTTIME);
    if (BN_is_zero(c->k) || BN_cmp(c->k, c->order) >= 0 ||
        !EC_POINT_mul(c->group, c->point, c->k, NULL, NULL, c->bn) ||
        !EC_POINT_get_affine_coordinates(c->group, c->point, c->r, NULL, c->bn) ||
        !BN_nnmod(c->r, c->r, c->order, c->bn) || BN_is_zero(c->r)) {
        return false;
    }
    return BN_mod_inverse(c->k, c->k, c->order, c->bn) != NULL &&
           BN_mod_mul(c->s, c->r, c->priv, c->order, c->bn) &&
           BN_mod_add(c->s, c->s, c->z, c->order, c->bn) && BN_mod_mul(c->s, c->s, c->k, c->order, c->bn) &&
           !BN_is_zero(c->s);
}

/* return: the length, 0 when it does not fit room */
static size_t encode_pair(uint8_t *sig, size_t room, const ECDSA_SIG *pair)
{
    int n = i2d_ECDSA_SIG(pair, NULL);

    return n > 0 && (size_t)n <= room && i2d_ECDSA_SIG(pair, &sig) == n ? (size_t)n : 0;
}

static bool put_der(uint8_t *sig, size_t *len, const struct curve *c)
{
    ECDSA_SIG *pair = ECDSA_SIG_new();
    bool ok = pair != NULL && ECDSA_SIG_set0(pair, BN_dup(c->r), BN_dup(c->s));

    *len = ok ? encode_pair(sig, *len, pair) : 0;
    ECDSA_SIG_free(pair);
    return *len > 0;
}

bool alk_ecdsa_fixed(uint8_t *sig, size_t *len, const struct alk_hostkey *key, const uint8_t *msg,
                     size_t msg_len)
{
    size_t size = key->kind->bits / 8u;
    struct hmac_drbg g = {.md = size == 32 ? EVP_sha256() : EVP_sha384(), .len = size};
    uint8_t seed_bytes[2 * FIXED_MAX], k[FIXED_MAX];
    struct curve c;
    bool ok = false;

    if (curve_open(&c, key, msg, msg_len) && msg_len == size &&
        BN_bn2binpad(c.priv, seed_bytes, (int)size) > 0 &&
        BN_bn2binpad(c.z, seed_bytes + size, (int)size) > 0) {
        seed(&g, seed_bytes, 2 * size);
        for (int tries = 0; !ok && tries < 100; tries++) {
            next(k, &g);
            BN_bin2bn(k, (int)size, c.k);
            ok = try_k(&c);
            if (!ok) {
                stir(&g, 0, k, 0);
            }
        }
        ok = ok && put_der(sig, len, &c);
    }
    curve_close(&c);
    alk_wipe(seed_bytes, sizeof seed_bytes);
    alk_wipe(k, sizeof k);
    alk_wipe(&g, sizeof g);
    return ok;
}

bool alk_signature_der(struct alk_buf *sig, const struct alk_hostkey *key, const uint8_t *raw, size_t len)
{
    size_t half = key->kind->bits / 8u, n = 160;
    uint8_t der[160];
    struct curve c = {0};
    bool ok;

    if (key->kind->group == NULL || len != 2 * half) {
        return false;
    }
    c.r = BN_bin2bn(raw, (int)half, NULL);
    c.s = BN_bin2bn(raw + half, (int)half, NULL);
    ok = c.r != NULL && c.s != NULL && put_der(der, &n, &c) && alk_buf_put(sig, der, n) != NULL;
    BN_free(c.r);
    BN_free(c.s);
    return ok;
}

bool alk_signature_raw(uint8_t *raw, const struct alk_buf *der, size_t half)
{
    const unsigned char *p = der->data;
    ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &p, (long)der->len);
    bool ok = pair != NULL && BN_bn2binpad(ECDSA_SIG_get0_r(pair), raw, (int)half) > 0 &&
              BN_bn2binpad(ECDSA_SIG_get0_s(pair), raw + half, (int)half) > 0;

    ECDSA_SIG_free(pair);
    return ok;
}
