/* SPDX-License-Identifier: Apache-2.0 */
/* bluez_state.h - for bluez*.c only. */
#ifndef ALK_ADAPTERS_LINK_BLUEZ_STATE_H
#define ALK_ADAPTERS_LINK_BLUEZ_STATE_H

#include "adapters/link/bluez.h"

#include <systemd/sd-bus.h>

#define BLUEZ         "org.bluez"
#define BLUEZ_APP     "/airlock"
#define BLUEZ_SERVICE BLUEZ_APP "/service0"
#define BLUEZ_CHAR    BLUEZ_SERVICE "/char0"
#define BLUEZ_ADVERT  "/advertisement"
#define BLUEZ_AGENT   "/agent"
#define BLUEZ_RX      (3u * 65536u)

struct alk_bluez {
    struct alk_bluez_options o;
    sd_bus *bus;
    int epoll, timer;
    char adapter[64], error[160];
    char peer[128]; /* path of the central that wrote last */
    bool failed, advertised, connected;
    bool deaf; /* a reset: until the link is down */
    uint64_t rearm_at_us;
    int notify; /* our end of the pipe for notifications */
    size_t piece;
    struct {
        const char *service, *characteristic, *path, *type;
        const char *const *flags, *const *services;
        int yes, acquired;
    } seen;                   /* what BlueZ reads as properties */
    sd_bus_message *question; /* a comparison that waits for a person */
    size_t rx_len;
    uint64_t rx_us;
    uint8_t rx[BLUEZ_RX];
};

uint64_t bluez_now_us(void);
void bluez_say(const struct alk_bluez *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
int bluez_fail(struct alk_bluez *b, const char *what, const char *why);

/* bluez_app.c: the objects that BlueZ reads, and telling it of them. */
int bluez_app_add(struct alk_bluez *b);
int bluez_app_register(struct alk_bluez *b);
int bluez_advertise(struct alk_bluez *b);
void bluez_readvertise(struct alk_bluez *b);

/* bluez_agent.c */
int bluez_agent_add(struct alk_bluez *b);
int bluez_agent_register(struct alk_bluez *b);
void bluez_agent_answer(struct alk_bluez *b);
void bluez_agent_forget(struct alk_bluez *b);

/* bluez.c */
void bluez_received(struct alk_bluez *b, const char *peer, const uint8_t *p, size_t len);
/* A new pipe for notifications: return: BlueZ's end of it, or -errno */
int bluez_pipe(struct alk_bluez *b, unsigned mtu);

#endif
