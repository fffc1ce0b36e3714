/* SPDX-License-Identifier: Apache-2.0 */
/* array.h - bytes as source code. */
#ifndef AIRLOCK_CLI_ARRAY_H
#define AIRLOCK_CLI_ARRAY_H

#include "airlock/buf.h"

void cli_put_c(struct alk_buf *out, const struct alk_buf *bytes, const char *name);
void cli_put_rust(struct alk_buf *out, const struct alk_buf *bytes, const char *name);

#endif
