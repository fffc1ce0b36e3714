/* SPDX-License-Identifier: Apache-2.0 */
/*
 * file.h - a whole flash chip in a file, with the rules of NOR flash.
 *
 * Writing turns 1 bits into 0 bits; being asked for the reverse is
 * ALK_E_FLASH and changes nothing, so a program that forgets an erase is
 * found out.  What has been written survives the end of the process.
 *
 * At operation number `cut` (erases and writes are counted from 1) the power
 * goes: part of the bytes change, one of them only in part, and on_cut is
 * called, which does not return to the caller.
 */
#ifndef ALK_ADAPTERS_FLASH_FILE_H
#define ALK_ADAPTERS_FLASH_FILE_H

#include "airlock/flash.h"

struct alk_flash_file {
    uint8_t *mem;
    size_t size;
    uint64_t count, cut; /* operations so far; the one that is torn, 0: none */
    void (*on_cut)(void *ctx);
    void *ctx;
};

/* An area's ops; its dev is the struct alk_flash_file. */
extern const struct alk_flash_ops alk_flash_file_ops;

/*
 * in:     path - made, and filled with 0xff up to size, if need be; NULL: memory only
 * return: ALK_OK or ALK_E_IO (errno says why)
 */
int alk_flash_file_open(struct alk_flash_file *f, const char *path, size_t size);

void alk_flash_file_close(struct alk_flash_file *f);

#endif
