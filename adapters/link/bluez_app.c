/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bluez_app.c - one service, one characteristic, one advertisement.
 *
 * Writes come as WriteValue, not through an acquired pipe: BlueZ 5.66 mixes
 * up the first writes of a client that sends several at once while it
 * acquires one.  Notifications leave through an acquired pipe.
 */
#include "adapters/link/bluez_state.h"

#include <stddef.h>
#include <string.h>
#include <unistd.h>

#define SERVICE_UUID "8d53dc1d-1db7-4cd3-868b-8a527460aa84"
#define CHAR_UUID    "da2e7828-fbce-4e01-ae9e-261174997c48"

/* The options of a call: a{sv} with device and mtu among others. */
static int read_options(const char **device, uint16_t *mtu, sd_bus_message *m)
{
    const char *key;
    int rc = sd_bus_message_enter_container(m, 'a', "{sv}");

    while (rc >= 0 && (rc = sd_bus_message_enter_container(m, 'e', "sv")) > 0) {
        rc = sd_bus_message_read(m, "s", &key);
        if (rc >= 0 && strcmp(key, "device") == 0)
            rc = sd_bus_message_read(m, "v", "o", device);
        else if (rc >= 0 && strcmp(key, "mtu") == 0)
            rc = sd_bus_message_read(m, "v", "q", mtu);
        else if (rc >= 0)
            rc = sd_bus_message_skip(m, "v");
        if (rc >= 0)
            rc = sd_bus_message_exit_container(m);
    }
    return rc;
}

static int write_value(sd_bus_message *m, void *ctx, sd_bus_error *e)
{
    const void *bytes;
    const char *device = "";
    uint16_t mtu;
    size_t len;
    int rc = sd_bus_message_read_array(m, 'y', &bytes, &len);

    (void)e;
    if (rc >= 0)
        rc = read_options(&device, &mtu, m);
    if (rc < 0)
        return rc;
    bluez_received(ctx, device, bytes, len);
    return sd_bus_reply_method_return(m, "");
}

static int acquire_notify(sd_bus_message *m, void *ctx, sd_bus_error *e)
{
    const char *device = "";
    uint16_t mtu = 23;
    int fd, rc = read_options(&device, &mtu, m);

    (void)e;
    if (rc < 0)
        return rc;
    fd = bluez_pipe(ctx, mtu);
    if (fd < 0)
        return fd;
    rc = sd_bus_reply_method_return(m, "hq", fd, mtu);
    close(fd);
    return rc;
}

static int released(sd_bus_message *m, void *ctx, sd_bus_error *e)
{
    struct alk_bluez *b = ctx;

    (void)e;
    b->advertised = false;
    return sd_bus_reply_method_return(m, "");
}

static const sd_bus_vtable service_rows[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_PROPERTY("UUID", "s", NULL, offsetof(struct alk_bluez, seen.service),
                    SD_BUS_VTABLE_PROPERTY_CONST),
    SD_BUS_PROPERTY("Primary", "b", NULL, offsetof(struct alk_bluez, seen.yes), SD_BUS_VTABLE_PROPERTY_CONST),
    SD_BUS_VTABLE_END,
};

