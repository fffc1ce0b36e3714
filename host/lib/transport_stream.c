/* SPDX-License-Identifier: Apache-2.0 */
/*
 * transport_stream.c - console lines over any byte stream.
 *
 *   packet -> lines -> out[] -> write()        read() -> in[] -> frame, text
 *
 * Every frame begins with an extra newline: whatever half a line was on the
 * console before, the marker then stands at the start of one.
 */
#include "host/lib/transport.h"

#include "airlock/frame.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { OUT_CAP = 65536, IN_CAP = 4096, FALLBACK = 256, FRAME_EXTRA = 4 };

enum place { IN_TEXT, AFTER_MARK, IN_LINE };

struct alk_stream {
    struct alk_transport base;
    stream_dial dial;
    const char *address;
    uint32_t rate;
    int fd;
    enum place place;
    struct alk_frame frame;
    size_t out_len, in_len, in_at;
    uint8_t out[OUT_CAP], in[IN_CAP], body[ALK_PACKET_MAX + FRAME_EXTRA];
};

static struct alk_stream *self(const struct alk_transport *t)
{
    return (struct alk_stream *)(uintptr_t)t;
}

static int open_stream(struct alk_transport *t)
{
    struct alk_stream *s = self(t);

    s->out_len = s->in_len = s->in_at = 0;
    s->place = IN_TEXT;
    alk_frame_init(&s->frame, s->body, sizeof s->body);
    s->fd = s->dial(t, s->address, s->rate);
    return s->fd < 0 ? ALK_E_IO : ALK_OK;
}

/* ---- sending ---- */

/* A socket whose peer has gone shall be an error, not a signal. */
static ssize_t write_some(const struct alk_stream *s)
{
    ssize_t n = send(s->fd, s->out, s->out_len, MSG_NOSIGNAL | MSG_DONTWAIT);

    return n < 0 && errno == ENOTSOCK ? write(s->fd, s->out, s->out_len) : n;
}

static int drain(struct alk_stream *s)
{
    ssize_t n = s->out_len == 0 ? 0 : write_some(s);

    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return ALK_OK;
    if (n < 0)
        return transport_failed(&s->base, "write");
    memmove(s->out, s->out + n, s->out_len - (size_t)n);
    s->out_len -= (size_t)n;
    return ALK_OK;
}

static void queue(void *ctx, const uint8_t *p, size_t len)
{
    struct alk_stream *s = ctx;

    if (len > OUT_CAP - s->out_len)
        return;
    memcpy(s->out + s->out_len, p, len);
    s->out_len += len;
}

/* Longest form of a packet: 4 characters for 3 bytes, 3 more bytes a line. */
static size_t encoded_max(size_t len)
{
    return (len + FRAME_EXTRA) * 3u / 2u + 2u * ALK_FRAME_LINE;
}

static int send_packet(struct alk_transport *t, const uint8_t *packet, size_t len)
{
    struct alk_stream *s = self(t);

    if (encoded_max(len) > OUT_CAP - s->out_len)
        return drain(s) == ALK_OK ? 0 : ALK_E_IO;
    queue(s, (const uint8_t *)"\n", 1);
    alk_frame_send(packet, len, queue, s);
    return drain(s) == ALK_OK ? 1 : ALK_E_IO;
}

/* ---- receiving ---- */

static void text(struct alk_stream *s, uint8_t byte)
{
    if (s->base.text != NULL)
        s->base.text(s->base.text_ctx, (const char *)&byte, 1);
}

/* Is this byte of the console's text, or of one of our lines? */
static void sort(struct alk_stream *s, uint8_t byte)
{
    if (s->place == IN_LINE) {
        s->place = byte == '\n' ? IN_TEXT : IN_LINE;
    } else if (s->place == AFTER_MARK) {
        s->place = byte == 0x09 || byte == 0x14 ? IN_LINE : IN_TEXT;
    } else if (byte == 0x06 || byte == 0x04) {
        s->place = AFTER_MARK;
    } else {
        text(s, byte);
    }
}

static int next_packet(struct alk_stream *s, uint8_t *packet, size_t cap)
{
    while (s->in_at < s->in_len) {
        uint8_t byte = s->in[s->in_at++];
        int n = alk_frame_feed(&s->frame, byte);

        sort(s, byte);
        if (n > 0 && (size_t)n <= cap) {
            memcpy(packet, s->frame.buf + 2, (size_t)n);
            return n;
        }
    }
    return 0;
}

static int fill(struct alk_stream *s)
{
    ssize_t n = read(s->fd, s->in, sizeof s->in);

    s->in_at = s->in_len = 0;
    if (n > 0) {
        s->in_len = (size_t)n;
        return 1;
    }
    if (n < 0 && (errno == EAGAIN || errno == EINTR || errno == ENOTCONN))
        return 0;
    errno = n == 0 ? ECONNRESET : errno;
    return transport_failed(&s->base, "read");
}

static int receive_packet(struct alk_transport *t, uint8_t *packet, size_t cap)
{
    struct alk_stream *s = self(t);
    int n = next_packet(s, packet, cap);

    while (n == 0) {
        int rc = fill(s);

        if (rc <= 0)
            return rc < 0 || drain(s) < 0 ? ALK_E_IO : 0;
        n = next_packet(s, packet, cap);
    }
    return n;
}

static void watch(const struct alk_transport *t, struct pollfd *p)
{
    const struct alk_stream *s = self(t);

    p->fd = s->fd;
    p->events = (short)(POLLIN | (s->out_len > 0 ? POLLOUT : 0));
}

static void close_stream(struct alk_transport *t)
{
    struct alk_stream *s = self(t);

    if (s->fd >= 0)
        close(s->fd);
    s->fd = -1;
}

static void free_stream(struct alk_transport *t)
{
    close_stream(t);
    free(t);
}

static const struct alk_transport_ops ops = {
    .open = open_stream,
    .send = send_packet,
    .receive = receive_packet,
    .watch = watch,
    .close = close_stream,
    .free = free_stream,
};

struct alk_transport *transport_stream_new(stream_dial dial, const char *address, uint32_t rate)
{
    struct alk_stream *s = calloc(1, sizeof *s + strlen(address) + 1);

    if (s == NULL)
        return NULL;
    s->address = strcpy((char *)(s + 1), address);
    s->dial = dial;
    s->rate = rate;
    s->fd = -1;
    s->base = (struct alk_transport){.ops = &ops,
                                     .mtu = ALK_PACKET_MAX,
                                     .fallback = FALLBACK,
                                     .overhead = FRAME_EXTRA,
                                     .bytes_per_s = rate / 10};
    return &s->base;
}
