/* SPDX-License-Identifier: Apache-2.0 */
/* text.h - what people write on a command line, as values. */
#ifndef AIRLOCK_TEXT_H
#define AIRLOCK_TEXT_H

#include "airlock/build.h"

/* "1", "1.2", "1.2.3", "1.2.3+4"; false: no version, or a part too large for the header. */
bool alk_version_parse(struct alk_version *v, const char *text);

/* "1.2.3+4" */
#define ALK_VERSION_TEXT 32
void alk_version_text(char out[ALK_VERSION_TEXT], const struct alk_version *v);

/*
 * A UUID in hex (with or without dashes), or a name: version 5 in the
 * namespace given (NULL: DNS, as for vendors).
 */
bool alk_uuid_parse(uint8_t uuid[16], const char *text, const uint8_t name_space[16]);
void alk_uuid_text(char out[37], const uint8_t uuid[16]);

/* "(0, 1.2.3+4)(1, 2.0)" into b; false: malformed, or more than ALK_BUILD_MAX. */
bool alk_depends_parse(struct alk_build *b, const char *text);

/* Lower-case hex of len bytes into out[2 * len + 1]. */
void alk_hex_text(char *out, const uint8_t *data, size_t len);

/* Hex digits (an even number) appended to b; false: something else. */
bool alk_hex_bytes(struct alk_buf *b, const char *text);

#endif
