/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The very command lines that made tests/vectors with imgtool, given to
 * `airlock sign`: the images must be the same, but for what is random in
 * them (ECDSA and PSS signatures, wrapped keys, ciphertext).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "airlock/file.h"
#include "airlock/imgfile.h"
#include "host/cli/cli.h"

#define WORDS 64

/* Where we do otherwise, and why. */
static const struct {
    const char *name, *why;
    int status;
} differences[] = {
    {"overwrite_confirm", "imgtool drops the confirm without a word", CLI_USAGE},
    {"enc_ecdsa-p384__ecdsa-p384_aes256", "nobody could open it", CLI_NO},
    {"enc_ed25519__ecdsa-p384_aes256", "nobody could open it", CLI_NO},
    {"enc_ed25519__ed25519_aes256", "nobody could open it", CLI_NO},
    {"enc_none__ecdsa-p384_aes256", "nobody could open it", CLI_NO},
    {"enc_none__ed25519_aes256", "nobody could open it", CLI_NO},
    {"enc_ed25519__rsa-3072_aes256", "no bootloader takes the 384-byte key TLV", CLI_NO},
    {"enc_none__rsa-3072_aes256", "no bootloader takes the 384-byte key TLV", CLI_NO},
    {"enc_rsa-2048__rsa-3072_aes256", "no bootloader takes the 384-byte key TLV", CLI_NO},
    {"enc_rsa-3072__rsa-3072_aes256", "no bootloader takes the 384-byte key TLV", CLI_NO},
};

struct command {
    char line[2048], name[128];
    char *words[WORDS];
    int n;
    char out[64];
    int refused; /* by imgtool */
};

static int expected_status(const struct command *c)
{
    for (size_t i = 0; i < sizeof differences / sizeof differences[0]; i++) {
        if (strcmp(differences[i].name, c->name) == 0) {
            return differences[i].status;
        }
    }
    return CLI_YES;
}

/* "name: imgtool.py sign words... IN img/OUT" with quoting by '...' */
static void split(struct command *c)
{
    char *p = strstr(c->line, "sign ") + 5, *to = p;

    c->n = 2;
    c->words[0] = (char *)"airlock";
    c->words[1] = (char *)"sign";
    while (*p != 0 && *p != '\n' && c->n < WORDS - 2) {
        c->words[c->n++] = to;
        while (*p != 0 && *p != '\n' && *p != ' ') {
            char quote = *p == '\'' || *p == '"' ? *p++ : 0;

            while (*p != 0 && (quote != 0 ? *p != quote : *p != ' ' && *p != '\n' && *p != '\'')) {
                *to++ = *p++;
            }
            p += quote != 0;
        }
        p += *p == ' ' || *p == '\n';
        *to++ = 0;
    }
}

static void load(struct alk_imgfile *f, const struct command *c, const char *path)
{
    struct alk_why why = {0};

    if (alk_imgfile_load(f, path, &why) != ALK_OK) {
        fail_msg("%s: %s: %s", c->name, path, why.text);
    }
}

static bool is_random(uint16_t type)
{
    return type == ALK_TLV_ECDSA || type == ALK_TLV_RSA2048 || type == ALK_TLV_RSA3072 ||
           type == ALK_TLV_DECOMP_SIG || (type >= ALK_TLV_ENC_RSA2048 && type <= ALK_TLV_ENC_X25519_512);
}

/* Its hash covers a random signature, of random length. */
static bool covers_random(const struct alk_imgfile *f)
{
    struct alk_tlv t, e;

    return alk_imgfile_find(&t, f, ALK_TLV_DECOMP_SIG) && !alk_imgfile_find(&e, f, ALK_TLV_ED25519);
}

static void compare_tlvs(const struct command *c, const struct alk_imgfile *a, const struct alk_imgfile *b)
{
    struct alk_tlv s = {0}, t = {0};
    bool any = covers_random(b);

    for (;;) {
        int more = alk_tlv_next(&s, &a->img);

        if (more != alk_tlv_next(&t, &b->img)) {
            fail_msg("%s: another number of TLVs", c->name);
        }
        if (more == 0) {
            return;
        }
        if (s.type != t.type || s.prot != t.prot || (s.len != t.len && !is_random(s.type))) {
            fail_msg("%s: TLV 0x%x of %u, want 0x%x of %u", c->name, s.type, s.len, t.type, t.len);
        }
        if (!is_random(s.type) && !(any && s.type == ALK_TLV_SHA256) &&
            memcmp(alk_imgfile_tlv(a, &s), alk_imgfile_tlv(b, &t), s.len) != 0) {
            fail_msg("%s: TLV 0x%x has another value", c->name, s.type);
        }
    }
}

