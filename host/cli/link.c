/* SPDX-License-Identifier: Apache-2.0 */
/* link.c - from --serial, --udp or --ble to an open client. */
#include "host/cli/link.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sys/signalfd.h>

const struct cli_opt cli_link_options[] = {
    {"serial", 0, "DEV",
     "Reach the device over this serial port or pty; tcp:HOST:PORT or unix:PATH for the UART of an emulator.",
     false, false},
    {"baud", 0, "RATE", "Speed of the serial port; 115200 if not given.", false, false},
    {"udp", 0, "HOST", "Reach the device over UDP: HOST, HOST:PORT or [IPV6]:PORT; port 1337 if not given.",
     false, false},
    CLI_BLE_OPTIONS,
    {"console", 0, NULL, "Show the device's console text that comes beside SMP on a serial port.", false,
     false},
    {NULL, 0, NULL, NULL, false, false},
};

static void show_text(void *ctx, const char *p, size_t len)
{
    (void)ctx;
    fwrite(p, 1, len, stderr);
}

static int make_transport(struct alk_transport **t, const struct cli *c)
{
    const char *serial = cli_get(c, "serial"), *udp = cli_get(c, "udp");
    int links = (serial != NULL) + (udp != NULL) + cli_has(c, "ble");
    unsigned long baud = 115200;

    if (links != 1)
        return cli_fail(c, CLI_USAGE, NULL,
                        "like --serial /dev/ttyACM0, --udp 192.168.1.20 or --ble \"My Device\"",
                        links == 0 ? "which device?" : "two links, one device");
    if (cli_has(c, "ble"))
        return cli_ble_transport(t, c);
    if (!cli_number(c, "baud", &baud))
        return CLI_USAGE;
    if (baud == 0 || baud > 100000000)
        return cli_fail(c, CLI_USAGE, "--baud", "like 115200", "no such speed");
    *t = serial != NULL ? alk_transport_serial(serial, (uint32_t)baud) : alk_transport_udp(udp);
    if (*t == NULL)
        return cli_fail(c, CLI_USAGE, serial != NULL ? serial : udp, "see --help", "no such form of address");
    if (cli_has(c, "console") && !cli_json(c))
        (*t)->text = show_text;
    return CLI_YES;
}

int cli_stop_fd(void)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    if (sigprocmask(SIG_BLOCK, &set, NULL) != 0)
        return -1;
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

int cli_link_open(struct cli_link *l, const struct cli *c)
{
    struct alk_transport *t = NULL;
    int status = make_transport(&t, c);

    *l = (struct cli_link){.c = c, .stop_fd = -1};
    if (status != CLI_YES)
        return status;
    l->client = alk_client_new(t);
    if (l->client == NULL)
        return cli_fail(c, CLI_IO, NULL, NULL, "no memory");
    if (alk_client_open(l->client) != ALK_OK) {
        status = cli_fail(c, CLI_IO, NULL, "is it plugged in, may you open it, does another program hold it?",
                          "%s", t->error);
        cli_link_close(l);
        return status;
    }
    l->stop_fd = cli_stop_fd();
    alk_client_set_stop_fd(l->client, l->stop_fd);
    return CLI_YES;
}

void cli_link_close(struct cli_link *l)
{
    alk_client_free(l->client);
    if (l->stop_fd >= 0)
        close(l->stop_fd);
    l->client = NULL;
}

int cli_link_status(int result)
{
    switch (result) {
    case ALK_OK:
        return CLI_YES;
    case ALK_E_POLICY:
    case ALK_E_SUPPORT:
    case ALK_E_AUTH:
    case ALK_E_MEMORY:
        return CLI_NO;
    case ALK_E_BUG:
        return CLI_BUG;
    default:
        return CLI_IO;
    }
}

int cli_link_refused(const struct cli_link *l, const struct alk_smp_reply *r)
{
    const struct alk_transport *t = alk_client_transport(l->client);
    struct alk_smp_words w = alk_smp_words(r);
    int status = cli_link_status(r->result);

    if (r->rc != 0)
        return cli_fail(l->c, status, t->name, w.way_out, "%s (%s %u)", w.why, w.name, (unsigned)r->rc);
    if (t->error[0] != '\0' && status == CLI_IO)
        return cli_fail(l->c, status, t->name, w.way_out, "%s: %s", w.why, t->error);
    return cli_fail(l->c, status, t->name, w.way_out, "%s", w.why);
}
