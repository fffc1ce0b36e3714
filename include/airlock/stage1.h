/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stage1.h - what the first stage of a chain lends to the second: its crypto,
 * so that the curve is in flash once.
 *
 *    0  u32 magic "ALK1"   4  u16 version   6  u16 length of the table in bytes
 *    8  addresses of functions of crypto.h, in this order for ever; then judge
 *
 * The table lies at one address of the board (BOARD_TABLE).  It never changes
 * in a device's life: the first stage is immutable.  Later first stages append.
 *
 * (T1) The functions keep no state: everything is on the caller's stack.
 */
#ifndef AIRLOCK_STAGE1_H
#define AIRLOCK_STAGE1_H

#include "airlock/crypto.h"

#define ALK_STAGE1_MAGIC   0x314b4c41u /* "ALK1" */
#define ALK_STAGE1_VERSION 1u

struct alk_stage1_table {
    uint32_t magic;
    uint16_t version, length;
    void (*sha256_init)(struct alk_sha256 *c);
    void (*sha256_update)(struct alk_sha256 *c, const void *data, size_t len);
    void (*sha256_final)(uint8_t digest[32], struct alk_sha256 *c);
    int (*p256_verify)(uint8_t x[32], const uint8_t sig[64], const uint8_t pub[64], const uint8_t hash[32]);
    int (*p256_ecdh)(uint8_t secret[32], const uint8_t priv[32], const uint8_t pub[64]);
    int (*judge)(unsigned slot); /* would the first stage start this slot?  As alk_stage_judge() */
};

/* Is there a first stage below this program that lends all of this? */
bool alk_stage1_fits(void);

#endif
