/* SPDX-License-Identifier: Apache-2.0 */
/* pty.h - a pseudo terminal as a byte link: the other end is a serial port to every program. */
#ifndef ALK_ADAPTERS_LINK_PTY_H
#define ALK_ADAPTERS_LINK_PTY_H

#include "airlock/link.h"

struct alk_pty {
    int master, slave; /* the slave stays open here, so that a client may come and go */
    char path[64];     /* of the slave */
    uint8_t buf[512];
    size_t at, len;
};

/* return: ALK_OK or ALK_E_IO (errno says why) */
int alk_pty_open(struct alk_pty *p);

/* out: link - get never blocks; put gives up on a client that has not read for a second */
void alk_pty_link(struct alk_link *link, struct alk_pty *p);

#endif
