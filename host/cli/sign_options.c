/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "airlock/file.h"
#include "airlock/text.h"
#include "host/cli/sign.h"

/* A number of 32 bits with a default; CLI_USAGE has been explained. */
static int number(const struct sign *s, const char *name, uint32_t *out)
{
    unsigned long v = *out;

    if (!cli_number(s->c, name, &v)) {
        return CLI_USAGE;
    }
    if (v > UINT32_MAX) {
        return cli_fail(s->c, CLI_USAGE, name, NULL, "0x%lx does not fit 32 bits", v);
    }
    *out = (uint32_t)v;
    return CLI_YES;
}

static int read_version(struct sign *s)
{
    const char *text = cli_get(s->c, "version"), *counter = cli_get(s->c, "security-counter");
    struct alk_version *v = &s->b.version;

    if (!alk_version_parse(v, text)) {
        return cli_fail(s->c, CLI_USAGE, "--version", "like 1.2.3+4; at most 255.255.65535+4294967295",
                        "\"%s\" is not a version an image can carry", text);
    }
    s->b.has_counter = counter != NULL;
    if (cli_is(s->c, "security-counter", "auto")) {
        s->b.counter = (uint32_t)v->major << 24 | (uint32_t)v->minor << 16 | v->revision;
        return CLI_YES;
    }
    return number(s, "security-counter", &s->b.counter);
}

static int read_identity(struct sign *s)
{
    const char *depends = cli_get(s->c, "dependencies"), *vid = cli_get(s->c, "vid"),
               *cid = cli_get(s->c, "cid");

    if (depends != NULL && !alk_depends_parse(&s->b, depends)) {
        return cli_fail(s->c, CLI_USAGE, "--dependencies", "like \"(1, 1.2.3+4)(2, 2.0)\"",
                        "\"%s\" is no list of images and versions", depends);
    }
    if (vid != NULL) {
        if (!alk_uuid_parse(s->vendor, vid, NULL)) {
            return cli_fail(s->c, CLI_USAGE, "--vid", NULL, "is empty");
        }
        s->b.vendor = s->vendor;
    }
    if (cid != NULL) {
        if (!alk_uuid_parse(s->class, cid, s->vendor) ||
            (vid == NULL && strlen(cid) != 32 && strlen(cid) != 36)) {
            return cli_fail(s->c, CLI_USAGE, "--cid", "add --vid, or give a UUID",
                            "a class name means something only with its vendor");
        }
        s->b.class = s->class;
    }
    s->b.boot_record = cli_get(s->c, "boot-record");
    return CLI_YES;
}

static int read_placement(struct sign *s)
{
    int status = number(s, "load-addr", &s->b.load_addr);

    if (cli_has(s->c, "load-addr") && cli_has(s->c, "rom-fixed")) {
        return cli_fail(s->c, CLI_USAGE, "--load-addr", NULL,
                        "an image runs from RAM or from flash, not both");
    }
    if (status == CLI_YES && s->b.load_addr != 0) {
        s->b.flags |= ALK_IMAGE_RAM_LOAD;
    }
    if (status == CLI_YES && cli_has(s->c, "rom-fixed")) {
        status = number(s, "rom-fixed", &s->b.load_addr);
        s->b.flags |= s->b.load_addr != 0 ? ALK_IMAGE_ROM_FIXED : 0;
    }
    if (cli_has(s->c, "non-bootable")) {
        s->b.flags |= ALK_IMAGE_NON_BOOTABLE;
    }
    s->has_base = cli_has(s->c, "hex-addr");
    return status == CLI_YES ? number(s, "hex-addr", &s->base) : status;
}

static int read_header_size(struct sign *s)
{
    uint32_t size = s->has_board ? (s->board.hdr_size != 0 ? s->board.hdr_size : 0x200) : 0;

    if (number(s, "header-size", &size) != CLI_YES) {
        return CLI_USAGE;
    }
    s->has_header = cli_has(s->c, "header-size") || s->has_board;
    if (s->has_header && (size < 32 || size > UINT16_MAX)) {
        return cli_fail(s->c, CLI_USAGE, "--header-size", NULL, "%u is not between 32 and 65535", size);
    }
    if (s->has_board && s->board.hdr_size != 0 && size != s->board.hdr_size) {
        return cli_fail(s->c, CLI_USAGE, "--header-size", "leave it out",
                        "images for %s have a header of %u bytes, not %u: its interrupts go there",
                        s->board.name, s->board.hdr_size, size);
    }
    s->b.hdr_size = (uint16_t)size;
    s->b.pad_header = cli_has(s->c, "pad-header");
    return CLI_YES;
}

static int read_layout(struct sign *s)
{
    static const char *const names[] = {"move", "offset", "scratch", "overwrite", "slide"};
    const char *name = cli_get(s->c, "layout");

    s->layout = -1;
    s->sector_size = s->has_board ? s->board.sector_size : 4096;
    for (int i = 0; name != NULL && i < 5; i++) {
        s->layout = strcmp(name, names[i]) == 0 ? i : s->layout;
    }
    if (name != NULL && s->trailer.slot_size == 0) {
        return cli_fail(s->c, CLI_USAGE, "--layout", "add --slot-size", "in slots of what size?");
    }
    if (number(s, "sector-size", &s->sector_size) != CLI_YES) {
        return CLI_USAGE;
    }
    if (s->sector_size < 16 || (s->sector_size & (s->sector_size - 1)) != 0) {
        return cli_fail(s->c, CLI_USAGE, "--sector-size", NULL, "%u is no power of two", s->sector_size);
    }
    return CLI_YES;
}

