/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compress.h - payloads as MCUboot's decompressing bootloaders take them:
 * dictionary code, lc/lp/pb byte, raw LZMA2 (128 KiB, lc 3, lp 1, pb 2),
 * optionally behind the filter for Arm Thumb branches.
 */
#ifndef AIRLOCK_COMPRESS_H
#define AIRLOCK_COMPRESS_H

#include "airlock/buf.h"
#include "airlock/why.h"

/* Append the compressed form; return: ALK_OK, ALK_E_MEMORY or ALK_E_BUG */
int alk_compress(struct alk_buf *out, const uint8_t *data, size_t len, bool arm_thumb, struct alk_why *why);

/*
 * Append the plain form.
 *
 * in:     limit - no more than so many bytes
 * return: ALK_OK, ALK_E_FORMAT, ALK_E_SIZE or ALK_E_MEMORY
 */
int alk_decompress(struct alk_buf *out, const uint8_t *data, size_t len, bool arm_thumb, size_t limit,
                   struct alk_why *why);

#endif
