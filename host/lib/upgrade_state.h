/* SPDX-License-Identifier: Apache-2.0 */
/* upgrade_state.h - an upgrade under way; for upgrade*.c only. */
#ifndef ALK_HOST_UPGRADE_STATE_H
#define ALK_HOST_UPGRADE_STATE_H

#include "airlock/upgrade.h"

#include "host/lib/client_state.h"

struct alk_upgrade {
    struct alk_client *c;
    struct alk_update_image im;
    struct alk_upgrade_options o;
    struct alk_upgrade_state s;
    void (*event)(void *ctx, const struct alk_upgrade_state *s);
    void *ctx;
    struct alk_upload *upload;
    int number;        /* of the request under way */
    uint64_t until_ms; /* of the present wait */
    uint64_t reset_ms;
    unsigned resets;
    bool silent; /* the reset was not answered */
};

void upgrade_tell(struct alk_upgrade *u, enum alk_upgrade_stage stage);
void upgrade_finish(struct alk_upgrade *u, int result, const char *why, const char *way_out);
void upgrade_succeed(struct alk_upgrade *u);
void upgrade_refuse(struct alk_upgrade *u, const struct alk_smp_reply *r);
void upgrade_came_back(struct alk_upgrade *u);
void upgrade_ask(struct alk_upgrade *u, const struct alk_smp_request *q, alk_reply_fn fn);
void upgrade_ask_list(struct alk_upgrade *u, alk_reply_fn fn, uint32_t timeout_ms, uint8_t retries);
void upgrade_ask_state(struct alk_upgrade *u, alk_reply_fn fn, bool confirm);
bool upgrade_take_list(struct alk_upgrade *u, const struct alk_smp_reply *r);
const struct alk_slot_state *upgrade_find_ours(const struct alk_upgrade *u);
const struct alk_slot_state *upgrade_find_flag(const struct alk_upgrade *u, uint8_t flag);
const struct alk_slot_state *upgrade_find_running(const struct alk_upgrade *u);
bool upgrade_runs_ours(const struct alk_upgrade *u);
bool upgrade_is_confirmed(const struct alk_upgrade *u);
void upgrade_begin_trial(struct alk_upgrade *u);
void upgrade_await_swap(struct alk_upgrade *u);
void upgrade_reset(struct alk_upgrade *u);

#endif
