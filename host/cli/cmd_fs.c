/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_fs.c - files of a device: get, put, status, hash. */
#include "host/cli/commands.h"
#include "host/cli/talk.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { FS = 8, HEAD = 120 };

static uint32_t number(const struct alk_smp_reply *r, const char *key, uint32_t otherwise)
{
    struct alk_cbor_item it;

    return alk_cbor_find(&it, &r->map, key) == 1 && it.type == ALK_CBOR_UINT ? it.value : otherwise;
}

static void begin(struct alk_cbor_out *args, const char *name, uint32_t off)
{
    alk_cbor_open_map(args);
    alk_cbor_put_text(args, "name");
    alk_cbor_put_text(args, name);
    alk_cbor_put_text(args, "off");
    alk_cbor_put_uint(args, off);
}

static int get(struct cli_link *l, const char *name, FILE *to)
{
    uint8_t buf[ALK_CLI_ARGS];
    uint32_t off = 0, len = 0;
    int status;

    do {
        struct alk_cbor_out args = {buf, buf + sizeof buf, false};
        struct alk_smp_reply r = {0};
        struct alk_cbor_item data;

        begin(&args, name, off);
        status = cli_ask(&r, l, &(struct cli_request){CLI_READ, 0, FS, {NULL}}, &args);
        if (status != CLI_YES)
            return status;
        if (off == 0)
            len = number(&r, "len", 0);
        if (alk_cbor_find(&data, &r.map, "data") != 1 || data.type != ALK_CBOR_BYTES ||
            (data.len == 0 && off < len))
            return cli_fail(l->c, CLI_IO, name, NULL, "the answer holds no data");
        if (fwrite(data.data, 1, data.len, to) != data.len)
            return cli_fail(l->c, CLI_IO, name, NULL, "%s", strerror(errno));
        off += data.len;
    } while (off < len);
    return CLI_YES;
}

static int put(struct cli_link *l, const char *name, FILE *from, uint32_t len)
{
    uint8_t buf[ALK_CLI_ARGS], data[ALK_CLI_ARGS - HEAD];
    uint32_t off = 0, size = 0, count;
    size_t room, n;
    int status;

    if (alk_device_params(&size, &count, l->client) != ALK_OK || size < 2 * HEAD)
        size = 2 * HEAD;
    room = size - HEAD < sizeof data ? size - HEAD : sizeof data;
    do {
        struct alk_cbor_out args = {buf, buf + sizeof buf, false};
        struct alk_smp_reply r = {0};

        n = fread(data, 1, room, from);
        begin(&args, name, off);
        if (off == 0) {
            alk_cbor_put_text(&args, "len");
            alk_cbor_put_uint(&args, len);
        }
        alk_cbor_put_text(&args, "data");
        alk_cbor_put_bytes(&args, data, n);
        status = cli_ask(&r, l, &(struct cli_request){CLI_WRITE, 0, FS, {NULL}}, &args);
        if (status != CLI_YES)
            return status;
        off += (uint32_t)n;
        if (number(&r, "off", 0) != off)
            return cli_fail(l->c, CLI_IO, name, "send it again",
                            "the device is at another place of the file");
    } while (off < len && n != 0);
    return off == len ? CLI_YES : cli_fail(l->c, CLI_IO, name, NULL, "the file changed while it was read");
}

static int run_get(struct cli *c)
{
    const char *path = cli_operand(c, 1);
    struct cli_link l;
    FILE *to;
    int status = cli_link_open(&l, c);

    if (status != CLI_YES)
        return status;
    to = path != NULL ? fopen(path, "wb") : stdout;
    status = to != NULL ? get(&l, cli_operand(c, 0), to)
                        : cli_fail(c, CLI_IO, path, NULL, "%s", strerror(errno));
    if (to != NULL && (path != NULL ? fclose(to) : fflush(to)) != 0 && status == CLI_YES)
        status = cli_fail(c, CLI_IO, path, NULL, "%s", strerror(errno));
    cli_link_close(&l);
    return status;
}

static int run_put(struct cli *c)
{
    const char *path = cli_operand(c, 0);
    FILE *from = fopen(path, "rb");
    struct cli_link l;
    long len;
    int status;

    if (from == NULL || fseek(from, 0, SEEK_END) != 0 || (len = ftell(from)) < 0 ||
        fseek(from, 0, SEEK_SET) != 0) {
        status = cli_fail(c, CLI_IO, path, NULL, "%s", strerror(errno));
        if (from != NULL)
            fclose(from);
        return status;
    }
    status = cli_link_open(&l, c);
    if (status == CLI_YES) {
        status = put(&l, cli_operand(c, 1), from, (uint32_t)len);
        cli_link_close(&l);
    }
    fclose(from);
    return status;
}

static int run_status(struct cli *c)
{
    return cli_talk(c, &(struct cli_request){CLI_READ, 1, FS, {"name"}});
}

static int run_hash(struct cli *c)
{
    return cli_talk(c, &(struct cli_request){CLI_READ, 2, FS, {"name", "type"}});
}

const struct cli_cmd cli_cmd_fs_get = {
    .name = "fs get",
    .operands = "NAME [FILE]",
    .summary = "Fetch a file from a device",
    .detail = "Without FILE it goes to stdout.",
    .examples = "airlock fs get /lfs/log.txt log.txt --udp 192.168.1.20",
    .shared = cli_link_options,
    .min_operands = 1,
    .max_operands = 2,
    .run = run_get,
};

const struct cli_cmd cli_cmd_fs_put = {
    .name = "fs put",
    .operands = "FILE NAME",
    .summary = "Write a file to a device, over what was there",
    .examples = "airlock fs put config.bin /lfs/config.bin --serial /dev/ttyACM0",
    .shared = cli_link_options,
    .min_operands = 2,
    .max_operands = 2,
    .run = run_put,
};

const struct cli_cmd cli_cmd_fs_status = {
    .name = "fs status",
    .operands = "NAME",
    .summary = "Show how long a file of a device is",
    .examples = "airlock fs status /lfs/log.txt --serial /dev/ttyACM0",
    .shared = cli_link_options,
    .min_operands = 1,
    .max_operands = 1,
    .run = run_status,
};

const struct cli_cmd cli_cmd_fs_hash = {
    .name = "fs hash",
    .operands = "NAME [crc32|sha256]",
    .summary = "Show the checksum of a file, computed by the device",
    .examples = "airlock fs hash /lfs/config.bin sha256 --serial /dev/ttyACM0",
    .shared = cli_link_options,
    .min_operands = 1,
    .max_operands = 2,
    .run = run_hash,
};
