/* SPDX-License-Identifier: Apache-2.0 */
/* zipfile.h - zip files in memory (libzip). */
#ifndef AIRLOCK_HOST_ZIPFILE_H
#define AIRLOCK_HOST_ZIPFILE_H

#include <zip.h>

#include "airlock/buf.h"
#include "airlock/why.h"

struct alk_zip_entry {
    const char *name;
    const void *data;
    size_t len;
};

/* Append a zip of these files, all of that time: equal input gives equal bytes. */
int alk_zip_make(struct alk_buf *out, const struct alk_zip_entry *e, size_t n, long long time, struct alk_why *why);

/* NULL: no zip, or a damaged one.  To be closed with zip_discard(). */
zip_t *alk_zip_open(const uint8_t *data, size_t len);

/* Append a file of the zip, of at most limit bytes. */
int alk_zip_read(struct alk_buf *out, zip_t *zip, const char *name, size_t limit, struct alk_why *why);

#endif
