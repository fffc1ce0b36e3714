/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ble.h - SMP over Bluetooth LE, through BlueZ on the system's D-Bus.
 *
 *   look -> scan -> connect -> services -> pair -> subscribe -> up
 *     ^      (a bonded device is connected to without a scan)    |
 *     +------------ tried again until 30 s are over -------------+
 *
 * A packet is written in pieces without response; answers come as
 * notifications, put together by the length in their header.
 *
 * (B1) Other users of BlueZ are left alone: no adapter is switched on or off,
 *      no default agent is taken, a link that was there before stays.
 * (B2) A device is paired with before anything is said to it, unless told
 *      otherwise; the device decides how.  What nobody answers is refused.
 * (B3) After a loss the same device is looked for: by its bond, or else by the
 *      name or address that was asked for.
 */
#ifndef AIRLOCK_BLE_H
#define AIRLOCK_BLE_H

#include "airlock/transport.h"

#define ALK_BLE_SERVICE        "8d53dc1d-1db7-4cd3-868b-8a527460aa84"
#define ALK_BLE_CHARACTERISTIC "da2e7828-fbce-4e01-ae9e-261174997c48"

struct alk_ble_options {
    const char *device;  /* name, or address as 00:11:22:33:44:55 */
    const char *adapter; /* "hci1"; NULL: the first one that is on */
    int32_t passkey;     /* the answer to a question for it, and what a comparison must show; -1: ask */
    bool yes;            /* accept a comparison unseen */
    bool no_pair;        /* subscribe without pairing */
    int ask_fd;          /* a terminal that answers questions; -1: nobody there */
    /* A line for a person: what is done, what is asked.  May be NULL. */
    void (*say)(void *ctx, const char *line);
    void *ctx;
};

/*
 * return: NULL - no memory (errno ENOMEM), no device named (EINVAL), or built
 *         without Bluetooth (ENOSYS)
 */
struct alk_transport *alk_transport_ble(const struct alk_ble_options *o);

/* A device that was heard. */
struct alk_ble_seen {
    char address[18];
    char name[64]; /* empty: it tells none */
    int16_t rssi;  /* dBm; 0: not told */
    bool smp;      /* it advertises the SMP service */
    bool paired, connected;
};

struct alk_ble_scan {
    const char *adapter; /* as above */
    uint32_t ms;         /* how long */
    int stop_fd;         /* ends it early when readable; -1: none */
    /* Called for each device whenever more is known of it. */
    void (*seen)(void *ctx, const struct alk_ble_seen *s);
    void *ctx;
    char error[200]; /* out: why it failed */
};

/* return: ALK_OK, or ALK_E_IO or ALK_E_SUPPORT (built without Bluetooth) with the reason in s->error */
int alk_ble_scan(struct alk_ble_scan *s);

#endif
