/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "airlock/file.h"
#include "host/cli/array.h"
#include "host/cli/commands.h"
#include "host/cli/use.h"

static const struct cli_opt options[] = {
    {"format", 'e', "c|rust|pem|der|raw", "c (unless given) and rust: an array of the DER bytes.", false,
     false},
    {"structure", 'f', "pkcs8|openssl",
     "openssl: SEC1 or PKCS#1. Unless given: pkcs8, for RSA openssl (as imgtool).", false, false},
    {"minimal", 0, NULL, "Leave out all that a bootloader does not need to decrypt.", false, false},
    {"output", 'o', "FILE", "Write to a file (mode 0600) instead of standard output.", false, false},
    {NULL, 0, NULL, NULL, false, false},
};

static bool is_rsa(const struct alk_hostkey *key)
{
    return strncmp(key->kind->name, "rsa", 3) == 0;
}

/* Minimal forms and PEM come as they are asked for; a traditional DER form is the minimal one's big brother.
 */
static int put_key(struct alk_buf *out, const struct cli *c, const struct alk_hostkey *key, const char *form)
{
    const char *structure = cli_get(c, "structure");
    bool traditional = structure != NULL ? strcmp(structure, "openssl") == 0 : is_rsa(key);

    if (strcmp(form, "raw") == 0) {
        return alk_key_put_private(out, key, ALK_FORM_RAW, NULL);
    }
    if (cli_has(c, "minimal")) {
        return alk_key_put_minimal(out, key, traditional);
    }
    if (strcmp(form, "pem") == 0) {
        return alk_key_put_private(out, key, traditional ? ALK_FORM_TRADITIONAL : ALK_FORM_PEM, NULL);
    }
    return alk_key_put_private(out, key, traditional ? ALK_FORM_TRADITIONAL_DER : ALK_FORM_DER, NULL);
}

static int show(const struct cli *c, const struct alk_hostkey *key)
{
    const char *form = cli_get(c, "format"), *path = cli_get(c, "output");
    struct alk_buf bytes = {0}, out = {0};
    int e, status;

    if (!key->is_private) {
        return cli_fail(c, CLI_NO, cli_operand(c, 0), NULL, "is a public key");
    }
    form = form != NULL ? form : "c";
    e = put_key(&bytes, c, key, form);
    if (strcmp(form, "c") == 0) {
        cli_put_c(&out, &bytes, "enc_priv_key");
    } else if (strcmp(form, "rust") == 0) {
        cli_put_rust(&out, &bytes, "enc_priv_key");
    } else {
        alk_buf_put(&out, bytes.data, bytes.len);
    }
    status = e == ALK_OK
                 ? cli_write(c, path != NULL ? path : "-", out.data, out.len, true)
                 : cli_fail(c, CLI_NO, cli_operand(c, 0), NULL, "%s keys have no such form", key->kind->says);
    alk_buf_free(&bytes);
    alk_buf_free(&out);
    return status;
}

static int run(struct cli *c)
{
    return cli_show_key(c, show);
}

const struct cli_cmd cli_cmd_privkey = {
    .name = "privkey",
    .operands = "KEY",
    .summary = "Show a private key in the forms bootloaders are built with.",
    .detail =
        "For bootloaders that have the decryption key compiled in. airlock's own takes it with provision, "
        "without compiling.",
    .examples = "airlock privkey enc.pem --minimal > enc_key.c",
    CLI_OPTIONS_AND_PASS(options),
    .min_operands = 1,
    .max_operands = 1,
    .run = run,
};
