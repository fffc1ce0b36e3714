/* SPDX-License-Identifier: Apache-2.0 */
/*
 * leds.c - the micro:bit wires its 25 lamps as 3 rows of 9 columns: a lamp is
 * on while its row pin is high and its column pin low.
 */
#include "programs/demo/leds.h"
#include "ports/nrf/nrf.h"

#define ROW_PIN  13u /* rows: 13, 14, 15 */
#define COL_PIN  4u  /* columns: 4 to 12 */
#define ROWS     3u
#define COLS     9u
#define ALL_ROWS (7u << ROW_PIN)
#define ALL_COLS (0x1ffu << COL_PIN)

/* Where in the picture a lamp is: y * 5 + x; NO_LAMP: the place is empty. */
#define NO_LAMP 25u
static const uint8_t place[ROWS][COLS] = {
    {0, 2, 4, 19, 18, 17, 16, 15, 11},
    {14, 10, 12, 1, 3, 23, 21, NO_LAMP, NO_LAMP},
    {22, 24, 20, 5, 6, 7, 8, 9, 13},
};

static volatile uint32_t ticks;

void leds_open(void)
{
    REG(GPIO0 + GPIO_DIRSET) = ALL_ROWS | ALL_COLS;
}

static uint32_t columns_on(const uint8_t frame[LEDS_SIDE], unsigned row)
{
    uint32_t pins = 0;

    for (unsigned col = 0; col < COLS; col++) {
        unsigned at = place[row][col];

        if (at != NO_LAMP && (frame[at / LEDS_SIDE] >> (LEDS_SIDE - 1 - at % LEDS_SIDE) & 1u) != 0)
            pins |= 1u << (COL_PIN + col);
    }
    return pins;
}

void leds_tick(void)
{
    unsigned row = ticks % ROWS;
    unsigned frame = ticks / demo_film.ticks_a_frame % demo_film.frames;

    REG(GPIO0 + GPIO_OUTCLR) = ALL_ROWS;
    REG(GPIO0 + GPIO_OUTSET) = ALL_COLS;
    REG(GPIO0 + GPIO_OUTCLR) = columns_on(demo_film.frame[frame], row);
    REG(GPIO0 + GPIO_OUTSET) = 1u << (ROW_PIN + row);
    ticks++;
}

uint32_t leds_ticks(void)
{
    return ticks;
}
