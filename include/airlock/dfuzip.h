/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dfuzip.h - dfu_application.zip: images and a manifest.json that says which
 * is for which core, as the phone apps and the nRF Connect SDK have it.
 *
 *   {"format-version": 0, "name": ..., "time": ...,
 *    "files": [{"type": "application", "file": "app_update.bin", "size": ...,
 *               "image_index": "0", "version_MCUBOOT": "1.2.3+4",
 *               "board": ..., "soc": ..., "load_address": ..., "modtime": ...}]}
 *
 * (Z1) After load(), every file the manifest names is there whole, with the
 *      size the manifest says, and no name leads out of a directory.
 */
#ifndef AIRLOCK_DFUZIP_H
#define AIRLOCK_DFUZIP_H

#include "airlock/buf.h"
#include "airlock/why.h"

#define ALK_DFU_FILES 16
#define ALK_DFU_TEXT  96

struct alk_dfu_file {
    char name[ALK_DFU_TEXT];
    char type[ALK_DFU_TEXT]; /* "application" */
    char board[ALK_DFU_TEXT], soc[ALK_DFU_TEXT];
    char version[ALK_DFU_TEXT]; /* as the manifest says; "" when it does not */
    int image_index;
    uint32_t load_address;
    struct alk_buf data;
};

struct alk_dfu {
    char name[ALK_DFU_TEXT];
    long long time; /* seconds since 1970 */
    struct alk_dfu_file files[ALK_DFU_FILES];
    size_t n;
};

/* return: ALK_OK; ALK_E_IO; ALK_E_FORMAT, ALK_E_SIZE with what is wrong */
int alk_dfu_load(struct alk_dfu *z, const char *path, struct alk_why *why);

/* The same from bytes in memory. */
int alk_dfu_parse(struct alk_dfu *z, const uint8_t *data, size_t len, struct alk_why *why);

/* Append the zip; equal contents give equal bytes. */
int alk_dfu_format(struct alk_buf *out, const struct alk_dfu *z, struct alk_why *why);

void alk_dfu_free(struct alk_dfu *z);

#endif
