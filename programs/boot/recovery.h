/* SPDX-License-Identifier: Apache-2.0 */
/* recovery.h - what is left to do when nothing is started; one of recovery*.c is linked. */
#ifndef PROGRAMS_BOOT_RECOVERY_H
#define PROGRAMS_BOOT_RECOVERY_H

#include <stdbool.h>

#include "airlock/boot.h"

/* What main() settles with; recovery goes on with its map, keys and work space. */
extern struct alk_boot boot;

/* Was it asked for?  Called first, once. */
bool boot_recovery_asked(void);

/* Never returns; its only way out is a reset. */
_Noreturn void boot_recovery(void);

#endif
