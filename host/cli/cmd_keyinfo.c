/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "host/cli/commands.h"
#include "host/cli/inspect.h"

static const struct cli_opt options[] = {
    {"require", 0, "private|public", "Say no unless it is that half.", false, false},
    {NULL, 0, NULL, NULL, false, false},
};

static int run(struct cli *c)
{
    const char *path = cli_operand(c, 0), *want = cli_get(c, "require");
    struct alk_hostkey key;
    int status = cli_load_key(&key, c, path);

    if (status != CLI_YES) {
        return status;
    }
    if (want != NULL && key.is_private != (strcmp(want, "private") == 0)) {
        status = cli_fail(c, CLI_NO, path, NULL, "is a %s key", key.is_private ? "private" : "public");
    } else if (cli_json(c)) {
        cli_print_json(inspect_key_json(&key));
    } else {
        printf("%s: ", path);
        inspect_key(&key);
    }
    alk_key_free(&key);
    return status;
}

const struct cli_cmd cli_cmd_keyinfo = {
    .name = "keyinfo",
    .operands = "KEY",
    .summary = "Which kind of key, which half, its fingerprint, what it can do.",
    .examples = "airlock keyinfo sign.pem\nairlock keyinfo sign.pub.pem --require public",
    .options = options,
    .shared = cli_pass_options,
    .shared_title = CLI_PASS_TITLE,
    .min_operands = 1,
    .max_operands = 1,
    .run = run,
};
