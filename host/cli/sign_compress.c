/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sign_compress.c - a compressed image is made twice: first plain, for the
 * hash and signature it will have when decompressed, then around the
 * compressed payload, which carries these.
 */
#include <stdio.h>
#include <string.h>

#include "airlock/compress.h"
#include "core/bytes.h"
#include "host/cli/sign.h"

static void add_known(struct sign *s, uint16_t type, const void *data, size_t len)
{
    s->known[s->b.n_known++] = (struct alk_extra_tlv){type, data, len};
    s->b.known = s->known;
}

static void put_number(const struct sign *s, uint8_t out[4], uint32_t v)
{
    alk_put32(out, s->b.big_endian ? __builtin_bswap32(v) : v);
}

/* The image as it will be when decompressed; it is never encrypted, but flagged as such. */
static int build_plain(struct alk_built *plain, const struct sign *s, struct alk_why *why)
{
    struct alk_build b = s->b;

    if (b.n_recipients > 0) {
        b.flags |= b.content_key_len == 32 ? ALK_IMAGE_ENC_AES256 : ALK_IMAGE_ENC_AES128;
    }
    b.n_recipients = 0;
    return alk_build(plain, &b, s->payload.data, s->payload.len, why);
}

/* Take the place of the payload: header room, then the compressed bytes. */
static int replace_payload(struct sign *s, const struct alk_buf *small)
{
    struct alk_buf payload = {0};

    if (!s->b.pad_header) {
        alk_buf_fill(&payload, 0, s->b.hdr_size);
    }
    alk_buf_put(&payload, small->data, small->len);
    alk_buf_free(&s->payload);
    s->payload = payload;
    return payload.failed ? cli_fail(s->c, CLI_IO, s->in, NULL, "not enough memory") : CLI_YES;
}

static int wrap_up(struct sign *s, const struct alk_buf *small, bool thumb, size_t plain_len)
{
    size_t extra = 4 + s->plain.digest_len + s->plain.signature.len;

    if (small->len - 2 + extra >= plain_len) {
        cli_say(s->c, "%s: does not get smaller, so it is not compressed", s->in);
        return CLI_YES;
    }
    put_number(s, s->decomp_size, (uint32_t)plain_len);
    put_number(s, s->comp_size, (uint32_t)small->len);
    add_known(s, ALK_TLV_DECOMP_SIZE, s->decomp_size, 4);
    add_known(s, ALK_TLV_DECOMP_SHA, s->plain.digest, s->plain.digest_len);
    if (s->plain.signature.len > 0) {
        add_known(s, ALK_TLV_DECOMP_SIG, s->plain.signature.data, s->plain.signature.len);
    }
    if (s->b.n_recipients > 0) {
        add_known(s, ALK_TLV_COMP_DEC_SIZE, s->comp_size, 4);
    }
    s->b.flags |= ALK_IMAGE_LZMA2 | (thumb ? ALK_IMAGE_ARM_THUMB : 0);
    cli_say(s->c, "%s: compressed from %zu to %zu bytes", s->in, plain_len, small->len);
    return replace_payload(s, small);
}

int sign_compress(struct sign *s)
{
    const char *how = cli_get(s->c, "compression");
    size_t skip = s->b.pad_header ? 0 : s->b.hdr_size;
    struct alk_buf small = {0};
    struct alk_why why;
    int e, status;

    if (how == NULL || strcmp(how, "disabled") == 0) {
        return CLI_YES;
    }
    e = build_plain(&s->plain, s, &why);
    if (e == ALK_OK) {
        e = alk_compress(&small, s->payload.data + skip, s->payload.len - skip,
                         strcmp(how, "lzma2armthumb") == 0, &why);
    }
    status = e == ALK_OK ? sign_check_fit(s, &s->plain) : cli_refuse(s->c, e, s->in, &why);
    if (status == CLI_YES) {
        status = wrap_up(s, &small, strcmp(how, "lzma2armthumb") == 0, s->payload.len - skip);
    }
    alk_buf_free(&small);
    return status;
}
