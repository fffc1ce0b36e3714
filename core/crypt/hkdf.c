/* SPDX-License-Identifier: Apache-2.0 */
#include "airlock/crypto.h"
#include "core/crypt/hmac.h"

#include <string.h>

void alk_hkdf_sha256(uint8_t *okm, unsigned blocks, const uint8_t *salt, const uint8_t ikm[32],
                     const char *info, size_t info_len)
{
    struct {
        uint8_t prk[32];
        uint8_t msg[32 + ALK_HKDF_INFO_MAX + 1]; /* previous block, info, block number */
    } w;
    size_t skip = 32; /* the first has no previous one */

    alk_hmac_sha256(w.prk, salt != NULL ? salt : ikm, salt != NULL ? 32 : 0, ikm, 32);
    memcpy(w.msg + 32, info, info_len);
    for (unsigned i = 1; i <= blocks; i++) {
        w.msg[32 + info_len] = (uint8_t)i;
        alk_hmac_sha256(okm, w.prk, sizeof w.prk, w.msg + skip, 33 + info_len - skip);
        memcpy(w.msg, okm, 32);
        skip = 0;
        okm += 32;
    }
    alk_wipe(&w, sizeof w);
}
