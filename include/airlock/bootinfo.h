/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bootinfo.h - what a bootloader binary says about itself.
 *
 * A constant inside the code, anywhere at a multiple of 4 and kept by the
 * linker.  The tool finds it by its magic: `provision` learns where the key
 * area lies, `sign --bootloader` the header and slot size, `check` what this
 * build can open.  Nothing on the device reads it.
 *
 *    0  u32 magic "ALKB"     4  u16 version (1)     6  u16 size (76)
 *    8  char board[16], zero-padded
 *   24  u32 code start, end (first byte after code and constants)
 *   32  u32 key area, its size        40  u32 primary slot, its size
 *   48  u32 secondary slot, its size  56  u32 journal, its size
 *   64  u32 sector size    68  u16 write unit    70  u16 header size (0: any)
 *   72  u32 features (alk_feature)
 *   76  a first stage only: u32 provision page, s0, s1, size of both, header size there
 *
 * Addresses as the CPU and a debug probe see them, sizes in bytes.  Later
 * versions append fields and raise size; the first 76 bytes stay.
 *
 * (B1) A reader believes a candidate only if magic, version and size fit and
 *      the candidate itself lies inside its [code start, code end).
 */
#ifndef AIRLOCK_BOOTINFO_H
#define AIRLOCK_BOOTINFO_H

#include <stdint.h>

#define ALK_BOOTINFO_MAGIC   0x424b4c41u /* "ALKB" */
#define ALK_BOOTINFO_VERSION 1u
#define ALK_BOOTINFO_SIZE    76u

enum alk_feature {
    ALK_FEATURE_P256 = 1u << 0, /* signatures */
    ALK_FEATURE_P384 = 1u << 1,
    ALK_FEATURE_ED25519 = 1u << 2,
    ALK_FEATURE_RSA2048 = 1u << 3,
    ALK_FEATURE_RSA3072 = 1u << 4,
    ALK_FEATURE_EC256 = 1u << 8, /* key TLVs */
    ALK_FEATURE_X25519 = 1u << 9,
    ALK_FEATURE_OAEP = 1u << 10,
    ALK_FEATURE_KW = 1u << 11,
    ALK_FEATURE_AES128 = 1u << 12, /* content keys */
    ALK_FEATURE_AES256 = 1u << 13,
    ALK_FEATURE_SLIDE = 1u << 16, /* plans */
    ALK_FEATURE_OVERWRITE = 1u << 17,
    ALK_FEATURE_RECOVERY = 1u << 20, /* serial recovery */
    ALK_FEATURE_CHAIN = 1u << 24,    /* a first stage: the chain's fields follow */
    ALK_FEATURE_STAGE2 = 1u << 25,   /* a second stage: the first one's record says where it goes */
};

/* The same as the compiler of a little-endian device lays it out: for writing only. */
struct alk_bootinfo {
    uint32_t magic;
    uint16_t version, size;
    char board[16];
    uint32_t code_start, code_end;
    uint32_t keys_addr, keys_size;
    uint32_t primary_addr, primary_size;
    uint32_t secondary_addr, secondary_size;
    uint32_t journal_addr, journal_size;
    uint32_t sector_size;
    uint16_t unit, hdr_size;
    uint32_t features;
};

_Static_assert(sizeof(struct alk_bootinfo) == ALK_BOOTINFO_SIZE, "bootinfo has no padding");

/* What a first stage appends (ALK_FEATURE_CHAIN). */
#define ALK_BOOTINFO_CHAIN_SIZE 96u
struct alk_bootinfo_chain {
    struct alk_bootinfo base;
    uint32_t provision_addr; /* one sector */
    uint32_t stage_addr[2];
    uint32_t stage_size, stage_hdr_size;
};

_Static_assert(sizeof(struct alk_bootinfo_chain) == ALK_BOOTINFO_CHAIN_SIZE, "bootinfo has no padding");

#endif
