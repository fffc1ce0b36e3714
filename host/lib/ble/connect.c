/* SPDX-License-Identifier: Apache-2.0 */
/* connect.c - from a device in reach to a subscribed characteristic. */
#include "host/lib/ble/ble.h"

#include "airlock/client.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { ATT_HEADER = 3, PIECE_MAX = 510, PIECE_MIN = 20, HANGING_UP_MS = 3000, AFTER_MS = 300 };

static const sd_bus_error *error_of(sd_bus_message *m)
{
    return sd_bus_message_is_method_error(m, NULL) ? sd_bus_message_get_error(m) : NULL;
}

/* Refused for want of a key, or of a better one: another try changes nothing. */
static bool is_refusal(const sd_bus_error *e)
{
    static const char *const signs[] = {"0x05", "0x08", "0x0c", "0x0e", "0x0f"};
    const char *text = e->message == NULL ? "" : e->message;

    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
        if (strstr(text, "ATT error") != NULL && strstr(text, signs[i]) != NULL)
            return true;
    return sd_bus_error_has_name(e, "org.bluez.Error.NotAuthorized");
}

static void refused(struct ble *b)
{
    ble_refuse(b, b->wanted,
               b->paired ? "the device wants a better pairing than the one there is: with a passkey or a "
                           "comparison; forget it (bluetoothctl remove ADDRESS) and pair again"
                         : "the device speaks only to those it is paired with");
}

/* Some devices do not say no, they hang up; and a device that resets hangs up too. */
static void hung_up(struct ble *b)
{
    b->hangups += b->step == BLE_SUBSCRIBE;
    if (b->hangups > (b->paired ? 2u : 1u))
        refused(b);
    else
        ble_retry(b, b->wanted, "the link was lost");
}

/* ---- the last steps ---- */

static int acquired(sd_bus_message *m, void *ctx, sd_bus_error *e)
{
    struct ble *b = ctx;
    uint16_t mtu;
    int fd, rc;

    (void)e;
    if (error_of(m) != NULL) {
        ble_retry(b, "write", ble_words(error_of(m)));
        return 0;
    }
    rc = sd_bus_message_read(m, "hq", &fd, &mtu);
    b->fd = rc < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, 3);
    if (b->fd < 0) {
        ble_break(b, "write", strerror(rc < 0 ? -rc : errno));
        return 0;
    }
    b->piece = mtu < PIECE_MIN + ATT_HEADER ? PIECE_MIN : (size_t)mtu - ATT_HEADER;
    b->piece = b->piece > PIECE_MAX ? PIECE_MAX : b->piece;
    b->base.fallback = b->piece;
    b->base.error[0] = '\0';
    b->was_up = true;
    b->bonded = b->paired;
    b->step = BLE_UP;
    return 0;
}

static int subscribed(sd_bus_message *m, void *ctx, sd_bus_error *e)
{
    struct ble *b = ctx;
    const sd_bus_error *error = error_of(m);

    (void)e;
    if (error != NULL && is_refusal(error)) {
        refused(b);
    } else if (error != NULL) {
        ble_retry(b, "subscribe", ble_words(error));
        if (sd_bus_error_has_name(error, "org.bluez.Error.NotConnected"))
            b->pause_ms += HANGING_UP_MS; /* the end of somebody's link; changed() sees it */
    } else {
        b->step = BLE_ACQUIRE;
        ble_call(b, acquired, b->chr, I_CHAR, "AcquireWrite");
    }
    return 0;
}

static void find_one(void *ctx, const char *path, const char *interface, const struct ble_props *p)
{
    struct ble *b = ctx;
    size_t len = strlen(b->device);

    if (strcmp(interface, I_CHAR) == 0 && strncmp(path, b->device, len) == 0 && path[len] == '/' &&
        p->uuid != NULL && strcasecmp(p->uuid, ALK_BLE_CHARACTERISTIC) == 0)
        snprintf(b->chr, sizeof b->chr, "%s", path);
}

static int found(sd_bus_message *m, void *ctx, sd_bus_error *e)
{
    struct ble *b = ctx;

    (void)e;
    b->chr[0] = '\0';
    if (error_of(m) == NULL)
        ble_objects_read(m, find_one, b);
    if (b->chr[0] == '\0') {
        ble_retry(b, b->wanted, "the device has no SMP service");
        return 0;
    }
    b->step = BLE_SUBSCRIBE;
    ble_call(b, subscribed, b->chr, I_CHAR, "StartNotify");
    return 0;
}

