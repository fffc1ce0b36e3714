/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_shell.c - run a command of the device's shell. */
#include "host/cli/commands.h"
#include "host/cli/talk.h"

#include <stdio.h>

static int show(const struct cli *c, const struct alk_smp_reply *r)
{
    struct alk_cbor_item out, ret;
    bool ran = alk_cbor_find(&ret, &r->map, "ret") != 1 || (ret.type == ALK_CBOR_UINT && ret.value == 0);

    if (cli_json(c))
        cli_print_map(c, &r->map);
    else if (alk_cbor_find(&out, &r->map, "o") == 1 && out.type == ALK_CBOR_TEXT)
        fwrite(out.data, 1, out.len, stdout);
    return ran ? CLI_YES : CLI_NO;
}

static int run(struct cli *c)
{
    uint8_t buf[ALK_CLI_ARGS];
    struct alk_cbor_out args = {buf, buf + sizeof buf, false};
    struct alk_smp_reply r = {0};
    struct cli_link l;
    int status = cli_link_open(&l, c);

    if (status != CLI_YES)
        return status;
    alk_cbor_open_map(&args);
    alk_cbor_put_text(&args, "argv");
    alk_cbor_open_array(&args);
    for (size_t i = 0; i < cli_operands(c); i++)
        alk_cbor_put_text(&args, cli_operand(c, i));
    alk_cbor_close(&args);
    status = cli_ask(&r, &l, &(struct cli_request){CLI_WRITE, 0, 9, {NULL}}, &args);
    if (status == CLI_YES)
        status = show(c, &r);
    cli_link_close(&l);
    return status;
}

const struct cli_cmd cli_cmd_shell = {
    .name = "shell",
    .operands = "WORD...",
    .summary = "Run a command of a device's shell and print what it says",
    .detail = "Exit status 1: the command failed, or the device does not open its shell on this link.",
    .examples = "airlock shell help --serial /dev/ttyACM0",
    .shared = cli_link_options,
    .min_operands = 1,
    .max_operands = -1,
    .run = run,
};
