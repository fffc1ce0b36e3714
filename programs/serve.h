/* SPDX-License-Identifier: Apache-2.0 */
/* serve.h - the SMP server on a console line, and the judge of what it is brought. */
#ifndef PROGRAMS_SERVE_H
#define PROGRAMS_SERVE_H

#include "airlock/frame.h"
#include "airlock/link.h"
#include "airlock/smp.h"
#include "airlock/verify.h"

struct serve {
    struct alk_smp *smp;
    const struct alk_link *link;
    struct alk_frame frame;
    uint8_t *reply; /* room for the longest reply */
    size_t reply_cap;
};

/* Answer what has been received so far; returns when nothing more is there. */
void serve_pending(struct serve *s);

struct serve_judge {
    const struct alk_map *map;
    uint8_t *buf; /* work buffer for the hash pass */
    size_t buf_len;
    struct alk_keys keys; /* private, here to keep the stack shallow */
    struct alk_verdict verdict;
};

/* The check of alk_smp_config, ctx a struct serve_judge: would this device's bootloader take the image? */
int serve_check(void *ctx, const struct alk_image *img);

#endif
