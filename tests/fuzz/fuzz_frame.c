/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libFuzzer target: any bytes on the console.  Claims: the buffer is never
 * left, and after any noise and a newline a good frame still comes through.
 */
#include <stdlib.h>
#include <string.h>

#include "airlock/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct receiver {
    struct alk_frame frame;
    unsigned packets;
};

static void put(void *ctx, const uint8_t *p, size_t len)
{
    struct receiver *r = ctx;

    for (size_t i = 0; i < len; i++)
        if (alk_frame_feed(&r->frame, p[i]) > 0)
            r->packets++;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t packet[100] = {8, 0, 0, 92};
    uint8_t *buf = malloc(sizeof packet + 4);
    struct receiver r = {.packets = 0};

    alk_frame_init(&r.frame, buf, sizeof packet + 4);
    put(&r, data, size);
    r.packets = 0;
    alk_frame_send(packet, sizeof packet, put, &r);
    if (r.packets != 1 || memcmp(buf + 2, packet, sizeof packet) != 0)
        abort();
    free(buf);
    return 0;
}
