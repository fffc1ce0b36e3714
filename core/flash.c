/* SPDX-License-Identifier: Apache-2.0 */
#include "airlock/flash.h"
#include "core/bytes.h"

/* Apart: its sums stay in no register through which a lost load would jump. */
ALK_APART static int inside(const struct alk_flash *f, uint32_t off, size_t len)
{
    uint32_t size = alk_flash_size(f);

    return off <= size && len <= size - off;
}

int alk_flash_read(void *buf, const struct alk_flash *f, uint32_t off, size_t len)
{
    if (!inside(f, off, len))
        return ALK_E_RANGE;
    return f->ops->read(f->dev, f->base + off, buf, len);
}

int alk_flash_prog(const struct alk_flash *f, uint32_t off, const void *buf, size_t len)
{
    if (!inside(f, off, len) || ((off | len) & (f->unit - 1u)) != 0)
        return ALK_E_RANGE;
    return f->ops->prog(f->dev, f->base + off, buf, len);
}

int alk_flash_erase(const struct alk_flash *f, uint32_t sector)
{
    if (sector >= f->sectors)
        return ALK_E_RANGE;
    return f->ops->erase(f->dev, f->base + sector * f->sector_size, f->sector_size);
}
