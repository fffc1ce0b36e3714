/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "host/cli/commands.h"
#include "host/cli/judge_say.h"

static const struct cli_opt options[] = {
    {"decrypt-key", 'k', "PRIV.pem", "The device's private key.", true, true},
    {"key", 0, "PUB.pem", "Public key that must have signed it, too.", true, false},
    {"payload", 0, NULL, "Write the payload alone, without header and TLVs.", false, false},
    {"output", 'o', "FILE", "Where to.", false, false},
    {NULL, 0, NULL, NULL, false, false},
};

static int write_plain(struct cli_judge *j, const char *path)
{
    const struct alk_image *img = &j->image.img;
    struct alk_buf what;
    uint32_t base = j->image.base;

    if (j->judgement.encrypted) {
        alk_imgfile_decrypt(&j->image, &j->judgement);
    } else {
        cli_say(j->c, "%s: its payload is plain already", j->path);
    }
    what = j->image.data;
    if (cli_has(j->c, "payload")) {
        what.data += img->hdr_size;
        what.len = img->img_size;
        base += img->hdr_size;
    }
    return cli_write_program(j->c, path, &what, base);
}

static int run(struct cli *c)
{
    return cli_judge_convert(c, write_plain);
}

const struct cli_cmd cli_cmd_decrypt = {
    .name = "decrypt",
    .operands = "IMAGE [OUT]",
    .summary = "Decrypt an image's payload, once its hash has been found right.",
    .detail =
        "The header, its flags and all TLVs stay as they are: this is what lies in the primary slot of a "
        "device after an update.",
    .examples = "airlock decrypt app.signed.bin --decrypt-key enc.pem -o app.plain.bin",
    CLI_OPTIONS_AND_PASS(options),
    .min_operands = 1,
    .max_operands = 2,
    .run = run,
};
