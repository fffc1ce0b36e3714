/* SPDX-License-Identifier: Apache-2.0 */
/* scan.c - who is there? */
#include "host/lib/ble/ble.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <poll.h>

#include "airlock/client.h"

enum { MOST = 256 };

struct known {
    char path[BLE_PATH];
    bool heard;
    struct alk_ble_seen seen;
};

struct scan {
    struct alk_ble_scan *o;
    sd_bus *bus;
    sd_bus_slot *call;
    char adapter[BLE_PATH];
    bool powered, failed;
    size_t count;
    struct known known[MOST];
};

static void fail(struct scan *s, const char *what, const char *why)
{
    snprintf(s->o->error, sizeof s->o->error, "%s: %s", what, why);
    s->failed = true;
}

static struct known *known(struct scan *s, const char *path)
{
    for (size_t i = 0; i < s->count; i++)
        if (strcmp(s->known[i].path, path) == 0)
            return &s->known[i];
    if (s->count == MOST)
        return NULL;
    snprintf(s->known[s->count].path, sizeof s->known[0].path, "%s", path);
    return &s->known[s->count++];
}

static void learn(struct known *k, const struct ble_props *p)
{
    const char *tail = strrchr(k->path, '/') + 5;

    for (size_t i = 0; i < 17 && tail[i] != '\0'; i++)
        k->seen.address[i] = tail[i] == '_' ? ':' : tail[i];
    if (p->name != NULL)
        snprintf(k->seen.name, sizeof k->seen.name, "%s", p->name);
    if (p->has_rssi)
        k->seen.rssi = p->rssi;
    k->seen.smp = k->seen.smp || p->smp;
    k->seen.paired = p->paired < 0 ? k->seen.paired : p->paired == 1;
    k->seen.connected = p->connected < 0 ? k->seen.connected : p->connected == 1;
    k->heard = k->heard || p->has_rssi || k->seen.connected;
}

static void object(void *ctx, const char *path, const char *interface, const struct ble_props *p)
{
    struct scan *s = ctx;
    const char *wanted = s->o->adapter;
    struct known *k;

    if (strcmp(interface, I_ADAPTER) == 0 &&
        (wanted == NULL || strcmp(strrchr(path, '/') + 1, wanted) == 0) &&
        (s->adapter[0] == '\0' || (!s->powered && p->powered == 1))) {
        snprintf(s->adapter, sizeof s->adapter, "%s", path);
        s->powered = p->powered == 1;
    }
    if (strcmp(interface, I_DEVICE) != 0 || !ble_is_device(path, s->adapter) || (k = known(s, path)) == NULL)
        return;
    learn(k, p);
    if (k->heard)
        s->o->seen(s->o->ctx, &k->seen);
}

static int on_added(sd_bus_message *m, void *ctx, sd_bus_error *e)
{
    (void)e;
    ble_added_read(m, object, ctx);
    return 0;
}

static int on_changed(sd_bus_message *m, void *ctx, sd_bus_error *e)
{
    (void)e;
    ble_changed_read(m, object, ctx);
    return 0;
}

static int begun(sd_bus_message *m, void *ctx, sd_bus_error *e)
{
    (void)e;
    if (sd_bus_message_is_method_error(m, NULL))
        fail(ctx, "scan", ble_words(sd_bus_message_get_error(m)));
    return 0;
}

static int filter_set(sd_bus_message *m, void *ctx, sd_bus_error *e)
{
    struct scan *s = ctx;

    (void)m;
    (void)e;
    s->call = sd_bus_slot_unref(s->call);
    if (sd_bus_call_method_async(s->bus, &s->call, BLUEZ, s->adapter, I_ADAPTER, "StartDiscovery", begun, s,
                                 "") < 0)
        fail(s, "scan", "D-Bus does not take it");
    return 0;
}

static int looked(sd_bus_message *m, void *ctx, sd_bus_error *e)
{
    struct scan *s = ctx;

    (void)e;
    if (sd_bus_message_is_method_error(m, NULL)) {
        fail(s, "Bluetooth", ble_words(sd_bus_message_get_error(m)));
        return 0;
    }
    ble_objects_read(m, object, s); /* the adapter, wherever it stands */
    sd_bus_message_rewind(m, true);
    ble_objects_read(m, object, s);
    if (s->adapter[0] == '\0')
        fail(s, s->o->adapter != NULL ? s->o->adapter : "Bluetooth", "no such adapter");
    else if (!s->powered)
        fail(s, strrchr(s->adapter, '/') + 1, "the adapter is off (bluetoothctl power on)");
    else if (ble_set_filter(&s->call, s->bus, s->adapter, filter_set, s) < 0)
        fail(s, "scan", "D-Bus does not take it");
    return 0;
}

static int wait_ms(sd_bus *bus, uint64_t until_ms)
{
    uint64_t now = alk_loop_now_ms(), due = until_ms, us;

    if (sd_bus_get_timeout(bus, &us) >= 0 && us != UINT64_MAX && us / 1000 + 1 < due)
        due = us / 1000 + 1;
    return due <= now ? 0 : (int)(due - now);
}

static void listen_until(struct scan *s, uint64_t until_ms)
{
    struct pollfd p[2] = {{.fd = -1}, {.fd = s->o->stop_fd, .events = POLLIN}};

    while (!s->failed && alk_loop_now_ms() < until_ms) {
        int rc = sd_bus_process(s->bus, NULL);

        if (rc < 0)
            fail(s, "D-Bus", strerror(-rc));
        if (rc != 0)
            continue;
        p[0].fd = sd_bus_get_fd(s->bus);
        p[0].events = (short)sd_bus_get_events(s->bus);
        if (poll(p, 2, wait_ms(s->bus, until_ms)) > 0 && (p[1].revents & POLLIN) != 0)
            return;
    }
}

static int begin(struct scan *s)
{
    int rc = sd_bus_open_system(&s->bus);

    if (rc >= 0)
        rc = ble_listen(s->bus, on_added, on_changed, s);
    if (rc >= 0)
        rc = sd_bus_call_method_async(s->bus, &s->call, BLUEZ, "/", I_OBJECTS, "GetManagedObjects", looked, s,
                                      "");
    if (rc < 0)
        fail(s, "D-Bus", rc == -2 ? "no system bus here (is dbus installed and running?)" : strerror(-rc));
    return rc;
}

int alk_ble_scan(struct alk_ble_scan *o)
{
    struct scan *s = calloc(1, sizeof *s);
    int rc;

    if (s == NULL)
        return ALK_E_MEMORY;
    s->o = o;
    o->error[0] = '\0';
    if (begin(s) >= 0)
        listen_until(s, alk_loop_now_ms() + o->ms);
    sd_bus_slot_unref(s->call);
    sd_bus_flush_close_unref(s->bus);
    rc = s->failed ? ALK_E_IO : ALK_OK;
    free(s);
    return rc;
}
