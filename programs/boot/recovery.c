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

/* Would this boot program take the image?  The verdict is for nobody: the gate is not asked after this. */
static int check(void *ctx, const struct alk_image *img)
{
    struct alk_check c = {.keys = &boot.keys, .buf = boot.buf, .buf_len = boot.buf_len, .tick = boot.tick};
    int rc = boot.keys.count == 0 ? ALK_E_KEY : ALK_OK;

    (void)ctx;
    if (rc != ALK_OK || img == NULL)
        return rc;
    rc = alk_admit(img, alk_demand_of(boot.map, img), &boot.keys);
    if (rc == ALK_OK)
        rc = alk_verify_secondary(&boot.verdict, img, &c);
    alk_wipe(&c.key, sizeof(c.key));
    return rc;
}

static const struct alk_smp_config config = {
    .cmds = alk_smp_recovery_cmds,
    .map = &alk_port_map,
    .check = check,
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