static void find(struct ble *b)
{
    b->step = BLE_FIND;
    ble_call(b, found, "/", I_OBJECTS, "GetManagedObjects");
}

/* ---- pairing ---- */

/* A device that cannot pair asks nothing and may still be open to all. */
static int paired(sd_bus_message *m, void *ctx, sd_bus_error *e)
{
    struct ble *b = ctx;
    const sd_bus_error *error = error_of(m);

    (void)e;
    ble_agent_forget(b);
    if (error == NULL || b->paired || sd_bus_error_has_name(error, "org.bluez.Error.AlreadyExists")) {
        b->paired = true;
        find(b);
    } else if (b->asked) {
        ble_refuse(b, "pairing", ble_words(error));
    } else {
        ble_say(b, "it does not pair; trying without");
        b->alone = true;
        if (b->connected)
            find(b);
        else
            ble_retry(b, "pairing", ble_words(error));
    }
    return 0;
}

static void pair(struct ble *b)
{
    if (b->paired || b->o.no_pair || b->alone) {
        find(b);
        return;
    }
    b->step = BLE_PAIR;
    ble_say(b, "pairing");
    ble_tell(b, "/org/bluez", "org.bluez.AgentManager1", "RegisterAgent");
    ble_call(b, paired, b->device, I_DEVICE, "Pair");
}

/* ---- the link ---- */

static void state(void *ctx, const char *path, const char *interface, const struct ble_props *p)
{
    struct ble *b = ctx;

    if (strcmp(interface, I_DEVICE) == 0 && strcmp(path, b->device) == 0) {
        b->connected = p->connected == 1;
        b->resolved = p->resolved == 1;
        b->paired = p->paired == 1;
    }
}

/* Asked afresh before each pairing: to pair with who is bonded already makes BlueZ forget the bond. */
static int asked_state(sd_bus_message *m, void *ctx, sd_bus_error *e)
{
    struct ble *b = ctx;

    (void)e;
    if (error_of(m) == NULL)
        ble_objects_read(m, state, b);
    if (b->resolved)
        pair(b);
    return 0;
}

static void ask_state(struct ble *b)
{
    ble_call(b, asked_state, "/", I_OBJECTS, "GetManagedObjects");
}

static void changed(void *ctx, const char *path, const char *interface, const struct ble_props *p)
{
    struct ble *b = ctx;

    if (strcmp(interface, I_CHAR) == 0) {
        if (p->has_value && b->step >= BLE_SUBSCRIBE && strcmp(path, b->chr) == 0)
            ble_received(b, p->value, p->value_len);
        return;
    }
    if (b->step == BLE_SCAN)
        ble_seen(b, path, interface, p);
    if (strcmp(interface, I_DEVICE) != 0 || strcmp(path, b->device) != 0)
        return;
    b->connected = p->connected < 0 ? b->connected : p->connected == 1;
    b->resolved = p->resolved < 0 ? b->resolved : p->resolved == 1;
    b->paired = p->paired < 0 ? b->paired : p->paired == 1;
    if (p->connected == 0 && b->step > BLE_CONNECT && b->step < BLE_PAUSE && b->step != BLE_PAIR)
        hung_up(b);
    else if (p->connected == 0 && b->step == BLE_PAUSE)
        b->pause_ms = alk_loop_now_ms() + AFTER_MS;
    else if (p->resolved == 1 && b->step == BLE_RESOLVE)
        ask_state(b);
    else if (p->paired == 1 && b->step == BLE_PAIR)
        find(b); /* the answer to Pair can stay out */
}

int ble_on_changed(sd_bus_message *m, void *ctx, sd_bus_error *e)
{
    (void)e;
    ble_changed_read(m, changed, ctx);
    return 0;
}

static int connected(sd_bus_message *m, void *ctx, sd_bus_error *e)
{
    struct ble *b = ctx;
    const sd_bus_error *error = error_of(m);

    (void)e;
    if (error != NULL && !sd_bus_error_has_name(error, "org.bluez.Error.AlreadyConnected")) {
        ble_retry(b, "connect", ble_words(error));
        return 0;
    }
    b->step = BLE_RESOLVE;
    ask_state(b);
    return 0;
}

void ble_connect(struct ble *b)
{
    b->step = BLE_CONNECT;
    b->resolved = false;
    if (!b->again)
        ble_say(b, "connecting");
    ble_call(b, connected, b->device, I_DEVICE, "Connect");
}
