/* SPDX-License-Identifier: Apache-2.0 */
/*
 * port.h - all that a program asks of its machine, besides flash and crypto.
 *
 * A port is a folder of ports/<family>/ with these definitions, a linker
 * script, and one folder of facts a board.  docs/PORTING walks through
 * ports/template, which is a port to copy.
 *
 * (P1) A boot program runs with interrupts off for its whole life.
 * (P2) Only the port touches registers; only programs call the port.
 */
#ifndef AIRLOCK_PORT_H
#define AIRLOCK_PORT_H

#include <stdbool.h>
#include <stdint.h>

#include "airlock/link.h"
#include "airlock/map.h"

/* Word left in memory that outlives a reset, for the boot program to find. */
enum alk_port_mode { ALK_MODE_NORMAL = 0, ALK_MODE_RECOVERY = 1 };

/* Where everything is: ports/<family>/boards/<board>/map.c. */
extern const struct alk_map alk_port_map;

/* The console line.  Works after alk_port_open(). */
extern const struct alk_link alk_port_link;

/* Pins, clock and the console line. */
void alk_port_open(void);

/*
 * Was recovery asked for: the retained mode, or a UART break held at this moment?
 *
 * in:     after alk_port_open()
 * cuts:   clears the retained mode
 */
bool alk_port_wants_recovery(void);

/* Feed a watchdog that the application left running: the tick of long loops. */
void alk_port_tick(void);

/* Leave a mode (alk_port_mode) for the boot program that runs after the next reset. */
void alk_port_retain(uint8_t mode);

/*
 * Until the next reset: no writes to boot code, keys and journal, no reads of
 * the keys, as far as the part can.
 */
void alk_port_lock(const struct alk_map *map);

/*
 * Close the console line, wipe the boot program's RAM and start the image
 * whose vector table is there, as if out of reset.
 *
 * secret: no byte of RAM that the boot program used is left
 */
_Noreturn void alk_port_jump(uint32_t vectors);

_Noreturn void alk_port_reset(void);

#endif
