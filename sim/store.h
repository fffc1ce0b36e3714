/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store.h - millions of contents of a small flash, each once.
 *
 * A region's canonical bytes are a form, kept once and named by a number; a
 * content is a number for each region and a ghost.  Exact: what is compared
 * is bytes and numbers, hashes only find the place.
 */
#ifndef ALK_STORE_H
#define ALK_STORE_H

#include "sim/world.h"

#define STORE_MAX (1u << 25) /* contents */

struct content {
    uint32_t form[WORLD_REGIONS];
    struct ghost g;
    uint32_t parent, cut; /* how it was first reached */
};

void store_open(void);

/* Number of this form. */
uint32_t store_form(const uint8_t *v, const uint8_t *a, uint32_t len);

/* out: the bytes of a form */
void store_bytes(uint8_t *v, uint8_t *a, uint32_t form);

/* Add a content (c's form and g; parent and cut are noted); return: was it new? */
bool store_add(const struct content *c, unsigned regions);

uint32_t store_count(void);
uint32_t store_forms(void);
const struct content *store_get(uint32_t i);

#endif
