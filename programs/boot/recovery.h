/* SPDX-License-Identifier: Apache-2.0 */
/* recovery.h - what is left to do when nothing is started; one of recovery*.c is linked. */
#ifndef PROGRAMS_BOOT_RECOVERY_H
#define PROGRAMS_BOOT_RECOVERY_H

#include "airlock/boot.h"

/* Never returns; its only way out is a reset. */
_Noreturn void boot_recovery(struct alk_boot *boot);

#endif
