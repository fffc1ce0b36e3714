/* SPDX-License-Identifier: Apache-2.0 */
#include "airlock/boot.h"

int alk_secondary_open(struct alk_image *img, const struct alk_map *map, unsigned place)
{
    uint32_t at = place * map->secondary.sector_size;

    return alk_image_open(img, &map->secondary, at, alk_flash_size(&map->secondary) - at);
}
