/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_settings.c - a device's settings: a request a row. */
#include "host/cli/commands.h"
#include "host/cli/talk.h"

static int run_get(struct cli *c)
{
    return cli_talk(c, &(struct cli_request){CLI_READ, 0, 3, {"name"}});
}

static int run_set(struct cli *c)
{
    return cli_talk(c, &(struct cli_request){CLI_WRITE, 0, 3, {"name", "=val"}});
}

static int run_delete(struct cli *c)
{
    return cli_talk(c, &(struct cli_request){CLI_WRITE, 1, 3, {"name"}});
}

static int run_erase(struct cli *c)
{
    return cli_talk(c, &(struct cli_request){CLI_WRITE, 0, 63, {NULL}});
}

const struct cli_cmd cli_cmd_settings_get = {
    .name = "settings get",
    .operands = "NAME",
    .summary = "Show a setting of a device",
    .examples = "airlock settings get net/name --udp 192.168.1.20",
    .shared = cli_link_options,
    .min_operands = 1,
    .max_operands = 1,
    .run = run_get,
};

const struct cli_cmd cli_cmd_settings_set = {
    .name = "settings set",
    .operands = "NAME VALUE",
    .summary = "Write a setting; it is kept at once",
    .examples = "airlock settings set net/name pump7 --serial /dev/ttyACM0",
    .shared = cli_link_options,
    .min_operands = 2,
    .max_operands = 2,
    .run = run_set,
};

const struct cli_cmd cli_cmd_settings_delete = {
    .name = "settings delete",
    .operands = "NAME",
    .summary = "Delete a setting",
    .examples = "airlock settings delete net/name --serial /dev/ttyACM0",
    .shared = cli_link_options,
    .min_operands = 1,
    .max_operands = 1,
    .run = run_delete,
};

const struct cli_cmd cli_cmd_settings_erase = {
    .name = "settings erase",
    .operands = "",
    .summary = "Erase all settings, and what else the device stores",
    .examples = "airlock settings erase --serial /dev/ttyACM0",
    .shared = cli_link_options,
    .run = run_erase,
};
