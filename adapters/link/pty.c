/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/link/pty.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include "airlock/err.h"

#define PATIENCE_MS 1000

int alk_pty_open(struct alk_pty *p)
{
    struct termios t;

    p->at = p->len = 0;
    p->slave = -1;
    p->master = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (p->master < 0 || grantpt(p->master) != 0 || unlockpt(p->master) != 0 ||
        ptsname_r(p->master, p->path, sizeof p->path) != 0)
        return ALK_E_IO;
    p->slave = open(p->path, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (p->slave < 0 || tcgetattr(p->slave, &t) != 0)
        return ALK_E_IO;
    cfmakeraw(&t);
    return tcsetattr(p->slave, TCSANOW, &t) == 0 ? ALK_OK : ALK_E_IO;
}

static int pty_get(void *dev)
{
    struct alk_pty *p = dev;
    ssize_t n;

    if (p->at == p->len) {
        n = read(p->master, p->buf, sizeof p->buf);
        if (n <= 0)
            return -1;
        p->at = 0;
        p->len = (size_t)n;
    }
    return p->buf[p->at++];
}

static void pty_put(void *dev, const uint8_t *bytes, size_t len)
{
    struct alk_pty *p = dev;
    struct pollfd out = {.fd = p->master, .events = POLLOUT};
    ssize_t n;

    while (len != 0) {
        n = write(p->master, bytes, len);
        if (n <= 0 && poll(&out, 1, PATIENCE_MS) <= 0)
            return;
        if (n > 0) {
            bytes += n;
            len -= (size_t)n;
        }
    }
}

static void pty_wait(void *dev)
{
    struct alk_pty *p = dev;
    struct pollfd in = {.fd = p->master, .events = POLLIN};

    if (p->at == p->len)
        poll(&in, 1, -1);
}

void alk_pty_link(struct alk_link *link, struct alk_pty *p)
{
    *link = (struct alk_link){.dev = p, .get = pty_get, .put = pty_put, .wait = pty_wait};
}
