/* SPDX-License-Identifier: Apache-2.0 */
#include "core/frame/crc16.h"

uint16_t alk_frame_crc(const uint8_t *p, size_t len)
{
    uint16_t crc = 0;

    while (len-- != 0) {
        crc = (uint16_t)((crc >> 8 | crc << 8) ^ *p++);
        crc ^= (crc & 0xffu) >> 4;
        crc = (uint16_t)(crc ^ crc << 12);
        crc = (uint16_t)(crc ^ (crc & 0xffu) << 5);
    }
    return crc;
}
