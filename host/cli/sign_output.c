/* SPDX-License-Identifier: Apache-2.0 */
/* sign_output.c - does it fit, padding, and the files. */
#include <string.h>

#include <openssl/evp.h>

#include "airlock/crypto.h"
#include "airlock/file.h"
#include "core/bytes.h"
#include "host/cli/sign.h"

/* Of the payload, what is not header, TLVs or padding. */
static long largest(const struct sign *s, size_t image, size_t limit)
{
    return (long)s->payload.len - ((long)image - (long)limit) - (s->b.n_recipients > 0 ? 15 : 0);
}

/* Bytes an image may have; *why says what the rest of the slot is for. */
static uint32_t limit_of(struct sign *s, const struct alk_built *built, const char **why)
{
    struct alk_trailer *t = &s->trailer;
    uint32_t trailer;

    t->saved_key = s->b.n_recipients == 0 ? 0 : 16; /* as imgtool counts, for AES-256 too */
    if (cli_has(s->c, "save-enctlv")) {
        t->saved_key = (uint32_t)built->wrapped_len;
    } else if (s->layout >= 0 && s->b.n_recipients > 0) {
        t->saved_key = s->b.content_key_len;
    }
    if (s->layout >= 0) {
        *why = "are what this bootloader needs to install it";
        return alk_layout_limit((enum alk_layout)s->layout, t, s->sector_size);
    }
    if (s->has_board && !cli_has(s->c, "slot-size")) {
        *why = "are the sector that must stay free";
        return alk_board_capacity(&s->board);
    }
    *why = "are MCUboot's trailer";
    trailer = alk_trailer_size(t);
    return t->slot_size > trailer ? t->slot_size - trailer : 0;
}

int sign_check_fit(struct sign *s, const struct alk_built *built)
{
    size_t len = built->image.len;
    const char *why = NULL;
    uint32_t limit = limit_of(s, built, &why), slot = s->trailer.slot_size;

    if (slot == 0 || len <= limit) {
        return CLI_YES;
    }
    return cli_fail(s->c, CLI_NO, s->in,
                    s->has_board ? NULL : "see --slot-size, --layout, --max-sectors, --align",
                    "the image of %zu bytes does not fit the slot of %u (%u of them %s): the largest payload "
                    "would be %ld bytes, not %zu",
                    len, slot, slot - limit, why, largest(s, len, limit) > 0 ? largest(s, len, limit) : 0,
                    s->payload.len);
}

/* What of a padded image goes into a hex file: the image and the words at the slot's end. */
static int write_padded_hex(struct sign *s, const struct alk_buf *image, size_t len)
{
    const struct alk_trailer *t = &s->trailer;
    size_t tail = t->confirm || t->test ? alk_align_up(16, t->max_align) + t->max_align : 16;
    struct alk_hex h = {0};
    struct alk_buf text = {0};
    int status;

    if (alk_hex_add(&h, s->base, image->data, len) != ALK_OK ||
        alk_hex_add(&h, s->base + (uint32_t)(image->len - tail), image->data + image->len - tail, tail) !=
            ALK_OK) {
        alk_hex_free(&h);
        return cli_fail(s->c, CLI_NO, s->out, NULL, "the slot at 0x%x passes the end of 32-bit addresses",
                        s->base);
    }
    alk_hex_format(&text, &h);
    status = cli_write(s->c, s->out, text.data, text.len, false);
    alk_buf_free(&text);
    alk_hex_free(&h);
    return status;
}

static int write_image(struct sign *s, struct alk_buf *image)
{
    bool hex = alk_file_suffix(s->out, ".hex");
    size_t len = image->len;
    struct alk_why why;

    if (hex && !s->has_base) {
        return cli_fail(s->c, CLI_USAGE, s->out, "--hex-addr, --board or --bootloader",
                        "the address of the image is not known");
    }
    if (s->pad) {
        int e = alk_trailer_put(image, &s->trailer, &why);

        if (e != ALK_OK) {
            return cli_refuse(s->c, e, s->in, &why);
        }
        if (hex) {
            return write_padded_hex(s, image, len);
        }
    }
    return cli_write_program(s->c, s->out, image, s->base);
}

static int write_signature(struct sign *s, const struct alk_buf *sig)
{
    const char *path = cli_get(s->c, "sig-out");
    struct alk_buf text = {0};
    int status;

    if (path == NULL) {
        return CLI_YES;
    }
    if (alk_buf_fill(&text, 0, (sig->len + 2) / 3 * 4 + 1) == NULL) {
        return cli_fail(s->c, CLI_IO, path, NULL, "not enough memory");
    }
    EVP_EncodeBlock(text.data, sig->data, (int)sig->len);
    status = cli_write(s->c, path, text.data, text.len - 1, false);
    alk_buf_free(&text);
    return status;
}

static int check_fixed(struct sign *s, const struct alk_built *built)
{
    if (s->fixed.len == 0 || alk_key_check(s->b.signers[0], s->fixed.data, s->fixed.len, built->to_sign.data,
                                           built->to_sign.len) == ALK_OK) {
        return CLI_YES;
    }
    return cli_fail(s->c, CLI_NO, cli_get(s->c, "fix-sig"), "sign with the very options that made the digest",
                    "is no signature of this image by that key");
}

int sign_write(struct sign *s, struct alk_built *built)
{
    const char *vector = cli_get(s->c, "vector-to-sign");
    int status;

    if (vector != NULL) {
        return strcmp(vector, "digest") == 0
                   ? cli_write(s->c, s->out, built->digest, built->digest_len, false)
                   : cli_write(s->c, s->out, built->image.data, built->image.len, false);
    }
    status = sign_check_fit(s, built);
    if (status == CLI_YES) {
        status = check_fixed(s, built);
    }
    if (status == CLI_YES) {
        status = write_image(s, &built->image);
    }
    return status == CLI_YES ? write_signature(s, &built->signature) : status;
}
