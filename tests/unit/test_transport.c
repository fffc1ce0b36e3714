/* SPDX-License-Identifier: Apache-2.0 */
/* The transports over real ptys and sockets of this machine, with a peer that sends back what it gets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "airlock/client.h"
#include "airlock/frame.h"

enum { LONGEST = 5000, ROUNDS = 4000 };

struct peer {
    int listener, fd;
    bool datagrams;
    const char *noise; /* console text around each line of an answer */
    unsigned spoil;    /* change this byte of each answer; 0: none */
    struct alk_frame frame;
    uint8_t body[LONGEST + 4], out[3 * LONGEST];
    size_t out_len, out_at;
};

static void put(void *ctx, const uint8_t *p, size_t len)
{
    struct peer *r = ctx;

    if (r->noise != NULL) {
        memcpy(r->out + r->out_len, r->noise, strlen(r->noise));
        r->out_len += strlen(r->noise);
    }
    memcpy(r->out + r->out_len, p, len);
    r->out_len += len;
}

static void answer(struct peer *r, const uint8_t *packet, size_t len)
{
    r->out_len = r->out_at = 0;
    alk_frame_send(packet, len, put, r);
    if (r->spoil != 0 && r->spoil < r->out_len)
        r->out[r->spoil] ^= 1;
}

static void serve_stream(struct peer *r)
{
    uint8_t in[512];
    ssize_t n = read(r->fd, in, sizeof in), sent;

    for (ssize_t i = 0; i < n; i++) {
        int len = alk_frame_feed(&r->frame, in[i]);

        if (len > 0)
            answer(r, r->frame.buf + 2, (size_t)len);
    }
    if (r->out_at < r->out_len && (sent = write(r->fd, r->out + r->out_at, r->out_len - r->out_at)) > 0)
        r->out_at += (size_t)sent;
}

static void serve_datagrams(struct peer *r)
{
    struct sockaddr_storage from;
    socklen_t from_len = sizeof from;
    uint8_t in[LONGEST];
    ssize_t n = recvfrom(r->fd, in, sizeof in, MSG_DONTWAIT, (struct sockaddr *)&from, &from_len);

    if (n >= 0)
        assert_int_equal(sendto(r->fd, in, (size_t)n, 0, (struct sockaddr *)&from, from_len), n);
}

static void serve(struct peer *r)
{
    if (r->fd < 0 && r->listener >= 0)
        r->fd = accept4(r->listener, NULL, NULL, SOCK_NONBLOCK);
    if (r->fd >= 0 && r->datagrams)
        serve_datagrams(r);
    else if (r->fd >= 0)
        serve_stream(r);
}

static struct peer *peer_new(void)
{
    struct peer *r = calloc(1, sizeof *r);

    r->fd = r->listener = -1;
    alk_frame_init(&r->frame, r->body, sizeof r->body);
    return r;
}

static void peer_free(struct peer *r)
{
    if (r->fd >= 0)
        close(r->fd);
    if (r->listener >= 0)
        close(r->listener);
    free(r);
}

static struct peer *peer_pty(char address[64])
{
    struct peer *r = peer_new();

    r->fd = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK);
    assert_int_equal(grantpt(r->fd) | unlockpt(r->fd) | ptsname_r(r->fd, address, 64), 0);
    return r;
}

static struct peer *peer_unix(char address[64])
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    struct peer *r = peer_new();

    snprintf(a.sun_path, sizeof a.sun_path, "/tmp/airlock-test-%d", (int)getpid());
    unlink(a.sun_path);
    r->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    assert_int_equal(bind(r->listener, (struct sockaddr *)&a, sizeof a) | listen(r->listener, 1), 0);
    snprintf(address, 64, "unix:%.50s", a.sun_path);
    return r;
}

