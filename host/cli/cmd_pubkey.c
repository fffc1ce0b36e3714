/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "airlock/file.h"
#include "airlock/text.h"
#include "host/cli/array.h"
#include "host/cli/commands.h"
#include "host/cli/use.h"

static const struct cli_opt options[] = {
    {"format", 'e', "pem|der|c|rust|raw|fingerprint|hash|hash-c|hash-raw",
     "pem (unless given); der: as image and bootloader hold it (SubjectPublicKeyInfo, RSA: PKCS#1); c, rust: "
     "that as an array; raw: the bare numbers; hash: KEYHASH as an image carries it; fingerprint: SHA-256, "
     "to "
     "read aloud.",
     false, false},
    {"sha", 0, "256|384|512", "Hash of the forms that begin with hash; the key's own unless given.", false,
     false},
    {"name", 0, "NAME", "Name of the array instead of the usual one.", false, false},
    {"output", 'o', "FILE", "Write to a file instead of standard output.", false, false},
    {NULL, 0, NULL, NULL, false, false},
};

static void put_hash(struct alk_buf *out, const struct cli *c, const struct alk_hostkey *key)
{
    int want = cli_sha(c);
    uint8_t hash[64];

    alk_buf_put(out, hash, alk_key_hash(hash, key, want >= 0 ? (enum alk_hash)want : key->kind->hash));
}

static void put_text(struct alk_buf *out, const struct alk_buf *bytes)
{
    for (size_t i = 0; i < bytes->len; i++) {
        alk_buf_printf(out, "%02x", bytes->data[i]);
    }
    alk_buf_printf(out, "\n");
}

static void put_form(struct alk_buf *out, const struct cli *c, const struct alk_hostkey *key,
                     const char *form)
{
    struct alk_buf bytes = {0};
    bool hash = strncmp(form, "hash", 4) == 0;
    const char *given = cli_get(c, "name");
    char name[80], print[CLI_FINGERPRINT];

    snprintf(name, sizeof name, "%s_pub_key%s", key->kind->title, hash ? "_hash" : "");
    if (hash) {
        put_hash(&bytes, c, key);
    } else {
        alk_key_put_tlv(&bytes, key);
    }
    if (strcmp(form, "c") == 0 || strcmp(form, "hash-c") == 0) {
        cli_put_c(out, &bytes, given != NULL ? given : name);
    } else if (strcmp(form, "rust") == 0) {
        cli_put_rust(out, &bytes, given != NULL ? given : name);
    } else if (strcmp(form, "hash") == 0) {
        put_text(out, &bytes);
    } else if (strcmp(form, "fingerprint") == 0) {
        cli_fingerprint(print, key);
        alk_buf_printf(out, "%s\n", print);
    } else {
        alk_buf_put(out, bytes.data, bytes.len);
    }
    alk_buf_free(&bytes);
}

static int show_json(const struct alk_hostkey *key)
{
    struct alk_buf der = {0}, pem = {0};
    uint8_t hash[64];
    json_t *o;

    alk_key_put_tlv(&der, key);
    alk_key_put_public(&pem, key, ALK_FORM_PEM);
    alk_buf_put8(&pem, 0);
    o = json_pack("{s:s, s:o, s:o, s:s}", "type", key->kind->name, "der", cli_json_hex(der.data, der.len),
                  "hash", cli_json_hex(hash, alk_key_hash(hash, key, key->kind->hash)), "pem",
                  (char *)pem.data);
    alk_buf_free(&der);
    alk_buf_free(&pem);
    return cli_print_json(o);
}

static int show(const struct cli *c, const struct alk_hostkey *key)
{
    const char *form = cli_get(c, "format"), *path = cli_get(c, "output");
    struct alk_buf out = {0};
    int status;

    if (key->pkey == NULL) {
        return cli_fail(c, CLI_NO, cli_operand(c, 0), NULL, "a wrapping key has no public half");
    }
    form = form != NULL ? form : "pem";
    if (cli_json(c)) {
        return show_json(key);
    }
    if (strcmp(form, "pem") == 0) {
        alk_key_put_public(&out, key, ALK_FORM_PEM);
    } else if (strcmp(form, "raw") == 0) {
        alk_key_put_public(&out, key, ALK_FORM_RAW);
    } else {
        put_form(&out, c, key, form);
    }
    status = cli_write(c, path != NULL ? path : "-", out.data, out.len, false);
    alk_buf_free(&out);
    return status;
}

static int run(struct cli *c)
{
    return cli_show_key(c, show);
}

const struct cli_cmd cli_cmd_pubkey = {
    .name = "pubkey",
    .operands = "KEY",
    .summary = "Show the public half of a key, or its hash, in many forms.",
    .examples = "airlock pubkey sign.pem > sign.pub.pem\nairlock pubkey sign.pem -e fingerprint\n"
                "airlock pubkey sign.pem -e c -o key.c",
    CLI_OPTIONS_AND_PASS(options),
    .min_operands = 1,
    .max_operands = 1,
    .run = run,
};
