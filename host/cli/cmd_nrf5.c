/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_nrf5.c - `nrf5 make`, `nrf5 show`: packages for the nRF5 SDK's secure bootloader. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "airlock/file.h"
#include "airlock/hexfile.h"
#include "airlock/nrf5.h"
#include "airlock/text.h"
#include "host/cli/commands.h"
#include "host/cli/use.h"

static const char *const types[] = {"application", "softdevice", "bootloader"};

static const struct cli_opt make_options[] = {
    {"key", 'k', "PRIV.pem", "The private key the old bootloader trusts (ECDSA P-256).", false, true},
    {"hw-version", 0, "N", "Hardware version the old bootloader checks.", false, true},
    {"fw-version", 0, "N", "Version of this firmware, above that of the one it replaces.", false, true},
    {"type", 't', "application|softdevice|bootloader", "What it is; application unless given.", false, false},
    {"sd-req", 0, "N", "Id of a SoftDevice it works with, 0: none needed; several are possible.", true,
     false},
    {"output", 'o', "FILE.zip", "Where to.", false, true},
    {NULL, 0, NULL, NULL, false, false},
};

static const struct cli_opt show_options[] = {
    {"key", 'k', "PUB.pem", "Public key that must have signed it.", false, false},
    {"output", 'o', "FILE.bin", "Write the firmware, too.", false, false},
    {NULL, 0, NULL, NULL, false, false},
};

static int number(const struct cli *c, const char *name, uint32_t *out)
{
    unsigned long v = 0;

    if (!cli_number(c, name, &v) || v > UINT32_MAX) {
        return CLI_USAGE;
    }
    *out = (uint32_t)v;
    return CLI_YES;
}

static int read_reqs(struct alk_nrf5 *p, const struct cli *c)
{
    const char *text;

    while (p->n_sd_req < ALK_NRF5_SD_REQS && (text = cli_get_nth(c, "sd-req", p->n_sd_req)) != NULL) {
        char *end;

        p->sd_req[p->n_sd_req++] = (uint32_t)strtoul(text, &end, 0);
        if (*text == 0 || *end != 0) {
            return cli_fail(c, CLI_USAGE, "--sd-req", NULL, "\"%s\" is not a number", text);
        }
    }
    if (p->n_sd_req == 0) {
        p->sd_req[p->n_sd_req++] = 0xfffe; /* any, as nrfutil has it */
    }
    return CLI_YES;
}

static int read_firmware(struct alk_nrf5 *p, const struct cli *c)
{
    const char *path = cli_operand(c, 0);
    struct alk_hex h = {0};
    struct alk_why why;
    int e = alk_hex_load(&h, NULL, path, 0, &why);
    uint64_t size = alk_hex_end(&h) - alk_hex_first(&h);

    if (e == ALK_OK && size > 16u << 20) {
        e = alk_why(&why, ALK_E_SIZE, "spreads over more than 16 MiB");
    }
    if (e == ALK_OK) {
        alk_buf_fill(&p->firmware, 0xff, ((size_t)size + 3) & ~(size_t)3);
        alk_hex_read(p->firmware.data, &h, alk_hex_first(&h), (size_t)size);
    }
    alk_hex_free(&h);
    return cli_done(c, e, path, &why);
}

static int write_package(struct alk_nrf5 *p, const struct cli *c)
{
    const char *epoch = getenv("SOURCE_DATE_EPOCH"), *path = cli_get(c, "key");
    struct alk_hostkey key;
    struct alk_buf zip = {0};
    struct alk_why why;
    int status = cli_load_key(&key, c, path);

    if (status != CLI_YES) {
        return status;
    }
    status = cli_done(
        c, alk_nrf5_format(&zip, p, &key, epoch != NULL ? atoll(epoch) : (long long)time(NULL), &why), path,
        &why);
    if (status == CLI_YES) {
        status = cli_write(c, cli_get(c, "output"), zip.data, zip.len, false);
    }
    alk_key_free(&key);
    alk_buf_free(&zip);
    return status;
}