/* A socket on a free port of the loopback. */
static int bound(uint16_t *port, int family, int type)
{
    struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    struct sockaddr_in four = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr *a = family == AF_INET ? (struct sockaddr *)&four : (struct sockaddr *)&six;
    socklen_t len = family == AF_INET ? sizeof four : sizeof six;
    int fd = socket(family, type | SOCK_NONBLOCK, 0);

    if (fd < 0 || bind(fd, a, len) != 0 || getsockname(fd, a, &len) != 0)
        return -1;
    *port = ntohs(family == AF_INET ? four.sin_port : six.sin6_port);
    return fd;
}

static struct peer *peer_tcp(char address[64])
{
    struct peer *r = peer_new();
    uint16_t port = 0;

    r->listener = bound(&port, AF_INET, SOCK_STREAM);
    assert_int_equal(listen(r->listener, 1), 0);
    snprintf(address, 64, "tcp:127.0.0.1:%u", port);
    return r;
}

static struct peer *peer_udp(char address[64], int family)
{
    struct peer *r = peer_new();
    uint16_t port = 0;

    r->datagrams = true;
    r->fd = bound(&port, family, SOCK_DGRAM);
    snprintf(address, 64, family == AF_INET ? "127.0.0.1:%u" : "[::1]:%u", port);
    return r;
}

/* Send a packet and wait for it; return: its length, 0 when it does not come. */
static int there_and_back(struct alk_transport *t, struct peer *r, size_t len, uint8_t *in)
{
    uint8_t packet[LONGEST];
    int sent = 0, n = 0;

    for (size_t i = 0; i < len; i++)
        packet[i] = (uint8_t)(i * 7 + len);
    for (unsigned round = 0; round < ROUNDS && n == 0; round++) {
        struct pollfd p = {.fd = -1};

        if (sent == 0)
            sent = t->ops->send(t, packet, len);
        assert_true(sent >= 0);
        serve(r);
        n = t->ops->receive(t, in, LONGEST);
        t->ops->watch(t, &p);
        if (n == 0 && round > 50)
            poll(&p, 1, 1);
        if (n == 0 && r->spoil != 0 && round > 100)
            return 0;
    }
    assert_true(n <= 0 || memcmp(in, packet, len) == 0);
    return n;
}

static void every_length(struct alk_transport *t, struct peer *r)
{
    static const size_t lengths[] = {8,   9,   90,  91,  92,   93,   94,   183, 184,
                                     185, 186, 380, 512, 1000, 1472, 2475, 4096};
    uint8_t in[LONGEST];

    assert_non_null(t);
    assert_int_equal(t->ops->open(t), ALK_OK);
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++)
        if (lengths[i] <= t->mtu)
            assert_int_equal(there_and_back(t, r, lengths[i], in), lengths[i]);
    alk_transport_free(t);
    peer_free(r);
}

static void pty_carries_packets(void **state)
{
    char address[64];
    struct peer *r = peer_pty(address);

    (void)state;
    every_length(alk_transport_serial(address, 1000000), r);
}

static void unix_socket_carries_packets(void **state)
{
    char address[64];
    struct peer *r = peer_unix(address);

    (void)state;
    every_length(alk_transport_serial(address, 0), r);
    unlink(address + 5);
}

static void tcp_carries_packets(void **state)
{
    char address[64];
    struct peer *r = peer_tcp(address);

    (void)state;
    every_length(alk_transport_serial(address, 0), r);
}

static void udp_carries_packets(void **state)
{
    char address[64];
    struct peer *r = peer_udp(address, AF_INET);

    (void)state;
    every_length(alk_transport_udp(address), r);
    r = peer_udp(address, AF_INET6);
    if (r->fd < 0) {
        print_message("SKIPPED: no IPv6 loopback here\n");
        peer_free(r);
        return;
    }
    every_length(alk_transport_udp(address), r);
}

static void keep_text(void *ctx, const char *p, size_t len)
{
    strncat(ctx, p, len);
}

