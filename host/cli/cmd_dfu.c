/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_dfu.c - `dfu make`, `dfu show`, `dfu check`, `dfu extract`: dfu_application.zip. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "airlock/crypto.h"
#include "airlock/dfuzip.h"
#include "airlock/file.h"
#include "airlock/text.h"
#include "host/cli/commands.h"
#include "host/cli/use.h"

static const struct cli_opt make_options[] = {
    {"output", 'o', "FILE.zip", "Where to.", false, true},
    {"name", 0, "NAME", "Name of the firmware.", false, false},
    {"board", 0, "NAME", "Name of the board, for the manifest.", false, false},
    {"soc", 0, "NAME", "Name of the chip, for the manifest.", false, false},
    {NULL, 0, NULL, NULL, false, false},
};

static const struct cli_opt check_options[] = {
    {"key", 'k', "PUB.pem", "Public key that must have signed the images.", true, true},
    {"decrypt-key", 0, "PRIV.pem", "The device's private key, if they are encrypted.", true, false},
    {NULL, 0, NULL, NULL, false, false},
};

static const struct cli_opt extract_options[] = {
    {"output", 'o', "DIR", "Directory to put the files in; this one unless given.", false, false},
    {NULL, 0, NULL, NULL, false, false},
};

/* Builds that are to be repeatable say when they are. */
static long long build_time(void)
{
    const char *epoch = getenv("SOURCE_DATE_EPOCH");

    return epoch != NULL ? atoll(epoch) : (long long)time(NULL);
}

/* "app.bin" is image 0, "net.bin=1" image 1 */
static int add_image(struct alk_dfu *z, const struct cli *c, const char *arg)
{
    struct alk_dfu_file *f = &z->files[z->n];
    const char *equals = strrchr(arg, '='), *board = cli_get(c, "board"), *soc = cli_get(c, "soc"), *base;
    char path[4096];
    struct alk_imgfile image;
    struct alk_why why;
    int e;

    if (z->n == ALK_DFU_FILES) {
        return cli_fail(c, CLI_USAGE, arg, NULL, "more than %d images", ALK_DFU_FILES);
    }
    snprintf(path, sizeof path, "%.*s", equals != NULL ? (int)(equals - arg) : (int)strlen(arg), arg);
    f->image_index = equals != NULL ? atoi(equals + 1) : 0;
    base = strrchr(path, '/') != NULL ? strrchr(path, '/') + 1 : path;
    snprintf(f->name, sizeof f->name, "%.*s", ALK_DFU_TEXT - 1, base);
    snprintf(f->type, sizeof f->type, "application");
    snprintf(f->board, sizeof f->board, "%s", board != NULL ? board : "");
    snprintf(f->soc, sizeof f->soc, "%s", soc != NULL ? soc : "");
    e = alk_imgfile_load(&image, path, &why);
    if (e != ALK_OK) {
        return cli_refuse(c, e, path, &why);
    }
    z->n++;
    snprintf(f->version, sizeof f->version, "%u.%u.%u+%u", image.img.version.major, image.img.version.minor,
             image.img.version.revision, image.img.version.build);
    f->load_address = image.base;
    f->data = image.data;
    image.data = (struct alk_buf){0};
    alk_imgfile_free(&image);
    return CLI_YES;
}

static int make(struct cli *c)
{
    const char *name = cli_get(c, "name"), *path = cli_get(c, "output");
    struct alk_dfu z = {.time = build_time()};
    struct alk_buf out = {0};
    struct alk_why why;
    int status = CLI_YES, e;

    snprintf(z.name, sizeof z.name, "%s", name != NULL ? name : "application");
    for (size_t i = 0; i < cli_operands(c) && status == CLI_YES; i++) {
        status = add_image(&z, c, cli_operand(c, i));
    }
    if (status == CLI_YES) {
        e = alk_dfu_format(&out, &z, &why);
        status = e == ALK_OK ? cli_write(c, path, out.data, out.len, false) : cli_refuse(c, e, path, &why);
    }
    alk_buf_free(&out);
    alk_dfu_free(&z);
    return status;
}

static json_t *file_json(const struct alk_dfu_file *f)
{
    return json_pack("{s:s, s:s, s:i, s:s, s:s, s:s, s:i}", "file", f->name, "type", f->type, "image_index",
                     f->image_index, "version", f->version, "board", f->board, "soc", f->soc, "size",
                     (int)f->data.len);
}

