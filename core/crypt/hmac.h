/* SPDX-License-Identifier: Apache-2.0 */
/* hmac.h - HMAC-SHA-256 (RFC 2104) and HKDF-SHA-256 (RFC 5869), as far as key unwrapping needs them. */
#ifndef ALK_CORE_HMAC_H
#define ALK_CORE_HMAC_H

#include <stddef.h>
#include <stdint.h>

#define ALK_HKDF_INFO_MAX 20u

/*
 * in:     key_len - <= 64
 * out:    mac - may be key or msg
 * secret: wipes what it derived from key
 */
void alk_hmac_sha256(uint8_t mac[32], const uint8_t *key, size_t key_len, const uint8_t *msg, size_t len);

/*
 * in:     blocks - 32-byte blocks of output, 1..255
 *         salt - 32 bytes, or NULL for none;  info_len - <= ALK_HKDF_INFO_MAX
 * secret: wipes all but okm
 */
void alk_hkdf_sha256(uint8_t *okm, unsigned blocks, const uint8_t *salt, const uint8_t ikm[32],
                     const char *info, size_t info_len);

#endif
