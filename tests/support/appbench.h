/* SPDX-License-Identifier: Apache-2.0 */
/* appbench.h - a bench whose server is an application's, with all groups. */
#ifndef TESTS_APPBENCH_H
#define TESTS_APPBENCH_H

#include "airlock/smp_app.h"
#include "bench.h"

struct appbench {
    struct bench b;
    struct alk_smp_pace pace;
    struct alk_smp_app app;
};

void appbench_open(struct appbench *a, uint16_t unit);
/* RAM is lost, flash stays; tokens stay. */
void appbench_reset(struct appbench *a);

#endif
