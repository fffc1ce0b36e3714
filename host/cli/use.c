/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "airlock/crypto.h"
#include "airlock/file.h"
#include "airlock/text.h"
#include "host/cli/use.h"

int cli_status(int err)
{
    switch (err) {
    case ALK_OK:
        return CLI_YES;
    case ALK_E_USAGE:
        return CLI_USAGE;
    case ALK_E_IO:
    case ALK_E_TIMEOUT:
    case ALK_E_MEMORY:
        return CLI_IO;
    case ALK_E_BUG:
        return CLI_BUG;
    default:
        return CLI_NO;
    }
}

int cli_refuse(const struct cli *c, int err, const char *what, const struct alk_why *why)
{
    return cli_fail(c, cli_status(err), what, why->way_out[0] != 0 ? why->way_out : NULL, "%s", why->text);
}

int cli_done(const struct cli *c, int err, const char *what, const struct alk_why *why)
{
    return err == ALK_OK ? CLI_YES : cli_refuse(c, err, what, why);
}

int cli_no_output(const struct cli *c)
{
    return cli_fail(c, CLI_USAGE, NULL, "-o FILE", "which file is the result to go to?");
}

bool cli_is(const struct cli *c, const char *name, const char *value)
{
    const char *given = cli_get(c, name);

    return given != NULL && strcmp(given, value) == 0;
}

int cli_sha(const struct cli *c)
{
    return cli_is(c, "sha", "256")   ? ALK_SHA256
           : cli_is(c, "sha", "384") ? ALK_SHA384
           : cli_is(c, "sha", "512") ? ALK_SHA512
                                     : -1;
}

int cli_load_key(struct alk_hostkey *key, const struct cli *c, const char *path)
{
    struct cli_pass from = {.c = c, .file = path};
    struct alk_pass pass = {.get = cli_ask_pass, .ctx = &from};
    struct alk_why why;
    int e = alk_key_load(key, path, &pass, &why);

    return cli_done(c, e, path, &why);
}

int cli_show_key(const struct cli *c, int (*show)(const struct cli *c, const struct alk_hostkey *key))
{
    struct alk_hostkey key;
    int status = cli_load_key(&key, c, cli_operand(c, 0));

    if (status == CLI_YES) {
        status = show(c, &key);
        alk_key_free(&key);
    }
    return status;
}

int cli_load_keys(struct cli_keys *keys, const struct cli *c, const char *option)
{
    const char *path;
    int status = CLI_YES;

    *keys = (struct cli_keys){0};
    for (size_t i = 0; status == CLI_YES && (path = cli_get_nth(c, option, i)) != NULL; i++) {
        if (i == CLI_KEYS) {
            return cli_fail(c, CLI_USAGE, option, NULL, "more than %d keys", CLI_KEYS);
        }
        status = cli_load_key(&keys->key[i], c, path);
        keys->n += status == CLI_YES;
    }
    return status;
}

void cli_free_keys(struct cli_keys *keys)
{
    for (size_t i = 0; i < keys->n; i++) {
        alk_key_free(&keys->key[i]);
    }
    keys->n = 0;
}

void cli_fingerprint(char out[CLI_FINGERPRINT], const struct alk_hostkey *key)
{
    uint8_t hash[64];

    if (key->pkey == NULL) {
        snprintf(out, CLI_FINGERPRINT, "(symmetric: no public half)");
        return;
    }
    alk_key_hash(hash, key, ALK_SHA256);
    for (size_t i = 0; i < 8; i++) {
        alk_hex_text(out, hash + 4 * i, 4);
        out += 8;
        *out++ = i < 7 ? ' ' : 0;
    }
}

static int board_in(struct alk_board *b, const struct cli *c, const char *path)
{
    struct alk_hex h = {0};
    struct alk_why why;
    int e = alk_hex_load(&h, NULL, path, 0, &why);

    if (e == ALK_OK) {
        e = alk_board_find(b, &h, &why);
    }
    alk_hex_free(&h);
    return cli_done(c, e, path, &why);
}

int cli_load_board(struct alk_board *b, bool *found, const struct cli *c)
{
    const char *name = cli_get(c, "board"), *path = cli_get(c, "bootloader");
    const struct alk_board *known;

    *found = name != NULL || path != NULL;
    if (path != NULL) {
        return board_in(b, c, path);
    }
    if (name == NULL) {
        return CLI_YES;
    }
    known = alk_board_named(name);
    if (known == NULL) {
        return cli_fail(c, CLI_USAGE, name, "known are microbit, nrf52840dk; or give --bootloader BOOT.hex",
                        "no such board");
    }
    *b = *known;
    return CLI_YES;
}

const char *cli_output(const struct cli *c, size_t i)
{
    const char *path = cli_get(c, "output");

    return path != NULL ? path : cli_operand(c, i);
}

int cli_write(const struct cli *c, const char *path, const void *data, size_t len, bool secret)
{
    struct alk_why why;
    int e = alk_file_write(path, data, len, secret, &why);

    return cli_done(c, e, path, &why);
}

int cli_write_program(const struct cli *c, const char *path, const struct alk_buf *data, uint32_t base)
{
    struct alk_hex h = {0};
    struct alk_buf text = {0};
    int status;

    if (!alk_file_suffix(path, ".hex")) {
        return cli_write(c, path, data->data, data->len, false);
    }
    if (alk_hex_add(&h, base, data->data, data->len) != ALK_OK) {
        status = cli_fail(c, CLI_NO, path, NULL, "%zu bytes at 0x%x pass the end of 32-bit addresses",
                          data->len, base);
    } else {
        alk_hex_format(&text, &h);
        status = text.failed ? cli_fail(c, CLI_IO, path, NULL, "not enough memory")
                             : cli_write(c, path, text.data, text.len, false);
    }
    alk_buf_free(&text);
    alk_hex_free(&h);
    return status;
}

int cli_print_json(json_t *value)
{
    json_dumpf(value, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(value);
    return CLI_YES;
}

json_t *cli_json_hex(const uint8_t *data, size_t len)
{
    struct alk_buf text = {0};
    json_t *value = NULL;

    if (alk_buf_fill(&text, 0, 2 * len + 1) != NULL) {
        alk_hex_text((char *)text.data, data, len);
        value = json_string((const char *)text.data);
    }
    alk_buf_free(&text);
    return value;
}