static int read_trailer(struct sign *s)
{
    struct alk_trailer *t = &s->trailer;
    uint32_t align = s->has_board ? s->board.unit : 1, max_align = 0;

    t->max_sectors = s->has_board ? 0 : 128; /* our progress is no part of a slot */
    t->slot_size = s->has_board ? s->board.primary_size : 0;
    if (number(s, "align", &align) != CLI_YES || number(s, "slot-size", &t->slot_size) != CLI_YES ||
        number(s, "max-align", &max_align) != CLI_YES) {
        return CLI_USAGE;
    }
    if (cli_has(s->c, "slot-size")) {
        t->max_sectors = 128;
    }
    if (number(s, "max-sectors", &t->max_sectors) != CLI_YES || t->max_sectors > 65536) {
        return CLI_USAGE;
    }
    t->align = align;
    t->max_align = max_align != 0 ? max_align : align > 8 ? align : 8;
    t->overwrite_only = cli_has(s->c, "overwrite-only");
    t->confirm = cli_has(s->c, "confirm");
    t->test = cli_has(s->c, "test");
    t->erased = s->b.erased;
    t->big_endian = s->b.big_endian;
    s->pad = t->confirm || t->test || cli_has(s->c, "pad");
    if (s->pad && t->slot_size == 0) {
        return cli_fail(s->c, CLI_USAGE, "--pad", "--slot-size N, --board or --bootloader", "to what size?");
    }
    if (t->confirm && t->overwrite_only) {
        return cli_fail(s->c, CLI_USAGE, "--confirm", "leave one out",
                        "in overwrite-only mode nothing is ever confirmed");
    }
    return CLI_YES;
}

static int add_extra(struct sign *s, const char *tag_text, const char *option)
{
    char *end;
    unsigned long tag;

    errno = 0;
    tag = strtoul(tag_text, &end, 0);
    if (*tag_text == 0 || *end != 0 || errno != 0 || tag < 0xa0 || tag > 0xfffe) {
        return cli_fail(s->c, CLI_USAGE, option, NULL, "tag \"%s\" is not between 0xa0 and 0xfffe", tag_text);
    }
    for (size_t i = 0; i < s->n_extra; i++) {
        if (s->extra[i].type == tag) {
            return cli_fail(s->c, CLI_USAGE, option, NULL, "tag 0x%lx given twice", tag);
        }
    }
    if (s->n_extra == SIGN_EXTRAS) {
        return cli_fail(s->c, CLI_USAGE, option, NULL, "more than %d", SIGN_EXTRAS);
    }
    s->extra[s->n_extra].type = (uint16_t)tag;
    return CLI_YES;
}

static void close_extra(struct sign *s)
{
    s->extra[s->n_extra].data = s->extra_data[s->n_extra].data;
    s->extra[s->n_extra].len = s->extra_data[s->n_extra].len;
    s->n_extra++;
}

static int read_custom_values(struct sign *s)
{
    const char *tag;
    int status = CLI_YES;

    for (size_t i = 0; status == CLI_YES && (tag = cli_get_nth(s->c, "custom-tlv", i)) != NULL; i += 2) {
        const char *value = cli_get_nth(s->c, "custom-tlv", i + 1);
        struct alk_buf *data = &s->extra_data[s->n_extra < SIGN_EXTRAS ? s->n_extra : 0];

        status = add_extra(s, tag, "--custom-tlv");
        if (status != CLI_YES) {
            break;
        }
        if (strncmp(value, "0x", 2) == 0 && !alk_hex_bytes(data, value + 2)) {
            return cli_fail(s->c, CLI_USAGE, "--custom-tlv", NULL, "\"%s\" is no even number of hex digits",
                            value);
        }
        if (strncmp(value, "0x", 2) != 0) {
            alk_buf_put(data, value, strlen(value));
        }
        close_extra(s);
    }
    return status;
}

static int read_custom_files(struct sign *s)
{
    const char *tag;
    int status = CLI_YES;

    for (size_t i = 0; status == CLI_YES && (tag = cli_get_nth(s->c, "custom-tlv-file", i)) != NULL; i += 2) {
        const char *path = cli_get_nth(s->c, "custom-tlv-file", i + 1);
        struct alk_why why;
        int e;

        status = add_extra(s, tag, "--custom-tlv-file");
        if (status == CLI_YES) {
            e = alk_file_read(&s->extra_data[s->n_extra], path, &why);
            status = cli_done(s->c, e, path, &why);
            close_extra(s);
        }
    }
    return status;
}

int sign_read_options(struct sign *s)
{
    static int (*const steps[])(struct sign *) = {read_version,       read_identity,    read_placement,
                                                  read_header_size,   read_trailer,     read_layout,
                                                  read_custom_values, read_custom_files};
    int status = cli_load_board(&s->board, &s->has_board, s->c);

    s->b.big_endian = cli_is(s->c, "endian", "big");
    s->b.erased = cli_is(s->c, "erased-val", "0") ? 0 : 0xff;
    for (size_t i = 0; i < sizeof steps / sizeof steps[0] && status == CLI_YES; i++) {
        status = steps[i](s);
    }
    s->b.custom = s->extra;
    s->b.n_custom = s->n_extra;
    return status;
}
