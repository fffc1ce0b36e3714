/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bluez.h - SMP over Bluetooth LE on the device's side, through BlueZ: the
 * GATT service, its advertisement, and the answers of pairing.
 *
 *   central --write commands--> WriteValue --> a packet, by its header's length
 *           <--notifications--- pieces    <-- a reply
 *
 * One central is served at a time; what a second one writes in between begins
 * a new packet, and every central that has subscribed hears all replies.
 */
#ifndef ALK_ADAPTERS_LINK_BLUEZ_H
#define ALK_ADAPTERS_LINK_BLUEZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the characteristic asks of a link before anything is written or subscribed to. */
enum alk_bluez_security { ALK_BLUEZ_OPEN, ALK_BLUEZ_ENCRYPTED, ALK_BLUEZ_AUTHENTICATED };

/* How a central becomes known. */
enum alk_bluez_pairing {
    ALK_BLUEZ_PASSKEY,    /* we show six digits, it types them */
    ALK_BLUEZ_COMPARE,    /* both show six digits, both people agree */
    ALK_BLUEZ_JUST_WORKS, /* nobody is asked: encrypted, but by whom */
    ALK_BLUEZ_NO_PAIRING,
};

struct alk_bluez_options {
    const char *name;    /* as advertised; at most 29 bytes */
    const char *adapter; /* "hci0" */
    enum alk_bluez_security security;
    enum alk_bluez_pairing pairing;
    unsigned
        rearm_ms;  /* advertise anew that often: for virtual radios that send each report once; 0: never */
    int answer_fd; /* agrees to a comparison with a line that begins with y; -1: nobody there */
    /* what: "advertising", "connected", "disconnected", "passkey NNNNNN", "compare NNNNNN" */
    void (*say)(const char *what);
};

struct alk_bluez;

/* return: NULL - no memory, no system bus (errno says) or built without Bluetooth (ENOSYS) */
struct alk_bluez *alk_bluez_open(const struct alk_bluez_options *o);

/* Poll it for input. */
int alk_bluez_fd(const struct alk_bluez *b);

/* Do what is due.  return: 0, or -1 with the reason in *why */
int alk_bluez_process(const char **why, struct alk_bluez *b);

/* return: length of the next packet, 0 - none now */
size_t alk_bluez_receive(struct alk_bluez *b, uint8_t *buf, size_t cap);
void alk_bluez_send(struct alk_bluez *b, const uint8_t *p, size_t len);

/* What a reset does to the radio: the central is dropped, and what it still writes is not heard. */
void alk_bluez_reset(struct alk_bluez *b);

#endif
