/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_device.c - what a device tells about itself beyond `airlock info`: a request a row. */
#include "host/cli/commands.h"
#include "host/cli/talk.h"

static int run_groups(struct cli *c)
{
    return cli_talk(c, &(struct cli_request){CLI_READ, 3, 10, {NULL}});
}

static int run_capabilities(struct cli *c)
{
    return cli_talk(c, &(struct cli_request){CLI_READ, 0, 64, {NULL}});
}

static int run_journal(struct cli *c)
{
    return cli_talk(c, &(struct cli_request){CLI_READ, 1, 64, {NULL}});
}

static int run_hash(struct cli *c)
{
    return cli_talk(c, &(struct cli_request){CLI_READ, 2, 64, {"#slot"}});
}

static int run_keys(struct cli *c)
{
    return cli_talk(c, &(struct cli_request){CLI_READ, 3, 64, {NULL}});
}

static int run_erased(struct cli *c)
{
    return cli_talk(c, &(struct cli_request){CLI_READ, 4, 64, {"#slot"}});
}

static int run_tasks(struct cli *c)
{
    return cli_talk(c, &(struct cli_request){CLI_READ, 2, 0, {NULL}});
}

static int run_pools(struct cli *c)
{
    return cli_talk(c, &(struct cli_request){CLI_READ, 3, 0, {NULL}});
}

static int run_time(struct cli *c)
{
    return cli_talk(c, &(struct cli_request){CLI_READ, 4, 0, {NULL}});
}

static int run_settime(struct cli *c)
{
    return cli_talk(c, &(struct cli_request){CLI_WRITE, 4, 0, {"datetime"}});
}

const struct cli_cmd cli_cmd_device_groups = {
    .name = "device groups",
    .operands = "",
    .summary = "Show which groups of commands a device has",
    .examples = "airlock device groups --serial /dev/ttyACM0",
    .shared = cli_link_options,
    .run = run_groups,
};

const struct cli_cmd cli_cmd_device_capabilities = {
    .name = "device capabilities",
    .operands = "",
    .summary = "Show an airlock server's board, limits and open classes",
    .examples = "airlock device capabilities --serial /dev/ttyACM0",
    .shared = cli_link_options,
    .run = run_capabilities,
};

const struct cli_cmd cli_cmd_device_journal = {
    .name = "device journal",
    .operands = "",
    .summary = "Show the update journal, and why the last image was refused or taken back",
    .examples = "airlock device journal --serial /dev/ttyACM0",
    .shared = cli_link_options,
    .run = run_journal,
};

const struct cli_cmd cli_cmd_device_hash = {
    .name = "device hash",
    .operands = "[SLOT]",
    .summary = "Show the hash of a slot's image as flash holds it",
    .examples = "airlock device hash 1 --serial /dev/ttyACM0",
    .shared = cli_link_options,
    .max_operands = 1,
    .run = run_hash,
};

const struct cli_cmd cli_cmd_device_keys = {
    .name = "device keys",
    .operands = "",
    .summary = "Show fingerprints and policy of a device's keys",
    .examples = "airlock device keys --serial /dev/ttyACM0",
    .shared = cli_link_options,
    .run = run_keys,
};

const struct cli_cmd cli_cmd_device_erased = {
    .name = "device erased",
    .operands = "[SLOT]",
    .summary = "Show how much of a slot is erased",
    .examples = "airlock device erased 1 --serial /dev/ttyACM0",
    .shared = cli_link_options,
    .max_operands = 1,
    .run = run_erased,
};

const struct cli_cmd cli_cmd_device_tasks = {
    .name = "device tasks",
    .operands = "",
    .summary = "Show a device's tasks and their stacks",
    .examples = "airlock device tasks --serial /dev/ttyACM0",
    .shared = cli_link_options,
    .run = run_tasks,
};

const struct cli_cmd cli_cmd_device_pools = {
    .name = "device pools",
    .operands = "",
    .summary = "Show a device's memory pools",
    .examples = "airlock device pools --serial /dev/ttyACM0",
    .shared = cli_link_options,
    .run = run_pools,
};

const struct cli_cmd cli_cmd_device_time = {
    .name = "device time",
    .operands = "",
    .summary = "Show a device's clock",
    .examples = "airlock device time --serial /dev/ttyACM0",
    .shared = cli_link_options,
    .run = run_time,
};

const struct cli_cmd cli_cmd_device_settime = {
    .name = "device settime",
    .operands = "DATETIME",
    .summary = "Set a device's clock",
    .examples = "airlock device settime 2026-11-22T10:00:00 --serial /dev/ttyACM0",
    .shared = cli_link_options,
    .min_operands = 1,
    .max_operands = 1,
    .run = run_settime,
};
