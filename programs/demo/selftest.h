/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROGRAMS_DEMO_SELFTEST_H
#define PROGRAMS_DEMO_SELFTEST_H

#include <stdbool.h>
#include <stddef.h>

#include "airlock/map.h"

/* Name of the first part that fails, or NULL: RAM, flash (this image against its own hash), clock. */
const char *selftest_run(const struct alk_map *map);

#endif
