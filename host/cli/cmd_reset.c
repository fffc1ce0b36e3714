/* SPDX-License-Identifier: Apache-2.0 */
#include "host/cli/link.h"

#include "host/cli/commands.h"

static const struct cli_opt options[] = {
    {"force", 0, NULL, "Reset also a device that says it is busy.", false, false},
    {"recovery", 0, NULL, "Stay in the bootloader, for an upload over its serial recovery.", false, false},
    {NULL, 0, NULL, NULL, false, false},
};

static int run(struct cli *c)
{
    struct alk_smp_reply r = {0};
    struct cli_link l;
    int status = cli_link_open(&l, c);

    if (status != CLI_YES)
        return status;
    if (alk_device_reset(l.client, cli_has(c, "force"), cli_has(c, "recovery") ? 1 : 0, &r) != ALK_OK)
        status = cli_link_refused(&l, &r);
    else if (r.silent)
        status = cli_fail(
            c, CLI_IO, NULL, "see `airlock echo`",
            "asked for a reset; there was no answer, it may have reset at once or not be there");
    else
        cli_say(c, "the device resets");
    cli_link_close(&l);
    return status;
}

const struct cli_cmd cli_cmd_reset = {
    .name = "reset",
    .operands = "",
    .summary = "Reset a device",
    .detail =
        "An image that `airlock image test` has asked for is tried at this reset; one that is on trial and\n"
        "not confirmed is taken back.",
    .examples = "airlock reset --serial /dev/ttyACM0",
    .options = options,
    .shared = cli_link_options,
    .run = run,
};
