/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hexfile.h - what a debug probe would program: bytes at addresses, read
 * from Intel HEX, ELF or a plain binary.
 *
 *   spans:  [addr, addr + len) [addr, ...) ...   sorted, never touching
 *
 * (H1) Spans are sorted by address, do not overlap and do not touch.
 * (H2) A file that is malformed anywhere yields nothing: wrong checksum,
 *      length or record type, no end record, data given twice, an address
 *      past 2^32.
 */
#ifndef AIRLOCK_HEXFILE_H
#define AIRLOCK_HEXFILE_H

#include "airlock/buf.h"
#include "airlock/why.h"

struct alk_span {
    uint32_t addr;
    struct alk_buf bytes;
};

struct alk_hex {
    struct alk_span *spans;
    size_t n;
    uint32_t start; /* entry point, if has_start */
    bool has_start;
};

/* return: ALK_OK, ALK_E_FORMAT (why names the line) or ALK_E_MEMORY */
int alk_hex_parse(struct alk_hex *h, const uint8_t *text, size_t len, struct alk_why *why);

/* The loadable segments of a little-endian ELF file, at their physical addresses. */
int alk_elf_parse(struct alk_hex *h, const uint8_t *data, size_t len, struct alk_why *why);

/*
 * A file, known by its name (.hex, .bin) or its content: ELF, Intel HEX, else a binary for `base`.
 *
 * out:    *is_bin (may be NULL) - the file itself names no address
 */
int alk_hex_load(struct alk_hex *h, bool *is_bin, const char *path, uint32_t base, struct alk_why *why);

/* Add bytes; return: ALK_OK, ALK_E_STATE (some are there already), ALK_E_RANGE, ALK_E_MEMORY */
int alk_hex_add(struct alk_hex *h, uint32_t addr, const uint8_t *data, size_t len);

/* Put bytes, in place of what is there. */
int alk_hex_put(struct alk_hex *h, uint32_t addr, const uint8_t *data, size_t len);

/* Take out what lies in [addr, addr + len). */
int alk_hex_cut(struct alk_hex *h, uint32_t addr, uint32_t len);

/* Copy [addr, addr + len), holes as 0xff; return: how many bytes were there. */
size_t alk_hex_read(uint8_t *out, const struct alk_hex *h, uint32_t addr, size_t len);

uint32_t alk_hex_first(const struct alk_hex *h); /* lowest address; 0 when empty */
uint64_t alk_hex_end(const struct alk_hex *h);   /* behind the highest byte; 0 when empty */

/* As Intel HEX, 16 bytes a line. */
void alk_hex_format(struct alk_buf *out, const struct alk_hex *h);

void alk_hex_free(struct alk_hex *h);

#endif
