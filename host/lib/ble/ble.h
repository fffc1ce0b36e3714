/* SPDX-License-Identifier: Apache-2.0 */
/* ble.h - one link through BlueZ, step by step; for this directory only. */
#ifndef ALK_HOST_BLE_H
#define ALK_HOST_BLE_H

#include "airlock/ble.h"

#include <systemd/sd-bus.h>

#define BLUEZ       "org.bluez"
#define I_ADAPTER   "org.bluez.Adapter1"
#define I_DEVICE    "org.bluez.Device1"
#define I_CHAR      "org.bluez.GattCharacteristic1"
#define I_OBJECTS   "org.freedesktop.DBus.ObjectManager"
#define BLE_AGENT   "/airlock/agent"
#define BLE_PATH    128
#define BLE_ONE_TRY 30000u /* ms from open to up */

/* ---- bus.c: messages ---- */

/* What the properties of an object say, as far as we care.  Strings live as long as the message. */
struct ble_props {
    const char *uuid, *address, *name, *alias;
    const uint8_t *value;
    size_t value_len;
    int16_t rssi;
    bool has_rssi, smp, has_value;
    int powered, connected, paired, bonded, resolved; /* -1: not said */
};

/* Reads an a{sv}.  return: >= 0, or -errno */
int ble_props_read(struct ble_props *p, sd_bus_message *m);

/* Walks the answer of GetManagedObjects, or an InterfacesAdded signal. */
typedef void (*ble_object_fn)(void *ctx, const char *path, const char *interface, const struct ble_props *p);
int ble_objects_read(sd_bus_message *m, ble_object_fn fn, void *ctx);
int ble_added_read(sd_bus_message *m, ble_object_fn fn, void *ctx);
/* PropertiesChanged. */
int ble_changed_read(sd_bus_message *m, ble_object_fn fn, void *ctx);

/* Is path a device of the adapter (not something below one)? */
bool ble_is_device(const char *path, const char *adapter);

/* Match every sign of life from BlueZ. */
int ble_listen(sd_bus *bus, sd_bus_message_handler_t added, sd_bus_message_handler_t changed, void *ctx);

/* StartDiscovery with a filter for LE. */
int ble_set_filter(sd_bus_slot **slot, sd_bus *bus, const char *adapter, sd_bus_message_handler_t done,
                   void *ctx);

/* An error of BlueZ in words for a person. */
const char *ble_words(const sd_bus_error *e);

/* ---- the link ---- */

enum ble_step {
    BLE_OFF,
    BLE_LOOK,      /* which adapter, is the device known */
    BLE_SCAN,      /* waiting until it is heard */
    BLE_QUIET,     /* the scan ends */
    BLE_CONNECT,   /* Connect is under way */
    BLE_RESOLVE,   /* BlueZ reads the services */
    BLE_PAIR,      /* Pair is under way, perhaps with questions */
    BLE_FIND,      /* which object is the characteristic */
    BLE_SUBSCRIBE, /* StartNotify */
    BLE_ACQUIRE,   /* AcquireWrite */
    BLE_UP,
    BLE_PAUSE, /* before the next try */
};

struct ble {
    struct alk_transport base;
    struct alk_ble_options o;
    char wanted[64], wanted_adapter[32];
    sd_bus *bus;
    sd_bus_slot *call; /* of the step's method call */
    int epoll, timer;
    enum ble_step step;
    bool broken;  /* base.error says why */
    bool powered; /* the adapter we use */
    bool was_up;  /* it worked before: same device after a reset */
    bool bonded;  /* and there is a bond to know it by */
    bool ours;    /* we asked for the connection */
    bool paired, connected, resolved;
    bool alone;       /* it does not pair: tried without */
    unsigned hangups; /* links lost while subscribing */
    bool again;       /* not the first try: less talk */
    bool asked;       /* pairing: the agent was asked something */
    bool sure;        /* b->device is the one, and within reach */
    char adapter[BLE_PATH], device[BLE_PATH], chr[BLE_PATH + 64];
    uint64_t deadline_ms, pause_ms; /* end of this try; end of the pause, 0: none */
    sd_bus_message *question;       /* of the agent, waiting for an answer */
    uint32_t number;                /* what it asks about */
    int fd;                         /* acquired: pieces of packets go in */
    size_t piece;
    size_t out_len, out_at, in_len;
    uint64_t in_ms;
    uint8_t out[ALK_PACKET_MAX], in[2 * ALK_PACKET_MAX];
};

void ble_say(struct ble *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Call a method of BlueZ without waiting; the answer goes to done.  A new call forgets the one before. */
int ble_call(struct ble *b, sd_bus_message_handler_t done, const char *path, const char *interface,
             const char *member);
/* The same without an answer. */
void ble_tell(struct ble *b, const char *path, const char *interface, const char *member);

/* This try has failed; the next comes after a pause, or never when the time is up. */
void ble_retry(struct ble *b, const char *what, const char *why);
/* The link is gone, or no try can help. */
void ble_break(struct ble *b, const char *what, const char *why);
/* The device or a person said no: asking again would only annoy. */
void ble_refuse(struct ble *b, const char *what, const char *why);

/* find.c */
void ble_look(struct ble *b);
int ble_on_added(sd_bus_message *m, void *ctx, sd_bus_error *e);
void ble_seen(void *ctx, const char *path, const char *interface, const struct ble_props *p);

/* connect.c */
void ble_connect(struct ble *b);
int ble_on_changed(sd_bus_message *m, void *ctx, sd_bus_error *e);

/* agent.c */
int ble_agent_add(struct ble *b);
/* The terminal has a line. */
void ble_agent_answer(struct ble *b);
void ble_agent_forget(struct ble *b);

/* transport_ble.c */
void ble_received(struct ble *b, const uint8_t *p, size_t len);
void ble_watch_fd(struct ble *b, int fd, uint32_t events);

#endif
