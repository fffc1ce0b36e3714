/* SPDX-License-Identifier: Apache-2.0 */
/* bluez_none.c - stands for bluez*.c where libsystemd was not there to build against. */
#include "adapters/link/bluez.h"

#include <errno.h>

struct alk_bluez *alk_bluez_open(const struct alk_bluez_options *o)
{
    (void)o;
    errno = ENOSYS;
    return NULL;
}

int alk_bluez_fd(const struct alk_bluez *b)
{
    (void)b;
    return -1;
}

int alk_bluez_process(const char **why, struct alk_bluez *b)
{
    (void)b;
    *why = "built without Bluetooth";
    return -1;
}

size_t alk_bluez_receive(struct alk_bluez *b, uint8_t *buf, size_t cap)
{
    (void)b, (void)buf, (void)cap;
    return 0;
}

void alk_bluez_send(struct alk_bluez *b, const uint8_t *p, size_t len)
{
    (void)b, (void)p, (void)len;
}

void alk_bluez_reset(struct alk_bluez *b)
{
    (void)b;
}
