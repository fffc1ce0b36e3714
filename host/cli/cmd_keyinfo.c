/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "host/cli/commands.h"
#include "host/cli/inspect.h"

static const struct cli_opt options[] = {
    {"require", 0, "private|public", "Say no unless it is that half.", false, false},
    {NULL, 0, NULL, NULL, false, false},
};

static int show(const struct cli *c, const struct alk_hostkey *key)
{
    const char *path = cli_operand(c, 0), *want = cli_get(c, "require");

    if (want != NULL && key->is_private != (strcmp(want, "private") == 0)) {
        return cli_fail(c, CLI_NO, path, NULL, "is a %s key", key->is_private ? "private" : "public");
    }
    if (cli_json(c)) {
        return cli_print_json(inspect_key_json(key));
    }
    printf("%s: ", path);
    inspect_key(key);
    return CLI_YES;
}

static int run(struct cli *c)
{
    return cli_show_key(c, show);
}

const struct cli_cmd cli_cmd_keyinfo = {
    .name = "keyinfo",
    .operands = "KEY",
    .summary = "Which kind of key, which half, its fingerprint, what it can do.",
    .examples = "airlock keyinfo sign.pem\nairlock keyinfo sign.pub.pem --require public",
    CLI_OPTIONS_AND_PASS(options),
    .min_operands = 1,
    .max_operands = 1,
    .run = run,
};
