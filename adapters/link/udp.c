/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/link/udp.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

#include "airlock/err.h"

static int parse(struct sockaddr_storage *to, socklen_t *len, const char *address, uint16_t port)
{
    struct sockaddr_in *v4 = (struct sockaddr_in *)to;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)to;

    memset(to, 0, sizeof *to);
    if (inet_pton(AF_INET, address, &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons(port);
        *len = sizeof *v4;
        return ALK_OK;
    }
    if (inet_pton(AF_INET6, address, &v6->sin6_addr) != 1)
        return ALK_E_USAGE;
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(port);
    *len = sizeof *v6;
    return ALK_OK;
}

int alk_udp_open(struct alk_udp *u, const char *address, uint16_t port)
{
    struct sockaddr_storage to;
    socklen_t len;
    int err = parse(&to, &len, address, port);

    if (err != ALK_OK)
        return err;
    u->peer_len = 0;
    u->fd = socket(to.ss_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (u->fd < 0)
        return ALK_E_IO;
    if (bind(u->fd, (struct sockaddr *)&to, len) != 0 ||
        getsockname(u->fd, (struct sockaddr *)&to, &len) != 0) {
        close(u->fd);
        return ALK_E_IO;
    }
    /* both families keep the port at the same place */
    u->port = ntohs(((struct sockaddr_in *)&to)->sin_port);
    return ALK_OK;
}

size_t alk_udp_receive(struct alk_udp *u, uint8_t *buf, size_t cap)
{
    ssize_t n;

    do {
        u->peer_len = sizeof u->peer;
        n = recvfrom(u->fd, buf, cap, 0, (struct sockaddr *)&u->peer, &u->peer_len);
    } while (n == 0 || (n > 0 && (buf[0] & 1u) != 0));
    return n > 0 ? (size_t)n : 0;
}

void alk_udp_send(struct alk_udp *u, const uint8_t *p, size_t len)
{
    sendto(u->fd, p, len, 0, (struct sockaddr *)&u->peer, u->peer_len);
}
