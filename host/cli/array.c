/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <stdio.h>

#include "host/cli/array.h"

static void put_bytes(struct alk_buf *out, const struct alk_buf *bytes)
{
    for (size_t i = 0; i < bytes->len; i++) {
        alk_buf_printf(out, "%s0x%02x,", i % 8 == 0 ? "\n    " : " ", bytes->data[i]);
    }
}

void cli_put_c(struct alk_buf *out, const struct alk_buf *bytes, const char *name)
{
    alk_buf_printf(out, "/* made by airlock */\nconst unsigned char %s[] = {", name);
    put_bytes(out, bytes);
    alk_buf_printf(out, "\n};\nconst unsigned int %s_len = %zu;\n", name, bytes->len);
}

void cli_put_rust(struct alk_buf *out, const struct alk_buf *bytes, const char *name)
{
    char upper[80];

    snprintf(upper, sizeof upper, "%s", name);
    for (char *p = upper; *p != 0; p++) {
        *p = (char)toupper((unsigned char)*p);
    }
    alk_buf_printf(out, "/* made by airlock */\nstatic %s: &[u8] = &[", upper);
    put_bytes(out, bytes);
    alk_buf_printf(out, "\n];\n");
}
