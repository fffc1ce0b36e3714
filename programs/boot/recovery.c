/* SPDX-License-Identifier: Apache-2.0 */
/*
 * recovery.c - serial recovery: the SMP server with the bootloader's rows.
 * What it takes lands in the secondary and is installed at the next start.
 */
#include "programs/boot/recovery.h"
#include "airlock/port.h"
#include "alk_config.h"
#include "programs/serve.h"

#define MESSAGE (unsigned)CONFIG_BOOT_SERIAL_MAX_RECEIVE_SIZE

static uint8_t received[MESSAGE + 4];
static uint8_t reply[MESSAGE];
static struct alk_smp smp;
static struct serve line;

static struct serve_judge judge;

static const struct alk_smp_config config = {
    .cmds = alk_smp_recovery_cmds,
    .map = &alk_port_map,
    .check = serve_check,
    .ctx = &judge,
    .buf_size = MESSAGE,
    .buf_count = 1,
    .recovery = true,
};

bool boot_recovery_asked(void)
{
    alk_port_open();
    return alk_port_wants_recovery();
}

_Noreturn void boot_recovery(void)
{
    judge.map = &alk_port_map;
    judge.buf = boot_buffer;
    judge.buf_len = BOOT_BUFFER;
    smp.cfg = &config;
    smp.target = &alk_port_map.secondary;
    smp.open = ALK_SMP_CLASS_READ | ALK_SMP_CLASS_UPDATE;
    line.smp = &smp;
    line.link = &alk_port_link;
    line.reply = reply;
    line.reply_cap = sizeof(reply);
    alk_frame_init(&line.frame, received, sizeof(received));
    for (;;) {
        serve_pending(&line);
        if (smp.after == ALK_SMP_RESET_TO_RECOVERY)
            alk_port_retain(ALK_MODE_RECOVERY);
        if (smp.after != ALK_SMP_STAY)
            alk_port_reset();
        line.link->wait(line.link->dev);
    }
}
