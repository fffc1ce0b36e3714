/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "airlock/checklist.h"
#include "airlock/text.h"
#include "host/cli/commands.h"
#include "host/cli/use.h"

static const struct cli_opt options[] = {
    {"bootloader", 0, "FILE", "The bootloader with its keys: the factory.hex of the product.", false, true},
    {"installed", 0, "IMAGE|VERSION", "What the device runs now.", false, false},
    {NULL, 0, NULL, NULL, false, false},
};

static const char *const words[] = {"NO", "yes", "?"};

static void show(const struct cli *c, const struct alk_checklist *list)
{
    for (size_t i = 0; i < list->n; i++) {
        const struct alk_check_item *item = &list->items[i];

        printf("  %-4s %-11s %s\n", words[item->answer], item->what, item->why.text);
        if (item->why.way_out[0] != 0) {
            printf("  %-4s %-11s -> %s\n", "", "", item->why.way_out);
        }
    }
    (void)c;
}

static void show_json(const struct alk_checklist *list, bool takes)
{
    json_t *items = json_array();

    for (size_t i = 0; i < list->n; i++) {
        const struct alk_check_item *item = &list->items[i];

        json_array_append_new(items, json_pack("{s:s, s:s, s:s, s:s*}", "what", item->what, "answer",
                                               item->answer == ALK_NO    ? "no"
                                               : item->answer == ALK_YES ? "yes"
                                                                         : "unknown",
                                               "why", item->why.text, "way_out",
                                               item->why.way_out[0] != 0 ? item->why.way_out : NULL));
    }
    cli_print_json(json_pack("{s:b, s:i, s:o}", "takes", takes, "verdict", list->verdict, "items", items));
}

/* A version, or an image that has one. */
static int read_installed(struct alk_version *v, const struct cli *c)
{
    const char *text = cli_get(c, "installed");
    struct alk_imgfile f;
    struct alk_why why;
    int e;

    if (text == NULL || alk_version_parse(v, text)) {
        return CLI_YES;
    }
    e = alk_imgfile_load(&f, text, &why);
    if (e != ALK_OK) {
        return cli_refuse(c, e, text, &why);
    }
    *v = f.img.version;
    alk_imgfile_free(&f);
    return CLI_YES;
}

static int ask(const struct cli *c, const struct alk_question *q, const char *path)
{
    struct alk_checklist list;
    int e = alk_checklist_make(&list, q);

    if (cli_json(c)) {
        show_json(&list, e == ALK_OK);
    } else {
        printf("%s: this bootloader would %s it\n", path, e == ALK_OK ? "take" : "REFUSE");
        show(c, &list);
    }
    return e == ALK_OK ? CLI_YES : CLI_NO;
}

static int run(struct cli *c)
{
    const char *path = cli_operand(c, 0), *boot = cli_get(c, "bootloader");
    struct alk_imgfile image = {0};
    struct alk_hex h = {0};
    struct alk_board board;
    struct alk_version installed;
    struct alk_question q = {&image, &h, &board, cli_has(c, "installed") ? &installed : NULL};
    struct alk_why why;
    const char *at = path;
    int status = read_installed(&installed, c), e = ALK_OK;

    if (status == CLI_YES) {
        e = alk_imgfile_load(&image, path, &why);
    }
    if (status == CLI_YES && e == ALK_OK) {
        at = boot;
        e = alk_hex_load(&h, NULL, boot, 0, &why);
    }
    if (status == CLI_YES && e == ALK_OK) {
        e = alk_board_find(&board, &h, &why);
    }
    if (status == CLI_YES) {
        status = e == ALK_OK ? ask(c, &q, path) : cli_refuse(c, e, at, &why);
    }
    alk_imgfile_free(&image);
    alk_hex_free(&h);
    return status;
}

const struct cli_cmd cli_cmd_check = {
    .name = "check",
    .operands = "IMAGE",
    .summary = "Would this bootloader take this image?  If not: why, and the way out.",
    .detail =
        "The answer is that of the bootloader's own code, given the keys in its binary; the list says in "
        "words what it looked at.",
    .examples = "airlock check app.signed.bin --bootloader factory.hex\n"
                "airlock check app.signed.bin --bootloader factory.hex --installed 1.4.2",
    .options = options,
    .min_operands = 1,
    .max_operands = 1,
    .run = run,
};
