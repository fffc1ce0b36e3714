/* SPDX-License-Identifier: Apache-2.0 */
#include "airlock/install.h"

/* Which sector of the image is the turn-th to be moved; its own inverse. */
static uint32_t turn(const struct alk_record *r, uint32_t at)
{
    return r->place ? at : r->sectors - 1u - at;
}

uint32_t alk_plan_steps(const struct alk_record *r)
{
    return r->plan == ALK_PLAN_SLIDE ? 2u * r->sectors : r->sectors;
}

struct alk_step alk_plan_step(const struct alk_record *r, uint32_t k)
{
    bool slide = r->plan == ALK_PLAN_SLIDE;
    uint16_t i = (uint16_t)turn(r, k >> slide);
    struct alk_step in = {(uint16_t)(i + r->place), i, i, ALK_IN};
    struct alk_step out = {i, (uint16_t)(i + !r->place), i, ALK_OUT};

    return slide && k % 2 == 0 ? out : in;
}

bool alk_plan_locate(uint32_t *sector, const struct alk_record *r, uint32_t k, uint32_t pos, uint8_t role)
{
    bool moved = r->plan == ALK_PLAN_SLIDE && k > 2 * turn(r, pos) + (role == ALK_IN);
    bool primary = moved == (role == ALK_IN);

    *sector = primary ? pos : pos + (r->place ^ moved);
    return primary;
}
