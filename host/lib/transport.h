/* SPDX-License-Identifier: Apache-2.0 */
/* transport.h - what the transports share. */
#ifndef ALK_HOST_TRANSPORT_H
#define ALK_HOST_TRANSPORT_H

#include "airlock/transport.h"

/* Remember why: "<what>: <strerror>".  return: ALK_E_IO */
int transport_failed(struct alk_transport *t, const char *what);

/* return: a connected or connecting socket, non-blocking, or ALK_E_IO */
int transport_connect(struct alk_transport *t, const char *host, const char *port, int type);

/*
 * "HOST", "HOST:PORT", "[V6]:PORT", "V6" -> its two parts.
 *
 * in:     port - holds the default, or is empty when there is none
 * return: ALK_OK or ALK_E_USAGE
 */
int transport_split(char *host, size_t host_cap, char *port, size_t port_cap, const char *address);

/* Opens the far end of a byte stream: a tty, a TCP or Unix socket. */
struct alk_stream;
typedef int (*stream_dial)(struct alk_transport *t, const char *address, uint32_t rate);

struct alk_transport *transport_stream_new(stream_dial dial, const char *address, uint32_t rate);
int stream_dial_tty(struct alk_transport *t, const char *address, uint32_t rate);
int stream_dial_tcp(struct alk_transport *t, const char *address, uint32_t rate);
int stream_dial_unix(struct alk_transport *t, const char *address, uint32_t rate);

#endif
