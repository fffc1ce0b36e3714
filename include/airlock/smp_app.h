/* SPDX-License-Identifier: Apache-2.0 */
/*
 * smp_app.h - what an application's server has beyond the bootloader's.
 *
 *     struct alk_smp_app
 *     | struct alk_smp | services | time | pace |
 *
 * The commands here are rows of alk_smp_all_cmds and work on a server that is
 * the first member of a struct alk_smp_app, and on no other.
 *
 * (A1) Which classes of commands a link opens is one table: alk_smp_links.
 * (A2) Resets and whatever starts by erasing cost a token each.  Tokens come
 *      back with the time the caller tells; without one the answer is "busy".
 * (A3) An upload whose file has a SHA-256 is written down in the secondary's
 *      last sector (docs/SPEC.md, "Upload session").  After a reset or a cut it
 *      goes on at the last sector known to be whole.  The note is void once
 *      the upload has ended, well or not, and gone with any erase of the slot.
 * (A4) What a service does not offer is answered with "not supported".
 */
#ifndef AIRLOCK_SMP_APP_H
#define AIRLOCK_SMP_APP_H

#include "airlock/smp.h"

/* How a packet came: row of alk_smp_links. */
enum alk_smp_link {
    ALK_SMP_LINK_SERIAL,
    ALK_SMP_LINK_UDP, /* bind it to loopback unless told otherwise */
    ALK_SMP_LINK_BLE_OPEN,
    ALK_SMP_LINK_BLE_ENCRYPTED,
    ALK_SMP_LINK_BLE_AUTHENTICATED,
    ALK_SMP_LINKS
};

/* Classes open on each link; config/tables.c. */
extern const uint8_t alk_smp_links[ALK_SMP_LINKS];

/* Tokens.  Let it outlive a reset where memory does: a reset in a loop is what it is for. */
struct alk_smp_pace {
    uint32_t every_ms; /* set by the caller: a token comes back that often */
    uint8_t burst;     /* set by the caller: tokens in all; 0: no limit */
    uint8_t spent;
    uint32_t since_ms;
};

struct alk_smp_services;

struct alk_smp_app {
    struct alk_smp smp;
    const struct alk_smp_services *services; /* set by the caller */
    struct alk_smp_pace *pace;               /* set by the caller */
    uint32_t now_ms;                         /* set by the caller before each packet; may wrap */
};

extern const struct alk_smp_cmd alk_smp_all_cmds[]; /* all groups */

/* The commands, for the rows. */
int alk_smp_reset_paced(struct alk_smp *s, struct alk_smp_call *c);
int alk_smp_image_erase_paced(struct alk_smp *s, struct alk_smp_call *c);
/*
 * cuts:   the upload goes on at a whole sector, or starts anew
 * proof:  upload_resumes_after_a_cut_at_any_operation
 */
int alk_smp_image_upload_kept(struct alk_smp *s, struct alk_smp_call *c);

/* return: ALK_SMP_RC_OK, a token taken, or ALK_SMP_RC_BUSY */
int alk_smp_pace_take(struct alk_smp *s);

#endif
