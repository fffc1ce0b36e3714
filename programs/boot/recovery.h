/* SPDX-License-Identifier: Apache-2.0 */
/* recovery.h - what is left to do when nothing is started; one of recovery*.c is linked. */
#ifndef PROGRAMS_BOOT_RECOVERY_H
#define PROGRAMS_BOOT_RECOVERY_H

#include <stdbool.h>
#include <stdint.h>

#define BOOT_BUFFER 512u

/* Work space of settling, free again when that is over. */
extern uint8_t boot_buffer[BOOT_BUFFER];

/* Was it asked for?  Called first, once. */
bool boot_recovery_asked(void);

/* Never returns; its only way out is a reset. */
_Noreturn void boot_recovery(void);

#endif
