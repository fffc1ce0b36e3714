/* SPDX-License-Identifier: Apache-2.0 */
/* absent.c - stands for this directory where libsystemd was not there to build against. */
#include "airlock/ble.h"

#include <errno.h>
#include <stdio.h>

struct alk_transport *alk_transport_ble(const struct alk_ble_options *o)
{
    (void)o;
    errno = ENOSYS;
    return NULL;
}

int alk_ble_scan(struct alk_ble_scan *s)
{
    snprintf(s->error, sizeof s->error, "built without Bluetooth");
    return ALK_E_SUPPORT;
}
