/* SPDX-License-Identifier: Apache-2.0 */
/* services.h - what the virtual device's application offers beside updates. */
#ifndef PROGRAMS_DEVICE_SERVICES_H
#define PROGRAMS_DEVICE_SERVICES_H

#include <time.h>

#include "adapters/flash/file.h"
#include "airlock/smp_services.h"

enum { SERVICES_LINES = 32, SERVICES_LINE = 96 };

struct services {
    struct alk_smp_services offered;
    struct alk_flash_file chip; /* of settings: a second one, 8 KiB */
    struct alk_flash area;
    struct alk_kv kv;
    struct alk_smp_fs fs;
    char line[SERVICES_LINES][SERVICES_LINE]; /* the log: line i at i % SERVICES_LINES */
    uint32_t stamp[SERVICES_LINES];
    uint32_t first, next;
    time_t ahead; /* of the host's clock */
    uint32_t resets, boots;
    struct alk_smp_counter counters[3];
    struct alk_smp_stat stats[2];
};

/*
 * in:     settings - file of the settings' flash; NULL: in memory
 *         files - directory to serve; NULL: no file system
 * return: ALK_OK or ALK_E_IO
 */
int services_open(struct services *s, const char *settings, const char *files);

void services_log(struct services *s, const char *text);

#endif
