/* SPDX-License-Identifier: Apache-2.0 */
/*
 * upgrade.c - from a file to a confirmed, running image.
 *
 * Each step asks one thing; its answer function picks the next step.  What a
 * server lacks (parameters, erase, marking: MCUboot's recovery) is left out,
 * what it refuses ends the job with its words.
 *
 * After the reset the same list is asked until it says what became of it:
 *
 *      new image active                     -> it runs: trial
 *      old image active, new one pending    -> not reset yet: ask again
 *      old image active, nothing pending    -> refused or reverted: over
 *      no answer, no link                   -> busy swapping: ask again
 */
#include "host/lib/upgrade_state.h"

#include <stdlib.h>

enum { LINK_WAIT_MS = 30000, ERASE_MS = 180000, IMAGE_RUNS = 33 };

/* ---- 4: mark ---- */

/* It reset by itself, after a first mark whose answer was lost. */
static bool runs_already(const struct alk_smp_reply *r)
{
    return r->grouped && r->group == SMP_IMAGE && r->rc == IMAGE_RUNS;
}

static void marked(void *ctx, const struct alk_smp_reply *r)
{
    struct alk_upgrade *u = ctx;

    if (runs_already(r)) {
        upgrade_await_swap(u);
    } else if (r->result != ALK_OK && r->result != ALK_E_SUPPORT) {
        upgrade_refuse(u, r);
    } else {
        upgrade_take_list(u, r);
        upgrade_reset(u);
    }
}

static void mark(struct alk_upgrade *u)
{
    upgrade_tell(u, ALK_STAGE_MARK);
    upgrade_ask_state(u, marked, u->o.mode == ALK_UPGRADE_PERMANENT);
}

/* ---- 3: upload ---- */

static void listed_upload(void *ctx, const struct alk_smp_reply *r)
{
    struct alk_upgrade *u = ctx;
    bool known = upgrade_take_list(u, r);

    if (!known && r->result != ALK_E_SUPPORT)
        upgrade_refuse(u, r);
    else if (known && upgrade_find_ours(u) == NULL && upgrade_find_flag(u, ALK_SLOT_ACTIVE) != NULL)
        upgrade_finish(u, ALK_E_POLICY, "the device took the upload and does not list the image",
                       "its slot may be damaged: `airlock image erase`, then again");
    else
        mark(u);
}

static void progress(void *ctx, uint32_t off)
{
    struct alk_upgrade *u = ctx;

    u->s.off = off;
    upgrade_tell(u, ALK_STAGE_UPLOAD);
}

static void uploaded(void *ctx, const struct alk_smp_reply *r)
{
    struct alk_upgrade *u = ctx;

    if (r->result != ALK_OK)
        upgrade_refuse(u, r);
    else if (u->o.mode == ALK_UPGRADE_UPLOAD_ONLY)
        upgrade_succeed(u);
    else
        upgrade_ask_list(u, listed_upload, 10000, 2);
}

static void upload(struct alk_upgrade *u)
{
    alk_upload_free(u->upload);
    upgrade_tell(u, ALK_STAGE_UPLOAD);
    u->upload = alk_upload_begin(u->c, &u->im, &u->o.upload, progress, uploaded, u);
    if (u->upload == NULL)
        upgrade_finish(u, ALK_E_MEMORY, "no memory", NULL);
}

/* ---- 2: decide ---- */

static void erased(void *ctx, const struct alk_smp_reply *r)
{
    struct alk_upgrade *u = ctx;

    if (r->result != ALK_OK && r->result != ALK_E_SUPPORT)
        upgrade_refuse(u, r);
    else
        upload(u);
}

static void erase(struct alk_upgrade *u)
{
    const struct alk_smp_request q = {.ask = ALK_ASK_WRITE,
                                      .group = SMP_IMAGE,
                                      .id = SMP_IMAGE_ERASE,
                                      .timeout_ms = ERASE_MS,
                                      .retries = 2};

    upgrade_tell(u, ALK_STAGE_ERASE);
    upgrade_ask(u, &q, erased);
}

