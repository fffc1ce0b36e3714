/* SPDX-License-Identifier: Apache-2.0 */
/* bluez_agent.c - the device's half of pairing. */
#include "adapters/link/bluez_state.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

static int reject(sd_bus_message *m)
{
    return sd_bus_reply_method_errorf(m, "org.bluez.Error.Rejected", "nobody agreed");
}

static int display_passkey(sd_bus_message *m, void *ctx, sd_bus_error *e)
{
    const char *device;
    uint32_t number;
    uint16_t entered;
    int rc = sd_bus_message_read(m, "ouq", &device, &number, &entered);

    (void)e;
    if (rc < 0)
        return rc;
    if (entered == 0)
        bluez_say(ctx, "passkey %06u", (unsigned)number);
    return sd_bus_reply_method_return(m, "");
}

static int request_confirmation(sd_bus_message *m, void *ctx, sd_bus_error *e)
{
    struct alk_bluez *b = ctx;
    struct epoll_event in = {.events = EPOLLIN, .data.fd = b->o.answer_fd};
    const char *device;
    uint32_t number;
    int rc = sd_bus_message_read(m, "ou", &device, &number);

    (void)e;
    if (rc < 0)
        return rc;
    bluez_agent_forget(b);
    bluez_say(b, "compare %06u", (unsigned)number);
    if (b->o.answer_fd < 0 || epoll_ctl(b->epoll, EPOLL_CTL_ADD, b->o.answer_fd, &in) != 0)
        return reject(m);
    b->question = sd_bus_message_ref(m);
    return 1;
}

/* Nobody is asked only where that is what was chosen. */
static int request_authorization(sd_bus_message *m, void *ctx, sd_bus_error *e)
{
    const struct alk_bluez *b = ctx;

    (void)e;
    return b->o.pairing == ALK_BLUEZ_JUST_WORKS ? sd_bus_reply_method_return(m, "") : reject(m);
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
    bluez_agent_forget(ctx);
    return sd_bus_reply_method_return(m, "");
}

static const sd_bus_vtable rows[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_METHOD("Release", "", "", cancel, 0),
    SD_BUS_METHOD("Cancel", "", "", cancel, 0),
    SD_BUS_METHOD("DisplayPasskey", "ouq", "", display_passkey, 0),
    SD_BUS_METHOD("RequestConfirmation", "ou", "", request_confirmation, 0),
    SD_BUS_METHOD("RequestAuthorization", "o", "", request_authorization, 0),
    SD_BUS_METHOD("AuthorizeService", "os", "", agree, 0),
    SD_BUS_VTABLE_END,
};

void bluez_agent_forget(struct alk_bluez *b)
{
    if (b->question == NULL)
        return;
    epoll_ctl(b->epoll, EPOLL_CTL_DEL, b->o.answer_fd, NULL);
    b->question = sd_bus_message_unref(b->question);
}

void bluez_agent_answer(struct alk_bluez *b)
{
    struct pollfd in = {.fd = b->o.answer_fd, .events = POLLIN};
    char line[64];
    ssize_t n;

    if (b->question == NULL || poll(&in, 1, 0) <= 0)
        return;
    n = read(b->o.answer_fd, line, sizeof line);
    if (n > 0 && (line[0] == 'y' || line[0] == 'Y'))
        sd_bus_reply_method_return(b->question, "");
    else
        reject(b->question);
    bluez_agent_forget(b);
}

int bluez_agent_add(struct alk_bluez *b)
{
    return sd_bus_add_object_vtable(b->bus, NULL, BLUEZ_AGENT, "org.bluez.Agent1", rows, b);
}

static int failed(sd_bus_message *m, void *ctx, sd_bus_error *e)
{
    const sd_bus_error *error = sd_bus_message_get_error(m);

    (void)e;
    if (error != NULL)
        return bluez_fail(ctx, "pairing agent", error->message != NULL ? error->message : error->name);
    return 0;
}

/* Pairing begins at the other end: BlueZ asks the default agent. */
int bluez_agent_register(struct alk_bluez *b)
{
    static const char *const can[] = {"DisplayOnly", "DisplayYesNo", "NoInputNoOutput", "NoInputNoOutput"};
    int rc = sd_bus_call_method_async(b->bus, NULL, BLUEZ, "/org/bluez", "org.bluez.AgentManager1",
                                      "RegisterAgent", failed, b, "os", BLUEZ_AGENT, can[b->o.pairing]);

    if (rc < 0)
        return rc;
    return sd_bus_call_method_async(b->bus, NULL, BLUEZ, "/org/bluez", "org.bluez.AgentManager1",
                                    "RequestDefaultAgent", failed, b, "o", BLUEZ_AGENT);
}
