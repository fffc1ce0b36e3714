/* SPDX-License-Identifier: Apache-2.0 */
/* process.h - airlock-device as a child: its lines, its UDP port, its end. */
#ifndef TESTS_DEVICE_PROCESS_H
#define TESTS_DEVICE_PROCESS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct process {
    pid_t pid;
    int out; /* its stdout */
    int udp; /* connected */
    char line[200], text[400];
    size_t held;
};

/* in: argv - of airlock-device, NULL at its end; --udp=0 is added.  Reads the line of the UDP link. */
void process_start(struct process *p, const char *const *argv);

/* The next line of its stdout, "" after its end or 20 s. */
const char *process_line(struct process *p);

/* Exit status, or -signal; ends it first if kill is not 0. */
int process_end(struct process *p, int kill);

/* For bench.exchange; return: 0 when nothing came in 5 s */
int process_exchange(void *peer, const uint8_t *req, size_t len, uint8_t *rsp, size_t cap);

/* Throw away what it has sent, until it is silent for half a second. */
void process_drain(const struct process *p);

#endif
