/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "airlock/dfuzip.h"
#include "airlock/file.h"
#include "host/lib/zipfile.h"

#define FILE_MAX     (64u << 20)
#define MANIFEST_MAX (1u << 20)

static void copy_text(char out[ALK_DFU_TEXT], const json_t *o, const char *key)
{
    const char *text = json_string_value(json_object_get(o, key));

    snprintf(out, ALK_DFU_TEXT, "%s", text != NULL ? text : "");
}

/* A number, or one in quotes. */
static long long number(const json_t *o, const char *key, long long otherwise)
{
    const json_t *v = json_object_get(o, key);

    if (json_is_integer(v)) {
        return json_integer_value(v);
    }
    return json_is_string(v) ? strtoll(json_string_value(v), NULL, 0) : otherwise;
}

static bool plain_name(const char *name)
{
    return name[0] != 0 && strchr(name, '/') == NULL && strchr(name, '\\') == NULL && name[0] != '.';
}

static int take_file(struct alk_dfu *z, zip_t *zip, const json_t *o, struct alk_why *why)
{
    struct alk_dfu_file *f = &z->files[z->n];
    long long size = number(o, "size", -1);
    int e;

    if (z->n == ALK_DFU_FILES) {
        return alk_why(why, ALK_E_SIZE, "its manifest names more than %d files", ALK_DFU_FILES);
    }
    copy_text(f->name, o, "file");
    copy_text(f->type, o, "type");
    copy_text(f->board, o, "board");
    copy_text(f->soc, o, "soc");
    copy_text(f->version, o, "version_MCUBOOT");
    f->image_index = (int)number(o, "image_index", 0);
    f->load_address = (uint32_t)number(o, "load_address", 0);
    if (!plain_name(f->name)) {
        return alk_why(why, ALK_E_FORMAT, "its manifest names no file, or one elsewhere (\"%s\")", f->name);
    }
    z->n++;
    e = alk_zip_read(&f->data, zip, f->name, FILE_MAX, why);
    if (e == ALK_OK && size >= 0 && (size_t)size != f->data.len) {
        e = alk_why(why, ALK_E_FORMAT, "its file %s has %zu bytes, but the manifest says %lld", f->name,
                    f->data.len, size);
    }
    return e;
}

static int take_manifest(struct alk_dfu *z, zip_t *zip, struct alk_why *why)
{
    struct alk_buf text = {0};
    json_t *manifest = NULL, *files, *file;
    size_t i;
    int e = alk_zip_read(&text, zip, "manifest.json", MANIFEST_MAX, why);

    if (e == ALK_OK) {
        manifest = json_loadb((const char *)text.data, text.len, JSON_REJECT_DUPLICATES, NULL);
        files = json_object_get(manifest, "files");
        if (!json_is_array(files) || json_array_size(files) == 0) {
            e = alk_why(why, ALK_E_FORMAT,
                        json_object_get(manifest, "manifest") != NULL
                            ? "is a package of the nRF5 SDK's own DFU, not of MCUboot images"
                            : "its manifest.json lists no files");
        }
        copy_text(z->name, manifest, "name");
        z->time = number(manifest, "time", 0);
        json_array_foreach(files, i, file)
        {
            e = e == ALK_OK ? take_file(z, zip, file, why) : e;
        }
    }
    json_decref(manifest);
    alk_buf_free(&text);
    return e;
}

int alk_dfu_parse(struct alk_dfu *z, const uint8_t *data, size_t len, struct alk_why *why)
{
    zip_t *zip = alk_zip_open(data, len);
    int e;

    *z = (struct alk_dfu){0};
    if (zip == NULL) {
        return alk_why(why, ALK_E_FORMAT, "is no zip file, or a damaged one");
    }
    e = take_manifest(z, zip, why);
    zip_discard(zip);
    if (e != ALK_OK) {
        alk_dfu_free(z);
    }
    return e;
}

int alk_dfu_load(struct alk_dfu *z, const char *path, struct alk_why *why)
{
    struct alk_buf file = {0};
    int e = alk_file_read(&file, path, why);

    *z = (struct alk_dfu){0};
    if (e == ALK_OK) {
        e = alk_dfu_parse(z, file.data, file.len, why);
    }
    alk_buf_free(&file);
    return e;
}

static json_t *manifest_of(const struct alk_dfu *z)
{
    json_t *files = json_array();

    for (size_t i = 0; i < z->n; i++) {
        const struct alk_dfu_file *f = &z->files[i];
        char index[16];

        snprintf(index, sizeof index, "%d", f->image_index);
        json_array_append_new(files, json_pack("{s:s, s:s*, s:s*, s:I, s:s, s:s, s:I, s:s, s:I}", "type",
                                               f->type, "board", f->board[0] != 0 ? f->board : NULL, "soc",
                                               f->soc[0] != 0 ? f->soc : NULL, "load_address",
                                               (json_int_t)f->load_address, "image_index", index,
                                               "version_MCUBOOT", f->version, "size", (json_int_t)f->data.len,
                                               "file", f->name, "modtime", (json_int_t)z->time));
    }
    return json_pack("{s:i, s:I, s:s, s:o}", "format-version", 0, "time", (json_int_t)z->time, "name",
                     z->name, "files", files);
}

int alk_dfu_format(struct alk_buf *out, const struct alk_dfu *z, struct alk_why *why)
{
    struct alk_zip_entry entries[1 + ALK_DFU_FILES];
    json_t *manifest = manifest_of(z);
    char *text = json_dumps(manifest, JSON_INDENT(2));
    int e = ALK_E_MEMORY;

    for (size_t i = 0; i < z->n; i++) {
        entries[1 + i] = (struct alk_zip_entry){z->files[i].name, z->files[i].data.data,
                                                z->files[i].data.len};
    }
    if (text != NULL) {
        entries[0] = (struct alk_zip_entry){"manifest.json", text, strlen(text)};
        e = alk_zip_make(out, entries, 1 + z->n, z->time, why);
    }
    free(text);
    json_decref(manifest);
    return e;
}

void alk_dfu_free(struct alk_dfu *z)
{
    for (size_t i = 0; i < ALK_DFU_FILES; i++) {
        alk_buf_free(&z->files[i].data);
    }
    *z = (struct alk_dfu){0};
}
