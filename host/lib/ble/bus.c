/* SPDX-License-Identifier: Apache-2.0 */
/* bus.c - reading what BlueZ says of its objects. */
#include "host/lib/ble/ble.h"

#include <string.h>
#include <strings.h>

static int read_string(const char **out, sd_bus_message *m)
{
    return sd_bus_message_read(m, "v", "s", out);
}

static int read_bool(int *out, sd_bus_message *m)
{
    return sd_bus_message_read(m, "v", "b", out);
}

static int read_uuids(struct ble_props *p, sd_bus_message *m)
{
    const char *uuid;
    int rc = sd_bus_message_enter_container(m, 'v', "as");

    if (rc >= 0)
        rc = sd_bus_message_enter_container(m, 'a', "s");
    while (rc >= 0 && (rc = sd_bus_message_read(m, "s", &uuid)) > 0)
        p->smp = p->smp || strcasecmp(uuid, ALK_BLE_SERVICE) == 0;
    if (rc >= 0)
        rc = sd_bus_message_exit_container(m);
    return rc < 0 ? rc : sd_bus_message_exit_container(m);
}

static int read_value(struct ble_props *p, sd_bus_message *m)
{
    const void *bytes = NULL;
    int rc = sd_bus_message_enter_container(m, 'v', "ay");

    if (rc >= 0)
        rc = sd_bus_message_read_array(m, 'y', &bytes, &p->value_len);
    if (rc < 0)
        return rc;
    p->value = bytes;
    p->has_value = true;
    return sd_bus_message_exit_container(m);
}

static int read_rssi(struct ble_props *p, sd_bus_message *m)
{
    p->has_rssi = true;
    return sd_bus_message_read(m, "v", "n", &p->rssi);
}

static int read_one(struct ble_props *p, sd_bus_message *m, const char *key)
{
    const struct {
        const char *key;
        const char **text;
        int *flag;
        int (*other)(struct ble_props *, sd_bus_message *);
    } rows[] = {
        {"UUID", &p->uuid, NULL, NULL},       {"Address", &p->address, NULL, NULL},
        {"Name", &p->name, NULL, NULL},       {"Alias", &p->alias, NULL, NULL},
        {"Powered", NULL, &p->powered, NULL}, {"Connected", NULL, &p->connected, NULL},
        {"Paired", NULL, &p->paired, NULL},   {"ServicesResolved", NULL, &p->resolved, NULL},
        {"UUIDs", NULL, NULL, read_uuids},    {"Value", NULL, NULL, read_value},
        {"RSSI", NULL, NULL, read_rssi},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (strcmp(key, rows[i].key) != 0)
            continue;
        if (rows[i].text != NULL)
            return read_string(rows[i].text, m);
        return rows[i].flag != NULL ? read_bool(rows[i].flag, m) : rows[i].other(p, m);
    }
    return sd_bus_message_skip(m, "v");
}

int ble_props_read(struct ble_props *p, sd_bus_message *m)
{
    const char *key;
    int rc = sd_bus_message_enter_container(m, 'a', "{sv}");

    *p = (struct ble_props){.powered = -1, .connected = -1, .paired = -1, .bonded = -1, .resolved = -1};
    while (rc >= 0 && (rc = sd_bus_message_enter_container(m, 'e', "sv")) > 0) {
        rc = sd_bus_message_read(m, "s", &key);
        if (rc >= 0)
            rc = read_one(p, m, key);
        if (rc >= 0)
            rc = sd_bus_message_exit_container(m);
    }
    if (p->bonded == 1)
        p->paired = 1; /* a bond counts also while its link comes up */
    return rc < 0 ? rc : sd_bus_message_exit_container(m);
}

