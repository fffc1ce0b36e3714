/* SPDX-License-Identifier: Apache-2.0 */
/* main.c - airlock, the tool of people and of release machines. */
#include "host/cli/cli.h"

int main(int argc, char **argv)
{
    return cli_main(cli_cmds, argc, argv);
}
