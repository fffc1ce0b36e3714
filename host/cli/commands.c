/* SPDX-License-Identifier: Apache-2.0 */
/* commands.c - what `airlock` can do is what these rows name. */
#include <stddef.h>

#include "host/cli/commands.h"

const struct cli_cmd *const cli_cmds[] = {
    NULL,
};
