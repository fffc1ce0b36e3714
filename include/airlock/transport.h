/* SPDX-License-Identifier: Apache-2.0 */
/*
 * transport.h - what carries SMP packets from here to a device.
 *
 *   client  --packet-->  transport  --lines | datagrams | writes-->  device
 *
 * A transport moves whole packets, never blocks, and knows nothing of what
 * is in them.  Another kind of link is another file that fills in these
 * functions.
 *
 * (T1) send() takes a packet whole or not at all.
 * (T2) A packet that receive() hands out arrived whole; one that was damaged
 *      on a link with a check is not handed out.
 * (T3) After ALK_E_IO the only calls are close(), open() and free().
 */
#ifndef AIRLOCK_TRANSPORT_H
#define AIRLOCK_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "airlock/err.h"

#define ALK_PACKET_MAX 8192u /* longest packet of any transport, header included */

struct pollfd;
struct alk_transport;

struct alk_transport_ops {
    /* return: ALK_OK (perhaps still connecting), or ALK_E_IO with t->error set */
    int (*open)(struct alk_transport *t);
    /* return: 1 - taken; 0 - no room now, try again; ALK_E_IO - the link is gone */
    int (*send)(struct alk_transport *t, const uint8_t *packet, size_t len);
    /* return: > 0 - length of a packet; 0 - none now; ALK_E_IO - the link is gone */
    int (*receive)(struct alk_transport *t, uint8_t *packet, size_t cap);
    /* What poll() shall wait for; fd -1 when there is nothing. */
    void (*watch)(const struct alk_transport *t, struct pollfd *p);
    void (*close)(struct alk_transport *t);
    void (*free)(struct alk_transport *t);
};

struct alk_transport {
    const struct alk_transport_ops *ops;
    char name[280];       /* "serial /dev/ttyACM0", for messages */
    char error[200];      /* why the last open, send or receive failed */
    bool refused;         /* and another try cannot help: pairing was refused */
    size_t mtu;           /* longest packet it carries, whatever the server takes */
    size_t fallback;      /* packet size for a server that tells no parameters */
    size_t overhead;      /* bytes of the server's buffer that framing takes */
    uint32_t bytes_per_s; /* of the line, packets as encoded; 0: fast */
    /* Console text beside the packets, in pieces; may be NULL. */
    void (*text)(void *ctx, const char *p, size_t len);
    void *text_ctx;
};

/*
 * SMP console lines over a byte stream.
 *
 * in:     address - "/dev/ttyACM0" or another tty or pty, "tcp:HOST:PORT" or
 *         "unix:PATH" (the UART of an emulator)
 *         baud - any rate the driver can do; 0: leave the line as it is
 * return: NULL - no memory, or no such form of address (errno EINVAL)
 */
struct alk_transport *alk_transport_serial(const char *address, uint32_t baud);

/*
 * One datagram a packet.
 *
 * in:     address - "HOST", "HOST:PORT" or "[IPV6]:PORT"; port 1337 if none is given
 * return: NULL - no memory, or no such form of address (errno EINVAL)
 */
struct alk_transport *alk_transport_udp(const char *address);

void alk_transport_free(struct alk_transport *t);

#endif
