/* SPDX-License-Identifier: Apache-2.0 */
/* key_kinds.c - one row a kind of key; and the keys that everybody has. */
#include <string.h>

#include "airlock/image.h"
#include "airlock/key.h"
#include "airlock/keys.h"

#define ONLY_256    (1u << ALK_SHA256)
#define ONLY_384    (1u << ALK_SHA384)
#define ED25519_ANY (1u << ALK_SHA256 | 1u << ALK_SHA512)

const struct alk_kind alk_kinds[] = {
    {"ecdsa-p256", "ECDSA P-256", "EC", "prime256v1", "ecdsa", 256, ALK_TLV_ECDSA, ALK_TLV_ENC_EC256,
     ONLY_256, ALK_SHA256, ALK_ALG_P256, ALK_KIND_P256},
    {"ecdsa-p384", "ECDSA P-384", "EC", "secp384r1", "ecdsap384", 384, ALK_TLV_ECDSA, 0, ONLY_384, ALK_SHA384,
     ALK_ALG_NONE, ALK_KIND_P384},
    {"ed25519", "Ed25519", "ED25519", NULL, "ed25519", 256, ALK_TLV_ED25519, 0, ED25519_ANY, ALK_SHA256,
     ALK_ALG_NONE, ALK_KIND_ED25519},
    {"rsa-2048", "RSA-2048", "RSA", NULL, "rsa", 2048, ALK_TLV_RSA2048, ALK_TLV_ENC_RSA2048, ONLY_256,
     ALK_SHA256, ALK_ALG_NONE, ALK_KIND_RSA2048},
    {"rsa-3072", "RSA-3072", "RSA", NULL, "rsa", 3072, ALK_TLV_RSA3072, 0, ONLY_256, ALK_SHA256, ALK_ALG_NONE,
     ALK_KIND_RSA3072},
    {"x25519", "X25519", "X25519", NULL, "x25519", 256, 0, ALK_TLV_ENC_X25519, 0, ALK_SHA256, ALK_ALG_NONE,
     ALK_KIND_X25519},
    {"aes-kw-128", "AES-KW 128", NULL, NULL, "aes_kw", 128, 0, ALK_TLV_ENC_KW, 0, ALK_SHA256, ALK_ALG_NONE,
     ALK_KIND_KW128},
    {"aes-kw-256", "AES-KW 256", NULL, NULL, "aes_kw", 256, 0, ALK_TLV_ENC_KW, 0, ALK_SHA256, ALK_ALG_NONE,
     ALK_KIND_KW256},
    {NULL, NULL, NULL, NULL, NULL, 0, 0, 0, 0, 0, 0, 0},
};

const struct alk_kind *alk_kind_named(const char *name)
{
    for (const struct alk_kind *k = alk_kinds; k->name != NULL; k++) {
        if (strcmp(k->name, name) == 0) {
            return k;
        }
    }
    return NULL;
}

/* SHA-256 of the public key (SPKI, RSA: PKCS#1) of keys whose private half is on the web. */
static const struct {
    const char *name, *hash;
} samples[] = {
    {"root-rsa-2048.pem", "fc5701dc6135e1323847bdc40f04d2e5bee5833b23c29f93593d00018cfa9994"},
    {"root-rsa-3072.pem", "449793fb65cd7698753d5b3f35fab15f1e3a45111ff24e1d46741de5ae12d59e"},
    {"root-ec-p256.pem", "e30466f6b8470c1f29070b17f1e2d3e94d445e3f608087fdc711e4382bb538b6"},
    {"root-ed25519.pem", "c1907fa4eac7fae3840a78902b6f0710b037e9968e5c6274a12a28790c7d4e3c"},
    {"root-ed25519-2.pem", "6754edab1e29affef4a05935adecbeb1a7b8b62397b31e39a61b5bfcaafd63af"},
    {"root-ed25519-unknown.pem", "b1d87d60173352b9a4808979790fc699fb4c4f83b49cf1970edd96ff4adc36a6"},
    {"enc-ec256-priv.pem", "3c23fc4e1d332a0c86e6a8bf6ecf26046d702302e135bf53fc04a009a33a78c5"},
    {"enc-rsa2048-priv.pem", "5ac4d62dc5efbed57e705f61b5f2df8e2b73ec5a573c1582144e38131f4c62d7"},
    {"enc-x25519-priv.pem", "9a1dc1eb80199d8498f2a75dde0a7b75216e8302bf3a12bd04f153f48f3f24a0"},
};

/* P-384's sample is known by its SHA-384. */
static const char sample_p384[] = "85b7bd5f5dff9a03a99927adaf6ca6febde822c1a480928324a8e60323715c57"
                                  "79461c496a95aee8c4f90b99779f848a";

static void to_hex(char *text, const uint8_t *data, size_t len)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < len; i++) {
        text[2 * i] = digits[data[i] >> 4];
        text[2 * i + 1] = digits[data[i] & 15];
    }
    text[2 * len] = 0;
}

const char *alk_key_sample(const struct alk_hostkey *key)
{
    uint8_t hash[64];
    char text[129];

    to_hex(text, hash, alk_key_hash(hash, key, ALK_SHA256));
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        if (strcmp(text, samples[i].hash) == 0) {
            return samples[i].name;
        }
    }
    to_hex(text, hash, alk_key_hash(hash, key, ALK_SHA384));
    return strcmp(text, sample_p384) == 0 ? "root-ec-p384.pem" : NULL;
}

size_t alk_hash_size(enum alk_hash hash)
{
    static const uint8_t sizes[] = {32, 48, 64};

    return sizes[hash];
}

const char *alk_hash_name(enum alk_hash hash)
{
    static const char *const names[] = {"SHA-256", "SHA-384", "SHA-512"};

    return names[hash];
}

uint16_t alk_hash_tlv(enum alk_hash hash)
{
    return (uint16_t)(ALK_TLV_SHA256 + hash);
}
