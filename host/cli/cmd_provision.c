/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "airlock/chain.h"
#include "airlock/file.h"
#include "airlock/keyarea.h"
#include "airlock/text.h"
#include "host/cli/commands.h"
#include "host/cli/provision.h"

static const struct cli_opt options[] = {
    {"verify-key", 'k', "PUB.pem", "Public key whose images boot; several: any of them.", true, true},
    {"decrypt-key", 'd', "PRIV.pem", "Private key that opens encrypted images.", true, false},
    {"vendor", 0, "NAME", "Only images of this vendor: a UUID, or a domain name to make one of.", false,
     false},
    {"class", 0, "NAME", "Only images for this product class: a UUID, or a name (with --vendor).", false,
     false},
    {"allow-plain", 0, NULL, "Take unencrypted updates too, though there is a decrypt key.", false, false},
    {"no-downgrade", 0, NULL, "Refuse updates of a lower version.", false, false},
    {"with", 'w', "IMAGE", "Put this signed image where it belongs: application, or second stage of a chain.",
     true, false},
    {"replace", 0, NULL, "Replace the keys that are in the key area already.", false, false},
    {"keys-only", 0, NULL, "Write the key area alone, not bootloader and journal.", false, false},
    {"allow-sample-key", 0, NULL, "Use a key whose private half is on the web.", false, false},
    {"output", 'o', "FILE.hex", "Where to: Intel HEX, for a debug probe.", false, true},
    {NULL, 0, NULL, NULL, false, false},
};

struct work {
    const struct cli *c;
    const char *path;
    struct alk_hex h;
    struct alk_board board;
    struct cli_keys verify, decrypt;
    struct alk_provision p;
    uint8_t vendor[16], class[16];
};

static int check_key(const struct work *w, const struct alk_hostkey *key, const char *path, bool want_private)
{
    const char *sample = alk_key_sample(key);

    if (sample != NULL && !cli_has(w->c, "allow-sample-key")) {
        return cli_fail(w->c, CLI_NO, path, "airlock keygen makes your own",
                        "is MCUboot's sample key %s, whose private half everybody has", sample);
    }
    if (key->is_private == want_private) {
        return CLI_YES;
    }
    if (want_private) {
        return cli_fail(w->c, CLI_NO, path, "give the private half of the encryption key",
                        "is a public key, and the device could open nothing with it");
    }
    return cli_fail(w->c, CLI_NO, path, "give FILE.pub.pem; airlock pubkey makes it",
                    "is a private key, which has no business at a device");
}

static int read_keys(struct work *w)
{
    int status = cli_load_keys(&w->verify, w->c, "verify-key");

    for (size_t i = 0; i < w->verify.n && status == CLI_YES; i++) {
        status = check_key(w, &w->verify.key[i], cli_get_nth(w->c, "verify-key", i), false);
        w->p.verify[w->p.n_verify++] = &w->verify.key[i];
    }
    if (status == CLI_YES) {
        status = cli_load_keys(&w->decrypt, w->c, "decrypt-key");
    }
    for (size_t i = 0; i < w->decrypt.n && status == CLI_YES; i++) {
        status = check_key(w, &w->decrypt.key[i], cli_get_nth(w->c, "decrypt-key", i), true);
        w->p.decrypt[w->p.n_decrypt++] = &w->decrypt.key[i];
        for (size_t j = 0; j < w->verify.n && status == CLI_YES; j++) {
            if (alk_key_same(&w->verify.key[j], &w->decrypt.key[i])) {
                status = cli_fail(w->c, CLI_NO, cli_get_nth(w->c, "decrypt-key", i),
                                  "airlock keygen --encryption",
                                  "is the key that signs: every device would hold the private key");
            }
        }
    }
    return status;
}

static int read_policy(struct work *w)
{
    const char *vendor = cli_get(w->c, "vendor"), *class = cli_get(w->c, "class");

    if (vendor != NULL && alk_uuid_parse(w->vendor, vendor, NULL)) {
        w->p.vendor = w->vendor;
    }
    if (class != NULL) {
        if (vendor == NULL && strlen(class) != 36 && strlen(class) != 32) {
            return cli_fail(w->c, CLI_USAGE, "--class", "add --vendor, or give a UUID",
                            "a class name means something only with its vendor");
        }
        alk_uuid_parse(w->class, class, w->vendor);
        w->p.class = w->class;
    }
    if (w->decrypt.n > 0 && !cli_has(w->c, "allow-plain")) {
        w->p.policy |= ALK_POLICY_REQUIRE_ENCRYPTION;
    }
    if (cli_has(w->c, "no-downgrade")) {
        w->p.policy |= ALK_POLICY_NO_DOWNGRADE;
    }
    return CLI_YES;
}

static int read_bootloader(struct work *w)
{
    struct alk_why why;
    int e = alk_hex_load(&w->h, NULL, w->path, 0, &why);

    if (e == ALK_OK) {
        e = alk_board_find(&w->board, &w->h, &why);
        if (e == ALK_E_FORMAT) {
            alk_way_out(&why, e, "make microbit builds one; a .bin must begin at address 0");
        }
    }
    return cli_done(w->c, e, w->path, &why);
}

static bool is_blank(const struct alk_buf *b)
{
    size_t n = 0;

    while (n < b->len && b->data[n] == 0xff) {
        n++;
    }
    return n == b->len;
}

static bool area_filled(const struct work *w)
{
    struct alk_buf bytes = {0};
    bool filled;

    if (alk_buf_fill(&bytes, 0xff, w->board.keys_size) != NULL) {
        alk_hex_read(bytes.data, &w->h, w->board.keys_addr, bytes.len);
    }
    filled = !is_blank(&bytes);
    alk_buf_free(&bytes);
    return filled;
}

