/* SPDX-License-Identifier: Apache-2.0 */
/* chain_app.c - an application cannot know which second stage started it, but sees which one would be. */
#include "airlock/chain_port.h"

unsigned chain_own(void)
{
    return alk_stage_first(&alk_port_chain);
}
