/* SPDX-License-Identifier: Apache-2.0 */
/*
 * transport_ble.c - packets to pieces and back; one epoll descriptor for the
 * bus, the clock, the pieces and the terminal.
 */
#include "host/lib/ble/ble.h"

#include "core/bytes.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>

#include "airlock/client.h"

enum { FALLBACK = 244, PAUSE_MS = 300, STALE_MS = 2000, HEADER = 8 };

static struct ble *self(const struct alk_transport *t)
{
    return (struct ble *)(uintptr_t)t;
}

void ble_say(struct ble *b, const char *format, ...)
{
    char line[200];
    va_list args;

    if (b->o.say == NULL)
        return;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    b->o.say(b->o.ctx, line);
}

/* ---- one try, and the next ---- */

void ble_break(struct ble *b, const char *what, const char *why)
{
    snprintf(b->base.error, sizeof b->base.error, "%s: %s", what, why);
    b->broken = true;
}

void ble_refuse(struct ble *b, const char *what, const char *why)
{
    ble_break(b, what, why);
    b->base.refused = true;
}

void ble_retry(struct ble *b, const char *what, const char *why)
{
    uint64_t now = alk_loop_now_ms();

    if (b->broken)
        return;
    snprintf(b->base.error, sizeof b->base.error, "%s: %s", what, why);
    b->call = sd_bus_slot_unref(b->call);
    b->broken = now >= b->deadline_ms || b->step == BLE_UP;
    b->step = BLE_PAUSE;
    b->again = true;
    b->pause_ms = now + PAUSE_MS;
}

static int new_call(sd_bus_message **m, struct ble *b, const char *path, const char *interface,
                    const char *member)
{
    int rc = sd_bus_message_new_method_call(b->bus, m, BLUEZ, path, interface, member);

    /* only the agent and these two take arguments */
    if (rc >= 0 && strcmp(member, "RegisterAgent") == 0)
        rc = sd_bus_message_append(*m, "os", BLE_AGENT, "KeyboardDisplay");
    if (rc >= 0 && strcmp(member, "AcquireWrite") == 0)
        rc = sd_bus_message_append(*m, "a{sv}", 0);
    return rc;
}

int ble_call(struct ble *b, sd_bus_message_handler_t done, const char *path, const char *interface,
             const char *member)
{
    sd_bus_message *m = NULL;
    int rc = new_call(&m, b, path, interface, member);

    b->call = sd_bus_slot_unref(b->call);
    if (rc >= 0)
        rc = sd_bus_call_async(b->bus, &b->call, m, done, b, (uint64_t)BLE_ONE_TRY * 2000u);
    sd_bus_message_unref(m);
    if (rc < 0)
        ble_break(b, member, strerror(-rc));
    return rc;
}

void ble_tell(struct ble *b, const char *path, const char *interface, const char *member)
{
    sd_bus_message *m = NULL;

    if (new_call(&m, b, path, interface, member) >= 0)
        sd_bus_send(b->bus, m, NULL);
    sd_bus_message_unref(m);
}

/* ---- what is waited for ---- */

void ble_watch_fd(struct ble *b, int fd, uint32_t events)
{
    struct epoll_event e = {.events = events, .data.fd = fd};

    if (epoll_ctl(b->epoll, EPOLL_CTL_MOD, fd, &e) != 0)
        epoll_ctl(b->epoll, EPOLL_CTL_ADD, fd, &e);
}

static uint64_t due_us(const struct ble *b)
{
    uint64_t bus = UINT64_MAX, ours = b->step == BLE_UP ? UINT64_MAX : b->deadline_ms * 1000u;

    if (b->step == BLE_PAUSE)
        ours = b->pause_ms * 1000u;
    sd_bus_get_timeout(b->bus, &bus);
    return bus < ours ? bus : ours;
}

