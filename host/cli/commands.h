/* SPDX-License-Identifier: Apache-2.0 */
/* commands.h - one row a command, each in its cmd_<verb>.c. */
#ifndef AIRLOCK_CLI_COMMANDS_H
#define AIRLOCK_CLI_COMMANDS_H

#include "host/cli/cli.h"

#endif