static int show(struct cli *c)
{
    struct alk_dfu z;
    struct alk_why why;
    json_t *list = json_array();
    int e = alk_dfu_load(&z, cli_operand(c, 0), &why);

    if (e != ALK_OK) {
        json_decref(list);
        return cli_refuse(c, e, cli_operand(c, 0), &why);
    }
    if (!cli_json(c)) {
        printf("%s: update package \"%s\"\n", cli_operand(c, 0), z.name);
    }
    for (size_t i = 0; i < z.n; i++) {
        const struct alk_dfu_file *f = &z.files[i];

        if (cli_json(c)) {
            json_array_append_new(list, file_json(f));
        } else {
            printf("  image %d  %-24s %8zu bytes  version %s  %s %s\n", f->image_index, f->name, f->data.len,
                   f->version, f->board, f->soc);
        }
    }
    if (cli_json(c)) {
        cli_print_json(json_pack("{s:s, s:s, s:O}", "kind", "dfu", "name", z.name, "files", list));
    }
    json_decref(list);
    alk_dfu_free(&z);
    return CLI_YES;
}

/* One image of the package: is it good, and the version the manifest says? */
static int check_file(const struct cli *c, struct alk_dfu_file *f, const struct alk_judge *with)
{
    struct alk_imgfile image;
    struct alk_judgement j;
    struct alk_version v;
    struct alk_why why;
    int e = alk_imgfile_take(&image, &f->data, &why), status;

    if (e != ALK_OK) {
        return cli_refuse(c, e, f->name, &why);
    }
    e = alk_judge_image(&j, &image, with, &why);
    status = cli_done(c, e, f->name, &why);
    if (status == CLI_YES && f->version[0] != 0 &&
        (!alk_version_parse(&v, f->version) || alk_version_compare(&v, &image.img.version) != 0)) {
        status = cli_fail(c, CLI_NO, f->name, NULL, "the manifest says version %s, the image another",
                          f->version);
    }
    if (status == CLI_YES) {
        cli_say(c, "%s: good, image %d, version %s", f->name, f->image_index, f->version);
    }
    alk_wipe(&j, sizeof j);
    alk_imgfile_free(&image);
    return status;
}

static int check(struct cli *c)
{
    struct cli_keys verify, decrypt = {.n = 0};
    struct alk_dfu z = {.n = 0};
    struct alk_why why;
    int status = cli_load_keys(&verify, c, "key"), e;

    if (status == CLI_YES) {
        status = cli_load_keys(&decrypt, c, "decrypt-key");
    }
    if (status == CLI_YES) {
        e = alk_dfu_load(&z, cli_operand(c, 0), &why);
        status = cli_done(c, e, cli_operand(c, 0), &why);
    }
    for (size_t i = 0; i < z.n && status == CLI_YES; i++) {
        status = check_file(c, &z.files[i],
                            &(struct alk_judge){verify.key, verify.n, decrypt.key, decrypt.n});
    }
    alk_dfu_free(&z);
    cli_free_keys(&verify);
    cli_free_keys(&decrypt);
    return status;
}

static int extract(struct cli *c)
{
    const char *dir = cli_get(c, "output");
    struct alk_dfu z;
    struct alk_why why;
    int e = alk_dfu_load(&z, cli_operand(c, 0), &why), status = CLI_YES;

    if (e != ALK_OK) {
        return cli_refuse(c, e, cli_operand(c, 0), &why);
    }
    for (size_t i = 0; i < z.n && status == CLI_YES; i++) {
        char path[4096];

        snprintf(path, sizeof path, "%s/%s", dir != NULL ? dir : ".", z.files[i].name);
        status = cli_write(c, path, z.files[i].data.data, z.files[i].data.len, false);
    }
    alk_dfu_free(&z);
    return status;
}

const struct cli_cmd cli_cmd_dfu_make = {
    .name = "dfu make",
    .operands = "IMAGE[=INDEX]... -o FILE.zip",
    .summary = "Pack images into a dfu_application.zip for phone apps.",
    .detail = "Versions and sizes in the manifest come from the images. SOURCE_DATE_EPOCH makes the result "
              "repeatable.",
    .examples = "airlock dfu make app.signed.bin -o dfu_application.zip\n"
                "airlock dfu make app.signed.bin net.signed.bin=1 --board nrf5340dk -o dfu_application.zip",
    .options = make_options,
    .min_operands = 1,
    .max_operands = ALK_DFU_FILES,
    .run = make,
};

const struct cli_cmd cli_cmd_dfu_show = {
    .name = "dfu show",
    .operands = "FILE.zip",
    .summary = "What is in a dfu_application.zip.",
    .min_operands = 1,
    .max_operands = 1,
    .run = show,
};

const struct cli_cmd cli_cmd_dfu_check = {
    .name = "dfu check",
    .operands = "FILE.zip",
    .summary = "Are all images of a package good, and what the manifest says?",
    .options = check_options,
    .shared = cli_pass_options,
    .shared_title = CLI_PASS_TITLE,
    .min_operands = 1,
    .max_operands = 1,
    .run = check,
};

const struct cli_cmd cli_cmd_dfu_extract = {
    .name = "dfu extract",
    .operands = "FILE.zip",
    .summary = "Unpack the images of a package.",
    .options = extract_options,
    .min_operands = 1,
    .max_operands = 1,
    .run = extract,
};
