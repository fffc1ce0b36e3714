/* SPDX-License-Identifier: Apache-2.0 */
/* leds.h - pictures on the board's 5 x 5 lamps. */
#ifndef PROGRAMS_DEMO_LEDS_H
#define PROGRAMS_DEMO_LEDS_H

#include <stdint.h>

#define LEDS_SIDE 5

/* A row of a picture is five bits, the leftmost lamp the highest. */
struct leds_film {
    uint8_t frames;
    uint8_t ticks_a_frame;
    uint8_t frame[8][LEDS_SIDE];
};

/* The film of this version: demo_film_1.c, demo_film_2.c. */
extern const struct leds_film demo_film;

void leds_open(void);

/* Light the next row; called from the timer some hundred times a second. */
void leds_tick(void);

/* Ticks so far. */
uint32_t leds_ticks(void);

#endif
