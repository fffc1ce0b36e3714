/* SPDX-License-Identifier: Apache-2.0 */
/* use.h - what the image and key commands share: keys by name, reasons, results. */
#ifndef AIRLOCK_CLI_USE_H
#define AIRLOCK_CLI_USE_H

#include <jansson.h>

#include "airlock/board.h"
#include "airlock/imgfile.h"
#include "airlock/key.h"
#include "host/cli/cli.h"

/* --passphrase-env, --passphrase-file: shared options of every command that reads keys. */
extern const struct cli_opt cli_pass_options[];
#define CLI_PASS_TITLE "Pass-phrases"
/* A command's own options, and these. */
#define CLI_OPTIONS_AND_PASS(own) .options = (own), .shared = cli_pass_options, .shared_title = CLI_PASS_TITLE

/* Exit status of an alk_err: 1 for what was refused, else 2, 3, 4. */
int cli_status(int err);

/* cli_fail() with a library's reason. */
int cli_refuse(const struct cli *c, int err, const char *what, const struct alk_why *why);

/* Exit status of a library's call; what went wrong has been said. */
int cli_done(const struct cli *c, int err, const char *what, const struct alk_why *why);

/* Complain that neither -o nor an operand names the output; return: CLI_USAGE. */
int cli_no_output(const struct cli *c);

/* Was the option given that value (last)? */
bool cli_is(const struct cli *c, const char *name, const char *value);

/* The value of --sha: 256, 384 or 512; otherwise -1. */
int cli_sha(const struct cli *c);

/* Where pass-phrases of this call come from: option, environment, file or terminal. */
struct cli_pass {
    const struct cli *c;
    const char *file; /* named in the prompt */
    bool twice;       /* for a new key */
};
int cli_ask_pass(void *ctx, char *text, size_t cap);

/* Load one key; return: exit status, the reason has been printed. */
int cli_load_key(struct alk_hostkey *key, const struct cli *c, const char *path);

/* Load the key the first operand names, and show it; return: exit status. */
int cli_show_key(const struct cli *c, int (*show)(const struct cli *c, const struct alk_hostkey *key));

/* Several keys given by an option that repeats. */
#define CLI_KEYS 8
struct cli_keys {
    struct alk_hostkey key[CLI_KEYS];
    size_t n;
};
int cli_load_keys(struct cli_keys *keys, const struct cli *c, const char *option);
void cli_free_keys(struct cli_keys *keys);

/* SHA-256 of the public key as "0817391d 64b0d4b7 ..." (8 groups). */
#define CLI_FINGERPRINT 80
void cli_fingerprint(char out[CLI_FINGERPRINT], const struct alk_hostkey *key);

/* Board layout from --board or --bootloader; *found tells whether one was given. */
int cli_load_board(struct alk_board *b, bool *found, const struct cli *c);

/* --output, else the operand at i, else NULL. */
const char *cli_output(const struct cli *c, size_t i);

/* Write an output file and say so. */
int cli_write(const struct cli *c, const char *path, const void *data, size_t len, bool secret);

/* A payload at an address as .bin, or .hex when the name says so. */
int cli_write_program(const struct cli *c, const char *path, const struct alk_buf *data, uint32_t base);

/* Print a JSON value on stdout and release it; return: CLI_YES. */
int cli_print_json(json_t *value);

json_t *cli_json_hex(const uint8_t *data, size_t len);

#endif