static void arm(struct ble *b)
{
    struct itimerspec at = {0};
    int events = sd_bus_get_events(b->bus);
    uint64_t us = due_us(b);

    ble_watch_fd(b, sd_bus_get_fd(b->bus), events < 0 ? POLLIN : (uint32_t)events);
    if (b->fd >= 0)
        ble_watch_fd(b, b->fd, EPOLLRDHUP | (b->out_len > 0 ? EPOLLOUT : 0u));
    if (us != UINT64_MAX) {
        us = us == 0 ? 1 : us;
        at.it_value.tv_sec = (time_t)(us / 1000000u);
        at.it_value.tv_nsec = (long)(us % 1000000u) * 1000;
    }
    timerfd_settime(b->timer, TFD_TIMER_ABSTIME, &at, NULL);
}

static void look_at_clock(struct ble *b)
{
    uint64_t now = alk_loop_now_ms(), late;

    (void)!read(b->timer, &late, sizeof late);
    if (b->step == BLE_UP || b->broken)
        return;
    if (b->step == BLE_PAUSE && now >= b->pause_ms)
        ble_look(b);
    if (now < b->deadline_ms)
        return;
    if (b->step == BLE_SCAN)
        ble_break(b, b->wanted, "not heard (airlock scan lists what is there)");
    else if (b->base.error[0] == '\0')
        ble_break(b, b->wanted, "no answer in time");
    b->broken = true; /* or for the reason of the last try */
}

static void pump(struct ble *b)
{
    int rc = 1;

    while (!b->broken && rc > 0)
        rc = sd_bus_process(b->bus, NULL);
    if (rc < 0 && !b->broken)
        ble_break(b, "D-Bus", strerror(-rc));
    if (b->question != NULL)
        ble_agent_answer(b);
    look_at_clock(b);
}

/* ---- pieces ---- */

/* return: 1 - all is out; 0 - the rest waits */
static int drain(struct ble *b)
{
    while (b->out_at < b->out_len) {
        size_t left = b->out_len - b->out_at;
        ssize_t n = send(b->fd, b->out + b->out_at, left < b->piece ? left : b->piece,
                         MSG_NOSIGNAL | MSG_DONTWAIT);

        if (n < 0 && (errno == EAGAIN || errno == EINTR))
            return 0;
        if (n < 0) {
            ble_break(b, b->wanted, "the link was lost");
            return 0;
        }
        b->out_at += (size_t)n;
    }
    b->out_at = b->out_len = 0;
    return 1;
}

/* A piece that begins nothing and goes on with nothing is dropped, and so is what waits too long for its end.
 */
void ble_received(struct ble *b, const uint8_t *p, size_t len)
{
    uint64_t now = alk_loop_now_ms();

    if (b->in_len > 0 && now - b->in_ms > STALE_MS)
        b->in_len = 0;
    if (len == 0 || len > sizeof b->in - b->in_len || (b->in_len == 0 && (p[0] & 5u) != 1))
        return;
    memcpy(b->in + b->in_len, p, len);
    b->in_len += len;
    b->in_ms = now;
}

static int take_packet(struct ble *b, uint8_t *packet, size_t cap)
{
    size_t len = b->in_len < HEADER ? SIZE_MAX : HEADER + (size_t)alk_get16be(b->in + 2);

    if (len != SIZE_MAX && len > ALK_PACKET_MAX)
        b->in_len = 0;
    if (len > b->in_len)
        return 0;
    if (len <= cap)
        memcpy(packet, b->in, len);
    memmove(b->in, b->in + len, b->in_len - len);
    b->in_len -= len;
    return len <= cap ? (int)len : 0;
}

/* ---- the transport ---- */

static int open_bus(struct ble *b)
{
    int rc = sd_bus_open_system(&b->bus);

    if (rc < 0)
        ble_break(b, "D-Bus",
                  rc == -ENOENT ? "no system bus here (is dbus installed and running?)" : strerror(-rc));
    if (rc >= 0)
        rc = ble_agent_add(b);
    if (rc >= 0)
        rc = ble_listen(b->bus, ble_on_added, ble_on_changed, b);
    if (rc < 0 && !b->broken)
        ble_break(b, "D-Bus", strerror(-rc));
    return rc < 0 ? ALK_E_IO : ALK_OK;
}

