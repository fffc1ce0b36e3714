/* SPDX-License-Identifier: Apache-2.0 */
/* machine.h - flash, boot code and both servers of the virtual device. */
#ifndef PROGRAMS_DEVICE_MACHINE_H
#define PROGRAMS_DEVICE_MACHINE_H

#include "adapters/flash/file.h"
#include "airlock/boot.h"
#include "airlock/smp_app.h"
#include "programs/device/options.h"
#include "programs/device/services.h"
#include "programs/serve.h"

struct machine {
    const struct device_options *options;
    struct alk_flash_file flash;
    struct alk_map map;
    struct alk_boot boot;
    struct alk_settle settling;
    struct serve_judge judge;
    struct alk_smp_config config;
    union {
        struct alk_smp smp; /* recovery's server, and the first member of the application's */
        struct alk_smp_app app;
    };
    struct alk_smp_pace pace;
    struct services services;
    char version[32]; /* of the image that runs */
    struct alk_smp_info info[4];
    bool wants_recovery; /* the word that outlives a reset */
    uint8_t work[4096];
};

/*
 * The chip, and what a programmer puts into it.
 *
 * return: ALK_OK, or an error already printed
 */
int machine_open(struct machine *m, const struct device_options *o);

/* Power, or a reset: boot code, then the server of whatever runs. */
void machine_start(struct machine *m);

/* Before packets of a link: what it may, and what time it is. */
void machine_meet(struct machine *m, enum alk_smp_link link);

#endif
