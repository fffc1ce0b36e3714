/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_hex.c - `hex merge`, `hex split`, `hex show`: files for debug probes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "airlock/file.h"
#include "airlock/hexfile.h"
#include "host/cli/commands.h"
#include "host/cli/use.h"

#define BIN_MAX (64u << 20)

static const struct cli_opt merge_options[] = {
    {"output", 'o', "FILE", "Where to: .hex, or .bin with 0xff in the gaps.", false, true},
    {"overlap", 0, "error|first|last", "Whose bytes count where two files have some; error unless given.",
     false, false},
    {NULL, 0, NULL, NULL, false, false},
};

static const struct cli_opt split_options[] = {
    {"output", 'o', "FILE", "Where to: .hex, or .bin with 0xff in the gaps.", false, true},
    {"range", 'r', "FROM TO", "Addresses to keep: from FROM to in front of TO; several add up.", true, true},
    {NULL, 0, NULL, NULL, false, false},
};

/* "FILE.bin@0x8000": a binary and its address. */
static int load(struct alk_hex *h, const struct cli *c, const char *arg)
{
    char path[4096];
    const char *at = strrchr(arg, '@');
    unsigned long base = 0;
    bool is_bin = false;
    char *end = NULL;
    struct alk_why why;
    int e;

    snprintf(path, sizeof path, "%s", arg);
    if (at != NULL && at[1] != 0 && !alk_file_exists(arg)) {
        base = strtoul(at + 1, &end, 0);
        path[at - arg] = 0;
    }
    if (end != NULL && (*end != 0 || base > UINT32_MAX)) {
        return cli_fail(c, CLI_USAGE, arg, "FILE.bin@0x8000", "\"%s\" is no address", at + 1);
    }
    e = alk_hex_load(h, &is_bin, path, (uint32_t)base, &why);
    if (e == ALK_OK && is_bin && end == NULL) {
        return cli_fail(c, CLI_USAGE, arg, "FILE.bin@0x8000", "a binary names no address");
    }
    return cli_done(c, e, path, &why);
}

static int write_hex(const struct cli *c, const char *path, const struct alk_hex *h)
{
    struct alk_buf out = {0};
    uint64_t size = alk_hex_end(h) - alk_hex_first(h);
    int status;

    if (!alk_file_suffix(path, ".bin")) {
        alk_hex_format(&out, h);
    } else if (size > BIN_MAX) {
        return cli_fail(c, CLI_NO, path, "write a .hex file",
                        "a binary from 0x%x to 0x%llx would have %llu MiB", alk_hex_first(h),
                        (unsigned long long)alk_hex_end(h), (unsigned long long)size >> 20);
    } else if (alk_buf_fill(&out, 0xff, (size_t)size) != NULL) {
        alk_hex_read(out.data, h, alk_hex_first(h), (size_t)size);
    }
    status = out.failed ? cli_fail(c, CLI_IO, path, NULL, "not enough memory")
                        : cli_write(c, path, out.data, out.len, false);
    alk_buf_free(&out);
    return status;
}

/* The first operand that has a byte at addr. */
static const char *owner(const struct cli *c, size_t before, uint32_t addr)
{
    for (size_t i = 0; i < before; i++) {
        struct alk_hex h = {0};
        uint8_t byte;
        bool there = load(&h, c, cli_operand(c, i)) == CLI_YES && alk_hex_read(&byte, &h, addr, 1) == 1;

        alk_hex_free(&h);
        if (there) {
            return cli_operand(c, i);
        }
    }
    return "?";
}

static int overlap_error(const struct cli *c, const struct alk_hex *all, size_t i, const struct alk_span *s)
{
    uint32_t addr = s->addr;
    uint8_t byte;

    while (alk_hex_read(&byte, all, addr, 1) == 0) {
        addr++;
    }
    return cli_fail(c, CLI_NO, cli_operand(c, i), "--overlap first, --overlap last",
                    "and %s both have data at 0x%x", owner(c, i, addr), addr);
}

static int add_span(struct alk_hex *all, const struct cli *c, size_t i, const struct alk_span *s)
{
    const char *how = cli_get(c, "overlap");
    int e;

    if (how == NULL || strcmp(how, "error") == 0) {
        e = alk_hex_add(all, s->addr, s->bytes.data, s->bytes.len);
        return e == ALK_E_STATE ? overlap_error(c, all, i, s) : e == ALK_OK ? CLI_YES : CLI_IO;
    }
    if (strcmp(how, "last") == 0) {
        return alk_hex_put(all, s->addr, s->bytes.data, s->bytes.len) == ALK_OK ? CLI_YES : CLI_IO;
    }
    for (size_t k = 0; k < s->bytes.len; k++) {
        alk_hex_add(all, s->addr + (uint32_t)k, s->bytes.data + k, 1); /* refused where there is one */
    }
    return CLI_YES;
}

