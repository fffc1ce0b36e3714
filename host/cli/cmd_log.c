/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_log.c - a device's log: a request a row. */
#include "host/cli/commands.h"
#include "host/cli/talk.h"

static int run_show(struct cli *c)
{
    return cli_talk(c, &(struct cli_request){CLI_READ, 0, 4, {"#index"}});
}

static int run_clear(struct cli *c)
{
    return cli_talk(c, &(struct cli_request){CLI_WRITE, 1, 4, {NULL}});
}

const struct cli_cmd cli_cmd_log_show = {
    .name = "log show",
    .operands = "[INDEX]",
    .summary = "Show a device's log, from an index on, as much as fits an answer",
    .examples = "airlock log show 20 --serial /dev/ttyACM0",
    .shared = cli_link_options,
    .max_operands = 1,
    .run = run_show,
};

const struct cli_cmd cli_cmd_log_clear = {
    .name = "log clear",
    .operands = "",
    .summary = "Empty a device's log",
    .examples = "airlock log clear --serial /dev/ttyACM0",
    .shared = cli_link_options,
    .run = run_clear,
};
