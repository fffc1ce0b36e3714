/* SPDX-License-Identifier: Apache-2.0 */
#include "programs/device/services.h"

#include <stdio.h>
#include <string.h>

#include "adapters/fs/hostdir.h"

static bool task(void *ctx, struct alk_smp_task *t, unsigned i)
{
    (void)ctx;
    *t = (struct alk_smp_task){.name = "main", .prio = 0, .id = 1, .used_words = 512, .words = 2048};
    return i == 0;
}

static bool pool(void *ctx, struct alk_smp_pool *p, unsigned i)
{
    (void)ctx;
    *p = (struct alk_smp_pool){.name = "packets", .block = 1024, .blocks = 4, .free = 4, .least_free = 3};
    return i == 0;
}

static bool time_get(void *ctx, char text[32])
{
    const struct services *s = ctx;
    time_t now = time(NULL) + s->ahead;
    struct tm tm;

    return gmtime_r(&now, &tm) != NULL && strftime(text, 32, "%Y-%m-%dT%H:%M:%S", &tm) != 0;
}

static bool time_set(void *ctx, const char *text, size_t len)
{
    struct services *s = ctx;
    struct tm tm = {0};
    char copy[20];

    if (len < 19)
        return false;
    memcpy(copy, text, 19);
    copy[19] = '\0';
    if (strptime(copy, "%Y-%m-%dT%H:%M:%S", &tm) != copy + 19)
        return false;
    s->ahead = timegm(&tm) - time(NULL);
    return true;
}

static bool log_entry(void *ctx, struct alk_smp_log_entry *e, uint32_t index)
{
    const struct services *s = ctx;

    if (index < s->first)
        index = s->first;
    if (index >= s->next)
        return false;
    *e = (struct alk_smp_log_entry){.index = index,
                                    .ts = s->stamp[index % SERVICES_LINES],
                                    .level = 1,
                                    .text = s->line[index % SERVICES_LINES]};
    return true;
}

static void log_clear(void *ctx)
{
    struct services *s = ctx;

    s->first = s->next;
}

void services_log(struct services *s, const char *text)
{
    unsigned i = s->next++ % SERVICES_LINES;

    snprintf(s->line[i], sizeof s->line[i], "%s", text);
    s->stamp[i] = (uint32_t)time(NULL);
    if (s->next - s->first > SERVICES_LINES)
        s->first = s->next - SERVICES_LINES;
}

static int shell_version(struct alk_smp_shell *sh)
{
    alk_smp_shell_print(sh, "airlock-device " ALK_VERSION "\r\n");
    return 0;
}

static int shell_uptime(struct alk_smp_shell *sh)
{
    struct timespec t;
    char text[32];

    clock_gettime(CLOCK_MONOTONIC, &t);
    snprintf(text, sizeof text, "%lld s\r\n", (long long)t.tv_sec);
    alk_smp_shell_print(sh, text);
    return 0;
}

static int shell_say(struct alk_smp_shell *sh)
{
    for (unsigned i = 1; i < sh->argc; i++) {
        char word[64];

        snprintf(word, sizeof word, "%s%.*s", i > 1 ? " " : "", (int)sh->argv[i].len,
                 (const char *)sh->argv[i].data);
        alk_smp_shell_print(sh, word);
    }
    alk_smp_shell_print(sh, "\r\n");
    return sh->argc > 1 ? 0 : -22;
}

static const struct alk_smp_shell_cmd shell[] = {
    {"version", "which program this is", shell_version},
    {"uptime", "seconds since the machine's start", shell_uptime},
    {"say", "TEXT: say it back", shell_say},
    {0},
};

int services_open(struct services *s, const char *settings, const char *files)
{
    *s = (struct services){.first = 0};
    if (alk_flash_file_open(&s->chip, settings, 8192) != ALK_OK)
        return ALK_E_IO;
    s->area = (struct alk_flash){
        .ops = &alk_flash_file_ops, .dev = &s->chip, .sector_size = 4096, .sectors = 2, .unit = 4};
    if (alk_kv_open(&s->kv, &s->area) != ALK_OK)
        return ALK_E_IO;
    s->counters[0] = (struct alk_smp_counter){"boots", &s->boots};
    s->counters[1] = (struct alk_smp_counter){"resets", &s->resets};
    s->stats[0] = (struct alk_smp_stat){"device", s->counters};
    s->offered = (struct alk_smp_services){.ctx = s,
                                           .task = task,
                                           .pool = pool,
                                           .time_get = time_get,
                                           .time_set = time_set,
                                           .log_entry = log_entry,
                                           .log_clear = log_clear,
                                           .stats = s->stats,
                                           .shell = shell,
                                           .kv = &s->kv};
    if (files != NULL) {
        alk_hostdir_open(&s->fs, files);
        s->offered.fs = &s->fs;
    }
    return ALK_OK;
}
