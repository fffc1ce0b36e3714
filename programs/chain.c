/* SPDX-License-Identifier: Apache-2.0 */
/* chain.c - in place of core/boot/demand.c in a chain: the second stage that does not run may be replaced
 * too. */
#include "airlock/chain_port.h"
#include "board.h"

static const struct alk_demand demand[2] = {
    {BOARD_S0, BOARD_STAGE_SIZE - ALK_STAGE_MARKS * 4, BOARD_STAGE_HEADER},
    {BOARD_S1, BOARD_STAGE_SIZE - ALK_STAGE_MARKS * 4, BOARD_STAGE_HEADER},
};

const struct alk_demand *alk_demand_of(const struct alk_map *map, const struct alk_image *img)
{
    const struct alk_demand *other = &demand[!chain_own()];

    return (img->flags & ALK_IMAGE_ROM_FIXED) != 0 && img->load_addr != map->demand.exec_addr ? other
                                                                                              : &map->demand;
}
