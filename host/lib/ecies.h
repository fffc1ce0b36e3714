/* SPDX-License-Identifier: Apache-2.0 */
/* ecies.h - MCUboot's ECIES over P-256 and X25519: ephemeral key | tag | wrapped key. */
#ifndef AIRLOCK_HOST_ECIES_H
#define AIRLOCK_HOST_ECIES_H

#include "airlock/key.h"

int alk_ecies_wrap(struct alk_buf *out, const struct alk_hostkey *to, const uint8_t *key, size_t len,
                   bool sha512, struct alk_random *random);
int alk_ecies_open(uint8_t key[32], size_t *key_len, const uint8_t *value, size_t len,
                   const struct alk_hostkey *with, bool sha512);

#endif
