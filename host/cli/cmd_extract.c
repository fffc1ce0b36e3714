/* SPDX-License-Identifier: Apache-2.0 */
#include "airlock/compress.h"
#include "core/bytes.h"
#include "host/cli/commands.h"
#include "host/cli/judge_say.h"

static const struct cli_opt options[] = {
    {"decrypt-key", 'k', "PRIV.pem", "The device's private key, if the image is encrypted.", true, false},
    {"key", 0, "PUB.pem", "Public key that must have signed it.", true, false},
    {"header", 0, NULL, "Keep the header's room, as zeros: what sign was given.", false, false},
    {"compressed", 0, NULL, "Leave a compressed payload compressed.", false, false},
    {"output", 'o', "FILE", "Where to.", false, false},
    {NULL, 0, NULL, NULL, false, false},
};

/* Behind an encrypted payload there is padding; this TLV says where it begins. */
static size_t compressed_size(const struct alk_imgfile *f)
{
    struct alk_tlv t;

    if (alk_imgfile_find(&t, f, ALK_TLV_COMP_DEC_SIZE) && t.prot && t.len == 4 && !f->big_endian) {
        return alk_min(alk_get32(alk_imgfile_tlv(f, &t)), f->img.img_size);
    }
    return f->img.img_size;
}

static int put_payload(struct alk_buf *out, const struct cli_judge *j, struct alk_why *why)
{
    const struct alk_image *img = &j->image.img;
    const uint8_t *payload = j->image.data.data + img->hdr_size;

    if (cli_has(j->c, "header")) {
        alk_buf_fill(out, 0, img->hdr_size);
    }
    if ((img->flags & ALK_IMAGE_LZMA2) == 0 || cli_has(j->c, "compressed")) {
        alk_buf_put(out, payload, img->img_size);
        return out->failed ? alk_why(why, ALK_E_MEMORY, "not enough memory") : ALK_OK;
    }
    return alk_decompress(out, payload, compressed_size(&j->image), (img->flags & ALK_IMAGE_ARM_THUMB) != 0,
                          64u << 20, why);
}

static int extract(struct cli_judge *j, const char *path)
{
    struct alk_buf out = {0};
    uint32_t base = j->image.base + (cli_has(j->c, "header") ? 0 : j->image.img.hdr_size);
    int e, status;

    alk_imgfile_decrypt(&j->image, &j->judgement);
    e = put_payload(&out, j, &j->why);
    status = e == ALK_OK ? cli_write_program(j->c, path, &out, base) : cli_refuse(j->c, e, j->path, &j->why);
    alk_buf_free(&out);
    return status;
}

static int run(struct cli *c)
{
    return cli_judge_convert(c, extract);
}

const struct cli_cmd cli_cmd_extract = {
    .name = "extract",
    .operands = "IMAGE [OUT]",
    .summary = "Get the program back out of an image: decrypted, decompressed.",
    .examples = "airlock extract app.signed.bin -k enc.pem -o app.bin",
    CLI_OPTIONS_AND_PASS(options),
    .min_operands = 1,
    .max_operands = 2,
    .run = run,
};
