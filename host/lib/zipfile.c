/* SPDX-License-Identifier: Apache-2.0 */
#include "host/lib/zipfile.h"

/* The clock of a zip begins in 1980. */
static time_t zip_time(long long time)
{
    return time > 315619200 ? (time_t)time : 315619200;
}

static bool add_entry(zip_t *zip, const char *name, const void *data, size_t len, long long time)
{
    zip_source_t *source = zip_source_buffer(zip, data, len, 0);
    zip_int64_t i = source != NULL ? zip_file_add(zip, name, source, ZIP_FL_ENC_UTF_8) : -1;

    if (i < 0) {
        zip_source_free(source);
        return false;
    }
    return zip_file_set_mtime(zip, (zip_uint64_t)i, zip_time(time), 0) == 0;
}

static bool read_back(struct alk_buf *out, zip_source_t *source)
{
    zip_stat_t st;
    uint8_t *at;
    bool ok;

    if (zip_source_stat(source, &st) != 0 || zip_source_open(source) != 0) {
        return false;
    }
    at = alk_buf_fill(out, 0, (size_t)st.size);
    ok = at != NULL && zip_source_read(source, at, st.size) == (zip_int64_t)st.size;
    zip_source_close(source);
    return ok;
}

static bool add_all(zip_t *zip, const struct alk_zip_entry *e, size_t n, long long time)
{
    bool ok = true;

    for (size_t i = 0; i < n && ok; i++) {
        ok = add_entry(zip, e[i].name, e[i].data, e[i].len, time);
    }
    return ok;
}

int alk_zip_make(struct alk_buf *out, const struct alk_zip_entry *e, size_t n, long long time,
                 struct alk_why *why)
{
    zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, NULL);
    zip_t *zip = source != NULL ? zip_open_from_source(source, ZIP_TRUNCATE, NULL) : NULL;
    bool ok = zip != NULL && add_all(zip, e, n, time);

    if (source != NULL) {
        zip_source_keep(source);
    }
    if (ok) {
        ok = zip_close(zip) == 0 && read_back(out, source);
    } else if (zip != NULL) {
        zip_discard(zip);
    }
    if (source != NULL) {
        zip_source_free(source);
    }
    return ok ? ALK_OK : alk_why(why, ALK_E_BUG, "libzip makes no zip of it");
}

zip_t *alk_zip_open(const uint8_t *data, size_t len)
{
    zip_source_t *source = zip_source_buffer_create(data, len, 0, NULL);
    zip_t *zip = source != NULL ? zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, NULL) : NULL;

    if (zip == NULL && source != NULL) {
        zip_source_free(source);
    }
    return zip;
}

int alk_zip_read(struct alk_buf *out, zip_t *zip, const char *name, size_t limit, struct alk_why *why)
{
    zip_stat_t st;
    zip_file_t *f;
    uint8_t *at;
    bool whole;

    if (zip_stat(zip, name, 0, &st) != 0 || (st.valid & ZIP_STAT_SIZE) == 0) {
        return alk_why(why, ALK_E_FORMAT, "has no file %s", name);
    }
    if (st.size > limit) {
        return alk_why(why, ALK_E_SIZE, "its file %s is larger than %zu bytes", name, limit);
    }
    f = zip_fopen(zip, name, 0);
    at = f != NULL ? alk_buf_fill(out, 0, (size_t)st.size) : NULL;
    whole = at != NULL && zip_fread(f, at, st.size) == (zip_int64_t)st.size;
    if (f != NULL) {
        zip_fclose(f);
    }
    return whole ? ALK_OK
                 : alk_why(why, ALK_E_FORMAT, "its file %s cannot be unpacked: damaged, or locked", name);
}
