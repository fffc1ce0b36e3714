/* SPDX-License-Identifier: Apache-2.0 */
/* hostdir.h - one directory of the host as the file system of a virtual device. */
#ifndef ALK_ADAPTERS_FS_HOSTDIR_H
#define ALK_ADAPTERS_FS_HOSTDIR_H

#include "airlock/files.h"

/*
 * in:     path - a directory; only plain names below it are files ("/lfs/name" is the same as "name")
 *         must outlive fs
 */
void alk_hostdir_open(struct alk_smp_fs *fs, const char *path);

#endif
