/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stage1 - never changes: starts the second stage that verifies, and lends it
 * its crypto.  It has no update engine and no link; what it may write is
 * rule C1 of chain.h.
 */
#include "airlock/chain_port.h"
#include "airlock/port.h"
#include "airlock/stage1.h"

#define BUFFER 256u

struct work {
    struct alk_boot boot;
    struct alk_map map;
    uint8_t buffer[BUFFER];
};

static struct work first;

static void prepare(struct work *w)
{
    w->boot.map = &w->map;
    w->boot.buf = w->buffer;
    w->boot.buf_len = sizeof(w->buffer);
    w->boot.tick = alk_port_tick;
}

/* Called by the second stage: all of it on the caller's stack. */
static int judge(unsigned slot)
{
    struct work w;

    prepare(&w);
    return alk_stage_judge(&w.boot, &w.map, &alk_port_chain, slot & 1u);
}

__attribute__((section(".stage1"), used)) static const struct alk_stage1_table table = {
    ALK_STAGE1_MAGIC, ALK_STAGE1_VERSION, sizeof(table), alk_sha256_init, alk_sha256_update,
    alk_sha256_final, alk_p256_verify,    alk_p256_ecdh, judge,
};

int main(void)
{
    uint32_t vectors;

    prepare(&first);
    if (alk_stage_select(&first.boot, &first.map, &alk_port_chain) == ALK_OK &&
        alk_gate_open(&vectors, &first.boot) == ALK_OK) {
        alk_port_lock_first();
        alk_port_jump(vectors);
    }
    for (;;)
        __asm volatile("wfi");
}