static const sd_bus_vtable char_rows[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_PROPERTY("UUID", "s", NULL, offsetof(struct alk_bluez, seen.characteristic),
                    SD_BUS_VTABLE_PROPERTY_CONST),
    SD_BUS_PROPERTY("Service", "o", NULL, offsetof(struct alk_bluez, seen.path),
                    SD_BUS_VTABLE_PROPERTY_CONST),
    SD_BUS_PROPERTY("Flags", "as", NULL, offsetof(struct alk_bluez, seen.flags),
                    SD_BUS_VTABLE_PROPERTY_CONST),
    SD_BUS_PROPERTY("NotifyAcquired", "b", NULL, offsetof(struct alk_bluez, seen.acquired),
                    SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
    SD_BUS_METHOD("WriteValue", "aya{sv}", "", write_value, 0),
    SD_BUS_METHOD("AcquireNotify", "a{sv}", "hq", acquire_notify, 0),
    SD_BUS_VTABLE_END,
};

static const sd_bus_vtable advert_rows[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_METHOD("Release", "", "", released, 0),
    SD_BUS_PROPERTY("Type", "s", NULL, offsetof(struct alk_bluez, seen.type), SD_BUS_VTABLE_PROPERTY_CONST),
    SD_BUS_PROPERTY("ServiceUUIDs", "as", NULL, offsetof(struct alk_bluez, seen.services),
                    SD_BUS_VTABLE_PROPERTY_CONST),
    SD_BUS_PROPERTY("LocalName", "s", NULL, offsetof(struct alk_bluez, o.name), SD_BUS_VTABLE_PROPERTY_CONST),
    SD_BUS_PROPERTY("Discoverable", "b", NULL, offsetof(struct alk_bluez, seen.yes),
                    SD_BUS_VTABLE_PROPERTY_CONST),
    SD_BUS_VTABLE_END,
};

static const char *const *flags_for(enum alk_bluez_security s)
{
    static const char *const flags[][5] = {
        [ALK_BLUEZ_OPEN] = {"write-without-response", "notify"},
        [ALK_BLUEZ_ENCRYPTED] = {"write-without-response", "encrypt-write", "notify", "encrypt-notify"},
        [ALK_BLUEZ_AUTHENTICATED] = {"write-without-response", "encrypt-authenticated-write", "notify",
                                     "encrypt-authenticated-notify"},
    };

    return flags[s];
}

int bluez_app_add(struct alk_bluez *b)
{
    static const char *const services[] = {SERVICE_UUID, NULL};
    int rc = sd_bus_add_object_manager(b->bus, NULL, BLUEZ_APP);

    b->seen.service = SERVICE_UUID;
    b->seen.characteristic = CHAR_UUID;
    b->seen.path = BLUEZ_SERVICE;
    b->seen.type = "peripheral";
    b->seen.services = services;
    b->seen.flags = flags_for(b->o.security);
    b->seen.yes = 1;

    if (rc >= 0)
        rc = sd_bus_add_object_vtable(b->bus, NULL, BLUEZ_SERVICE, "org.bluez.GattService1", service_rows, b);
    if (rc >= 0)
        rc = sd_bus_add_object_vtable(b->bus, NULL, BLUEZ_CHAR, "org.bluez.GattCharacteristic1", char_rows,
                                      b);
    if (rc >= 0)
        rc = sd_bus_add_object_vtable(b->bus, NULL, BLUEZ_ADVERT, "org.bluez.LEAdvertisement1", advert_rows,
                                      b);
    return rc;
}

/* ---- telling BlueZ; it calls back before it answers, so nothing here waits ---- */

static const char *error_text(sd_bus_message *m)
{
    const sd_bus_error *e = sd_bus_message_get_error(m);

    return e->message != NULL ? e->message : e->name;
}

static int app_registered(sd_bus_message *m, void *ctx, sd_bus_error *e)
{
    (void)e;
    if (sd_bus_message_is_method_error(m, NULL))
        return bluez_fail(ctx, "GATT service", error_text(m));
    return bluez_advertise(ctx);
}

int bluez_app_register(struct alk_bluez *b)
{
    return sd_bus_call_method_async(b->bus, NULL, BLUEZ, b->adapter, "org.bluez.GattManager1",
                                    "RegisterApplication", app_registered, b, "oa{sv}", BLUEZ_APP, 0);
}

static int advertising(sd_bus_message *m, void *ctx, sd_bus_error *e)
{
    struct alk_bluez *b = ctx;
    bool first = b->rearm_at_us == 0;

    (void)e;
    if (sd_bus_message_is_method_error(m, NULL))
        return bluez_fail(b, "advertisement", error_text(m));
    b->advertised = true;
    b->rearm_at_us = bluez_now_us() + b->o.rearm_ms * 1000u;
    if (first)
        bluez_say(b, "advertising %s", b->o.name);
    return 0;
}

int bluez_advertise(struct alk_bluez *b)
{
    return sd_bus_call_method_async(b->bus, NULL, BLUEZ, b->adapter, "org.bluez.LEAdvertisingManager1",
                                    "RegisterAdvertisement", advertising, b, "oa{sv}", BLUEZ_ADVERT, 0);
}

static int advert_gone(sd_bus_message *m, void *ctx, sd_bus_error *e)
{
    (void)m;
    (void)e;
    return bluez_advertise(ctx);
}

void bluez_readvertise(struct alk_bluez *b)
{
    b->advertised = false;
    sd_bus_call_method_async(b->bus, NULL, BLUEZ, b->adapter, "org.bluez.LEAdvertisingManager1",
                             "UnregisterAdvertisement", advert_gone, b, "o", BLUEZ_ADVERT);
}
