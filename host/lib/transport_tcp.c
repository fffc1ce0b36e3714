/* SPDX-License-Identifier: Apache-2.0 */
/* transport_tcp.c - sockets: names, connecting, the UART of an emulator. */
#include "host/lib/transport.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/un.h>

int transport_failed(struct alk_transport *t, const char *what)
{
    snprintf(t->error, sizeof t->error, "%s: %s", what, strerror(errno));
    return ALK_E_IO;
}

void alk_transport_free(struct alk_transport *t)
{
    if (t != NULL)
        t->ops->free(t);
}

static int copy(char *out, size_t cap, const char *from, size_t len)
{
    if (len == 0 || len >= cap)
        return ALK_E_USAGE;
    memcpy(out, from, len);
    out[len] = '\0';
    return ALK_OK;
}

int transport_split(char *host, size_t host_cap, char *port, size_t port_cap, const char *address)
{
    const char *colon = strrchr(address, ':');
    const char *bracket = address[0] == '[' ? strchr(address, ']') : NULL;
    size_t len = colon == NULL ? strlen(address) : (size_t)(colon - address);

    if (address[0] == '[') {
        if (bracket == NULL || (bracket[1] != '\0' && bracket[1] != ':'))
            return ALK_E_USAGE;
        len = (size_t)(bracket - address) - 1;
        colon = bracket[1] == ':' ? bracket + 1 : NULL;
        address++;
    } else if (colon != NULL && strchr(address, ':') != colon) {
        len = strlen(address); /* an IPv6 address without brackets has no port */
        colon = NULL;
    }
    if (copy(host, host_cap, address, len) != ALK_OK)
        return ALK_E_USAGE;
    if (colon != NULL)
        return copy(port, port_cap, colon + 1, strlen(colon + 1));
    return *port == '\0' ? ALK_E_USAGE : ALK_OK;
}

static int try_connect(const struct addrinfo *a)
{
    int one = 1;
    int fd = socket(a->ai_family, a->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, a->ai_protocol);

    if (fd < 0)
        return -1;
    if (a->ai_socktype == SOCK_STREAM)
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (connect(fd, a->ai_addr, a->ai_addrlen) == 0 || errno == EINPROGRESS)
        return fd;
    close(fd);
    return -1;
}

int transport_connect(struct alk_transport *t, const char *host, const char *port, int type)
{
    const struct addrinfo hints = {.ai_socktype = type, .ai_flags = AI_ADDRCONFIG};
    struct addrinfo *found;
    int rc = getaddrinfo(host, port, &hints, &found);
    int fd = -1;

    if (rc != 0) {
        snprintf(t->error, sizeof t->error, "%s: %s", host, gai_strerror(rc));
        return ALK_E_IO;
    }
    for (const struct addrinfo *a = found; a != NULL && fd < 0; a = a->ai_next)
        fd = try_connect(a);
    freeaddrinfo(found);
    return fd < 0 ? transport_failed(t, host) : fd;
}

int stream_dial_tcp(struct alk_transport *t, const char *address, uint32_t rate)
{
    char host[200], port[16] = "";

    (void)rate;
    if (transport_split(host, sizeof host, port, sizeof port, address) != ALK_OK) {
        errno = EINVAL;
        return transport_failed(t, address);
    }
    return transport_connect(t, host, port, SOCK_STREAM);
}

int stream_dial_unix(struct alk_transport *t, const char *address, uint32_t rate)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    int fd;

    (void)rate;
    if (strlen(address) >= sizeof a.sun_path) {
        errno = ENAMETOOLONG;
        return transport_failed(t, address);
    }
    strcpy(a.sun_path, address);
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return transport_failed(t, address);
    if (connect(fd, (const struct sockaddr *)&a, sizeof a) != 0) {
        int rc = transport_failed(t, address);

        close(fd);
        return rc;
    }
    return fd;
}
