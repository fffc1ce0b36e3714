/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "airlock/rework.h"
#include "host/cli/commands.h"
#include "host/cli/judge_say.h"

static const struct cli_opt options[] = {
    {"with", 'k', "PRIV.pem", "Private key to sign with now; several make several signatures.", true, true},
    {"key", 0, "PUB.pem", "Public key that must have signed it before.", true, false},
    {"decrypt-key", 0, "PRIV.pem", "The device's private key: what is signed must be seen.", true, false},
    {"encrypt-to", 'E', "PUB.pem", "Encrypt it anew, to this key.", false, false},
    {"encrypt-keylen", 0, "128|256", "Bits of the AES key; 128 unless given.", false, false},
    {"plain", 0, NULL, "Make it a plain image.", false, false},
    {"public-key-format", 0, "hash|full", "Name the key by its hash (unless given) or carry it.", false,
     false},
    {"reproducible", 0, NULL, "ECDSA after RFC 6979.", false, false},
    {"output", 'o', "FILE", "Where to.", false, false},
    {NULL, 0, NULL, NULL, false, false},
};

struct work {
    const struct cli *c;
    struct cli_judge *judge;
    struct cli_keys signers;
    struct alk_hostkey recipient;
    struct alk_random random;
    struct alk_build b;
};

static int read_keys(struct work *w)
{
    const char *to = cli_get(w->c, "encrypt-to"), *form = cli_get(w->c, "public-key-format");
    const char *bits = cli_get(w->c, "encrypt-keylen");
    int status = cli_load_keys(&w->signers, w->c, "with");

    for (size_t i = 0; i < w->signers.n && status == CLI_YES; i++) {
        w->b.signers[w->b.n_signers++] = &w->signers.key[i];
    }
    if (status == CLI_YES && to != NULL) {
        status = cli_load_key(&w->recipient, w->c, to);
        w->b.recipients[0] = &w->recipient;
        w->b.n_recipients = 1;
    }
    w->b.hash = -1;
    w->b.full_key = form != NULL && strcmp(form, "full") == 0;
    w->b.fixed_k = cli_has(w->c, "reproducible");
    w->b.content_key_len = bits != NULL && strcmp(bits, "256") == 0 ? 32 : 16;
    w->b.random = &w->random;
    return status;
}

static int rework(struct work *w, const char *path)
{
    struct cli_judge *j = w->judge;
    struct alk_buf out = {0};
    struct alk_built built = {0};
    int e, status;

    if (w->b.n_recipients == 0 && !cli_has(w->c, "plain")) {
        e = alk_image_resign(&out, &j->image, &j->judgement, &w->b, &j->why);
    } else {
        alk_imgfile_decrypt(&j->image, &j->judgement);
        e = alk_image_rebuild(&built, &j->image, &w->b, &j->why);
        out = built.image;
        built.image = (struct alk_buf){0};
    }
    status = e == ALK_OK ? cli_write_program(w->c, path, &out, j->image.base)
                         : cli_refuse(w->c, e, cli_operand(w->c, 0), &j->why);
    alk_buf_free(&out);
    alk_built_free(&built);
    return status;
}

static int resign(struct cli_judge *j, const char *path)
{
    struct work w = {.c = j->c, .judge = j};
    int status = read_keys(&w);

    if (status == CLI_YES) {
        status = rework(&w, path);
    }
    cli_free_keys(&w.signers);
    alk_key_free(&w.recipient);
    return status;
}

static int run(struct cli *c)
{
    return cli_judge_convert(c, resign);
}

const struct cli_cmd cli_cmd_resign = {
    .name = "resign",
    .operands = "IMAGE [OUT]",
    .summary = "Sign an image with another key, encrypt it to another, or make it plain.",
    .detail = "Without the program's build. The hash is checked first; for an encrypted image that takes the "
              "device's private key. Padding and mailbox behind the image are dropped.",
    .examples = "airlock resign app.dev.bin --key dev.pub.pem -k release.pem -o app.bin\n"
                "airlock resign app.bin --decrypt-key enc.pem -k sign.pem -E other.pub.pem -o app.other.bin",
    CLI_OPTIONS_AND_PASS(options),
    .min_operands = 1,
    .max_operands = 2,
    .run = run,
};
