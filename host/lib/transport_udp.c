/* SPDX-License-Identifier: Apache-2.0 */
/*
 * transport_udp.c - one datagram a packet.
 *
 * "Connection refused" is what a device that is just resetting looks like:
 * it counts as silence, and is remembered for the message if silence stays.
 */
#include "host/lib/transport.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MTU = 1472, FALLBACK = 512 };

struct udp {
    struct alk_transport base;
    int fd;
    char host[200], port[16];
};

static struct udp *self(const struct alk_transport *t)
{
    return (struct udp *)(uintptr_t)t;
}

static int open_udp(struct alk_transport *t)
{
    struct udp *u = self(t);

    u->fd = transport_connect(t, u->host, u->port, SOCK_DGRAM);
    return u->fd < 0 ? ALK_E_IO : ALK_OK;
}

/* Silence for now: room may come, the device may come back. */
static bool passes(int error)
{
    return error == EAGAIN || error == EINTR || error == ECONNREFUSED || error == ENOBUFS ||
           error == EHOSTUNREACH || error == ENETUNREACH || error == ENETDOWN;
}

static int quiet(struct alk_transport *t)
{
    if (errno == ECONNREFUSED || errno == EHOSTUNREACH || errno == ENETUNREACH)
        transport_failed(t, t->name);
    return passes(errno) ? ALK_OK : transport_failed(t, t->name);
}

static int send_udp(struct alk_transport *t, const uint8_t *packet, size_t len)
{
    ssize_t n = send(self(t)->fd, packet, len, 0);

    if (n < 0 && errno == EAGAIN)
        return 0;
    return n >= 0 || quiet(t) == ALK_OK ? 1 : ALK_E_IO; /* what was refused is as good as lost */
}

static int receive_udp(struct alk_transport *t, uint8_t *packet, size_t cap)
{
    ssize_t n = recv(self(t)->fd, packet, cap, MSG_DONTWAIT);

    if (n >= 0)
        t->error[0] = '\0';
    return n >= 0 ? (int)n : quiet(t);
}

static void watch(const struct alk_transport *t, struct pollfd *p)
{
    p->fd = self(t)->fd;
    p->events = POLLIN;
}

static void close_udp(struct alk_transport *t)
{
    struct udp *u = self(t);

    if (u->fd >= 0)
        close(u->fd);
    u->fd = -1;
}

static void free_udp(struct alk_transport *t)
{
    close_udp(t);
    free(t);
}

static const struct alk_transport_ops ops = {
    .open = open_udp,
    .send = send_udp,
    .receive = receive_udp,
    .watch = watch,
    .close = close_udp,
    .free = free_udp,
};

struct alk_transport *alk_transport_udp(const char *address)
{
    struct udp *u = calloc(1, sizeof *u);

    if (u == NULL)
        return NULL;
    strcpy(u->port, "1337");
    if (transport_split(u->host, sizeof u->host, u->port, sizeof u->port, address) != ALK_OK) {
        free(u);
        errno = EINVAL;
        return NULL;
    }
    u->fd = -1;
    u->base = (struct alk_transport){.ops = &ops, .mtu = MTU, .fallback = FALLBACK};
    snprintf(u->base.name, sizeof u->base.name, "udp %s port %s", u->host, u->port);
    return &u->base;
}
