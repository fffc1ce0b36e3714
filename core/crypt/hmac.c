/* SPDX-License-Identifier: Apache-2.0 */
#include "core/crypt/hmac.h"
#include "airlock/crypto.h"

#include <string.h>

void alk_hmac_sha256(uint8_t mac[32], const uint8_t *key, size_t key_len, const uint8_t *msg, size_t len)
{
    uint8_t pad[64] = {0};
    struct alk_sha256 c;
    uint8_t flip = 0x36;

    memcpy(pad, key, key_len);
    do {
        for (unsigned i = 0; i < sizeof pad; i++)
            pad[i] ^= flip;
        alk_sha256_init(&c);
        alk_sha256_update(&c, pad, sizeof pad);
        alk_sha256_update(&c, msg, len);
        alk_sha256_final(mac, &c);
        msg = mac;
        len = ALK_SHA256_SIZE;
        flip ^= 0x5c;
    } while (flip != 0x36);
    alk_wipe(pad, sizeof pad);
}
