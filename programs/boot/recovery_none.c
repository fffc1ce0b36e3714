/* SPDX-License-Identifier: Apache-2.0 */
/* recovery_none.c - a boot program without recovery has no line; it waits for a debugger, or for power to go.
 */
#include "programs/boot/recovery.h"

bool boot_recovery_asked(void)
{
    return false;
}

_Noreturn void boot_recovery(void)
{
    for (;;)
        ;
}
