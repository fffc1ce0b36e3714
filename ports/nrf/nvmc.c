/* SPDX-License-Identifier: Apache-2.0 */
/* nvmc.c - the flash inside the chip, by its controller.  Write unit: one word. */
#include <string.h>

#include "core/bytes.h"
#include "ports/nrf/nrf.h"
#include "ports/nrf/nvmc.h"

enum { READ_ONLY = 0, WRITE = 1, ERASE = 2 };

static void ready(void)
{
    while (REG(NVMC_READY) == 0)
        ;
}

static void allow(uint32_t what)
{
    REG(NVMC_CONFIG) = what;
    ready();
}

static int nvmc_read(void *dev, uint32_t at, void *buf, size_t len)
{
    (void)dev;
    memcpy(buf, (const void *)at, len);
    return ALK_OK;
}

static int nvmc_prog(void *dev, uint32_t at, const void *buf, size_t len)
{
    const uint8_t *p = buf;

    (void)dev;
    allow(WRITE);
    for (size_t i = 0; i < len; i += 4) {
        REG(at + i) = alk_get32(p + i);
        ready();
    }
    allow(READ_ONLY);
    return memcmp((const void *)at, buf, len) == 0 ? ALK_OK : ALK_E_FLASH;
}

static int nvmc_erase(void *dev, uint32_t at, size_t len)
{
    (void)dev;
    (void)len; /* always one page */
    allow(ERASE);
    REG(NVMC_ERASEPAGE) = at;
    ready();
    allow(READ_ONLY);
    return ALK_OK;
}

const struct alk_flash_ops alk_nvmc_ops = {nvmc_read, nvmc_prog, nvmc_erase};
