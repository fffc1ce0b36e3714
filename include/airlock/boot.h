/* SPDX-License-Identifier: Apache-2.0 */
/*
 * boot.h - what to run: settle decides and installs, gate is the last door.
 */
#ifndef AIRLOCK_BOOT_H
#define AIRLOCK_BOOT_H

#include "airlock/install.h"
#include "airlock/map.h"
#include "airlock/verify.h"

struct alk_boot {
    const struct alk_map *map; /* set by the caller */
    uint8_t *buf;              /* work buffer of the caller, a multiple of every unit */
    size_t buf_len;            /* >= 256 */
    void (*tick)(void);        /* called from every long loop (watchdog); NULL: none */
    struct alk_keys keys;      /* opened by settle */
    struct alk_image image;    /* what runs */
    struct alk_verdict verdict;
};

/* Work space of alk_boot_settle(): the caller's, to keep the stack shallow. */
struct alk_settle {
    struct alk_boot *b;
    uint8_t place; /* of img */
    bool fresh;    /* the record was written in this boot */
    struct alk_install u;
    struct alk_image img; /* in the secondary */
};

/*
 * Bring journal and slots to the state the decision table (settle.c, SPEC)
 * asks for, then verify the primary in place.
 *
 * in:     s - work space, wiped after
 * out:    b->image, b->verdict describe the primary; good only on ALK_OK
 * cuts:   any, anywhere: the next call goes on (docs/PROOF.md)
 * secret: content keys and plaintext are wiped
 * return: ALK_OK - the gate may open; ALK_E_KEY - unprovisioned; any other
 *         error - nothing may run (recovery's turn)
 */
int alk_boot_settle(struct alk_boot *b, struct alk_settle *s);

/*
 * Re-derive the verdict from its operands and, only if both codings agree,
 * give the address of the image's vector table.
 *
 * out:    vectors - as the CPU sees it; 0 on refusal
 * secret: wipes b->buf
 * return: ALK_OK or ALK_E_AUTH
 */
int alk_gate_open(uint32_t *vectors, struct alk_boot *b);

/*
 * Where in the secondary does an image lie?  It may begin at sector 0 or at
 * sector 1 (MCUboot's swap-offset, and the outgoing image of a slide down):
 * a candidate has a plausible header and a TLV area of the right magic.
 *
 * in:     place - 0 or 1
 * return: ALK_OK, or as alk_image_open()
 */
int alk_secondary_open(struct alk_image *img, const struct alk_map *map, unsigned place);

#endif
