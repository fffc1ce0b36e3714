/* SPDX-License-Identifier: Apache-2.0 */
/* inspect.h - files as readable pictures, and as JSON. */
#ifndef AIRLOCK_CLI_INSPECT_H
#define AIRLOCK_CLI_INSPECT_H

#include "host/cli/use.h"

void inspect_image(const struct alk_imgfile *f);
json_t *inspect_image_json(const struct alk_imgfile *f);

void inspect_bootloader(const struct alk_hex *h, const struct alk_board *b);
json_t *inspect_bootloader_json(const struct alk_hex *h, const struct alk_board *b);

void inspect_key(const struct alk_hostkey *key);
json_t *inspect_key_json(const struct alk_hostkey *key);

#endif