static int open_ble(struct alk_transport *t)
{
    struct ble *b = self(t);

    t->error[0] = '\0';
    t->refused = false;
    b->again = b->was_up;
    b->hangups = 0;
    b->broken = b->ours = b->asked = b->sure = b->connected = b->resolved = b->paired = false;
    b->in_len = b->out_len = b->out_at = 0;
    b->epoll = epoll_create1(EPOLL_CLOEXEC);
    b->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    if (b->epoll < 0 || b->timer < 0) {
        ble_break(b, "epoll", strerror(errno));
        return ALK_E_IO;
    }
    if (open_bus(b) != ALK_OK)
        return ALK_E_IO;
    b->deadline_ms = alk_loop_now_ms() + BLE_ONE_TRY;
    ble_watch_fd(b, b->timer, EPOLLIN);
    ble_look(b);
    arm(b);
    return b->broken ? ALK_E_IO : ALK_OK;
}

static int send_packet(struct alk_transport *t, const uint8_t *packet, size_t len)
{
    struct ble *b = self(t);

    if (b->step != BLE_UP || b->out_len > 0 || b->broken)
        return b->broken ? ALK_E_IO : 0;
    memcpy(b->out, packet, len);
    b->out_len = len;
    drain(b);
    arm(b);
    return b->broken ? ALK_E_IO : 1;
}

static int receive_packet(struct alk_transport *t, uint8_t *packet, size_t cap)
{
    struct ble *b = self(t);
    int n = take_packet(b, packet, cap);

    if (n != 0)
        return n;
    pump(b);
    if (b->fd >= 0 && !b->broken) {
        struct pollfd p = {.fd = b->fd, .events = POLLRDHUP};

        drain(b);
        if (poll(&p, 1, 0) > 0 && (p.revents & (POLLHUP | POLLERR | POLLRDHUP)) != 0)
            ble_break(b, b->wanted, "the link was lost");
    }
    arm(b);
    n = take_packet(b, packet, cap);
    return n == 0 && b->broken ? ALK_E_IO : n;
}

static void watch(const struct alk_transport *t, struct pollfd *p)
{
    p->fd = self(t)->epoll;
    p->events = POLLIN;
}

static void close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static void close_ble(struct alk_transport *t)
{
    struct ble *b = self(t);

    if (b->bus != NULL) {
        b->call = sd_bus_slot_unref(b->call);
        ble_agent_forget(b);
        if (b->ours)
            ble_tell(b, b->device, I_DEVICE, "Disconnect");
        b->bus = sd_bus_flush_close_unref(b->bus);
    }
    b->step = BLE_OFF;
    close_fd(&b->fd);
    close_fd(&b->timer);
    close_fd(&b->epoll);
}

static void free_ble(struct alk_transport *t)
{
    close_ble(t);
    free(t);
}

static const struct alk_transport_ops ops = {
    .open = open_ble,
    .send = send_packet,
    .receive = receive_packet,
    .watch = watch,
    .close = close_ble,
    .free = free_ble,
};

struct alk_transport *alk_transport_ble(const struct alk_ble_options *o)
{
    struct ble *b = calloc(1, sizeof *b);

    if (b == NULL)
        return NULL;
    if (o->device == NULL || o->device[0] == '\0' || strlen(o->device) >= sizeof b->wanted ||
        (o->adapter != NULL && strlen(o->adapter) >= sizeof b->wanted_adapter)) {
        free(b);
        errno = EINVAL;
        return NULL;
    }
    b->o = *o;
    strcpy(b->wanted, o->device);
    strcpy(b->wanted_adapter, o->adapter == NULL ? "" : o->adapter);
    b->fd = b->timer = b->epoll = -1;
    b->base = (struct alk_transport){.ops = &ops, .mtu = ALK_PACKET_MAX, .fallback = FALLBACK};
    snprintf(b->base.name, sizeof b->base.name, "Bluetooth %s", b->wanted);
    return &b->base;
}
