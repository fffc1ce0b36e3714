/* SPDX-License-Identifier: Apache-2.0 */
/* upgrade_after.c - reset, swap, trial, confirmation. */
#include "host/lib/upgrade_state.h"

enum { POLL_MS = 500, POLL_TIMEOUT_MS = 1000, SWAP_WAIT_MS = 60000, GRACE_MS = 20000 };

/* A reset is asked for again when the device goes on answering as before. */
enum { RESETS = 4, LOST_MS = 2500, DEAF_MS = 15000 };

/* ---- 6: trial and confirmation ---- */

static void poll_trial(void *ctx);

static void confirmed(void *ctx, const struct alk_smp_reply *r)
{
    struct alk_upgrade *u = ctx;

    if (r->result == ALK_E_SUPPORT) { /* nothing to confirm there: recovery that writes the primary */
        upgrade_succeed(u);
        return;
    }
    if (r->result != ALK_OK) {
        upgrade_refuse(u, r);
        return;
    }
    if (!upgrade_take_list(u, r) || (upgrade_runs_ours(u) && upgrade_is_confirmed(u)))
        upgrade_succeed(u);
    else
        upgrade_finish(u, ALK_E_POLICY, "the device said yes to the confirmation and does not list it",
                       "see `airlock image list`");
}

static void confirm(struct alk_upgrade *u)
{
    upgrade_tell(u, ALK_STAGE_CONFIRM);
    upgrade_ask_state(u, confirmed, true);
}

static void on_trial(void *ctx, const struct alk_smp_reply *r)
{
    struct alk_upgrade *u = ctx;
    bool known = upgrade_take_list(u, r);

    if (known && !upgrade_runs_ours(u)) {
        upgrade_came_back(u);
    } else if (known && upgrade_is_confirmed(u)) {
        u->s.by_application = true;
        upgrade_succeed(u);
    } else if (u->c->now_ms < u->until_ms + (known ? 0u : GRACE_MS)) {
        alk_client_set_timer(u->c, POLL_MS, poll_trial, u);
    } else if (known) {
        confirm(u);
    } else {
        upgrade_refuse(u, r);
    }
}

static void poll_trial(void *ctx)
{
    upgrade_ask_list(ctx, on_trial, POLL_TIMEOUT_MS, 2);
}

void upgrade_begin_trial(struct alk_upgrade *u)
{
    if (u->o.mode != ALK_UPGRADE_TEST_AND_CONFIRM) {
        upgrade_succeed(u);
        return;
    }
    if (upgrade_is_confirmed(u)) {
        u->s.by_application = !u->s.already;
        upgrade_succeed(u);
        return;
    }
    u->until_ms = u->c->now_ms + u->o.confirm_wait_ms;
    upgrade_tell(u, ALK_STAGE_TRIAL);
    alk_client_set_timer(u->c, u->o.confirm_wait_ms < POLL_MS ? u->o.confirm_wait_ms : POLL_MS, poll_trial,
                         u);
}

/* ---- 5: reset and swap ---- */

static void poll_swap(void *ctx);

/* Old image active, new one pending: it is yet to reset, or the request was lost. */
static bool reset_was_lost(const struct alk_upgrade *u)
{
    return u->c->now_ms - u->reset_ms >= (u->silent ? LOST_MS : DEAF_MS) && u->resets < RESETS;
}

static void wait_more(struct alk_upgrade *u, bool known)
{
    if (u->c->now_ms < u->until_ms)
        alk_client_set_timer(u->c, POLL_MS, poll_swap, u);
    else if (known)
        upgrade_finish(u, ALK_E_TIMEOUT, "the device has not installed the image",
                       "reset it by hand, see `airlock image list`");
    else
        upgrade_finish(
            u, ALK_E_TIMEOUT, "the device has not come back after the reset",
            "it may still be swapping: see `airlock image list` later, or use a longer --swap-wait");
}

static void after_swap(void *ctx, const struct alk_smp_reply *r)
{
    struct alk_upgrade *u = ctx;
    bool known = upgrade_take_list(u, r) && upgrade_find_running(u) != NULL;

    if (known && upgrade_runs_ours(u))
        upgrade_begin_trial(u);
    else if (known && upgrade_find_flag(u, ALK_SLOT_PENDING) == NULL &&
             upgrade_find_flag(u, ALK_SLOT_ACTIVE) != NULL)
        upgrade_came_back(u);
    else if (known && reset_was_lost(u))
        upgrade_reset(u);
    else
        wait_more(u, known);
}

static void poll_swap(void *ctx)
{
    upgrade_ask_list(ctx, after_swap, POLL_TIMEOUT_MS, 0);
}

void upgrade_await_swap(struct alk_upgrade *u)
{
    uint32_t wait = u->o.swap_wait_ms != 0 ? u->o.swap_wait_ms : SWAP_WAIT_MS + u->im.len / 10u;

    alk_client_set_patience(u->c, wait);
    if (u->until_ms == 0)
        u->until_ms = u->c->now_ms + wait;
    upgrade_tell(u, ALK_STAGE_SWAP);
    alk_client_set_timer(u->c, POLL_MS, poll_swap, u);
}

static void was_reset(void *ctx, const struct alk_smp_reply *r)
{
    struct alk_upgrade *u = ctx;

    u->silent = r->silent;
    if (r->result != ALK_OK)
        upgrade_refuse(u, r);
    else
        upgrade_await_swap(u);
}

void upgrade_reset(struct alk_upgrade *u)
{
    const struct alk_smp_request q = {
        .ask = ALK_ASK_WRITE, .group = SMP_OS, .id = SMP_OS_RESET, .may_vanish = true};

    u->resets++;
    u->reset_ms = u->c->now_ms;
    upgrade_tell(u, ALK_STAGE_RESET);
    upgrade_ask(u, &q, was_reset);
}
