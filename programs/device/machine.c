/* SPDX-License-Identifier: Apache-2.0 */
#include "programs/device/machine.h"

#include "airlock/install.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static void power_is_gone(void *ctx)
{
    const struct alk_flash_file *f = ctx;

    fprintf(stderr, "airlock-device: power cut in flash operation %llu\n", (unsigned long long)f->cut);
    fflush(stdout);
    _exit(9);
}

static struct alk_flash area(struct machine *m, uint32_t base, uint32_t size)
{
    uint32_t page = m->options->layout->page;

    return (struct alk_flash){.ops = &alk_flash_file_ops,
                              .dev = &m->flash,
                              .base = base,
                              .sector_size = page,
                              .sectors = (uint16_t)(size / page),
                              .unit = 4};
}

static int fail(const char *path)
{
    fprintf(stderr, "airlock-device: %s: %s\n", path,
            errno != 0 ? strerror(errno) : "does not fit its place");
    return ALK_E_IO;
}

/* A whole file into flash, as a programmer would; not where something is already. */
static int burn(struct machine *m, const char *path, const struct alk_flash *to, size_t max)
{
    uint8_t *at = m->flash.mem + to->base;
    FILE *f;
    size_t n;

    if (path == NULL || at[0] != 0xff)
        return ALK_OK;
    errno = 0;
    f = fopen(path, "rb");
    if (f == NULL)
        return fail(path);
    n = fread(at, 1, max, f);
    if (n == 0 || ferror(f) || fgetc(f) != EOF) {
        memset(at, 0xff, max);
        fclose(f);
        return fail(path);
    }
    fclose(f);
    return ALK_OK;
}

void machine_meet(struct machine *m, enum alk_smp_link link)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    m->app.now_ms = (uint32_t)(t.tv_sec * 1000 + t.tv_nsec / 1000000);
    m->smp.open = (uint8_t)(alk_smp_links[link] | m->options->open);
}

int machine_open(struct machine *m, const struct device_options *o)
{
    const struct device_layout *l = o->layout;
    int err;

    memset(m, 0, sizeof *m);
    m->options = o;
    errno = 0;
    if (alk_flash_file_open(&m->flash, o->flash, l->flash_size) != ALK_OK)
        return fail(o->flash);
    m->map = (struct alk_map){
        .board = l->board,
        .primary = area(m, l->primary, l->slot_size),
        .secondary = area(m, l->secondary, l->slot_size),
        .journal = area(m, l->journal, l->journal_size),
        .keys = area(m, l->keys, l->page),
        .demand = {.exec_addr = l->primary,
                   .max_size = ALK_INSTALL_CAPACITY(l->slot_size, l->page, 4u),
                   .hdr_size = l->hdr_size},
    };
    err = burn(m, o->keys, &m->map.keys, l->page);
    if (err == ALK_OK)
        err = burn(m, o->image, &m->map.primary, m->map.demand.max_size);
    if (err == ALK_OK && services_open(&m->services, o->settings, o->files) != ALK_OK)
        err = fail(o->settings);
    m->flash.cut = o->cut;
    m->flash.on_cut = power_is_gone;
    m->flash.ctx = &m->flash;
    m->wants_recovery = o->recovery;
    m->pace = (struct alk_smp_pace){.every_ms = (uint32_t)(o->pace * 1000), .burst = o->pace > 0 ? 30 : 0};
    return err;
}

/* The application's server, or recovery's. */
static void serve_as(struct machine *m, bool recovery)
{
    const struct alk_smp_info info[] = {
        {'s', "airlock"}, {'n', recovery ? "recovery" : "device"}, {'v', m->version}, {0, NULL}};

    memcpy(m->info, info, sizeof m->info);
    m->judge = (struct serve_judge){.map = &m->map, .buf = m->work, .buf_len = sizeof m->work};
    m->config = (struct alk_smp_config){
        .cmds = recovery ? alk_smp_recovery_cmds : alk_smp_all_cmds,
        .map = &m->map,
        .info = m->info,
        .check = serve_check,
        .ctx = &m->judge,
        .buf_size = (uint16_t)m->options->buf_size,
        .buf_count = recovery ? 1 : (uint8_t)m->options->buf_count,
        .recovery = recovery,
    };
    m->app = (struct alk_smp_app){
        .smp = {.cfg = &m->config, .target = &m->map.secondary},
        .services = &m->services.offered,
        .pace = &m->pace,
    };
    machine_meet(m, ALK_SMP_LINK_SERIAL);
}

void machine_start(struct machine *m)
{
    const struct alk_version *v = &m->boot.image.version;
    bool asked = m->wants_recovery;
    uint32_t vectors;
    int err;

    m->wants_recovery = false;
    m->boot = (struct alk_boot){.map = &m->map, .buf = m->work, .buf_len = sizeof m->work};
    err = alk_boot_settle(&m->boot, &m->settling);
    if (err == ALK_OK)
        err = alk_gate_open(&vectors, &m->boot);
    snprintf(m->version, sizeof m->version, "%u.%u.%u+%u", v->major, v->minor, v->revision, v->build);
    m->services.boots++;
    services_log(&m->services, err == ALK_OK ? m->version : "nothing bootable");
    if (err == ALK_OK && !asked)
        printf("running %s\n", m->version);
    else
        printf("recovery %s\n", err == ALK_OK      ? "as asked"
                                : err == ALK_E_KEY ? "unprovisioned"
                                                   : "nothing bootable");
    fflush(stdout);
    serve_as(m, err != ALK_OK || asked);
}
