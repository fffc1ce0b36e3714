/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "airlock/crypto.h"
#include "airlock/file.h"
#include "host/cli/commands.h"
#include "host/cli/use.h"

static const struct cli_opt options[] = {
    {"type", 't', "ecdsa-p256|ecdsa-p384|ed25519|rsa-2048|rsa-3072|x25519|aes-kw-128|aes-kw-256",
     "Kind of key; ecdsa-p256 unless given.", false, false},
    {"encryption", 0, NULL, "Make a key to encrypt images to, not one to sign with.", false, false},
    {"key", 'k', "FILE", "The file, as imgtool wants it named.", false, false},
    {"password", 'p', NULL, "Protect the private key with a pass-phrase.", false, false},
    {"force", 'f', NULL, "Replace files that exist.", false, false},
    {NULL, 0, NULL, NULL, false, false},
};

/* "sign.pem" -> "sign.pub.pem" */
static int public_name(char out[4096], const struct cli *c, const char *path)
{
    size_t stem = strlen(path) - (alk_file_suffix(path, ".pem") ? 4 : 0);

    return (size_t)snprintf(out, 4096, "%.*s.pub.pem", (int)stem, path) < 4096
               ? CLI_YES
               : cli_fail(c, CLI_USAGE, path, NULL, "the name is too long");
}

static int check_names(const struct cli *c, const char *path, const char *pub)
{
    const char *taken = alk_file_exists(path) ? path : alk_file_exists(pub) ? pub : NULL;

    if (taken == NULL || cli_has(c, "force")) {
        return CLI_YES;
    }
    return cli_fail(c, CLI_NO, taken, "another name, or --force if no device needs the old key any more",
                    "exists already, and a key that is lost cannot be had again");
}

static int choose_kind(const struct alk_kind **kind, const struct cli *c)
{
    const char *name = cli_get(c, "type");

    *kind = alk_kind_named(name != NULL ? name : "ecdsa-p256");
    if (cli_has(c, "encryption") && (*kind)->enc_tlv == 0) {
        return cli_fail(c, CLI_USAGE, name, "ecdsa-p256, x25519, rsa-2048, aes-kw-128, aes-kw-256",
                        "no bootloader opens images encrypted to such a key");
    }
    return CLI_YES;
}

/* Public first: a private key without its public half would be the worse half to have. */
static int write_pair(const struct cli *c, const struct alk_hostkey *key, const char *path, const char *pub,
                      const char *pass)
{
    struct alk_buf text = {0};
    int status = CLI_YES;

    if (key->pkey != NULL) {
        alk_key_put_public(&text, key, ALK_FORM_PEM);
        status = cli_write(c, pub, text.data, text.len, false);
        alk_buf_free(&text);
    }
    if (status == CLI_YES && alk_key_put_private(&text, key, ALK_FORM_PEM, pass) != ALK_OK) {
        status = cli_fail(c, CLI_BUG, path, NULL, "OpenSSL cannot write this key");
    }
    if (status == CLI_YES) {
        status = cli_write(c, path, text.data, text.len, true);
    }
    alk_buf_free(&text);
    return status;
}

static int report(const struct cli *c, const struct alk_hostkey *key, const char *path, const char *pub)
{
    char print[CLI_FINGERPRINT];

    cli_fingerprint(print, key);
    if (cli_json(c)) {
        return cli_print_json(json_pack("{s:s, s:s, s:s*, s:s}", "type", key->kind->name, "private", path,
                                        "public", key->pkey != NULL ? pub : NULL, "fingerprint", print));
    }
    cli_say(c, "%s  %s, private: keep it secret and safe", path, key->kind->says);
    if (key->pkey != NULL) {
        cli_say(c, "%s  its public half", pub);
    }
    cli_say(c, "fingerprint  %s", print);
    return CLI_YES;
}

static int make(const struct cli *c, const struct alk_kind *kind, const char *path, const char *pub)
{
    struct cli_pass from = {.c = c, .file = path, .twice = true};
    bool wants_pass = cli_has(c, "password") || cli_has(c, "passphrase-env") || cli_has(c, "passphrase-file");
    struct alk_hostkey key;
    struct alk_why why;
    char pass[256] = "";
    int e, status;

    if (wants_pass && kind->type == NULL) {
        return cli_fail(c, CLI_USAGE, kind->name, NULL, "wrapping keys cannot have a pass-phrase");
    }
    if (wants_pass && cli_ask_pass(&from, pass, sizeof pass) <= 0) {
        return cli_fail(c, CLI_USAGE, path, NULL, "no pass-phrase to be had");
    }
    e = alk_key_generate(&key, kind, &why);
    status = e == ALK_OK ? write_pair(c, &key, path, pub, wants_pass ? pass : NULL)
                         : cli_refuse(c, e, path, &why);
    if (status == CLI_YES) {
        status = report(c, &key, path, pub);
    }
    alk_wipe(pass, sizeof pass);
    alk_key_free(&key);
    return status;
}

static int run(struct cli *c)
{
    const char *path = cli_operand(c, 0) != NULL ? cli_operand(c, 0) : cli_get(c, "key");
    const struct alk_kind *kind;
    char pub[4096];
    int status = choose_kind(&kind, c);

    if (path == NULL) {
        return cli_fail(c, CLI_USAGE, NULL, "airlock keygen sign.pem", "which file is the key to go to?");
    }
    if (status == CLI_YES) {
        status = public_name(pub, c, path);
    }
    if (status == CLI_YES) {
        status = check_names(c, path, pub);
    }
    return status == CLI_YES ? make(c, kind, path, pub) : status;
}

const struct cli_cmd cli_cmd_keygen = {
    .name = "keygen",
    .operands = "FILE.pem",
    .summary = "Make a key to sign images with, or to encrypt them to.",
    .detail =
        "The private key goes to FILE.pem, readable for its owner only, its public half to FILE.pub.pem. "
        "Files that exist are not replaced.\n\n"
        "Two keys make a product: one signs (its public half goes into the bootloader, its private half "
        "never leaves the release machine), one decrypts (its private half goes into the bootloader, its "
        "public half is all that the release machine needs).",
    .examples = "airlock keygen sign.pem\nairlock keygen --encryption enc.pem\n"
                "airlock keygen -t ed25519 -p sign.pem",
    CLI_OPTIONS_AND_PASS(options),
    .max_operands = 1,
    .run = run,
};
