/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_scan.c - which devices can be heard over Bluetooth. */
#include "host/cli/link.h"

#include "airlock/ble.h"
#include "host/cli/commands.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

enum { MOST = 256 };

struct list {
    const char *name; /* only devices whose name contains it; NULL: any */
    bool all;         /* also without the SMP service */
    size_t count;
    struct alk_ble_seen seen[MOST];
};

static void seen(void *ctx, const struct alk_ble_seen *s)
{
    struct list *l = ctx;
    size_t i = 0;

    while (i < l->count && strcmp(l->seen[i].address, s->address) != 0)
        i++;
    if (i == MOST)
        return;
    l->count += i == l->count;
    l->seen[i] = *s;
}

static bool shown(const struct list *l, const struct alk_ble_seen *s)
{
    if (l->name != NULL)
        return strstr(s->name, l->name) != NULL;
    return l->all || s->smp;
}

/* Strongest first; who tells no strength, last. */
static int by_strength(const void *a, const void *b)
{
    const struct alk_ble_seen *x = a, *y = b;
    int dx = x->rssi == 0 ? -1000 : x->rssi, dy = y->rssi == 0 ? -1000 : y->rssi;

    return dx != dy ? dy - dx : strcmp(x->address, y->address);
}

static void print_json(const struct alk_ble_seen *s)
{
    json_t *o = json_pack("{s:s, s:s, s:b, s:b, s:b}", "address", s->address, "name", s->name, "smp",
                          (int)s->smp, "paired", (int)s->paired, "connected", (int)s->connected);

    if (s->rssi != 0)
        json_object_set_new(o, "rssi", json_integer(s->rssi));
    json_dumpf(o, stdout, JSON_COMPACT);
    putchar('\n');
    json_decref(o);
}

static void print_line(const struct alk_ble_seen *s)
{
    char rssi[16] = "-";

    if (s->rssi != 0)
        snprintf(rssi, sizeof rssi, "%d", s->rssi);
    printf("%-17s  %4s  %-3s  %s%s%s\n", s->address, rssi, s->smp ? "yes" : "-",
           s->name[0] != '\0' ? s->name : "-", s->paired ? "  (paired)" : "",
           s->connected ? "  (connected)" : "");
}

static int show(struct list *l, const struct cli *c)
{
    size_t shows = 0;

    qsort(l->seen, l->count, sizeof l->seen[0], by_strength);
    for (size_t i = 0; i < l->count; i++) {
        if (!shown(l, &l->seen[i]))
            continue;
        if (shows++ == 0 && !cli_json(c))
            puts("address            rssi  SMP  name");
        if (cli_json(c))
            print_json(&l->seen[i]);
        else
            print_line(&l->seen[i]);
    }
    if (shows > 0)
        return CLI_YES;
    cli_say(c, "no device%s heard; %zu without", l->name != NULL ? " of that name" : " with an SMP service",
            l->count);
    return CLI_NO;
}

static int run(struct cli *c)
{
    struct list l = {.name = cli_get(c, "name"), .all = cli_has(c, "all")};
    struct alk_ble_scan s = {.adapter = cli_get(c, "adapter"), .seen = seen, .ctx = &l};
    unsigned long seconds = 8;
    int rc;

    if (!cli_number(c, "seconds", &seconds))
        return CLI_USAGE;
    if (seconds == 0 || seconds > 3600)
        return cli_fail(c, CLI_USAGE, "--seconds", "1 to 3600", "no such time");
    s.ms = (uint32_t)seconds * 1000u;
    s.stop_fd = cli_stop_fd();
    rc = alk_ble_scan(&s);
    if (s.stop_fd >= 0)
        close(s.stop_fd);
    if (rc == ALK_E_SUPPORT)
        return cli_fail(c, CLI_USAGE, NULL, "install libsystemd-dev and build again", "%s", s.error);
    return rc == ALK_OK ? show(&l, c) : cli_fail(c, CLI_IO, NULL, NULL, "%s", s.error);
}

static const struct cli_opt options[] = {
    {"seconds", 's', "N", "How long to listen; 8 if not given.", false, false},
    {"name", 'n', "TEXT", "Show devices whose name contains this, with an SMP service or without.", false,
     false},
    {"all", 'a', NULL, "Show all devices, also those that do not advertise the SMP service.", false, false},
    {"adapter", 0, "HCI", "Bluetooth adapter, like hci1; if not given, the first that is on.", false, false},
    {NULL, 0, NULL, NULL, false, false},
};

const struct cli_cmd cli_cmd_scan = {
    .name = "scan",
    .operands = "",
    .summary = "List the devices that can be heard over Bluetooth",
    .detail = "Shows address, signal strength in dBm, whether the SMP service is advertised, and the name;\n"
              "strongest first.  With --json one object a line.  The exit status is 1 if there is none.",
    .examples = "airlock scan\nairlock scan --name Thingy --seconds 3 --json",
    .options = options,
    .run = run,
};
