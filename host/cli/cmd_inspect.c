/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "airlock/file.h"
#include "airlock/mcuboot_keys.h"
#include "host/cli/commands.h"
#include "host/cli/inspect.h"

/* What a program file holds at an address: an image, or nothing to speak of. */
static bool image_at(struct alk_imgfile *f, const struct alk_hex *h, uint32_t addr, uint32_t size)
{
    struct alk_buf data = {0};
    struct alk_why why;
    bool ok = false;

    if (alk_buf_fill(&data, 0, size) != NULL && alk_hex_read(data.data, h, addr, size) > 0) {
        ok = alk_imgfile_take(f, &data, &why) == ALK_OK;
        f->base = addr;
        f->has_base = true;
    }
    alk_buf_free(&data);
    return ok;
}

static void inspect_slot(json_t *parts, const struct alk_hex *h, const char *name, uint32_t addr,
                         uint32_t size)
{
    struct alk_imgfile f = {0};

    if (!image_at(&f, h, addr, size)) {
        return;
    }
    if (parts != NULL) {
        json_object_set_new(parts, name, inspect_image_json(&f));
    } else {
        printf("%s slot: ", name);
        inspect_image(&f);
    }
    alk_imgfile_free(&f);
}

static int show_bootloader(const struct cli *c, const struct alk_hex *h, const struct alk_board *b)
{
    json_t *o = cli_json(c) ? inspect_bootloader_json(h, b) : NULL;

    if (o == NULL) {
        inspect_bootloader(h, b);
    }
    inspect_slot(o, h, "primary_image", b->primary_addr, b->primary_size);
    inspect_slot(o, h, "secondary_image", b->secondary_addr, b->secondary_size);
    return o != NULL ? cli_print_json(o) : CLI_YES;
}

/* A bootloader, alone or with images beside it; CLI_NO: no bootloader in it. */
static int try_bootloader(const struct cli *c, const char *path)
{
    struct alk_hex h = {0};
    struct alk_board b;
    struct alk_why why;
    int status = CLI_NO;

    if (alk_hex_load(&h, NULL, path, 0, &why) == ALK_OK && alk_board_find(&b, &h, &why) == ALK_OK) {
        status = show_bootloader(c, &h, &b);
    }
    alk_hex_free(&h);
    return status;
}

static json_t *found_json(const struct alk_found_keys *found)
{
    json_t *list = json_array();

    for (size_t i = 0; i < found->n; i++) {
        json_t *key = inspect_key_json(&found->at[i].key);

        json_object_set_new(key, "address", json_integer(found->at[i].addr));
        json_array_append_new(list, key);
    }
    return json_pack("{s:s, s:s, s:o}", "kind", "program", "mcuboot", found->version, "keys", list);
}

static void show_spans(const struct alk_hex *h)
{
    for (size_t i = 0; i < h->n; i++) {
        printf("  0x%08x..0x%08llx\n", h->spans[i].addr,
               (unsigned long long)h->spans[i].addr + h->spans[i].bytes.len);
    }
}

static void show_found(const struct alk_found_keys *found, const struct alk_hex *h, const char *path)
{
    printf("%s: a program%s%s with %zu keys in it\n", path, found->version[0] != 0 ? ", MCUboot " : "",
           found->version, found->n);
    show_spans(h);
    for (size_t i = 0; i < found->n; i++) {
        printf("0x%08x: ", found->at[i].addr);
        inspect_key(&found->at[i].key);
    }
}

/* A program with keys or MCUboot's name in it; CLI_NO: none. */
static int try_program(const struct cli *c, const char *path)
{
    struct alk_hex h = {0};
    struct alk_found_keys found = {.n = 0};
    struct alk_why why;
    int status = CLI_NO;

    if (alk_hex_load(&h, NULL, path, 0, &why) == ALK_OK) {
        alk_keys_search(&found, &h);
    }
    if (found.n > 0 || found.version[0] != 0 || alk_file_suffix(path, ".hex") ||
        alk_file_suffix(path, ".elf")) {
        status = CLI_YES;
        if (cli_json(c)) {
            cli_print_json(found_json(&found));
        } else {
            show_found(&found, &h, path);
        }
    }
    alk_found_keys_free(&found);
    alk_hex_free(&h);
    return status;
}

static int show_image(const struct cli *c, const char *path)
{
    struct alk_imgfile f;
    struct alk_why why;
    int e = alk_imgfile_load(&f, path, &why);

    if (e == ALK_E_FORMAT && try_program(c, path) == CLI_YES) {
        return CLI_YES;
    }
    if (e != ALK_OK) {
        return cli_refuse(c, e, path, &why);
    }
    if (cli_json(c)) {
        cli_print_json(inspect_image_json(&f));
    } else {
        printf("%s: ", path);
        inspect_image(&f);
    }
    alk_imgfile_free(&f);
    return CLI_YES;
}

static int show_key(const struct cli *c, const char *path)
{
    struct alk_hostkey key;
    int status = cli_load_key(&key, c, path);

    if (status != CLI_YES) {
        return status;
    }
    if (cli_json(c)) {
        cli_print_json(inspect_key_json(&key));
    } else {
        printf("%s: ", path);
        inspect_key(&key);
    }
    alk_key_free(&key);
    return CLI_YES;
}

static bool is_zip(const char *path)
{
    struct alk_buf file = {0};
    struct alk_why why;
    bool zip = alk_file_read(&file, path, &why) == ALK_OK && file.len > 4 &&
               memcmp(file.data, "PK\3\4", 4) == 0;

    alk_buf_free(&file);
    return zip;
}

static bool is_key_text(const char *path, int *e, struct alk_why *why)
{
    struct alk_buf file = {0};
    bool key;

    *e = alk_file_read(&file, path, why);
    key = *e == ALK_OK && ((file.len > 10 && memmem(file.data, file.len, "-----BEGIN ", 11) != NULL) ||
                           alk_file_suffix(path, ".der") || alk_file_suffix(path, ".b64"));
    alk_buf_free(&file);
    return key;
}

static int run(struct cli *c)
{
    const char *path = cli_operand(c, 0);
    struct alk_why why;
    int e;

    if (is_key_text(path, &e, &why)) {
        return show_key(c, path);
    }
    if (e != ALK_OK) {
        return cli_refuse(c, e, path, &why);
    }
    if (is_zip(path)) {
        return cli_cmd_dfu_show.run(c);
    }
    return try_bootloader(c, path) == CLI_YES ? CLI_YES : show_image(c, path);
}

const struct cli_cmd cli_cmd_inspect = {
    .name = "inspect",
    .operands = "FILE",
    .summary = "Show what is in an image, a bootloader, a factory hex file, a zip or a key.",
    .examples =
        "airlock inspect app.signed.bin\nairlock inspect factory.hex\nairlock inspect sign.pem --json",
    .shared = cli_pass_options,
    .shared_title = CLI_PASS_TITLE,
    .min_operands = 1,
    .max_operands = 1,
    .run = run,
};
