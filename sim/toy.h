/* SPDX-License-Identifier: Apache-2.0 */
/*
 * toy.h - images small enough for a closure, and a verify that knows them.
 *
 * The stated abstraction of the proof: verify.h, unwrap.h and keys.h are
 * replaced by a table of the images there are.  An image verifies exactly if
 * every byte of it, decrypted with the key given, is that of a tag.  Header,
 * TLV areas, mailbox, journal, plans, steps and settle are the shipped code.
 */
#ifndef ALK_TOY_H
#define ALK_TOY_H

#include "airlock/boot.h"

#define TOY_TAGS 4u /* 1 .. TOY_TAGS - 1 */

/* Byte off of image `tag`, `end` bytes long, plain. */
uint8_t toy_byte(unsigned tag, uint32_t end, uint32_t off);

/* The same as it lies in the secondary. */
uint8_t toy_cipher(unsigned tag, uint32_t end, uint32_t off);

/* Length of image `tag` in this run; set by the program. */
extern uint32_t toy_end[TOY_TAGS];

/* Which whole image do these bytes hold?  0: none. */
unsigned toy_tag_at(const uint8_t *p, uint32_t room, bool cipher);

#endif
