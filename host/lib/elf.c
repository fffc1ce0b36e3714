/* SPDX-License-Identifier: Apache-2.0 */
/* elf.c - the loadable bytes of an ELF file (32-bit, little-endian). */
#include <string.h>

#include "airlock/hexfile.h"
#include "core/bytes.h"

#define ELF_HEADER  52u
#define ELF_PROGRAM 32u /* size of a program header */
#define PT_LOAD     1u

static int take_segment(struct alk_hex *h, const uint8_t *data, size_t len, const uint8_t *ph,
                        struct alk_why *why)
{
    uint32_t off = alk_get32(ph + 4), addr = alk_get32(ph + 12), size = alk_get32(ph + 16);
    int e;

    if (alk_get32(ph) != PT_LOAD || size == 0) {
        return ALK_OK;
    }
    if (off > len || size > len - off) {
        return alk_why(why, ALK_E_FORMAT, "ELF segment at 0x%x lies outside the file (cut short?)", addr);
    }
    e = alk_hex_add(h, addr, data + off, size);
    return e == ALK_OK ? e : alk_why(why, ALK_E_FORMAT, "ELF segment at 0x%x overlaps another", addr);
}

/*
 * The linker likes to load the ELF header itself, in front of the first
 * section: such a segment begins at file offset 0.  What a section does not
 * name is no part of the program.
 */
static uint32_t first_section_off(const uint8_t *data, size_t len, uint32_t seg_off, uint32_t seg_size)
{
    uint32_t shoff = alk_get32(data + 32), best = seg_off + seg_size;
    uint16_t size = alk_get16(data + 46), count = alk_get16(data + 48);

    if (size < 40 || shoff > len || (size_t)size * count > len - shoff || shoff == 0) {
        return seg_off;
    }
    for (uint16_t i = 0; i < count; i++) {
        const uint8_t *sh = data + shoff + (size_t)i * size;
        uint32_t type = alk_get32(sh + 4), flags = alk_get32(sh + 8), off = alk_get32(sh + 16);
        uint32_t sh_size = alk_get32(sh + 20);

        /* PROGBITS or an array, allocated */
        if (type != 0 && type != 8 && (flags & 2) != 0 && sh_size > 0 && off >= seg_off && off < best) {
            best = off;
        }
    }
    return best;
}

static int take_program(struct alk_hex *h, const uint8_t *data, size_t len, uint8_t *ph, struct alk_why *why)
{
    uint32_t off = alk_get32(ph + 4), size = alk_get32(ph + 16);

    if (alk_get32(ph) == PT_LOAD && off == 0 && size <= len) {
        uint32_t skip = first_section_off(data, len, off, size);

        alk_put32(ph + 4, off + skip);
        alk_put32(ph + 12, alk_get32(ph + 12) + skip);
        alk_put32(ph + 16, size - skip);
    }
    return take_segment(h, data, len, ph, why);
}

int alk_elf_parse(struct alk_hex *h, const uint8_t *data, size_t len, struct alk_why *why)
{
    uint32_t phoff;
    uint16_t size, count;
    int e = ALK_OK;

    if (len < ELF_HEADER || memcmp(data, "\177ELF", 4) != 0 || data[4] != 1 || data[5] != 1) {
        return alk_why(why, ALK_E_FORMAT, "is no 32-bit little-endian ELF file");
    }
    phoff = alk_get32(data + 28);
    size = alk_get16(data + 42);
    count = alk_get16(data + 44);
    if (size < ELF_PROGRAM || phoff > len || (size_t)size * count > len - phoff) {
        return alk_why(why, ALK_E_FORMAT, "ELF program headers lie outside the file (cut short?)");
    }
    for (uint16_t i = 0; i < count && e == ALK_OK; i++) {
        uint8_t ph[ELF_PROGRAM];

        memcpy(ph, data + phoff + (size_t)i * size, sizeof ph);
        e = take_program(h, data, len, ph, why);
    }
    if (e == ALK_OK && h->n == 0) {
        e = alk_why(why, ALK_E_FORMAT, "ELF file without anything to load");
    }
    h->start = alk_get32(data + 24);
    h->has_start = h->start != 0;
    if (e != ALK_OK) {
        alk_hex_free(h);
    }
    return e;
}
