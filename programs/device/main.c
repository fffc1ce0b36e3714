/* SPDX-License-Identifier: Apache-2.0 */
/*
 * airlock-device - the virtual device: same core, flash in a file, SMP over
 * pty, UDP and Bluetooth.  It resets into the bootloader code and comes back.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "adapters/link/bluez.h"
#include "adapters/link/pty.h"
#include "adapters/link/udp.h"
#include "airlock/mailbox.h"
#include "programs/device/machine.h"

static struct machine machine;
static struct alk_pty pty = {.master = -1};
static struct alk_udp udp = {.fd = -1};
static struct alk_bluez *bluez;
static struct alk_link console;
static uint8_t packet[65536], reply[65536], received[65536];
static struct serve line = {.smp = &machine.smp, .link = &console, .reply = reply, .reply_cap = sizeof reply};

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void say(const char *what)
{
    printf("%s\n", what);
    fflush(stdout);
}

static int bluetooth_open(const struct device_options *o)
{
    struct alk_bluez_options b = o->bluetooth;

    b.say = say;
    b.answer_fd = STDIN_FILENO;
    bluez = alk_bluez_open(&b);
    return bluez == NULL ? ALK_E_IO : ALK_OK;
}

static int links_open(const struct device_options *o)
{
    if (o->pty) {
        if (alk_pty_open(&pty) != ALK_OK)
            return ALK_E_IO;
        alk_pty_link(&console, &pty);
        alk_frame_init(&line.frame, received, o->buf_size + 4);
        if (o->link != NULL && (unlink(o->link), symlink(pty.path, o->link)) != 0)
            return ALK_E_IO;
        printf("pty %s\n", pty.path);
    }
    if (o->port >= 0) {
        if (alk_udp_open(&udp, o->bind, (uint16_t)o->port) != ALK_OK)
            return ALK_E_IO;
        printf("udp %s %u\n", o->bind, udp.port);
    }
    fflush(stdout);
    return o->bluetooth.name != NULL ? bluetooth_open(o) : ALK_OK;
}

/* Clients fill a datagram of 1500 bytes whatever they are told of buffers. */
static void serve_udp(const struct device_options *o)
{
    size_t cap = o->buf_size < 1500 ? 1500 : o->buf_size;
    size_t n;
    int len;

    while (machine.smp.after == ALK_SMP_STAY && (n = alk_udp_receive(&udp, packet, cap)) != 0) {
        len = alk_smp_handle(&machine.smp, packet, n, reply, sizeof reply);
        if (len > 0)
            alk_udp_send(&udp, reply, (size_t)len);
    }
}

/* A door left open on request is open for all that a proven peer may. */
static enum alk_smp_link bluetooth_link(const struct device_options *o)
{
    return o->bluetooth.security == ALK_BLUEZ_ENCRYPTED ? ALK_SMP_LINK_BLE_ENCRYPTED
                                                        : ALK_SMP_LINK_BLE_AUTHENTICATED;
}

static void serve_bluetooth(const struct device_options *o)
{
    const char *why;
    size_t n;
    int len;

    if (alk_bluez_process(&why, bluez) != 0) {
        fprintf(stderr, "airlock-device: Bluetooth: %s\n", why);
        exit(3);
    }
    machine_meet(&machine, bluetooth_link(o));
    while (machine.smp.after == ALK_SMP_STAY && (n = alk_bluez_receive(bluez, packet, o->buf_size)) != 0) {
        len = alk_smp_handle(&machine.smp, packet, n, reply, sizeof reply);
        if (len > 0)
            alk_bluez_send(bluez, reply, (size_t)len);
    }
}

/* The application, after its self test: this image is good. */
static void confirm(void)
{
    if (alk_mailbox_confirm(&machine.map.primary) == ALK_OK)
        printf("confirmed\n");
    fflush(stdout);
}

/* Until a reset is asked for. */
static void run(const struct device_options *o)
{
    struct pollfd in[] = {{.fd = pty.master, .events = POLLIN},
                          {.fd = udp.fd, .events = POLLIN},
                          {.fd = bluez == NULL ? -1 : alk_bluez_fd(bluez), .events = POLLIN}};
    bool waits = o->confirm_after >= 0 && !machine.config.recovery;
    double left, due = now() + o->confirm_after;

    while (machine.smp.after == ALK_SMP_STAY) {
        left = due - now();
        if (waits && left <= 0) {
            confirm();
            waits = false;
        }
        if (pty.master >= 0) {
            machine_meet(&machine, ALK_SMP_LINK_SERIAL);
            serve_pending(&line);
        }
        if (udp.fd >= 0) {
            machine_meet(&machine, ALK_SMP_LINK_UDP);
            serve_udp(o);
        }
        if (bluez != NULL)
            serve_bluetooth(o);
        if (machine.smp.after == ALK_SMP_STAY)
            poll(in, 3, waits ? (int)(left > 0 ? left * 1e3 + 1 : 0) : -1);
    }
    machine.wants_recovery = machine.smp.after == ALK_SMP_RESET_TO_RECOVERY;
}

int main(int argc, char **argv)
{
    struct device_options options;

    device_options_parse(&options, argc, argv);
    if (machine_open(&machine, &options) != ALK_OK)
        return 3;
    if (links_open(&options) != ALK_OK) {
        fprintf(stderr, "airlock-device: link: %s (another --udp PORT?)\n", strerror(errno));
        return 3;
    }
    for (;;) {
        machine_start(&machine);
        run(&options);
        say("reset");
        if (bluez != NULL)
            alk_bluez_reset(bluez);
    }
}
