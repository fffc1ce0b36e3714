/* SPDX-License-Identifier: Apache-2.0 */
/*
 * smp_services.h - what the groups of an application's server stand on: each
 * is given by the program, or left NULL and answered with "not supported".
 */
#ifndef AIRLOCK_SMP_SERVICES_H
#define AIRLOCK_SMP_SERVICES_H

#include "airlock/files.h"
#include "airlock/kv.h"
#include "airlock/smp_app.h"

/* Groups beside those of smp.h. */
enum {
    ALK_SMP_STAT = 2,
    ALK_SMP_SETTINGS = 3,
    ALK_SMP_LOG = 4,
    ALK_SMP_FS = 8,
    ALK_SMP_SHELL = 9,
    ALK_SMP_ENUM = 10,
    ALK_SMP_BASIC = 63,
    ALK_SMP_AIRLOCK = 64, /* ours: docs/SPEC.md, "Group 64" */
};

struct alk_smp_task {
    const char *name;
    int32_t prio;
    uint32_t id, state;         /* state: bits as Zephyr's */
    uint32_t used_words, words; /* of the stack, 4 bytes each */
};

struct alk_smp_pool {
    const char *name;
    uint32_t block, blocks, free, least_free;
};

/* A group of counters; a list of counters ends with name NULL, one of groups too. */
struct alk_smp_counter {
    const char *name;
    const uint32_t *value;
};
struct alk_smp_stat {
    const char *name;
    const struct alk_smp_counter *counters;
};

struct alk_smp_log_entry {
    uint32_t index;
    uint32_t ts;
    uint8_t level; /* 0 debug .. 4 critical */
    const char *text;
};

/* Where a shell command's words come from and its text goes to. */
struct alk_smp_shell {
    const struct alk_cbor_item *argv; /* texts, argv[0] the command's own name */
    unsigned argc;
    char *out; /* no NUL */
    size_t cap, len;
    void *ctx; /* of alk_smp_services */
};

void alk_smp_shell_print(struct alk_smp_shell *sh, const char *text);

/* A shell command; a list ends with name NULL.  run: what it returns is `ret`. */
struct alk_smp_shell_cmd {
    const char *name, *help;
    int (*run)(struct alk_smp_shell *sh);
};

struct alk_smp_services {
    void *ctx; /* of the functions below */
    /* The i-th; false: there is none. */
    bool (*task)(void *ctx, struct alk_smp_task *t, unsigned i);
    bool (*pool)(void *ctx, struct alk_smp_pool *p, unsigned i);
    bool (*time_get)(void *ctx, char text[32]);                /* "2026-01-31T12:00:00"; false: not set */
    bool (*time_set)(void *ctx, const char *text, size_t len); /* false: no date */
    bool (*log_entry)(void *ctx, struct alk_smp_log_entry *e,
                      uint32_t index); /* the first with that index or more */
    void (*log_clear)(void *ctx);
    int (*erase_storage)(void *ctx); /* beside kv; may be NULL */
    const struct alk_smp_stat *stats;
    const struct alk_smp_shell_cmd *shell;
    const struct alk_smp_fs *fs;
    struct alk_kv *kv;
};

int alk_smp_tasks(struct alk_smp *s, struct alk_smp_call *c);
int alk_smp_pools(struct alk_smp *s, struct alk_smp_call *c);
int alk_smp_time_get(struct alk_smp *s, struct alk_smp_call *c);
int alk_smp_time_set(struct alk_smp *s, struct alk_smp_call *c);
int alk_smp_stat_show(struct alk_smp *s, struct alk_smp_call *c);
int alk_smp_stat_list(struct alk_smp *s, struct alk_smp_call *c);
int alk_smp_settings_get(struct alk_smp *s, struct alk_smp_call *c);
int alk_smp_settings_set(struct alk_smp *s, struct alk_smp_call *c);
int alk_smp_settings_delete(struct alk_smp *s, struct alk_smp_call *c);
int alk_smp_settings_sync(struct alk_smp *s, struct alk_smp_call *c); /* commit, load, save: always done */
int alk_smp_log_show(struct alk_smp *s, struct alk_smp_call *c);
int alk_smp_log_clear(struct alk_smp *s, struct alk_smp_call *c);
int alk_smp_log_list(struct alk_smp *s, struct alk_smp_call *c);
int alk_smp_log_levels(struct alk_smp *s, struct alk_smp_call *c);
int alk_smp_log_modules(struct alk_smp *s, struct alk_smp_call *c);
int alk_smp_fs_read(struct alk_smp *s, struct alk_smp_call *c);
int alk_smp_fs_write(struct alk_smp *s, struct alk_smp_call *c);
int alk_smp_fs_status(struct alk_smp *s, struct alk_smp_call *c);
int alk_smp_fs_hash(struct alk_smp *s, struct alk_smp_call *c);
int alk_smp_fs_types(struct alk_smp *s, struct alk_smp_call *c);
int alk_smp_fs_close(struct alk_smp *s, struct alk_smp_call *c);
int alk_smp_shell_run(struct alk_smp *s, struct alk_smp_call *c);
int alk_smp_enum_count(struct alk_smp *s, struct alk_smp_call *c);
int alk_smp_enum_list(struct alk_smp *s, struct alk_smp_call *c);
int alk_smp_enum_one(struct alk_smp *s, struct alk_smp_call *c);
int alk_smp_enum_details(struct alk_smp *s, struct alk_smp_call *c);
int alk_smp_basic_erase(struct alk_smp *s, struct alk_smp_call *c);
int alk_smp_journal(struct alk_smp *s, struct alk_smp_call *c);
int alk_smp_slot_hash(struct alk_smp *s, struct alk_smp_call *c);
int alk_smp_keys(struct alk_smp *s, struct alk_smp_call *c);
int alk_smp_erase_state(struct alk_smp *s, struct alk_smp_call *c);
int alk_smp_capabilities(struct alk_smp *s, struct alk_smp_call *c);

#endif