static void compare_padding(const struct command *c, const struct alk_imgfile *a, const struct alk_imgfile *b)
{
    if (b->data.len == b->img.end) {
        assert_int_equal(a->data.len, a->img.end);
        return;
    }
    assert_int_equal(a->data.len, b->data.len);
    if (memcmp(a->data.data + a->data.len - 4096, b->data.data + b->data.len - 4096, 4096) != 0) {
        fail_msg("%s: another end of the slot", c->name);
    }
}

static void compare(const struct command *c, const char *theirs)
{
    struct alk_imgfile a, b;
    bool encrypted;

    load(&a, c, c->out);
    load(&b, c, theirs);
    encrypted = (b.img.flags & ALK_IMAGE_ENCRYPTED) != 0;
    assert_int_equal(a.big_endian, b.big_endian);
    if (memcmp(a.data.data, b.data.data, covers_random(&b) ? 10 : b.img.hdr_size) != 0) {
        fail_msg("%s: another header", c->name);
    }
    if (!encrypted &&
        memcmp(a.data.data + b.img.hdr_size, b.data.data + b.img.hdr_size, b.img.img_size) != 0) {
        fail_msg("%s: another payload", c->name);
    }
    compare_tlvs(c, &a, &b);
    compare_padding(c, &a, &b);
    alk_imgfile_free(&a);
    alk_imgfile_free(&b);
}

static void compare_raw(const struct command *c, const char *theirs)
{
    struct alk_buf a = {0}, b = {0};
    struct alk_why why;

    assert_int_equal(alk_file_read(&a, c->out, &why), ALK_OK);
    assert_int_equal(alk_file_read(&b, theirs, &why), ALK_OK);
    if (a.len != b.len || memcmp(a.data, b.data, a.len) != 0) {
        fail_msg("%s: other bytes", c->name);
    }
    alk_buf_free(&a);
    alk_buf_free(&b);
}

static int run(struct command *c)
{
    char *theirs = c->words[c->n - 1];
    int status;

    for (int i = 0; i < c->n; i++) {
        if (strcmp(c->words[i], "--sig-out") == 0) {
            c->words[i + 1] = c->out;
        }
    }
    c->words[c->n - 1] = c->out;
    c->words[c->n++] = (char *)"--quiet";
    unlink(c->out);
    status = cli_main(cli_cmds, c->n, c->words);
    c->words[c->n - 2] = theirs;
    return status;
}

static void try_command(struct command *c)
{
    const char *theirs = NULL;
    int status;

    split(c);
    theirs = c->words[c->n - 1];
    if (c->refused == 2) {
        return;
    }
    status = run(c);
    if (c->refused) {
        assert_int_not_equal(status, CLI_YES);
        return;
    }
    if (status != expected_status(c)) {
        fail_msg("%s: status %d", c->name, status);
    }
    if (status != CLI_YES) {
        assert_false(alk_file_exists(c->out));
    } else if (strstr(theirs, ".bin") == NULL) {
        return;
    } else if (strncmp(c->name, "vec_", 4) == 0) {
        compare_raw(c, theirs);
    } else {
        compare(c, theirs);
    }
}

static void sign_makes_what_imgtool_makes(void **unused)
{
    static struct command c;
    char next[2048];
    FILE *f;
    int tried = 0;

    (void)unused;
    assert_int_equal(chdir(ALK_VECTORS), 0);
    snprintf(c.out, sizeof c.out, "/tmp/airlock-sign.%d.bin", (int)getpid());
    f = fopen("commands.txt", "r");
    assert_non_null(f);
    assert_non_null(fgets(next, sizeof next, f));
    while (next[0] != 0) {
        snprintf(c.line, sizeof c.line, "%s", next);
        snprintf(c.name, sizeof c.name, "%.*s", (int)strcspn(c.line, ":"), c.line);
        next[0] = 0;
        c.refused = fgets(next, sizeof next, f) != NULL && strstr(next, "-> REFUSED") != NULL;
        /* imgtool's own restraint, without a reason in the format */
        c.refused += c.refused && strstr(next, "must use the same type of key") != NULL;
        if (c.refused && fgets(next, sizeof next, f) == NULL) {
            next[0] = 0;
        }
        if (strstr(c.line, ": imgtool") != NULL) {
            try_command(&c);
            tried++;
        }
    }
    fclose(f);
    unlink(c.out);
    assert_true(tried > 80);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sign_makes_what_imgtool_makes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
