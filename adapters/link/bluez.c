/* SPDX-License-Identifier: Apache-2.0 */
/* bluez.c - the bus, the clock, packets and pieces. */
#include "adapters/link/bluez_state.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define HEADER      8u
#define PIECE_MAX   512u
#define STALE_US    5000000u
#define PATIENCE_MS 1000

uint64_t bluez_now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000u + (uint64_t)t.tv_nsec / 1000u;
}

void bluez_say(const struct alk_bluez *b, const char *format, ...)
{
    char line[160];
    va_list args;

    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    b->o.say(line);
}

int bluez_fail(struct alk_bluez *b, const char *what, const char *why)
{
    snprintf(b->error, sizeof b->error, "%s: %s", what, why);
    b->failed = true;
    return 0;
}

/* ---- links ---- */

static void link_is(struct alk_bluez *b, const char *path, bool up)
{
    b->connected = up;
    bluez_say(b, up ? "connected" : "disconnected");
    if (!up) {
        b->deaf = false;
        b->rx_len = 0;
        b->peer[0] = '\0';
    } else {
        snprintf(b->peer, sizeof b->peer, "%s", path);
    }
}

static int on_changed(sd_bus_message *m, void *ctx, sd_bus_error *e)
{
    struct alk_bluez *b = ctx;
    const char *path = sd_bus_message_get_path(m), *interface, *key;
    size_t len = strlen(b->adapter);
    int up, rc = sd_bus_message_read(m, "s", &interface);

    (void)e;
    if (rc < 0 || strncmp(path, b->adapter, len) != 0 || path[len] != '/' ||
        strcmp(interface, "org.bluez.Device1") != 0)
        return 0;
    rc = sd_bus_message_enter_container(m, 'a', "{sv}");
    while (rc >= 0 && (rc = sd_bus_message_enter_container(m, 'e', "sv")) > 0) {
        rc = sd_bus_message_read(m, "s", &key);
        if (rc >= 0 && strcmp(key, "Connected") == 0) {
            if ((rc = sd_bus_message_read(m, "v", "b", &up)) >= 0)
                link_is(b, path, up);
        } else if (rc >= 0) {
            rc = sd_bus_message_skip(m, "v");
        }
        if (rc >= 0)
            rc = sd_bus_message_exit_container(m);
    }
    return 0;
}

static int dropped(sd_bus_message *m, void *ctx, sd_bus_error *e)
{
    struct alk_bluez *b = ctx;

    (void)e;
    if (sd_bus_message_is_method_error(m, NULL))
        b->deaf = false;
    return 0;
}

void alk_bluez_reset(struct alk_bluez *b)
{
    b->rx_len = 0;
    bluez_agent_forget(b);
    if (!b->connected || b->peer[0] == '\0')
        return;
    b->deaf = true;
    sd_bus_call_method_async(b->bus, NULL, BLUEZ, b->peer, "org.bluez.Device1", "Disconnect", dropped, b, "");
}

/* ---- packets ---- */

void bluez_received(struct alk_bluez *b, const char *peer, const uint8_t *p, size_t len)
{
    uint64_t now = bluez_now_us();

    if (b->deaf)
        return;
    if (strcmp(peer, b->peer) != 0 || now - b->rx_us > STALE_US)
        b->rx_len = 0;
    snprintf(b->peer, sizeof b->peer, "%s", peer);
    if (len > sizeof b->rx - b->rx_len)
        b->rx_len = len = 0;
    memcpy(b->rx + b->rx_len, p, len);
    b->rx_len += len;
    b->rx_us = now;
}

size_t alk_bluez_receive(struct alk_bluez *b, uint8_t *buf, size_t cap)
{
    size_t len;

    if (b->rx_len < HEADER)
        return 0;
    len = HEADER + ((size_t)b->rx[2] << 8 | b->rx[3]);
    if (len > cap) {
        b->rx_len = 0;
        return 0;
    }
    if (len > b->rx_len)
        return 0;
    memcpy(buf, b->rx, len);
    b->rx_len -= len;
    memmove(b->rx, b->rx + len, b->rx_len);
    return len;
}

static void close_pipe(struct alk_bluez *b)
{
    if (b->notify >= 0)
        close(b->notify);
    b->notify = -1;
    b->seen.acquired = 0;
}

int bluez_pipe(struct alk_bluez *b, unsigned mtu)
{
    struct epoll_event gone = {.events = EPOLLRDHUP};
    int ends[2];

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return -errno;
    close_pipe(b);
    b->notify = ends[0];
    b->seen.acquired = 1;
    b->piece = mtu < 23 ? 20 : mtu - 3 > PIECE_MAX ? PIECE_MAX : mtu - 3;
    epoll_ctl(b->epoll, EPOLL_CTL_ADD, b->notify, &gone);
    return ends[1];
}

void alk_bluez_send(struct alk_bluez *b, const uint8_t *p, size_t len)
{
    while (len > 0 && b->notify >= 0) {
        struct pollfd room = {.fd = b->notify, .events = POLLOUT};
        size_t piece = len < b->piece ? len : b->piece;
        ssize_t n = send(b->notify, p, piece, MSG_NOSIGNAL | MSG_DONTWAIT);

        if (n < 0 && errno == EAGAIN && poll(&room, 1, PATIENCE_MS) > 0)
            continue;
        if (n < 0)
            return;
        p += n;
        len -= (size_t)n;
    }
}

