/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "airlock/text.h"
#include "host/cli/commands.h"
#include "host/cli/judge_say.h"

static const struct cli_opt options[] = {
    {"decrypt-key", 'k', "PRIV.pem", "The device's private key, to compare what is encrypted.", true, false},
    {NULL, 0, NULL, NULL, false, false},
};

struct sides {
    struct cli_judge a, b;
    int differences;
};

static void number(struct sides *s, const char *what, uint32_t a, uint32_t b)
{
    if (a != b) {
        printf("  %-10s 0x%x -> 0x%x\n", what, a, b);
        s->differences++;
    }
}

static void diff_header(struct sides *s)
{
    const struct alk_image *a = &s->a.image.img, *b = &s->b.image.img;
    char from[ALK_VERSION_TEXT], to[ALK_VERSION_TEXT];

    if (alk_version_compare(&a->version, &b->version) != 0) {
        alk_version_text(from, &a->version);
        alk_version_text(to, &b->version);
        printf("  version    %s -> %s\n", from, to);
        s->differences++;
    }
    number(s, "address", a->load_addr, b->load_addr);
    number(s, "header", a->hdr_size, b->hdr_size);
    number(s, "payload", a->img_size, b->img_size);
    number(s, "flags", a->flags, b->flags);
}

/* The n-th TLV of a type and area. */
static bool nth(struct alk_tlv *t, const struct alk_imgfile *f, const struct alk_tlv *like, int n)
{
    *t = (struct alk_tlv){0};
    while (alk_tlv_next(t, &f->img) > 0) {
        if (t->type == like->type && t->prot == like->prot && n-- == 0) {
            return true;
        }
    }
    return false;
}

/* How many of its type and area stand before t. */
static int rank(const struct alk_imgfile *f, const struct alk_tlv *t)
{
    struct alk_tlv u = {0};
    int n = 0;

    while (alk_tlv_next(&u, &f->img) > 0 && u.off < t->off) {
        n += u.type == t->type && u.prot == t->prot;
    }
    return n;
}

static void say_tlv(struct sides *s, const char *what, const struct alk_tlv *t)
{
    printf("  TLV        0x%02x %s%s: %s\n", t->type, alk_tlv_name(t->type), t->prot ? " (protected)" : "",
           what);
    s->differences++;
}

static void diff_tlvs(struct sides *s)
{
    const struct alk_imgfile *a = &s->a.image, *b = &s->b.image;
    struct alk_tlv t = {0}, u;

    while (alk_tlv_next(&t, &a->img) > 0) {
        if (!nth(&u, b, &t, rank(a, &t))) {
            say_tlv(s, "only in the first", &t);
        } else if (t.len != u.len || memcmp(alk_imgfile_tlv(a, &t), alk_imgfile_tlv(b, &u), t.len) != 0) {
            say_tlv(s, "another value", &t);
        }
    }
    t = (struct alk_tlv){0};
    while (alk_tlv_next(&t, &b->img) > 0) {
        if (!nth(&u, a, &t, rank(b, &t))) {
            say_tlv(s, "only in the second", &t);
        }
    }
}

/* Runs of different bytes; gaps of less than 16 equal ones count as part of a run. */
static void diff_payload(struct sides *s)
{
    const struct alk_image *a = &s->a.image.img, *b = &s->b.image.img;
    const uint8_t *p = s->a.image.data.data + a->hdr_size, *q = s->b.image.data.data + b->hdr_size;
    uint32_t n = a->img_size < b->img_size ? a->img_size : b->img_size, shown = 0;

    for (uint32_t i = 0; i < n; i++) {
        uint32_t end = i, last = i;

        if (p[i] == q[i]) {
            continue;
        }
        for (; end < n && end - last < 16; end++) {
            last = p[end] != q[end] ? end : last;
        }
        if (shown++ < 20) {
            printf("  payload    0x%05x..0x%05x differ (%u bytes)\n", i, last, last - i + 1);
        }
        i = end;
        s->differences++;
    }
    if (shown > 20) {
        printf("  payload    and %u ranges more\n", shown - 20);
    }
}

static int compare(struct sides *s, const struct cli *c)
{
    alk_imgfile_decrypt(&s->a.image, &s->a.judgement);
    alk_imgfile_decrypt(&s->b.image, &s->b.judgement);
    if (s->a.judgement.encrypted != s->b.judgement.encrypted && !cli_has(c, "decrypt-key")) {
        cli_say(c, "one of the two is encrypted: --decrypt-key lets their payloads be compared");
    }
    diff_header(s);
    diff_tlvs(s);
    diff_payload(s);
    if (s->differences == 0) {
        printf("  no difference\n");
    }
    return s->differences == 0 ? CLI_YES : CLI_NO;
}

static int run(struct cli *c)
{
    struct sides s = {0};
    int status = cli_judge_open(&s.a, c, cli_operand(c, 0));

    if (status == CLI_YES) {
        status = cli_judge_open(&s.b, c, cli_operand(c, 1));
    }
    if (status == CLI_YES) {
        status = compare(&s, c);
    }
    cli_judge_close(&s.a);
    cli_judge_close(&s.b);
    return status;
}

const struct cli_cmd cli_cmd_diff = {
    .name = "diff",
    .operands = "IMAGE IMAGE",
    .summary = "What is different between two images: header, TLVs, ranges of the payload.",
    .detail = "Exit status 0: no difference, 1: some.",
    .examples = "airlock diff app-1.0.bin app-1.1.bin -k enc.pem",
    CLI_OPTIONS_AND_PASS(options),
    .min_operands = 2,
    .max_operands = 2,
    .run = run,
};
