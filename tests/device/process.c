/* SPDX-License-Identifier: Apache-2.0 */
#include "process.h"

#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static void need(int ok, const char *what)
{
    if (!ok) {
        perror(what);
        abort();
    }
}

static void spawn(struct process *p, const char *const *argv)
{
    const char *all[20] = {DEVICE, "--udp=0"};
    int ends[2];

    for (size_t i = 0; argv[i] != NULL && i < 17; i++)
        all[i + 2] = argv[i];
    need(pipe(ends) == 0, "pipe");
    p->pid = fork();
    need(p->pid >= 0, "fork");
    if (p->pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that fails leaves nothing behind */
        dup2(ends[1], 1);
        close(ends[0]);
        close(ends[1]);
        execv(DEVICE, (char *const *)(uintptr_t)all);
        _exit(127);
    }
    close(ends[1]);
    p->out = ends[0];
    p->held = 0;
}

static int ready(int fd, int ms)
{
    struct pollfd in = {.fd = fd, .events = POLLIN};

    return poll(&in, 1, ms) > 0;
}

const char *process_line(struct process *p)
{
    char *end;
    ssize_t n;

    while ((end = memchr(p->text, '\n', p->held)) == NULL) {
        if (!ready(p->out, 20000) || (n = read(p->out, p->text + p->held, sizeof p->text - p->held)) <= 0)
            return "";
        p->held += (size_t)n;
    }
    snprintf(p->line, sizeof p->line, "%.*s", (int)(end - p->text), p->text);
    p->held -= (size_t)(end + 1 - p->text);
    memmove(p->text, end + 1, p->held);
    return p->line;
}

void process_start(struct process *p, const char *const *argv)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    unsigned port;

    spawn(p, argv);
    need(sscanf(process_line(p), "udp 127.0.0.1 %u", &port) == 1, "airlock-device tells its port");
    to.sin_port = htons((uint16_t)port);
    p->udp = socket(AF_INET, SOCK_DGRAM, 0);
    need(p->udp >= 0 && connect(p->udp, (struct sockaddr *)&to, sizeof to) == 0, "udp");
}

int process_end(struct process *p, int sig)
{
    int status;

    if (sig != 0)
        kill(p->pid, sig);
    need(waitpid(p->pid, &status, 0) == p->pid, "wait");
    close(p->out);
    close(p->udp);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

int process_exchange(void *peer, const uint8_t *req, size_t len, uint8_t *rsp, size_t cap)
{
    const struct process *p = peer;
    ssize_t n = 0;

    if (send(p->udp, req, len, 0) == (ssize_t)len && ready(p->udp, 5000))
        n = recv(p->udp, rsp, cap, 0);
    return n > 0 ? (int)n : 0;
}

void process_drain(const struct process *p)
{
    uint8_t junk[2048];

    while (ready(p->udp, 500))
        if (recv(p->udp, junk, sizeof junk, 0) < 0)
            return;
}
