/* SPDX-License-Identifier: Apache-2.0 */
/* link_ble.c - the Bluetooth options, and who answers while pairing. */
#include "host/cli/link.h"

#include "airlock/ble.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void say(void *ctx, const char *line)
{
    cli_say(ctx, "%s", line);
}

static bool read_passkey(int32_t *passkey, const struct cli *c)
{
    const char *text = cli_get(c, "passkey");

    *passkey = -1;
    if (text == NULL)
        return true;
    if (*text == '\0' || strlen(text) > 6 || strspn(text, "0123456789") != strlen(text)) {
        cli_fail(c, CLI_USAGE, "--passkey", "like 123456", "not a number of at most six digits");
        return false;
    }
    *passkey = (int32_t)strtol(text, NULL, 10);
    return true;
}

int cli_ble_transport(struct alk_transport **t, const struct cli *c)
{
    struct alk_ble_options o = {
        .device = cli_get(c, "ble"),
        .adapter = cli_get(c, "adapter"),
        .yes = cli_has(c, "yes"),
        .no_pair = cli_has(c, "no-pair"),
        .ask_fd = isatty(STDIN_FILENO) ? STDIN_FILENO : -1,
        .say = say,
        .ctx = (void *)(uintptr_t)c,
    };

    if (!read_passkey(&o.passkey, c))
        return CLI_USAGE;
    *t = alk_transport_ble(&o);
    if (*t != NULL)
        return CLI_YES;
    if (errno == ENOSYS)
        return cli_fail(c, CLI_USAGE, "--ble", "install libsystemd-dev and build again",
                        "this airlock was built without Bluetooth");
    return cli_fail(c, errno == ENOMEM ? CLI_IO : CLI_USAGE, "--ble", "a name, or like 00:11:22:33:44:55",
                    errno == ENOMEM ? "no memory" : "no name or address");
}
