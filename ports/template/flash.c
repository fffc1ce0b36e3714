/* SPDX-License-Identifier: Apache-2.0 */
/* flash.c - the part's flash; offsets have been checked against the area before these are called. */
#include "ports/template/flash.h"

static int flash_read(void *dev, uint32_t at, void *buf, size_t len)
{
    /* Memory-mapped flash: one memcpy.  A unit the part cannot read (ECC): ALK_E_FLASH, no fault. */
    (void)dev, (void)at, (void)buf, (void)len;
    return ALK_E_FLASH;
}

static int flash_prog(void *dev, uint32_t at, const void *buf, size_t len)
{
    /* Unit by unit: unlock, write, wait until done, read back, lock. */
    (void)dev, (void)at, (void)buf, (void)len;
    return ALK_E_FLASH;
}

static int flash_erase(void *dev, uint32_t at, size_t len)
{
    /* One sector: len is always BOARD_PAGE. */
    (void)dev, (void)at, (void)len;
    return ALK_E_FLASH;
}

const struct alk_flash_ops template_flash_ops = {flash_read, flash_prog, flash_erase};