static bool waits_for_reset(const struct alk_upgrade *u)
{
    const struct alk_slot_state *s = upgrade_find_ours(u);
    uint8_t want = ALK_SLOT_PENDING | (u->o.mode == ALK_UPGRADE_PERMANENT ? ALK_SLOT_PERMANENT : 0);

    return s != NULL && (s->flags & want) == want && u->o.mode != ALK_UPGRADE_UPLOAD_ONLY;
}

static bool other_on_trial(const struct alk_upgrade *u)
{
    const struct alk_slot_state *active = upgrade_find_flag(u, ALK_SLOT_ACTIVE);

    return active != NULL && (active->flags & ALK_SLOT_CONFIRMED) == 0 &&
           upgrade_find_flag(u, ALK_SLOT_CONFIRMED) != NULL;
}

static void decide(struct alk_upgrade *u)
{
    u->s.already = upgrade_find_flag(u, ALK_SLOT_ACTIVE) != NULL && upgrade_runs_ours(u);
    if (u->s.already)
        upgrade_begin_trial(u);
    else if (other_on_trial(u))
        upgrade_finish(u, ALK_E_POLICY, "another image is on trial on the device",
                       "`airlock image confirm` keeps it, `airlock reset` goes back to the one before");
    else if (waits_for_reset(u))
        upgrade_reset(u);
    else if (upgrade_find_flag(u, ALK_SLOT_PENDING) != NULL)
        erase(u);
    else
        upload(u);
}

/* ---- 1: ask ---- */

static void listed(void *ctx, const struct alk_smp_reply *r)
{
    struct alk_upgrade *u = ctx;

    if (!upgrade_take_list(u, r) && r->result != ALK_E_SUPPORT)
        upgrade_refuse(u, r);
    else
        decide(u);
}

static uint32_t uint_of(const struct alk_cbor *map, const char *key)
{
    struct alk_cbor_item it;

    return alk_cbor_find(&it, map, key) == 1 && it.type == ALK_CBOR_UINT ? it.value : 0;
}

static void told_params(void *ctx, const struct alk_smp_reply *r)
{
    struct alk_upgrade *u = ctx;

    if (r->result == ALK_E_TIMEOUT || r->result == ALK_E_IO) {
        upgrade_refuse(u, r);
        return;
    }
    if (r->result == ALK_OK && uint_of(&r->map, "buf_size") != 0)
        alk_client_set_limits(u->c, uint_of(&r->map, "buf_size"), uint_of(&r->map, "buf_count"));
    upgrade_ask_list(u, listed, 0, 3);
}

static void begin(void *ctx)
{
    struct alk_upgrade *u = ctx;
    const struct alk_smp_request q = {
        .ask = ALK_ASK_READ, .group = SMP_OS, .id = SMP_OS_PARAMS, .retries = 3};

    upgrade_tell(u, ALK_STAGE_ASK);
    upgrade_ask(u, &q, told_params);
}

struct alk_upgrade *alk_upgrade_begin(struct alk_client *c, const struct alk_update_image *im,
                                      const struct alk_upgrade_options *o,
                                      void (*event)(void *ctx, const struct alk_upgrade_state *s), void *ctx)
{
    struct alk_upgrade *u = calloc(1, sizeof *u);

    if (u == NULL)
        return NULL;
    u->c = c;
    u->im = *im;
    u->o = *o;
    u->event = event;
    u->ctx = ctx;
    u->s.len = im->len;
    alk_client_set_patience(c, o->link_wait_ms != 0 ? o->link_wait_ms : LINK_WAIT_MS);
    alk_client_set_timer(c, 0, begin, u);
    return u;
}

const struct alk_upgrade_state *alk_upgrade_look(const struct alk_upgrade *u)
{
    return &u->s;
}

void alk_upgrade_free(struct alk_upgrade *u)
{
    if (u == NULL)
        return;
    alk_client_set_timer(u->c, 0, NULL, NULL);
    alk_client_cancel(u->c, u->number);
    alk_upload_free(u->upload);
    free(u);
}