static void console_text_is_kept_apart(void **state)
{
    static const char noise[] = "[00:00:01] tick 6\r\n";
    char address[64], text[4096] = "", expected[4096] = "";
    struct peer *r = peer_pty(address);
    struct alk_transport *t = alk_transport_serial(address, 115200);
    uint8_t in[LONGEST];

    (void)state;
    r->noise = noise;
    t->text = keep_text;
    t->text_ctx = text;
    assert_int_equal(t->ops->open(t), ALK_OK);
    assert_int_equal(there_and_back(t, r, 500, in), 500);
    for (unsigned i = 0; i < 6; i++) /* 504 bytes are six lines */
        strcat(expected, noise);
    assert_string_equal(text, expected);
    alk_transport_free(t);
    peer_free(r);
}

static void damaged_frame_yields_nothing(void **state)
{
    (void)state;
    for (unsigned at = 2; at < 100; at += 7) {
        char address[64];
        struct peer *r = peer_pty(address);
        struct alk_transport *t = alk_transport_serial(address, 115200);
        uint8_t in[LONGEST];

        r->spoil = at;
        assert_int_equal(t->ops->open(t), ALK_OK);
        assert_int_equal(there_and_back(t, r, 80, in), 0);
        r->spoil = 0;
        assert_int_equal(there_and_back(t, r, 80, in), 80);
        alk_transport_free(t);
        peer_free(r);
    }
}

static void hung_up_peer_is_a_lost_link_and_opens_again(void **state)
{
    char address[64];
    struct peer *r = peer_tcp(address);
    struct alk_transport *t = alk_transport_serial(address, 0);
    uint8_t in[LONGEST];
    int n = 0;

    (void)state;
    assert_int_equal(t->ops->open(t), ALK_OK);
    assert_int_equal(there_and_back(t, r, 100, in), 100);
    close(r->fd);
    r->fd = -1;
    for (unsigned i = 0; i < ROUNDS && n == 0; i++)
        n = t->ops->receive(t, in, sizeof in);
    assert_int_equal(n, ALK_E_IO);
    assert_string_not_equal(t->error, "");
    for (unsigned i = 0; i < 10; i++) /* and no SIGPIPE */
        assert_true(t->ops->send(t, in, 100) <= 1);
    t->ops->close(t);
    assert_int_equal(t->ops->open(t), ALK_OK);
    assert_int_equal(there_and_back(t, r, 100, in), 100);
    alk_transport_free(t);
    peer_free(r);
}

static void no_device_is_an_error_with_a_reason(void **state)
{
    static const char *const addresses[] = {"/dev/does-not-exist", "unix:/does/not/exist", "/dev/null"};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct alk_transport *t = alk_transport_serial(addresses[i], 115200);

        assert_int_equal(t->ops->open(t), ALK_E_IO);
        assert_string_not_equal(t->error, "");
        alk_transport_free(t);
    }
}

static void addresses_have_these_forms(void **state)
{
    static const struct {
        const char *address, *name; /* NULL: refused */
    } rows[] = {
        {"device", "udp device port 1337"},
        {"device:99", "udp device port 99"},
        {"::1", "udp ::1 port 1337"},
        {"[::1]", "udp ::1 port 1337"},
        {"[fe80::1]:7", "udp fe80::1 port 7"},
        {"", NULL},
        {":5", NULL},
        {"device:", NULL},
        {"[::1", NULL},
        {"[::1]x", NULL},
        {"[]:1", NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct alk_transport *t = alk_transport_udp(rows[i].address);

        assert_int_equal(t == NULL, rows[i].name == NULL);
        if (t != NULL)
            assert_string_equal(t->name, rows[i].name);
        alk_transport_free(t);
    }
    assert_null(alk_transport_serial("", 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pty_carries_packets),
        cmocka_unit_test(unix_socket_carries_packets),
        cmocka_unit_test(tcp_carries_packets),
        cmocka_unit_test(udp_carries_packets),
        cmocka_unit_test(console_text_is_kept_apart),
        cmocka_unit_test(damaged_frame_yields_nothing),
        cmocka_unit_test(hung_up_peer_is_a_lost_link_and_opens_again),
        cmocka_unit_test(no_device_is_an_error_with_a_reason),
        cmocka_unit_test(addresses_have_these_forms),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
