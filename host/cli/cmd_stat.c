/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_stat.c - a device's counters: a request a row. */
#include "host/cli/commands.h"
#include "host/cli/talk.h"

static int run_list(struct cli *c)
{
    return cli_talk(c, &(struct cli_request){CLI_READ, 1, 2, {NULL}});
}

static int run_show(struct cli *c)
{
    return cli_talk(c, &(struct cli_request){CLI_READ, 0, 2, {"name"}});
}

const struct cli_cmd cli_cmd_stat_list = {
    .name = "stat list",
    .operands = "",
    .summary = "Show which groups of counters a device has",
    .examples = "airlock stat list --serial /dev/ttyACM0",
    .shared = cli_link_options,
    .run = run_list,
};

const struct cli_cmd cli_cmd_stat_show = {
    .name = "stat show",
    .operands = "GROUP",
    .summary = "Show a group of counters",
    .examples = "airlock stat show device --serial /dev/ttyACM0",
    .shared = cli_link_options,
    .min_operands = 1,
    .max_operands = 1,
    .run = run_show,
};
