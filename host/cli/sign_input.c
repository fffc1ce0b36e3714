/* SPDX-License-Identifier: Apache-2.0 */
/* sign_input.c - the program file, and the room for its header. */
#include <stdio.h>
#include <string.h>

#include "airlock/file.h"
#include "core/bytes.h"
#include "host/cli/sign.h"

#define SPAN_MAX (64u << 20)

static int load(struct sign *s, bool *is_bin)
{
    struct alk_hex h = {0};
    struct alk_why why;
    int e = alk_hex_load(&h, is_bin, s->in, 0, &why);
    uint64_t size = alk_hex_end(&h) - alk_hex_first(&h);

    if (e == ALK_OK && size > SPAN_MAX) {
        e = alk_why(&why, ALK_E_SIZE, "spreads from 0x%x to 0x%llx: not one program", alk_hex_first(&h),
                    (unsigned long long)alk_hex_end(&h));
    }
    if (e != ALK_OK) {
        alk_hex_free(&h);
        return cli_refuse(s->c, e, s->in, &why);
    }
    if (!*is_bin && !s->has_base) {
        s->base = alk_hex_first(&h);
        s->has_base = true;
    }
    if (h.n == 1) {
        s->payload = h.spans[0].bytes;
        h.spans[0].bytes = (struct alk_buf){0};
    } else if (alk_buf_fill(&s->payload, 0xff, (size_t)size) != NULL) {
        alk_hex_read(s->payload.data, &h, alk_hex_first(&h), (size_t)size);
    }
    alk_hex_free(&h);
    return s->payload.failed ? cli_fail(s->c, CLI_IO, s->in, NULL, "not enough memory") : CLI_YES;
}

/* How many bytes from the start are 0 (or all are 0xff). */
static size_t empty_bytes(const struct alk_buf *p)
{
    uint8_t empty = p->data[0] == 0xff ? 0xff : 0;
    size_t n = 0;

    while (n < p->len && p->data[n] == empty) {
        n++;
    }
    return n;
}

/* Show what the file could mean, for a person to decide. */
static int two_readings(const struct sign *s)
{
    const uint8_t *p = s->payload.data;
    unsigned size = s->b.hdr_size != 0 ? s->b.hdr_size : 0x200;
    bool vectors = s->payload.len >= 8 && p[3] == 0x20 && (p[4] & 1) == 1;
    char start[64] = "";

    for (size_t i = 0; i < 8 && i < s->payload.len; i++) {
        snprintf(start + 3 * i, 4, "%02x ", p[i]);
    }
    cli_fail(s->c, CLI_USAGE, s->in, "--pad-header, or link with room for the header",
             "where does the header go? The file begins with data (%s..%s), and its first %u bytes are not "
             "empty",
             start, vectors ? ", a vector table" : "", size);
    cli_say(
        s->c,
        "  as it stands:       the program was linked to start where the slot starts, without a header:\n"
        "                      link it %u bytes further up (Zephyr: CONFIG_ROM_START_OFFSET=0x%x)\n"
        "  with --pad-header:  it was linked to start %u bytes behind the slot's start, and the file holds\n"
        "                      no room: the header goes in front",
        size, size, size);
    return CLI_USAGE;
}

/* Without -H and board: the zeros in front of the program are the room. */
static int guess_header(struct sign *s)
{
    size_t n = empty_bytes(&s->payload) & ~(size_t)31; /* a stack pointer begins with a zero byte too */

    if (s->b.pad_header || n < ALK_IMAGE_HDR_SIZE || n > 0x8000 || n >= s->payload.len) {
        return cli_fail(s->c, CLI_USAGE, "--header-size", "-H N, --board NAME or --bootloader FILE",
                        "is not known, and no empty room in front of %s tells it", s->in);
    }
    s->b.hdr_size = (uint16_t)n;
    cli_say(s->c, "%s begins with %zu empty bytes: taken as the header's room (-H %zu)", s->in, n, n);
    return CLI_YES;
}

/* An address tells whether the room is in the file, if the slot's is known. */
static void place_by_address(struct sign *s, bool is_bin)
{
    if (is_bin || !s->has_board || s->b.pad_header || s->base != s->board.primary_addr + s->b.hdr_size ||
        empty_bytes(&s->payload) >= s->b.hdr_size) {
        return;
    }
    s->b.pad_header = true;
    cli_say(s->c, "%s begins %u bytes behind the slot's start: the header goes in front", s->in,
            s->b.hdr_size);
}

static int check_room(struct sign *s)
{
    if (s->payload.len >= 4 && alk_get32(s->payload.data) == ALK_IMAGE_MAGIC) {
        return cli_fail(s->c, CLI_NO, s->in, "sign the program it was made of",
                        "is an image already: it has a header");
    }
    if (!s->b.pad_header && empty_bytes(&s->payload) < s->b.hdr_size) {
        return s->payload.len < s->b.hdr_size
                   ? cli_fail(s->c, CLI_NO, s->in, NULL, "is shorter than its header room of %u bytes",
                              s->b.hdr_size)
                   : two_readings(s);
    }
    return CLI_YES;
}

int sign_read_input(struct sign *s)
{
    bool is_bin = false;
    int status = load(s, &is_bin);

    if (status == CLI_YES && !s->has_header) {
        status = guess_header(s);
    }
    if (status != CLI_YES) {
        return status;
    }
    place_by_address(s, is_bin);
    status = check_room(s);
    if (status == CLI_YES && is_bin && !s->has_base && s->has_board) {
        s->base = s->board.primary_addr;
        s->has_base = true;
    } else if (s->b.pad_header && !is_bin && !cli_has(s->c, "hex-addr") && s->base >= s->b.hdr_size) {
        s->base -= s->b.hdr_size;
    }
    return status;
}