/* ---- what is waited for ---- */

static void watch_fd(const struct alk_bluez *b, int fd, uint32_t events)
{
    struct epoll_event e = {.events = events};

    if (epoll_ctl(b->epoll, EPOLL_CTL_MOD, fd, &e) != 0)
        epoll_ctl(b->epoll, EPOLL_CTL_ADD, fd, &e);
}

static bool rearms(const struct alk_bluez *b)
{
    return b->o.rearm_ms != 0 && b->advertised && !b->connected;
}

static void arm(struct alk_bluez *b)
{
    struct itimerspec at = {0};
    uint64_t us = UINT64_MAX;
    int events = sd_bus_get_events(b->bus);

    sd_bus_get_timeout(b->bus, &us);
    if (rearms(b) && b->rearm_at_us < us)
        us = b->rearm_at_us;
    if (us != UINT64_MAX) {
        us = us == 0 ? 1 : us;
        at.it_value.tv_sec = (time_t)(us / 1000000u);
        at.it_value.tv_nsec = (long)(us % 1000000u) * 1000;
    }
    timerfd_settime(b->timer, TFD_TIMER_ABSTIME, &at, NULL);
    watch_fd(b, sd_bus_get_fd(b->bus), events < 0 ? EPOLLIN : (uint32_t)events);
}

static void look_at_pipe(struct alk_bluez *b)
{
    struct pollfd p = {.fd = b->notify, .events = POLLRDHUP};

    if (b->notify >= 0 && poll(&p, 1, 0) > 0)
        close_pipe(b);
}

int alk_bluez_process(const char **why, struct alk_bluez *b)
{
    uint64_t late;
    int rc = 1;

    while (!b->failed && rc > 0)
        rc = sd_bus_process(b->bus, NULL);
    if (rc < 0 && !b->failed)
        bluez_fail(b, "D-Bus", strerror(-rc));
    (void)!read(b->timer, &late, sizeof late);
    bluez_agent_answer(b);
    look_at_pipe(b);
    if (rearms(b) && bluez_now_us() >= b->rearm_at_us)
        bluez_readvertise(b);
    *why = b->error;
    if (b->failed)
        return -1;
    arm(b);
    return 0;
}

int alk_bluez_fd(const struct alk_bluez *b)
{
    return b->epoll;
}

/* ---- beginning ---- */

static int powered(sd_bus_message *m, void *ctx, sd_bus_error *e)
{
    struct alk_bluez *b = ctx;
    int rc;

    (void)e;
    if (sd_bus_message_is_method_error(m, NULL)) {
        const sd_bus_error *error = sd_bus_message_get_error(m);

        return bluez_fail(b, strrchr(b->adapter, '/') + 1,
                          error->message != NULL ? error->message : error->name);
    }
    rc = bluez_agent_register(b);
    return rc < 0 ? rc : bluez_app_register(b);
}

static int set_bool(struct alk_bluez *b, const char *property, bool on, sd_bus_message_handler_t done)
{
    return sd_bus_call_method_async(b->bus, NULL, BLUEZ, b->adapter, "org.freedesktop.DBus.Properties", "Set",
                                    done, b, "ssv", "org.bluez.Adapter1", property, "b", (int)on);
}

/* Centrals read this name over GATT and would forget the one in the advertisement. */
static int set_name(struct alk_bluez *b)
{
    return sd_bus_call_method_async(b->bus, NULL, BLUEZ, b->adapter, "org.freedesktop.DBus.Properties", "Set",
                                    NULL, NULL, "ssv", "org.bluez.Adapter1", "Alias", "s", b->o.name);
}

/* Everything is asked for at once; BlueZ answers in order. */
static int begin(struct alk_bluez *b)
{
    int rc = sd_bus_open_system(&b->bus);

    if (rc >= 0)
        rc = sd_bus_match_signal_async(b->bus, NULL, BLUEZ, NULL, "org.freedesktop.DBus.Properties",
                                       "PropertiesChanged", on_changed, NULL, b);
    if (rc >= 0)
        rc = bluez_app_add(b);
    if (rc >= 0)
        rc = bluez_agent_add(b);
    if (rc >= 0)
        rc = set_name(b);
    if (rc >= 0)
        rc = set_bool(b, "Pairable", b->o.pairing != ALK_BLUEZ_NO_PAIRING, NULL);
    if (rc >= 0)
        rc = set_bool(b, "Powered", true, powered);
    return rc;
}

struct alk_bluez *alk_bluez_open(const struct alk_bluez_options *o)
{
    struct alk_bluez *b = calloc(1, sizeof *b);
    int rc;

    if (b == NULL)
        return NULL;
    b->o = *o;
    b->notify = -1;
    snprintf(b->adapter, sizeof b->adapter, "/org/bluez/%s", o->adapter);
    b->epoll = epoll_create1(EPOLL_CLOEXEC);
    b->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    rc = b->epoll < 0 || b->timer < 0 ? -errno : begin(b);
    if (rc < 0) {
        sd_bus_unref(b->bus);
        free(b);
        errno = -rc;
        return NULL;
    }
    watch_fd(b, b->timer, EPOLLIN);
    arm(b);
    return b;
}
