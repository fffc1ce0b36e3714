/* SPDX-License-Identifier: Apache-2.0 */
/* key_fixed.h - ECDSA whose number k follows from key and digest (RFC 6979). */
#ifndef AIRLOCK_HOST_KEY_FIXED_H
#define AIRLOCK_HOST_KEY_FIXED_H

#include "airlock/key.h"

/*
 * in:     msg - a digest of the curve's size; *len - room in sig
 * out:    sig - DER; *len - its length
 */
bool alk_ecdsa_fixed(uint8_t *sig, size_t *len, const struct alk_hostkey *key, const uint8_t *msg,
                     size_t msg_len);

#endif
