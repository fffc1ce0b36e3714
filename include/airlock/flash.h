/* SPDX-License-Identifier: Apache-2.0 */
/*
 * flash.h - one area of flash: all the core knows about storage.
 *
 *        base                                     base + sectors * sector_size
 *         | sector 0 | sector 1 | ...  | sector n-1 |
 *         |unit|unit|...
 *
 * An area is a run of equal sectors.  Erase sets every byte of a sector to
 * 0xff; prog takes whole write units, and turns 1 bits into 0 bits only.
 * Offsets and lengths are in bytes from the start of the area.
 *
 * (F1) No function touches a byte outside its area: ALK_E_RANGE instead.
 * (F2) A cut during erase or prog leaves the touched bytes undefined, perhaps
 *      different at each reading, and all others as they were.
 * (F3) A unit that cannot be read is ALK_E_FLASH, never a fault.
 */
#ifndef AIRLOCK_FLASH_H
#define AIRLOCK_FLASH_H

#include <stddef.h>
#include <stdint.h>

#include "airlock/err.h"

/* Small structures on flash are read in place: they have no gaps, and their order of bytes is the CPU's. */
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "flash is little-endian");

#define ALK_MAX_UNIT 32u /* largest write unit of any supported flash, bytes */

struct alk_flash;

struct alk_flash_ops {
    /* `at` is already checked and counts from the start of the device. */
    int (*read)(void *dev, uint32_t at, void *buf, size_t len);
    int (*prog)(void *dev, uint32_t at, const void *buf, size_t len);
    int (*erase)(void *dev, uint32_t at, size_t len);
};

struct alk_flash {
    const struct alk_flash_ops *ops;
    void *dev;            /* handed back to ops, untouched */
    uint32_t base;        /* of the area within the device, sector-aligned */
    uint32_t sector_size; /* power of two, multiple of unit */
    uint16_t sectors;     /* >= 1 */
    uint16_t unit;        /* write unit, a power of two, 1..ALK_MAX_UNIT */
};

static inline uint32_t alk_flash_size(const struct alk_flash *f)
{
    return f->sectors * f->sector_size;
}

/*
 * Read len bytes at off.
 *
 * return: ALK_OK, ALK_E_RANGE (nothing read) or ALK_E_FLASH
 */
int alk_flash_read(void *buf, const struct alk_flash *f, uint32_t off, size_t len);

/*
 * Write len bytes at off.
 *
 * in:     off, len - multiples of f->unit; the units read 0xff before, or
 *         every bit written as 1 is already 1 (where one is not, it stays 0)
 * cuts:   any of the units may be old, new or undefined afterwards
 * return: ALK_OK, ALK_E_RANGE (nothing written) or ALK_E_FLASH
 */
int alk_flash_prog(const struct alk_flash *f, uint32_t off, const void *buf, size_t len);

/*
 * Erase one sector.
 *
 * cuts:   any byte of the sector may be old, 0xff or undefined afterwards
 * return: ALK_OK, ALK_E_RANGE or ALK_E_FLASH
 */
int alk_flash_erase(const struct alk_flash *f, uint32_t sector);

#endif
