/* SPDX-License-Identifier: Apache-2.0 */
/* elf.h - what the emulator wants from an ELF file of a target: bytes, symbols, static RAM. */
#ifndef AIRLOCK_SIM_EMU_ELF_H
#define AIRLOCK_SIM_EMU_ELF_H

#include <stddef.h>
#include <stdint.h>

struct alk_elf {
    uint8_t *file;
    size_t size;
};

/* return: 0, or -1 (said on stderr): no such file, or not a 32-bit little-endian ARM executable */
int alk_elf_open(struct alk_elf *elf, const char *path);
void alk_elf_close(struct alk_elf *elf);

/* Copy all loadable bytes to their physical addresses. return: 0, or -1 if something lies outside */
int alk_elf_load(uint8_t *flash, uint32_t flash_size, const struct alk_elf *elf);

/* Address of a function or object without the Thumb bit; 0: no such symbol. */
uint32_t alk_elf_symbol(const struct alk_elf *elf, const char *name);

/* Bytes of allocated sections in RAM, stack and heap reservations left out; *end: where they end. */
uint32_t alk_elf_static_ram(uint32_t *end, const struct alk_elf *elf);

#endif