static int make(struct cli *c)
{
    struct alk_nrf5 p = {.type = ALK_NRF5_APPLICATION};
    int status = number(c, "hw-version", &p.hw_version);

    for (uint32_t i = 0; i < 3; i++) {
        p.type = cli_is(c, "type", types[i]) ? i : p.type;
    }
    if (status == CLI_YES) {
        status = number(c, "fw-version", &p.fw_version);
    }
    if (status == CLI_YES) {
        status = read_reqs(&p, c);
    }
    if (status == CLI_YES) {
        status = read_firmware(&p, c);
    }
    if (status == CLI_YES) {
        status = write_package(&p, c);
    }
    alk_nrf5_free(&p);
    return status;
}

static int check_key(const struct cli *c, const struct alk_nrf5 *p)
{
    const char *path = cli_get(c, "key");
    struct alk_hostkey key;
    int status = path != NULL ? cli_load_key(&key, c, path) : CLI_YES;

    if (path == NULL || status != CLI_YES) {
        return status;
    }
    if (alk_nrf5_check(p, &key) != ALK_OK) {
        status = cli_fail(c, CLI_NO, cli_operand(c, 0), NULL, "is not signed by %s", path);
    }
    alk_key_free(&key);
    return status;
}

static int print(const struct cli *c, const struct alk_nrf5 *p)
{
    char hash[65];

    alk_hex_text(hash, p->hash, 32);
    if (cli_json(c)) {
        return cli_print_json(json_pack("{s:s, s:s, s:I, s:I, s:i, s:s, s:b, s:b}", "kind", "nrf5", "type",
                                        types[p->type], "fw_version", (json_int_t)p->fw_version, "hw_version",
                                        (json_int_t)p->hw_version, "size", (int)p->size, "sha256", hash,
                                        "signed", p->is_signed, "debug", p->is_debug));
    }
    printf("%s: nRF5 SDK package, %s of %u bytes\n  firmware   %u\n  hardware   %u\n  SHA-256    %s\n  "
           "signature  %s\n",
           cli_operand(c, 0), types[p->type], p->size, p->fw_version, p->hw_version, hash,
           !p->is_signed       ? "none"
           : cli_has(c, "key") ? "good"
                               : "not checked (--key)");
    for (size_t i = 0; i < p->n_sd_req; i++) {
        printf("  SoftDevice 0x%x\n", p->sd_req[i]);
    }
    return CLI_YES;
}

static int show(struct cli *c)
{
    const char *path = cli_operand(c, 0), *out = cli_get(c, "output");
    struct alk_buf file = {0};
    struct alk_nrf5 p = {0};
    struct alk_why why;
    int e = alk_file_read(&file, path, &why), status;

    if (e == ALK_OK) {
        e = alk_nrf5_parse(&p, file.data, file.len, &why);
    }
    status = cli_done(c, e, path, &why);
    if (status == CLI_YES) {
        status = check_key(c, &p);
    }
    if (status == CLI_YES && out != NULL) {
        status = cli_write(c, out, p.firmware.data, p.firmware.len, false);
    }
    if (status == CLI_YES) {
        status = print(c, &p);
    }
    alk_nrf5_free(&p);
    alk_buf_free(&file);
    return status;
}

const struct cli_cmd cli_cmd_nrf5_make = {
    .name = "nrf5 make",
    .operands = "FIRMWARE -o FILE.zip",
    .summary = "Make an update package for the nRF5 SDK's secure bootloader.",
    .detail =
        "For devices in the field that have that bootloader: with the key they trust, an application or "
        "another bootloader reaches them over the air.",
    .examples =
        "airlock nrf5 make app.hex -k old.pem --hw-version 52 --fw-version 7 --sd-req 0x100 -o app.zip",
    .options = make_options,
    .shared = cli_pass_options,
    .shared_title = CLI_PASS_TITLE,
    .min_operands = 1,
    .max_operands = 1,
    .run = make,
};

const struct cli_cmd cli_cmd_nrf5_show = {
    .name = "nrf5 show",
    .operands = "FILE.zip",
    .summary = "What is in such a package; is it whole, and signed by this key?",
    .options = show_options,
    .min_operands = 1,
    .max_operands = 1,
    .run = show,
};
