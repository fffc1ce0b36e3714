/* SPDX-License-Identifier: Apache-2.0 */
/* stage.c - the slots of the second stage: marks, images, and which comes first. */
#include <string.h>

#include "airlock/chain.h"

static uint32_t mark_off(const struct alk_flash *area, unsigned mark)
{
    return alk_flash_size(area) - mark * area->unit;
}

bool alk_stage_marked(const struct alk_flash *area, unsigned mark)
{
    uint8_t unit[ALK_MAX_UNIT];
    unsigned zeros = 0;

    if (alk_flash_read(unit, area, mark_off(area, mark), area->unit) != ALK_OK)
        return false;
    for (unsigned bit = 0; bit < 8u * area->unit; bit++)
        zeros += (~unit[bit / 8] >> bit % 8) & 1u;
    return zeros > 4u * area->unit;
}

int alk_stage_mark(const struct alk_flash *area, unsigned mark)
{
    uint8_t unit[ALK_MAX_UNIT];

    memset(unit, 0, sizeof unit);
    return alk_flash_prog(area, mark_off(area, mark), unit, area->unit);
}

int alk_stage_open(struct alk_image *img, const struct alk_flash *slot)
{
    int err = alk_image_open(img, slot, 0, mark_off(slot, ALK_STAGE_MARKS));

    if (err == ALK_OK && ((img->flags & ALK_IMAGE_ROM_FIXED) == 0 || img->load_addr != slot->base))
        err = ALK_E_POLICY;
    return err;
}

/* 0: no image.  Half of it is the class; the rest decides between equal versions. */
static unsigned rank(struct alk_image *img, const struct alk_flash *slot)
{
    if (alk_stage_open(img, slot) != ALK_OK)
        return 0;
    if (alk_stage_marked(slot, ALK_STAGE_SURE))
        return 5;
    if (alk_stage_marked(slot, ALK_STAGE_VOID))
        return 2;
    if (alk_stage_marked(slot, ALK_STAGE_CONFIRMED))
        return 5;
    return alk_stage_marked(slot, ALK_STAGE_READY) && !alk_stage_marked(slot, ALK_STAGE_TRIED) ? 4 : 2;
}

unsigned alk_stage_first(const struct alk_chain *c)
{
    struct alk_image img[2];
    unsigned r0 = rank(&img[0], &c->stage[0]), r1 = rank(&img[1], &c->stage[1]);
    int newer = 0;

    if (r0 / 2 == r1 / 2 && r0 != 0)
        newer = alk_version_compare(&img[1].version, &img[0].version);
    return newer != 0 ? newer > 0 : r1 > r0;
}
