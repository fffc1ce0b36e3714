/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kv.h - a small store of named values in flash that power cuts cannot hurt.
 *
 * An area of two banks, each of half its sectors; one is in use:
 *
 *     | head | entry | entry | ... blank        head: magic, number, CRC
 *     | key_len u8 | flags u8 | val_len u16 | crc u32 | key | value |  in whole units
 *
 * The last good entry of a key counts; one with flag 1 says that the key is
 * gone.  When a bank is full the living entries are copied to the other bank,
 * whose head is written last: then it is the one in use.
 *
 * (K1) After cuts in set or delete the key has its old value or a new one (which,
 *      may differ at each boot until the next write is done),
 *      and every other key its value.
 * (K2) The bank in use is never erased or written over; a torn entry is
 *      skipped, and nothing is appended where a unit is not blank.
 * (K3) The head of a bank is written after all of its copies; with two good
 *      heads the higher number counts.
 * (K4) A head or entry that was torn may read well once and not again: before
 *      the first write after open() the head is written over itself, then all
 *      that lives is copied to the other bank.
 */
#ifndef AIRLOCK_KV_H
#define AIRLOCK_KV_H

#include <stdbool.h>

#include "airlock/flash.h"

#define ALK_KV_KEY_MAX   64u
#define ALK_KV_VALUE_MAX 512u

struct alk_kv {
    const struct alk_flash *area; /* at least two sectors */
    uint32_t number;              /* of the bank in use */
    uint32_t end;                 /* where the next entry goes, from the bank's start */
    uint8_t bank;
    bool stale; /* the bank in use must be copied before it is written (K4) */
};

/*
 * Find the bank in use.  Writes nothing.
 *
 * return: ALK_OK, also for a blank or foreign area (empty); ALK_E_RANGE (one sector)
 */
int alk_kv_open(struct alk_kv *kv, const struct alk_flash *area);

/*
 * out:    val[cap] - the first cap bytes
 * return: the value's whole length; ALK_E_KEY - no such key
 */
int alk_kv_get(uint8_t *val, size_t cap, const struct alk_kv *kv, const char *key, size_t key_len);

/*
 * cuts:   the old value or the new one
 * return: ALK_OK; ALK_E_SIZE - too long, or no room beside all that lives; ALK_E_FLASH
 * proof:  kv_cut_anywhere_leaves_old_or_new, kv_any_run_of_cuts_loses_nothing
 */
int alk_kv_set(struct alk_kv *kv, const char *key, size_t key_len, const uint8_t *val, size_t len);

/*
 * cuts:   the old value or none
 * return: as set; ALK_E_KEY - no such key
 */
int alk_kv_delete(struct alk_kv *kv, const char *key, size_t key_len);

/*
 * Forget everything.
 *
 * cuts:   everything or nothing
 */
int alk_kv_clear(struct alk_kv *kv);

/*
 * Step through the living keys (at 0 at first).
 *
 * out:    key - of at least ALK_KV_KEY_MAX bytes
 * return: length of the key; 0 - no more
 */
int alk_kv_next(uint32_t *at, char *key, const struct alk_kv *kv);

#endif
