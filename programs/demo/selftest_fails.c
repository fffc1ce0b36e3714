/* SPDX-License-Identifier: Apache-2.0 */
/* selftest_fails.c - of a version that is authentic and does not work: what a revert is for. */
#include "programs/demo/selftest.h"

const char *selftest_run(const struct alk_map *map)
{
    (void)map;
    return "the heart";
}
