/* SPDX-License-Identifier: Apache-2.0 */
/* upgrade_steps.c - what the steps of an upgrade share: asking, looking at the list, ending. */
#include "host/lib/upgrade_state.h"

#include <stdio.h>
#include <string.h>

/* ---- ends ---- */

void upgrade_tell(struct alk_upgrade *u, enum alk_upgrade_stage stage)
{
    u->s.stage = stage;
    u->event(u->ctx, &u->s);
}

void upgrade_finish(struct alk_upgrade *u, int result, const char *why, const char *way_out)
{
    alk_client_set_timer(u->c, 0, NULL, NULL);
    alk_client_set_patience(u->c, 0);
    u->s.over = true;
    u->s.result = result;
    snprintf(u->s.why, sizeof u->s.why, "%s", why);
    snprintf(u->s.way_out, sizeof u->s.way_out, "%s", way_out == NULL ? "" : way_out);
    upgrade_tell(u, result == ALK_OK ? ALK_STAGE_DONE : u->s.stage);
}

void upgrade_succeed(struct alk_upgrade *u)
{
    upgrade_finish(u, ALK_OK, "", NULL);
}

void upgrade_refuse(struct alk_upgrade *u, const struct alk_smp_reply *r)
{
    struct alk_smp_words w = alk_smp_words(r);

    u->s.refusal = *r;
    u->s.refusal.map = (struct alk_cbor){NULL, NULL};
    upgrade_finish(u, r->result, w.why, w.way_out);
}

void upgrade_came_back(struct alk_upgrade *u)
{
    upgrade_finish(u, ALK_E_AUTH, "the old image runs again: the new one was refused at boot or reverted",
                   "`airlock verify` and `airlock check` say whether its bootloader will take it");
}

/* ---- asking ---- */

void upgrade_ask(struct alk_upgrade *u, const struct alk_smp_request *q, alk_reply_fn fn)
{
    u->number = alk_client_send(u->c, q, fn, u);
    if (u->number < 0)
        upgrade_finish(u, u->number, "the request could not be sent", NULL);
}

void upgrade_ask_list(struct alk_upgrade *u, alk_reply_fn fn, uint32_t timeout_ms, uint8_t retries)
{
    const struct alk_smp_request q = {.ask = ALK_ASK_READ,
                                      .group = SMP_IMAGE,
                                      .id = SMP_IMAGE_STATE,
                                      .timeout_ms = timeout_ms,
                                      .retries = retries};

    upgrade_ask(u, &q, fn);
}

void upgrade_ask_state(struct alk_upgrade *u, alk_reply_fn fn, bool confirm)
{
    uint8_t payload[SMP_STATE_MAX];
    const struct alk_smp_request q = smp_state_request(payload, u->im.hash, u->im.hash_len, confirm, 3);

    upgrade_ask(u, &q, fn);
}

bool upgrade_take_list(struct alk_upgrade *u, const struct alk_smp_reply *r)
{
    return r->result == ALK_OK && alk_slot_list_parse(&u->s.list, &r->map) == ALK_OK;
}

/* ---- what the list says ---- */

const struct alk_slot_state *upgrade_find_ours(const struct alk_upgrade *u)
{
    const struct alk_slot_state *s;

    for (size_t i = 0; i < u->s.list.count; i++) {
        s = &u->s.list.slot[i];
        if (s->image == u->o.image && s->hash_len == u->im.hash_len && (s->flags & ALK_SLOT_ACTIVE) == 0 &&
            memcmp(s->hash, u->im.hash, s->hash_len) == 0)
            return s;
    }
    return NULL;
}

const struct alk_slot_state *upgrade_find_flag(const struct alk_upgrade *u, uint8_t flag)
{
    for (size_t i = 0; i < u->s.list.count; i++)
        if (u->s.list.slot[i].image == u->o.image && (u->s.list.slot[i].flags & flag) != 0)
            return &u->s.list.slot[i];
    return NULL;
}

/* The line of what runs; servers that tell no flags run slot 0. */
const struct alk_slot_state *upgrade_find_running(const struct alk_upgrade *u)
{
    const struct alk_slot_state *s = upgrade_find_flag(u, ALK_SLOT_ACTIVE);

    for (size_t i = 0; s == NULL && i < u->s.list.count; i++)
        if (u->s.list.slot[i].image == u->o.image && u->s.list.slot[i].slot == 0)
            s = &u->s.list.slot[i];
    return s;
}

bool upgrade_runs_ours(const struct alk_upgrade *u)
{
    const struct alk_slot_state *s = upgrade_find_running(u);

    return s != NULL && s->hash_len == u->im.hash_len && memcmp(s->hash, u->im.hash, s->hash_len) == 0;
}

bool upgrade_is_confirmed(const struct alk_upgrade *u)
{
    const struct alk_slot_state *s = upgrade_find_running(u);

    return s != NULL && (s->flags & ALK_SLOT_CONFIRMED) != 0;
}
