/* SPDX-License-Identifier: Apache-2.0 */
/* transport_serial.c - ttys and ptys at any rate; which stream an address names. */
#include "host/lib/transport.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <asm/termbits.h>
#include <sys/ioctl.h>

/* Raw, eight bits, no flow control, no hang-up of the device when we leave. */
static int make_raw(int fd, uint32_t rate)
{
    struct termios2 m;

    if (ioctl(fd, TCGETS2, &m) != 0)
        return -1;
    m.c_iflag = IGNBRK;
    m.c_oflag = 0;
    m.c_lflag = 0;
    m.c_cflag &= ~(tcflag_t)(CSIZE | PARENB | CSTOPB | CRTSCTS | HUPCL);
    m.c_cflag |= CS8 | CREAD | CLOCAL;
    m.c_cc[VMIN] = 1;
    m.c_cc[VTIME] = 0;
    if (rate != 0) {
        m.c_cflag = (m.c_cflag & ~(tcflag_t)CBAUD) | BOTHER;
        m.c_ispeed = m.c_ospeed = rate;
    }
    return ioctl(fd, TCSETS2, &m);
}

int stream_dial_tty(struct alk_transport *t, const char *address, uint32_t rate)
{
    int fd = open(address, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);

    if (fd < 0)
        return transport_failed(t, address);
    if (make_raw(fd, rate) != 0) {
        int rc = transport_failed(t, address);

        close(fd);
        return rc;
    }
    return fd;
}

struct alk_transport *alk_transport_serial(const char *address, uint32_t baud)
{
    struct alk_transport *t;

    if (*address == '\0') {
        errno = EINVAL;
        return NULL;
    }
    if (strncmp(address, "tcp:", 4) == 0)
        t = transport_stream_new(stream_dial_tcp, address + 4, 0);
    else if (strncmp(address, "unix:", 5) == 0)
        t = transport_stream_new(stream_dial_unix, address + 5, 0);
    else
        t = transport_stream_new(stream_dial_tty, address, baud);
    if (t != NULL)
        snprintf(t->name, sizeof t->name, "%s", address);
    return t;
}
