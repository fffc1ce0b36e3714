/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "airlock/rework.h"
#include "host/cli/commands.h"
#include "host/cli/use.h"

static const struct cli_opt options[] = {
    {"tlv", 't', "TYPE", "Leave out unprotected TLVs of this type: a number, or a name as inspect shows it.",
     true, false},
    {"signatures", 0, NULL, "Leave out all signatures and their keys.", false, false},
    {"output", 'o', "FILE", "Where to.", false, false},
    {NULL, 0, NULL, NULL, false, false},
};

static bool matches(const char *text, uint16_t type)
{
    char *end;
    unsigned long v = strtoul(text, &end, 0);

    return (*text != 0 && *end == 0) ? v == type : strcasecmp(text, alk_tlv_name(type)) == 0;
}

static bool keep(void *ctx, const struct alk_tlv *t)
{
    const struct cli *c = ctx;
    const char *text;

    for (size_t i = 0; (text = cli_get_nth(c, "tlv", i)) != NULL; i++) {
        if (matches(text, t->type)) {
            return false;
        }
    }
    return !alk_tlv_is_signature(t->type) || !cli_has(c, "signatures");
}

static int run(struct cli *c)
{
    const char *in = cli_operand(c, 0), *path = cli_output(c, 1);
    struct alk_imgfile f;
    struct alk_buf out = {0};
    struct alk_why why;
    int e, status;

    if (path == NULL) {
        return cli_no_output(c);
    }
    e = alk_imgfile_load(&f, in, &why);
    if (e != ALK_OK) {
        return cli_refuse(c, e, in, &why);
    }
    e = alk_image_filter(&out, &f, keep, c, &why);
    status = e == ALK_OK ? cli_write_program(c, path, &out, f.base) : cli_refuse(c, e, in, &why);
    alk_buf_free(&out);
    alk_imgfile_free(&f);
    return status;
}

const struct cli_cmd cli_cmd_strip = {
    .name = "strip",
    .operands = "IMAGE [OUT]",
    .summary = "Take padding, mailbox, and chosen unprotected TLVs off an image.",
    .detail = "What is signed stays as it is, so signatures that stay remain good.",
    .examples = "airlock strip padded.bin -o app.bin\nairlock strip app.bin --tlv KEYHASH -o bare.bin",
    .options = options,
    .min_operands = 1,
    .max_operands = 2,
    .run = run,
};
