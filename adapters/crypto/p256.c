/* SPDX-License-Identifier: Apache-2.0 */
/* p256.c - P-256 by p256-m (Mbed TLS) with third_party/p256-m.patch. */
#include "airlock/crypto.h"
#include "p256-m.h"

int alk_p256_verify(uint8_t x[32], const uint8_t sig[64], const uint8_t pub[64], const uint8_t hash[32])
{
    return p256_ecdsa_verify(x, sig, pub, hash) == P256_SUCCESS ? ALK_OK : ALK_E_AUTH;
}

int alk_p256_ecdh(uint8_t secret[32], const uint8_t priv[32], const uint8_t pub[64])
{
    switch (p256_ecdh_shared_secret(secret, priv, pub)) {
    case P256_SUCCESS:
        return ALK_OK;
    case P256_INVALID_PRIVKEY:
        return ALK_E_KEY;
    default:
        return ALK_E_AUTH;
    }
}