/* The interfaces of one object: a{sa{sv}}. */
static int read_interfaces(sd_bus_message *m, const char *path, ble_object_fn fn, void *ctx)
{
    const char *interface;
    struct ble_props p;
    int rc = sd_bus_message_enter_container(m, 'a', "{sa{sv}}");

    while (rc >= 0 && (rc = sd_bus_message_enter_container(m, 'e', "sa{sv}")) > 0) {
        rc = sd_bus_message_read(m, "s", &interface);
        if (rc >= 0)
            rc = ble_props_read(&p, m);
        if (rc >= 0) {
            fn(ctx, path, interface, &p);
            rc = sd_bus_message_exit_container(m);
        }
    }
    return rc < 0 ? rc : sd_bus_message_exit_container(m);
}

int ble_objects_read(sd_bus_message *m, ble_object_fn fn, void *ctx)
{
    const char *path;
    int rc = sd_bus_message_enter_container(m, 'a', "{oa{sa{sv}}}");

    while (rc >= 0 && (rc = sd_bus_message_enter_container(m, 'e', "oa{sa{sv}}")) > 0) {
        rc = sd_bus_message_read(m, "o", &path);
        if (rc >= 0)
            rc = read_interfaces(m, path, fn, ctx);
        if (rc >= 0)
            rc = sd_bus_message_exit_container(m);
    }
    return rc;
}

int ble_added_read(sd_bus_message *m, ble_object_fn fn, void *ctx)
{
    const char *path;
    int rc = sd_bus_message_read(m, "o", &path);

    return rc < 0 ? rc : read_interfaces(m, path, fn, ctx);
}

int ble_changed_read(sd_bus_message *m, ble_object_fn fn, void *ctx)
{
    const char *interface;
    struct ble_props p;
    int rc = sd_bus_message_read(m, "s", &interface);

    if (rc >= 0)
        rc = ble_props_read(&p, m);
    if (rc >= 0)
        fn(ctx, sd_bus_message_get_path(m), interface, &p);
    return rc;
}

bool ble_is_device(const char *path, const char *adapter)
{
    size_t len = strlen(adapter);

    return len > 0 && strncmp(path, adapter, len) == 0 && strncmp(path + len, "/dev_", 5) == 0 &&
           strchr(path + len + 1, '/') == NULL;
}

int ble_listen(sd_bus *bus, sd_bus_message_handler_t added, sd_bus_message_handler_t changed, void *ctx)
{
    int rc = sd_bus_match_signal_async(bus, NULL, BLUEZ, "/", I_OBJECTS, "InterfacesAdded", added, NULL, ctx);

    if (rc < 0)
        return rc;
    return sd_bus_match_signal_async(bus, NULL, BLUEZ, NULL, "org.freedesktop.DBus.Properties",
                                     "PropertiesChanged", changed, NULL, ctx);
}

int ble_set_filter(sd_bus_slot **slot, sd_bus *bus, const char *adapter, sd_bus_message_handler_t done,
                   void *ctx)
{
    return sd_bus_call_method_async(bus, slot, BLUEZ, adapter, I_ADAPTER, "SetDiscoveryFilter", done, ctx,
                                    "a{sv}", 1, "Transport", "s", "le");
}

const char *ble_words(const sd_bus_error *e)
{
    static const struct {
        const char *name, *words;
    } rows[] = {
        {SD_BUS_ERROR_SERVICE_UNKNOWN, "BlueZ does not run (systemctl start bluetooth)"},
        {SD_BUS_ERROR_ACCESS_DENIED, "D-Bus lets this user not talk to BlueZ (join the group bluetooth?)"},
        {"org.bluez.Error.NotReady", "the adapter is off (bluetoothctl power on)"},
        {"org.bluez.Error.AuthenticationFailed", "the device and we do not agree on a key"},
        {"org.bluez.Error.AuthenticationCanceled", "pairing was broken off"},
        {"org.bluez.Error.AuthenticationRejected", "pairing was refused"},
        {"org.bluez.Error.AuthenticationTimeout", "nobody answered in time"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (sd_bus_error_has_name(e, rows[i].name))
            return rows[i].words;
    return e->message != NULL && e->message[0] != '\0' ? e->message : e->name;
}
