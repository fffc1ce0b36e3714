/* SPDX-License-Identifier: Apache-2.0 */
/* files.h - a file system, as far as SMP needs one. */
#ifndef AIRLOCK_FILES_H
#define AIRLOCK_FILES_H

#include <stddef.h>
#include <stdint.h>

/* Results of file access: 0, or one of these. */
enum alk_smp_fs_rc {
    ALK_FS_INVALID_NAME = 2,
    ALK_FS_NOT_FOUND = 3,
    ALK_FS_IS_DIRECTORY = 4,
    ALK_FS_OPEN = 5,
    ALK_FS_READ = 7,
    ALK_FS_WRITE = 10,
    ALK_FS_OFFSET = 11,
    ALK_FS_OFFSET_LARGER = 12,
    ALK_FS_NO_TYPE = 13,
};

/* A file system.  Names are the client's: the adapter decides which there are. */
struct alk_smp_fs {
    int (*size)(void *fs, uint32_t *len, const char *name);
    int (*read)(void *fs, void *buf, const char *name, uint32_t off, size_t len);
    int (*write)(void *fs, const char *name, uint32_t off, const void *buf,
                 size_t len); /* off 0: a new file */
    void *fs;
};

#endif
