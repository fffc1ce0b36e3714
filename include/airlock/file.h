/* SPDX-License-Identifier: Apache-2.0 */
/* file.h - whole files in, whole files out. */
#ifndef AIRLOCK_FILE_H
#define AIRLOCK_FILE_H

#include "airlock/buf.h"
#include "airlock/why.h"

#define ALK_FILE_MAX (256u << 20) /* nothing for a microcontroller is larger */

/*
 * Append the content of a file to b ("-": standard input).
 *
 * return: ALK_OK, ALK_E_IO, ALK_E_SIZE (over ALK_FILE_MAX) or ALK_E_MEMORY
 */
int alk_file_read(struct alk_buf *b, const char *path, struct alk_why *why);

/*
 * Make or replace a file ("-": standard output): written beside it, then
 * renamed, so that at any moment the old or the new one is there.  A secret
 * file is on the disk on return: a key is not to be lost with the power.
 *
 * in:     secret - for the owner only (mode 0600), else as the umask says
 * return: ALK_OK or ALK_E_IO
 */
int alk_file_write(const char *path, const void *data, size_t len, bool secret, struct alk_why *why);

bool alk_file_exists(const char *path);

/* Does the name end in that suffix (".hex"), in whatever case? */
bool alk_file_suffix(const char *path, const char *suffix);

#endif
