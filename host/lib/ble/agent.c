/* SPDX-License-Identifier: Apache-2.0 */
/*
 * agent.c - answers BlueZ's questions while it pairs for us.
 *
 * A question that a person must answer is kept as a message; its reply leaves
 * when the terminal has a line.
 */
#include "host/lib/ble/ble.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <poll.h>
#include <sys/epoll.h>

#include "airlock/client.h"

enum { PATIENCE_MS = 60000 };

static int reject(sd_bus_message *m)
{
    return sd_bus_reply_method_errorf(m, "org.bluez.Error.Rejected", "nobody agreed");
}

/* Keep the question for a person. */
static int ask(struct ble *b, sd_bus_message *m)
{
    if (b->o.ask_fd < 0)
        return reject(m);
    ble_agent_forget(b);
    b->question = sd_bus_message_ref(m);
    b->deadline_ms = alk_loop_now_ms() + PATIENCE_MS;
    ble_watch_fd(b, b->o.ask_fd, EPOLLIN);
    return 1;
}

static bool is_passkey_question(sd_bus_message *m)
{
    return strcmp(sd_bus_message_get_member(m), "RequestPasskey") == 0;
}

static int request_passkey(sd_bus_message *m, void *ctx, sd_bus_error *e)
{
    struct ble *b = ctx;

    (void)e;
    b->asked = true;
    if (b->o.passkey >= 0)
        return sd_bus_reply_method_return(m, "u", (uint32_t)b->o.passkey);
    ble_say(b, "type the six digits that the device shows%s", b->o.ask_fd < 0 ? " (with --passkey)" : ":");
    return ask(b, m);
}

static int request_confirmation(sd_bus_message *m, void *ctx, sd_bus_error *e)
{
    struct ble *b = ctx;
    const char *device;
    int rc = sd_bus_message_read(m, "ou", &device, &b->number);

    (void)e;
    if (rc < 0)
        return rc;
    b->asked = true;
    if (b->o.yes || (b->o.passkey >= 0 && (uint32_t)b->o.passkey == b->number))
        return sd_bus_reply_method_return(m, "");
    ble_say(b, "does the device show %06u? %s", (unsigned)b->number,
            b->o.ask_fd < 0 ? "nobody to ask: see --yes and --passkey" : "yes or no:");
    return b->o.passkey >= 0 ? reject(m) : ask(b, m);
}

static int display_passkey(sd_bus_message *m, void *ctx, sd_bus_error *e)
{
    struct ble *b = ctx;
    const char *device;
    uint32_t number;
    uint16_t entered;
    int rc = sd_bus_message_read(m, "ouq", &device, &number, &entered);

    (void)e;
    if (rc < 0)
        return rc;
    b->asked = true;
    if (entered == 0)
        ble_say(b, "type %06u on the device", (unsigned)number);
    b->deadline_ms = alk_loop_now_ms() + PATIENCE_MS;
    return sd_bus_reply_method_return(m, "");
}

static int agree(sd_bus_message *m, void *ctx, sd_bus_error *e)
{
    (void)ctx;
    (void)e;
    return sd_bus_reply_method_return(m, "");
}

static int cancel(sd_bus_message *m, void *ctx, sd_bus_error *e)
{
    (void)e;
    ble_agent_forget(ctx);
    return sd_bus_reply_method_return(m, "");
}

static const sd_bus_vtable rows[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_METHOD("Release", "", "", cancel, 0),
    SD_BUS_METHOD("Cancel", "", "", cancel, 0),
    SD_BUS_METHOD("RequestPasskey", "o", "u", request_passkey, 0),
    SD_BUS_METHOD("DisplayPasskey", "ouq", "", display_passkey, 0),
    SD_BUS_METHOD("RequestConfirmation", "ou", "", request_confirmation, 0),
    SD_BUS_METHOD("RequestAuthorization", "o", "", agree, 0),
    SD_BUS_METHOD("AuthorizeService", "os", "", agree, 0),
    SD_BUS_VTABLE_END,
};

int ble_agent_add(struct ble *b)
{
    return sd_bus_add_object_vtable(b->bus, NULL, BLE_AGENT, "org.bluez.Agent1", rows, b);
}

void ble_agent_forget(struct ble *b)
{
    if (b->question == NULL)
        return;
    epoll_ctl(b->epoll, EPOLL_CTL_DEL, b->o.ask_fd, NULL);
    b->question = sd_bus_message_unref(b->question);
}

static int reply(sd_bus_message *m, const char *line)
{
    char *end;
    unsigned long n = strtoul(line, &end, 10);

    if (!is_passkey_question(m))
        return line[0] == 'y' || line[0] == 'Y' ? sd_bus_reply_method_return(m, "") : reject(m);
    if (end == line || n > 999999)
        return reject(m);
    return sd_bus_reply_method_return(m, "u", (uint32_t)n);
}

void ble_agent_answer(struct ble *b)
{
    struct pollfd in = {.fd = b->o.ask_fd, .events = POLLIN};
    char line[64];
    ssize_t n;

    if (poll(&in, 1, 0) <= 0)
        return;
    n = read(b->o.ask_fd, line, sizeof line - 1);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    line[n > 0 ? n : 0] = '\0';
    reply(b->question, line);
    ble_agent_forget(b);
}