static int fill_journal(struct work *w)
{
    struct alk_buf blank = {0};
    int e = ALK_E_MEMORY;

    if (alk_buf_fill(&blank, 0xff, w->board.journal_size) != NULL) {
        e = alk_hex_put(&w->h, w->board.journal_addr, blank.data, blank.len);
    }
    alk_buf_free(&blank);
    return e;
}

static int fill_area(struct work *w)
{
    struct alk_buf area = {0};
    struct alk_why why;
    int e;

    if (area_filled(w) && !cli_has(w->c, "replace")) {
        return cli_fail(w->c, CLI_NO, w->path, "--replace, if no device in the field has them",
                        "its key area holds keys already");
    }
    e = alk_keyarea_make(&area, &w->p, w->board.keys_size, w->board.unit, &why);
    if (e == ALK_OK && cli_has(w->c, "keys-only")) {
        alk_hex_free(&w->h);
    }
    if (e == ALK_OK && (alk_buf_fill(&area, 0xff, w->board.keys_size - area.len) == NULL ||
                        alk_hex_put(&w->h, w->board.keys_addr, area.data, area.len) != ALK_OK ||
                        (!cli_has(w->c, "keys-only") && fill_journal(w) != ALK_OK))) {
        e = alk_why(&why, ALK_E_MEMORY, "not enough memory");
    }
    alk_buf_free(&area);
    return cli_done(w->c, e, w->path, &why);
}

/* The first stage of a chain has a page of its own: the same verify keys, and room for a counter. */
static int fill_provision(struct work *w)
{
    struct alk_provision first = {.n_verify = w->p.n_verify};
    struct alk_buf area = {0};
    struct alk_why why;
    int e;

    if (w->board.stage_size == 0 || cli_has(w->c, "keys-only")) {
        return CLI_YES;
    }
    memcpy(first.verify, w->p.verify, sizeof first.verify);
    e = alk_keyarea_make(&area, &first, w->board.sector_size - ALK_COUNTER_MAX * w->board.unit, w->board.unit,
                         &why);
    if (e == ALK_OK && (alk_buf_fill(&area, 0xff, w->board.sector_size - area.len) == NULL ||
                        alk_hex_put(&w->h, w->board.provision_addr, area.data, area.len) != ALK_OK)) {
        e = alk_why(&why, ALK_E_MEMORY, "not enough memory");
    }
    alk_buf_free(&area);
    return e == ALK_OK ? CLI_YES : cli_refuse(w->c, e, w->path, &why);
}

static int write_factory(struct work *w)
{
    const char *path = cli_get(w->c, "output");
    struct alk_buf text = {0};
    int status;

    alk_hex_format(&text, &w->h);
    if (text.failed) {
        status = cli_fail(w->c, CLI_IO, path, NULL, "not enough memory");
    } else {
        status = cli_write(w->c, path, text.data, text.len, w->decrypt.n > 0);
    }
    alk_buf_free(&text);
    return status;
}

static int report(const struct work *w)
{
    const char *path = cli_get(w->c, "output");

    if (cli_json(w->c)) {
        return cli_print_json(json_pack("{s:s, s:s, s:o}", "file", path, "board", w->board.name, "keys",
                                        cli_json_keys(&w->h, &w->board)));
    }
    cli_say(w->c, "%s: bootloader for %s, provisioned", path, w->board.name);
    cli_show_keys(&w->h, &w->board);
    if (w->decrypt.n > 0) {
        cli_say(w->c, "%s holds the private decryption key: keep it as you keep the key", path);
    }
    return CLI_YES;
}

static int add_images(struct work *w)
{
    int status = CLI_YES;

    const char *path;

    for (size_t i = 0; status == CLI_YES && (path = cli_get_nth(w->c, "with", i)) != NULL; i++) {
        status = cli_place_image(w->c, &w->h, &w->board, path, &w->verify, &w->decrypt);
    }
    return status;
}

static int run(struct cli *c)
{
    static int (*const steps[])(struct work *) = {read_keys,      read_policy, read_bootloader, fill_area,
                                                  fill_provision, add_images,  write_factory};
    struct work w = {.c = c, .path = cli_operand(c, 0)};
    int status = CLI_YES;

    for (size_t i = 0; i < sizeof steps / sizeof steps[0] && status == CLI_YES; i++) {
        status = steps[i](&w);
    }
    if (status == CLI_YES) {
        status = report(&w);
    }
    cli_free_keys(&w.verify);
    cli_free_keys(&w.decrypt);
    alk_hex_free(&w.h);
    return status;
}

const struct cli_cmd cli_cmd_provision = {
    .name = "provision",
    .operands = "BOOT -o FACTORY.hex",
    .summary = "Put keys into a prebuilt bootloader, without compiling anything.",
    .detail =
        "BOOT is a .hex, .bin or .elf of airlock's bootloader. The result holds the bootloader, the key area "
        "and an empty journal; program it with a debug probe.\n\n"
        "--with IMAGE adds signed images, each at the place its header asks for, so that one file programs "
        "the "
        "whole device; an encrypted one is decrypted. BOOT may be the first stage of a chain: then its own "
        "page gets the verify keys too, and a second stage has to come by --with.\n\n"
        "A device with a decryption key takes encrypted updates only, unless --allow-plain is given.",
    .examples =
        "airlock provision boot.hex --verify-key sign.pub.pem --decrypt-key enc.pem -o factory.hex\n"
        "airlock provision stage1.hex -k sign.pub.pem -d enc.pem --with boot-s0.img --with app.img -o "
        "factory.hex",
    CLI_OPTIONS_AND_PASS(options),
    .min_operands = 1,
    .max_operands = 1,
    .run = run,
};
