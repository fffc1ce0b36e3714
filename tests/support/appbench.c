/* SPDX-License-Identifier: Apache-2.0 */
#include "appbench.h"

#include <string.h>

static int to_app(void *peer, const uint8_t *req, size_t len, uint8_t *rsp, size_t cap)
{
    struct alk_smp_app *app = peer;

    return alk_smp_handle(&app->smp, req, len, rsp, cap);
}

void appbench_open(struct appbench *a, uint16_t unit)
{
    memset(a, 0, sizeof *a);
    bench_open(&a->b, unit);
    a->b.cfg.cmds = alk_smp_all_cmds;
    a->b.exchange = to_app;
    a->b.peer = &a->app;
    appbench_reset(a);
}

void appbench_reset(struct appbench *a)
{
    const struct alk_smp_services *services = a->app.services;

    a->app = (struct alk_smp_app){
        .smp = {.cfg = &a->b.cfg, .target = &a->b.map.secondary, .open = 0xff},
        .services = services,
        .pace = &a->pace,
        .now_ms = a->app.now_ms,
    };
}
