/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rig.h - a board under test: the shipped boot program in the emulator, and
 * the same core code on the host over a copy of the same flash.
 *
 * The rig knows a board only by what its binary says (bootinfo.h), so it
 * tests what ships.
 */
#ifndef AIRLOCK_TESTS_EMU_RIG_H
#define AIRLOCK_TESTS_EMU_RIG_H

#include "airlock/boot.h"
#include "sim/emu/elf.h"
#include "sim/emu/emu.h"
#include "tests/emu/forge.h"

struct alk_rig {
    struct alk_elf elf;
    struct alk_emu *emu;
    uint32_t keys_at, primary_at, secondary_at, slot_size, journal_at, journal_size, page;
    uint16_t unit, hdr_size;
    char board[17];
    bool native;        /* P-256 answered by the host's build of the same source, remembered */
    uint64_t answers;   /* times it did */
    struct alk_map map; /* the host's, over `twin` */
    uint8_t *twin;
    struct alk_emu_op *log; /* what the application wrote: see alk_rig_app_*() */
    size_t ops, cap;
    struct alk_forge_key sign, device;
};

/* return: 0, or -1 (said on stderr) */
int alk_rig_open(struct alk_rig *r, const char *elf);
void alk_rig_close(struct alk_rig *r);

/* Answer the two P-256 rows of the tables natively (must stay exact: the caller compares). */
int alk_rig_nativize(struct alk_rig *r);

/* Blank slots and journal, keys in place. */
void alk_rig_factory(struct alk_rig *r, bool with_decrypt_key);

/* An image for this board. */
int alk_rig_image(struct alk_forge_image *img, const struct alk_rig *r, uint8_t version, uint32_t payload,
                  bool key_tlv);

/* One boot of the binary on emu->flash, cold; ends with ALK_EMU_APP or in recovery with ALK_EMU_IDLE. */
enum alk_emu_end alk_rig_boot(struct alk_rig *r, uint32_t seed);

/* One boot of the host's build on `twin`. return: ALK_EMU_APP or ALK_EMU_IDLE, as the binary should end */
enum alk_emu_end alk_rig_twin_boot(struct alk_rig *r);

/* True iff emu->flash and twin agree in keys, journal and slots; else *at is the first difference. */
bool alk_rig_same(uint32_t *at, const struct alk_rig *r);

/* What the application does, on emu->flash, logged in r->log. return: alk_err */
int alk_rig_app_request(struct alk_rig *r, uint8_t request);
int alk_rig_app_confirm(struct alk_rig *r);

/* Debug probe: bytes into flash, unlogged. */
void alk_rig_put(struct alk_rig *r, uint32_t at, const uint8_t *p, size_t len);

/* True iff the primary holds exactly this image. */
bool alk_rig_runs(const struct alk_rig *r, const uint8_t *flash, const struct alk_forge_image *img);

#endif
