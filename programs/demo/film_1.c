/* SPDX-License-Identifier: Apache-2.0 */
/* film_1.c - a heart that beats. */
#include "programs/demo/leds.h"

const struct leds_film demo_film = {
    .frames = 2,
    .ticks_a_frame = 150,
    .frame =
        {
            {0x0a, 0x1f, 0x1f, 0x0e, 0x04},
            {0x00, 0x0a, 0x0e, 0x04, 0x00},
        },
};
