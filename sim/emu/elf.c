/* SPDX-License-Identifier: Apache-2.0 */
/* elf.c - ELF32 little-endian, read byte by byte. */
#include "elf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/bytes.h"

#define HEADER   52u
#define MACHINE  40u /* EM_ARM */
#define PT_LOAD  1u
#define SYMTAB   2u
#define ALLOC    2u
#define RAM_FROM 0x20000000u
#define RAM_TO   0x30000000u

struct section {
    uint32_t name, type, flags, addr, off, size, link;
};

static const uint8_t *at(const struct alk_elf *elf, uint32_t off, uint32_t len)
{
    return off > elf->size || len > elf->size - off ? NULL : elf->file + off;
}

static int slurp(struct alk_elf *elf, FILE *f)
{
    long size;

    if (fseek(f, 0, SEEK_END) != 0 || (size = ftell(f)) < (long)HEADER || fseek(f, 0, SEEK_SET) != 0)
        return -1;
    elf->size = (size_t)size;
    elf->file = malloc(elf->size);
    return elf->file && fread(elf->file, 1, elf->size, f) == elf->size ? 0 : -1;
}

int alk_elf_open(struct alk_elf *elf, const char *path)
{
    FILE *f = fopen(path, "rb");
    int rc = -1;

    *elf = (struct alk_elf){0};
    if (f && slurp(elf, f) == 0 && memcmp(elf->file, "\177ELF\1\1", 6) == 0 &&
        alk_get16(elf->file + 18) == MACHINE)
        rc = 0;
    if (f)
        fclose(f);
    if (rc != 0) {
        fprintf(stderr, "emulator: %s: no ARM executable (build the board's preset first)\n", path);
        alk_elf_close(elf);
    }
    return rc;
}

void alk_elf_close(struct alk_elf *elf)
{
    free(elf->file);
    *elf = (struct alk_elf){0};
}

int alk_elf_load(uint8_t *flash, uint32_t flash_size, const struct alk_elf *elf)
{
    uint32_t table = alk_get32(elf->file + 28);
    uint16_t step = alk_get16(elf->file + 42), n = alk_get16(elf->file + 44);

    for (uint16_t i = 0; i < n; i++) {
        const uint8_t *p = at(elf, table + (uint32_t)i * step, 32);
        uint32_t to = p ? alk_get32(p + 12) : 0, len = p ? alk_get32(p + 16) : 0;
        const uint8_t *bytes = p ? at(elf, alk_get32(p + 4), len) : NULL;

        if (!bytes)
            return -1;
        if (alk_get32(p) != PT_LOAD || len == 0)
            continue;
        if (to > flash_size || len > flash_size - to)
            return -1;
        memcpy(flash + to, bytes, len);
    }
    return 0;
}

static int section(struct section *s, const struct alk_elf *elf, uint32_t i)
{
    const uint8_t *p = at(elf, alk_get32(elf->file + 32) + i * alk_get16(elf->file + 46), 40);

    if (!p || i >= alk_get16(elf->file + 48))
        return -1;
    *s = (struct section){alk_get32(p),      alk_get32(p + 4),  alk_get32(p + 8), alk_get32(p + 12),
                          alk_get32(p + 16), alk_get32(p + 20), alk_get32(p + 24)};
    return 0;
}

static uint32_t search(const struct alk_elf *elf, const struct section *table, const char *name)
{
    struct section strings;
    size_t len = strlen(name) + 1;

    if (section(&strings, elf, table->link) != 0)
        return 0;
    for (uint32_t i = 0; i < table->size / 16; i++) {
        const uint8_t *sym = at(elf, table->off + 16 * i, 16);
        const uint8_t *text = sym ? at(elf, strings.off + alk_get32(sym), (uint32_t)len) : NULL;

        if (text && memcmp(text, name, len) == 0 && alk_get16(sym + 14) != 0)
            return alk_get32(sym + 4) & ~1u;
    }
    return 0;
}

uint32_t alk_elf_symbol(const struct alk_elf *elf, const char *name)
{
    struct section s;

    for (uint32_t i = 0; section(&s, elf, i) == 0; i++)
        if (s.type == SYMTAB)
            return search(elf, &s, name);
    return 0;
}

static int reserved(const struct alk_elf *elf, const struct section *s)
{
    struct section names;
    const uint8_t *text;

    if (section(&names, elf, alk_get16(elf->file + 50)) != 0)
        return 0;
    text = at(elf, names.off + s->name, 6);
    return text && (memcmp(text, ".stack", 6) == 0 || memcmp(text, ".heap", 5) == 0);
}

uint32_t alk_elf_static_ram(uint32_t *end, const struct alk_elf *elf)
{
    struct section s;
    uint32_t sum = 0;

    *end = RAM_FROM;
    for (uint32_t i = 0; section(&s, elf, i) == 0; i++) {
        if (!(s.flags & ALLOC) || s.addr < RAM_FROM || s.addr >= RAM_TO || reserved(elf, &s))
            continue;
        sum += s.size;
        if (s.addr + s.size > *end)
            *end = s.addr + s.size;
    }
    return sum;
}