static int merge(struct cli *c)
{
    struct alk_hex all = {0};
    int status = CLI_YES;

    for (size_t i = 0; i < cli_operands(c) && status == CLI_YES; i++) {
        struct alk_hex h = {0};

        status = load(&h, c, cli_operand(c, i));
        for (size_t k = 0; k < h.n && status == CLI_YES; k++) {
            status = add_span(&all, c, i, &h.spans[k]);
        }
        alk_hex_free(&h);
    }
    if (status == CLI_YES) {
        status = write_hex(c, cli_get(c, "output"), &all);
    }
    alk_hex_free(&all);
    return status;
}

static int keep_range(struct alk_hex *out, const struct cli *c, const struct alk_hex *in, size_t i)
{
    char *end1, *end2;
    unsigned long from = strtoul(cli_get_nth(c, "range", i), &end1, 0);
    unsigned long to = strtoul(cli_get_nth(c, "range", i + 1), &end2, 0);

    if (*end1 != 0 || *end2 != 0 || from >= to || to > 1ul << 32) {
        return cli_fail(c, CLI_USAGE, "--range", "--range 0x8000 0x22000", "%s %s is no range",
                        cli_get_nth(c, "range", i), cli_get_nth(c, "range", i + 1));
    }
    for (size_t k = 0; k < in->n; k++) {
        const struct alk_span *s = &in->spans[k];
        uint64_t first = s->addr > from ? s->addr : from, last = (uint64_t)s->addr + s->bytes.len;

        last = last < to ? last : to;
        if (first < last && alk_hex_put(out, (uint32_t)first, s->bytes.data + (first - s->addr),
                                        (size_t)(last - first)) != ALK_OK) {
            return CLI_IO;
        }
    }
    return CLI_YES;
}

static int split(struct cli *c)
{
    struct alk_hex in = {0}, out = {0};
    int status = load(&in, c, cli_operand(c, 0));

    for (size_t i = 0; status == CLI_YES && cli_get_nth(c, "range", i) != NULL; i += 2) {
        status = keep_range(&out, c, &in, i);
    }
    if (status == CLI_YES && out.n == 0) {
        status = cli_fail(c, CLI_NO, cli_operand(c, 0), NULL, "has no data there");
    }
    if (status == CLI_YES) {
        status = write_hex(c, cli_get(c, "output"), &out);
    }
    alk_hex_free(&in);
    alk_hex_free(&out);
    return status;
}

static int show(struct cli *c)
{
    struct alk_hex h = {0};
    json_t *list = json_array();
    int status = load(&h, c, cli_operand(c, 0));

    for (size_t i = 0; i < h.n && status == CLI_YES; i++) {
        const struct alk_span *s = &h.spans[i];

        if (cli_json(c)) {
            json_array_append_new(list, json_pack("{s:I, s:I}", "address", (json_int_t)s->addr, "size",
                                                  (json_int_t)s->bytes.len));
        } else {
            printf("0x%08x..0x%08llx  %8zu\n", s->addr, (unsigned long long)s->addr + s->bytes.len,
                   s->bytes.len);
        }
    }
    if (cli_json(c) && status == CLI_YES) {
        return alk_hex_free(&h), cli_print_json(list);
    }
    json_decref(list);
    alk_hex_free(&h);
    return status;
}

const struct cli_cmd cli_cmd_hex_merge = {
    .name = "hex merge",
    .operands = "FILE... -o OUT",
    .summary = "Put programs into one file for a debug probe; also converts one.",
    .detail = "FILE is .hex, .elf, or a binary with its address: app.bin@0x8000.",
    .examples = "airlock hex merge factory.hex app.confirmed.hex -o product.hex\n"
                "airlock hex merge app.bin@0x8200 -o app.hex",
    .options = merge_options,
    .min_operands = 1,
    .max_operands = -1,
    .run = merge,
};

const struct cli_cmd cli_cmd_hex_split = {
    .name = "hex split",
    .operands = "FILE --range FROM TO -o OUT",
    .summary = "Take a range of addresses out of a program file.",
    .examples = "airlock hex split product.hex --range 0x8000 0x22000 -o slot.bin",
    .options = split_options,
    .min_operands = 1,
    .max_operands = 1,
    .run = split,
};

const struct cli_cmd cli_cmd_hex_show = {
    .name = "hex show",
    .operands = "FILE",
    .summary = "Which addresses a program file has data for.",
    .min_operands = 1,
    .max_operands = 1,
    .run = show,
};
