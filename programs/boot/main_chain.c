/* SPDX-License-Identifier: Apache-2.0 */
/*
 * main_chain.c - boot as the second stage of a chain: takes updates of itself
 * into the other slot, and vouches for itself once its gate has opened.
 */
#include "airlock/chain_port.h"
#include "airlock/port.h"
#include "airlock/stage1.h"
#include "programs/boot/recovery.h"

extern const struct alk_stage1_table __stage1_table__;
extern const uint8_t __code_start__[];
struct alk_boot boot;
static struct alk_settle settling;
static uint8_t buffer[512];

/* By its address: both variants are made of the same objects. */
unsigned chain_own(void)
{
    return (uintptr_t)__code_start__ >= alk_port_chain.stage[1].base;
}

int main(void)
{
    uint32_t vectors;
    bool asked;

    if (!alk_stage1_fits())
        alk_port_reset();
    boot.map = &alk_port_map;
    boot.buf = buffer;
    boot.buf_len = sizeof(buffer);
    boot.tick = alk_port_tick;
    if (alk_chain_take(&boot, &alk_port_chain, chain_own(), __stage1_table__.judge) > 0)
        alk_port_reset();
    asked = boot_recovery_asked();
    if (alk_boot_settle(&boot, &settling) == ALK_OK && !asked && alk_gate_open(&vectors, &boot) == ALK_OK) {
        alk_chain_confirm(&alk_port_chain, chain_own());
        alk_port_lock(boot.map);
        alk_port_jump(vectors);
    }
    boot_recovery();
}
