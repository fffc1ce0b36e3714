/* SPDX-License-Identifier: Apache-2.0 */
#include "host/cli/link.h"

#include "host/cli/commands.h"

#include <stdio.h>
#include <string.h>

#include <jansson.h>

static int show(const struct cli *c, const char *said, const char *heard)
{
    json_t *o;

    if (strcmp(said, heard) != 0)
        return cli_fail(c, CLI_NO, NULL, NULL, "said \"%s\", heard \"%s\"", said, heard);
    if (!cli_json(c)) {
        puts(heard);
        return CLI_YES;
    }
    o = json_pack("{s:s}", "echo", heard);
    json_dumpf(o, stdout, JSON_COMPACT);
    putchar('\n');
    json_decref(o);
    return CLI_YES;
}

static int run(struct cli *c)
{
    const char *text = cli_operands(c) == 0 ? "airlock" : cli_operand(c, 0);
    char heard[512];
    struct alk_smp_reply r = {0};
    struct cli_link l;
    int status = cli_link_open(&l, c);

    if (status != CLI_YES)
        return status;
    if (alk_device_echo(heard, sizeof heard, l.client, text, &r) != ALK_OK)
        status = cli_link_refused(&l, &r);
    else
        status = show(c, text, heard);
    cli_link_close(&l);
    return status;
}

const struct cli_cmd cli_cmd_echo = {
    .name = "echo",
    .operands = "[TEXT]",
    .summary = "Ask a device to say something back: is it there?",
    .examples = "airlock echo --serial /dev/ttyACM0\nairlock echo hello --udp 192.168.1.20",
    .shared = cli_link_options,
    .max_operands = 1,
    .run = run,
};
