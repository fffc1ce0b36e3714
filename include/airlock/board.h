/* SPDX-License-Identifier: Apache-2.0 */
/* board.h - where a bootloader keeps things: from a table of boards, or out of its binary (bootinfo.h). */
#ifndef AIRLOCK_BOARD_H
#define AIRLOCK_BOARD_H

#include "airlock/bootinfo.h"
#include "airlock/hexfile.h"

struct alk_board {
    char name[17];
    uint32_t code_start, code_end;
    uint32_t keys_addr, keys_size;
    uint32_t primary_addr, primary_size;
    uint32_t secondary_addr, secondary_size;
    uint32_t journal_addr, journal_size;
    uint32_t sector_size;
    uint16_t unit;
    uint16_t hdr_size; /* 0: any */
    uint32_t features; /* alk_feature; 0 from the table: unknown */
    /* A chain's first stage only; stage_size 0: there is no chain. */
    uint32_t provision_addr, stage_addr[2], stage_size, stage_hdr_size;
};

/* The boards whose layout is known without a binary; ends with a row without name. */
extern const struct alk_board alk_boards[];

const struct alk_board *alk_board_named(const char *name);

/*
 * What the bootloader in h says of itself; in a chain the first stage, with
 * what a second stage that is there can do.
 *
 * return: ALK_OK; ALK_E_FORMAT (no bootinfo: not ours); ALK_E_STATE (two that differ)
 */
int alk_board_find(struct alk_board *b, const struct alk_hex *h, struct alk_why *why);

/* Bytes the largest image may have, TLVs included: one sector of the slot stays free. */
uint32_t alk_board_capacity(const struct alk_board *b);

#endif
