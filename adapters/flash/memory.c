/* SPDX-License-Identifier: Apache-2.0 */
#include "airlock/memory.h"

#include <string.h>

static int memory_read(void *dev, uint32_t at, void *buf, size_t len)
{
    memcpy(buf, (const uint8_t *)dev + at, len);
    return ALK_OK;
}

static int memory_prog(void *dev, uint32_t at, const void *buf, size_t len)
{
    (void)dev, (void)at, (void)buf, (void)len;
    return ALK_E_FLASH;
}

static int memory_erase(void *dev, uint32_t at, size_t len)
{
    (void)dev, (void)at, (void)len;
    return ALK_E_FLASH;
}

void alk_flash_memory(struct alk_flash *f, const uint8_t *p, size_t len)
{
    static const struct alk_flash_ops ops = {memory_read, memory_prog, memory_erase};

    *f = (struct alk_flash){
        .ops = &ops,
        .dev = (void *)(uintptr_t)p,
        .sector_size = (uint32_t)len,
        .sectors = 1,
        .unit = 1,
    };
}
