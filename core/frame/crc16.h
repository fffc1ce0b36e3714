/* SPDX-License-Identifier: Apache-2.0 */
/* crc16.h - CRC-16/XMODEM: polynomial 0x1021, start 0, not reflected. */
#ifndef ALK_CORE_FRAME_CRC16_H
#define ALK_CORE_FRAME_CRC16_H

#include <stddef.h>
#include <stdint.h>

uint16_t alk_frame_crc(const uint8_t *p, size_t len);

/* The 64 digits of base64, then the padding. */
extern const char alk_frame_digit[66];

#endif
