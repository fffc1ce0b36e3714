/* SPDX-License-Identifier: Apache-2.0 */
/* udp.h - SMP over UDP on the device's side: one datagram, one packet. */
#ifndef ALK_ADAPTERS_LINK_UDP_H
#define ALK_ADAPTERS_LINK_UDP_H

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

struct alk_udp {
    int fd;
    uint16_t port; /* as bound: what was asked for, or chosen when that was 0 */
    struct sockaddr_storage peer;
    socklen_t peer_len;
};

/*
 * Bind to a numeric address, IPv4 or IPv6.
 *
 * return: ALK_OK, ALK_E_USAGE (no address) or ALK_E_IO (errno says why)
 */
int alk_udp_open(struct alk_udp *u, const char *address, uint16_t port);

/*
 * The next datagram; never blocks.  What is itself an answer is dropped: two
 * servers that answer each other would never stop.
 *
 * return: its length, cut to cap; 0 - none now
 */
size_t alk_udp_receive(struct alk_udp *u, uint8_t *buf, size_t cap);

/* Answer the sender of the last datagram. */
void alk_udp_send(struct alk_udp *u, const uint8_t *p, size_t len);

#endif
