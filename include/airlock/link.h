/* SPDX-License-Identifier: Apache-2.0 */
/* link.h - a byte link of a device program: UART, USB CDC, a pty.  Moves bytes, knows nothing. */
#ifndef AIRLOCK_LINK_H
#define AIRLOCK_LINK_H

#include <stddef.h>
#include <stdint.h>

struct alk_link {
    void *dev;
    /* Next received byte, or -1 when there is none now.  Never blocks. */
    int (*get)(void *dev);
    /* Send all bytes; may block for as long as the line takes. */
    void (*put)(void *dev, const uint8_t *p, size_t len);
    /* Sleep until a byte may have come (or return at once). */
    void (*wait)(void *dev);
};

#endif
