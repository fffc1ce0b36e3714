/* SPDX-License-Identifier: Apache-2.0 */
#include "airlock/install.h"

/* Which sector has its turn, or which turn a sector has: its own inverse. */
static uint32_t turn(const struct alk_record *r, uint32_t at)
{
    return r->place != 0 ? at : r->sectors - 1u - at;
}

uint32_t alk_plan_steps(const struct alk_record *r)
{
    return r->sectors << (r->plan == ALK_PLAN_SLIDE);
}

unsigned alk_plan_step(uint32_t *pos, const struct alk_record *r, uint32_t k)
{
    bool slide = r->plan == ALK_PLAN_SLIDE;

    *pos = turn(r, k >> slide);
    return slide && k % 2 == 0 ? ALK_OUT : ALK_IN;
}

bool alk_plan_moved(const struct alk_record *r, uint32_t k, uint32_t pos, unsigned role)
{
    bool slide = r->plan == ALK_PLAN_SLIDE;

    return k > (turn(r, pos) << slide) + (slide && role == ALK_IN);
}

uint32_t alk_plan_sector(const struct alk_record *r, uint32_t pos, unsigned role)
{
    return pos + (r->place ^ role);
}
