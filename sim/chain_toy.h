/* SPDX-License-Identifier: Apache-2.0 */
/*
 * chain_toy.h - the device of sim/chain.c, its few images, and what stands
 * there for verify, unwrap and keys.
 *
 *   | s0: 2 sectors | s1: 2 sectors | secondary: 3 sectors | provision |
 */
#ifndef SIM_CHAIN_TOY_H
#define SIM_CHAIN_TOY_H

#include "airlock/chain.h"
#include "sim/lib/sim.h"

#define UNIT   8u
#define SECTOR 64u
#define STAGE  (2 * SECTOR)
#define WAITS  (2 * STAGE)
#define PAGE   (WAITS + 3 * SECTOR)
#define ROOM   640u /* of the provision page: 64 counter and 8 revocation words */
#define SIZE   (PAGE + ROOM)
#define END    76u /* of every image: header 32, payload 8, counter 12, hash 24 */
/* An image is known by its number: version * 4 + hangs * 2 + slot. */
#define IMAGE(version, hangs, slot) ((version)*4u + (hangs)*2u + (slot))

#define IMAGES 5u
/* The factory's, then what is asked for: upward and, from version 3, back to 2. */
extern const unsigned chain_images[IMAGES];

extern struct alk_sim sim; /* of the program */
extern const struct alk_chain chain;
extern const struct alk_map device;

uint8_t chain_byte(unsigned image, uint32_t off);
uint8_t chain_cipher(uint32_t off);

/* The image whose bytes these are, 0: none whole.  in: mask - 0xff: as it lies in the secondary; 0: plain */
unsigned chain_whole(const uint8_t *p, uint8_t mask);

/* Of the two keys, the first is that of versions 1 and 2. */
bool chain_revoked(unsigned index);

#endif
