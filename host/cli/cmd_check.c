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
    {"slot-size", 'S', "N", "For MCUboot: what an image may have, trailer excluded.", false, false},
    {NULL, 0, NULL, NULL, false, false},
};

static const char *const words[] = {"NO", "yes", "?"};

static void show(const struct alk_checklist *list)
{
    for (size_t i = 0; i < list->n; i++) {
        const struct alk_check_item *item = &list->items[i];

        printf("  %-4s %-11s %s\n", words[item->answer], item->what, item->why.text);
        if (item->why.way_out[0] != 0) {
            printf("  %-4s %-11s -> %s\n", "", "", item->why.way_out);
        }
    }
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

static int answer(const struct cli *c, const struct alk_checklist *list, int e)
{
    if (cli_json(c)) {
        show_json(list, e == ALK_OK);
    } else {
        printf("%s: this bootloader would %s it\n", cli_operand(c, 0), e == ALK_OK ? "take" : "REFUSE");
        show(list);
    }
    return e == ALK_OK ? CLI_YES : CLI_NO;
}

static int ask(const struct cli *c, const struct alk_imgfile *image, const struct alk_hex *h)
{
    const char *boot = cli_get(c, "bootloader");
    struct alk_checklist list;
    struct alk_board board;
    struct alk_version installed;
    struct alk_question q = {image, h, &board, cli_has(c, "installed") ? &installed : NULL};
    struct alk_why why;
    unsigned long room = 0;
    int e, status = read_installed(&installed, c);

    if (status != CLI_YES || !cli_number(c, "slot-size", &room)) {
        return status != CLI_YES ? status : CLI_USAGE;
    }
    e = alk_board_find(&board, h, &why);
    if (e == ALK_OK) {
        return answer(c, &list, alk_checklist_make(&list, &q));
    }
    if (e != ALK_E_FORMAT) {
        return cli_refuse(c, e, boot, &why);
    }
    e = alk_checklist_mcuboot(&list, image, h, (uint32_t)room);
    return list.n > 0
               ? answer(c, &list, e)
               : cli_fail(c, CLI_NO, boot, NULL, "is no airlock bootloader, and no MCUboot with keys in it");
}

static int run(struct cli *c)
{
    const char *path = cli_operand(c, 0), *boot = cli_get(c, "bootloader");
    struct alk_imgfile image;
    struct alk_hex h = {0};
    struct alk_why why;
    int e = alk_imgfile_load(&image, path, &why), status;

    if (e != ALK_OK) {
        return cli_refuse(c, e, path, &why);
    }
    e = alk_hex_load(&h, NULL, boot, 0, &why);
    status = e == ALK_OK ? ask(c, &image, &h) : cli_refuse(c, e, boot, &why);
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
        "words what it looked at.\n\n"
        "FILE may be an MCUboot of Zephyr or the nRF Connect SDK: then its public keys and its decryption "
        "key "
        "are found in the binary, and the slot's size is what --slot-size says.",
    .examples = "airlock check app.signed.bin --bootloader factory.hex\n"
                "airlock check app.signed.bin --bootloader factory.hex --installed 1.4.2",
    .options = options,
    .min_operands = 1,
    .max_operands = 1,
    .run = run,
};
