/* SPDX-License-Identifier: Apache-2.0 */
/*
 * boot - finish what is to be done, check what is to run, and start it; or,
 * when asked, or when nothing may run, stay and talk (programs/boot/recovery.h).
 */
#include "airlock/boot.h"
#include "airlock/port.h"
#include "programs/boot/recovery.h"

struct alk_boot boot;
static struct alk_settle settling;
static uint8_t buffer[512];

int main(void)
{
    uint32_t vectors;
    bool asked;

    boot.map = &alk_port_map;
    boot.buf = buffer;
    boot.buf_len = sizeof(buffer);
    boot.tick = alk_port_tick;
    asked = boot_recovery_asked();
    /* first settle: an upload in mid-update would overwrite the image that goes */
    if (alk_boot_settle(&boot, &settling) == ALK_OK && !asked && alk_gate_open(&vectors, &boot) == ALK_OK) {
        alk_port_lock(boot.map);
        alk_port_jump(vectors);
    }
    boot_recovery();
}
