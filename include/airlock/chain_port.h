/* SPDX-License-Identifier: Apache-2.0 */
/* chain_port.h - what a board with a chain gives its programs, beyond port.h. */
#ifndef AIRLOCK_CHAIN_PORT_H
#define AIRLOCK_CHAIN_PORT_H

#include "airlock/chain.h"

extern const struct alk_chain alk_port_chain;

/* Until the next reset: no writes to the first stage and its provision page. */
void alk_port_lock_first(void);

/* The slot of the second stage that runs, for programs/chain.c. */
unsigned chain_own(void);

#endif
