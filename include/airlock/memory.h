/* SPDX-License-Identifier: Apache-2.0 */
/* memory.h - a file in memory as a flash area that can only be read (host, tests). */
#ifndef AIRLOCK_MEMORY_H
#define AIRLOCK_MEMORY_H

#include "airlock/flash.h"

/*
 * An area of exactly len bytes at p.
 *
 * It is one sector, so any length will do; unit is 1, and a caller who looks
 * for a mailbox sets it to that of the flash the file is meant for.
 *
 * in:     p - must outlive f;  len < 2^32
 * out:    f - reads copy from p, prog and erase answer ALK_E_FLASH
 */
void alk_flash_memory(struct alk_flash *f, const uint8_t *p, size_t len);

#endif
