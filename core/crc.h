/* SPDX-License-Identifier: Apache-2.0 */
/* crc.h - CRC-32 (IEEE 802.3), against accidents only. */
#ifndef ALK_CORE_CRC_H
#define ALK_CORE_CRC_H

#include <stddef.h>
#include <stdint.h>

/* in: crc - 0, or the result for the bytes before */
uint32_t alk_crc32(uint32_t crc, const void *p, size_t len);

#endif
