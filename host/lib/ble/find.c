/* SPDX-License-Identifier: Apache-2.0 */
/* find.c - which adapter, which device; scanning for it. */
#include "host/lib/ble/ble.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* "/org/bluez/hci0/dev_00_11_22_33_44_55" ends in this address? */
static bool path_has_address(const char *path, const char *address)
{
    const char *tail = strrchr(path, '/');
    size_t len = strlen(address);

    if (tail == NULL || strncmp(tail, "/dev_", 5) != 0 || strlen(tail + 5) != len)
        return false;
    for (size_t i = 0; i < len; i++)
        if (strncasecmp(tail + 5 + i, address[i] == ':' ? "_" : address + i, 1) != 0)
            return false;
    return true;
}

/* After a loss: the same again; one without a bond may come back under another address (B3). */
static bool is_wanted(const struct ble *b, const char *path, const struct ble_props *p)
{
    if (b->was_up && (b->bonded || strcmp(path, b->device) == 0))
        return strcmp(path, b->device) == 0;
    return (p->name != NULL && strcmp(p->name, b->wanted) == 0) ||
           (p->alias != NULL && strcmp(p->alias, b->wanted) == 0) || path_has_address(path, b->wanted);
}

static void take_adapter(struct ble *b, const char *path, const struct ble_props *p)
{
    const char *name = strrchr(path, '/') + 1;
    bool fits = b->wanted_adapter[0] == '\0' ? b->adapter[0] == '\0' || (!b->powered && p->powered == 1)
                                             : strcmp(name, b->wanted_adapter) == 0;

    if (!fits)
        return;
    snprintf(b->adapter, sizeof b->adapter, "%s", path);
    b->powered = p->powered == 1;
}

static void first_pass(void *ctx, const char *path, const char *interface, const struct ble_props *p)
{
    struct ble *b = ctx;

    if (strcmp(interface, I_ADAPTER) == 0)
        take_adapter(b, path, p);
}

/* Bonded, linked or just heard: no need to scan. */
static void second_pass(void *ctx, const char *path, const char *interface, const struct ble_props *p)
{
    struct ble *b = ctx;
    bool near = p->paired == 1 || p->connected == 1 || p->has_rssi;

    if (strcmp(interface, I_DEVICE) != 0 || !ble_is_device(path, b->adapter) || b->sure)
        return;
    if (!is_wanted(b, path, p))
        return;
    snprintf(b->device, sizeof b->device, "%s", path);
    b->sure = near;
    b->paired = p->paired == 1;
    b->ours = b->ours || p->connected != 1;
}

/* ---- scanning ---- */

static int scan_ended(sd_bus_message *m, void *ctx, sd_bus_error *e)
{
    (void)m;
    (void)e;
    ble_connect(ctx); /* whatever became of it: others may go on scanning */
    return 0;
}

/* While scanning: something was heard, or more is known of it. */
void ble_seen(void *ctx, const char *path, const char *interface, const struct ble_props *p)
{
    struct ble *b = ctx;
    bool known = strcmp(path, b->device) == 0 && p->has_rssi;

    if (b->step != BLE_SCAN || strcmp(interface, I_DEVICE) != 0 || !ble_is_device(path, b->adapter))
        return;
    if (!known && !is_wanted(b, path, p))
        return;
    snprintf(b->device, sizeof b->device, "%s", path);
    b->step = BLE_QUIET;
    b->ours = true;
    ble_call(b, scan_ended, b->adapter, I_ADAPTER, "StopDiscovery");
}

int ble_on_added(sd_bus_message *m, void *ctx, sd_bus_error *e)
{
    (void)e;
    ble_added_read(m, ble_seen, ctx);
    return 0;
}

static int scan_begun(sd_bus_message *m, void *ctx, sd_bus_error *e)
{
    const sd_bus_error *error = sd_bus_message_get_error(m);

    (void)e;
    if (error != NULL && !sd_bus_error_has_name(error, "org.bluez.Error.InProgress"))
        ble_retry(ctx, "scan", ble_words(error));
    return 0;
}

static int filter_set(sd_bus_message *m, void *ctx, sd_bus_error *e)
{
    struct ble *b = ctx;

    (void)m;
    (void)e;
    ble_call(b, scan_begun, b->adapter, I_ADAPTER, "StartDiscovery");
    return 0;
}

static void scan(struct ble *b)
{
    int rc;

    b->step = BLE_SCAN;
    if (!b->again)
        ble_say(b, "looking for %s", b->wanted);
    b->call = sd_bus_slot_unref(b->call);
    rc = ble_set_filter(&b->call, b->bus, b->adapter, filter_set, b);
    if (rc < 0)
        ble_break(b, "scan", strerror(-rc));
}

static void no_adapter(struct ble *b)
{
    if (b->adapter[0] == '\0')
        ble_break(b, b->wanted_adapter[0] != '\0' ? b->wanted_adapter : "Bluetooth", "no such adapter");
    else
        ble_break(b, strrchr(b->adapter, '/') + 1, "the adapter is off (bluetoothctl power on)");
}

static int looked(sd_bus_message *m, void *ctx, sd_bus_error *e)
{
    struct ble *b = ctx;

    (void)e;
    if (sd_bus_message_is_method_error(m, NULL)) {
        ble_break(b, "Bluetooth", ble_words(sd_bus_message_get_error(m)));
        return 0;
    }
    b->adapter[0] = '\0';
    b->sure = b->powered = false;
    ble_objects_read(m, first_pass, b);
    sd_bus_message_rewind(m, true);
    if (b->powered)
        ble_objects_read(m, second_pass, b);
    if (!b->powered)
        no_adapter(b);
    else if (b->sure)
        ble_connect(b);
    else
        scan(b);
    return 0;
}

void ble_look(struct ble *b)
{
    b->step = BLE_LOOK;
    ble_call(b, looked, "/", I_OBJECTS, "GetManagedObjects");
}
