/* SPDX-License-Identifier: Apache-2.0 */
/* recovery_none.c - a boot program without recovery waits for a debugger, or for power to go. */
#include "airlock/port.h"
#include "programs/boot/recovery.h"

_Noreturn void boot_recovery(void)
{
    for (;;)
        alk_port_link.wait(alk_port_link.dev);
}
