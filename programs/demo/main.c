/* SPDX-License-Identifier: Apache-2.0 */
/*
 * demo - a program worth updating: shows a film on the lamps, says who it is,
 * tests itself and only then vouches for itself, and serves SMP on the line it
 * talks on.  '?' asks for the state, '!' for the licence.
 */
#include "airlock/mailbox.h"
#include "airlock/port.h"
#include "ports/nrf/irq.h"
#include "programs/demo/leds.h"
#include "programs/demo/say.h"
#include "programs/demo/selftest.h"
#include "programs/serve.h"

#define MESSAGE      512u
#define TICK_US      3333u
#define LINK_CLASSES (ALK_SMP_CLASS_READ | ALK_SMP_CLASS_UPDATE | ALK_SMP_CLASS_DESTRUCTIVE)

static uint8_t received[MESSAGE + 4], reply[MESSAGE], work[512];
static struct serve_judge judge;
static const struct alk_smp_info info[] = {
    {'s', "airlock"},
    {'n', "demo"},
    {'v', DEMO_VERSION},
    {0, NULL},
};
/* A word for the bootloader, if there is reason for it: this image is good. */
static void vouch(void)
{
    const char *failed = selftest_run(&alk_port_map);

    if (failed != NULL)
        say("self test: failed (", failed, ")\r\n");
    else if (alk_mailbox_confirm(&alk_port_map.primary) != ALK_OK)
        say("self test: passed, but the mailbox is bad\r\n", NULL, NULL);
    else
        say("self test: passed, confirmed\r\n", NULL, NULL);
}

static void act(struct alk_smp *smp)
{
    if (smp->after == ALK_SMP_RESET_TO_RECOVERY)
        alk_port_retain(ALK_MODE_RECOVERY);
    if (smp->after != ALK_SMP_STAY)
        alk_port_reset();
}

int main(void)
{
    const struct alk_smp_config config = {
        .cmds = alk_smp_app_cmds,
        .map = &alk_port_map,
        .info = info,
        .check = serve_check,
        .ctx = &judge,
        .buf_size = MESSAGE,
        .buf_count = 3,
    };
    struct alk_smp smp = {.cfg = &config, .target = &alk_port_map.secondary, .open = LINK_CLASSES};
    struct serve line = {.smp = &smp, .link = &say_link, .reply = reply, .reply_cap = sizeof(reply)};

    judge.map = &alk_port_map;
    judge.buf = work;
    judge.buf_len = sizeof(work);
    alk_port_open();
    leds_open();
    nrf_timer_start(TICK_US, leds_tick);
    __asm volatile("cpsie i");
    say_who();
    vouch();
    alk_frame_init(&line.frame, received, sizeof(received));
    for (;;) {
        serve_pending(&line);
        act(&smp);
        line.link->wait(line.link->dev);
    }
}
