/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "airlock/file.h"
#include "host/cli/sign.h"

static int refuse_samples(const struct sign *s, const struct cli_keys *keys, const char *option)
{
    for (size_t i = 0; i < keys->n; i++) {
        const char *sample = alk_key_sample(&keys->key[i]);

        if (sample != NULL && !cli_has(s->c, "allow-sample-key")) {
            return cli_fail(s->c, CLI_NO, cli_get_nth(s->c, option, i),
                            "airlock keygen; or --allow-sample-key",
                            "is MCUboot's sample key %s, whose private half everybody has", sample);
        }
    }
    return CLI_YES;
}

static int read_hash(struct sign *s)
{
    s->b.hash = cli_sha(s->c);
    s->b.pure = cli_has(s->c, "pure");
    s->b.full_key = cli_is(s->c, "public-key-format", "full");
    s->b.pad_sig = cli_has(s->c, "pad-sig");
    s->b.fixed_k = cli_has(s->c, "reproducible") || cli_has(s->c, "seed");
    s->b.only_hashed = cli_has(s->c, "vector-to-sign");
    if (s->b.pure && s->b.hash >= 0) {
        return cli_fail(s->c, CLI_USAGE, "--pure", "leave --sha out",
                        "the hash of pure signatures is SHA-512");
    }
    return CLI_YES;
}

static int read_signers(struct sign *s)
{
    int status = cli_load_keys(&s->signers, s->c, "key");

    if (status == CLI_YES) {
        status = refuse_samples(s, &s->signers, "key");
    }
    for (size_t i = 0; i < s->signers.n && status == CLI_YES; i++) {
        s->b.signers[s->b.n_signers++] = &s->signers.key[i];
        if (!s->signers.key[i].is_private && !s->b.only_hashed) {
            status = cli_fail(s->c, CLI_NO, cli_get_nth(s->c, "key", i), "give the private key",
                              "is a public key, which cannot sign");
        }
    }
    if (status == CLI_YES && s->b.pure && s->b.n_signers == 0 && !cli_has(s->c, "fix-sig")) {
        status = cli_fail(s->c, CLI_USAGE, "--pure", NULL, "needs a key to sign with");
    }
    return status;
}

/* Base64 text, if that is what it is; else the bytes as they are. */
static void decode_base64(struct alk_buf *out, const struct alk_buf *text)
{
    EVP_ENCODE_CTX *ctx = EVP_ENCODE_CTX_new();
    int n = 0, last = 0;
    bool ok = ctx != NULL && text->len < 8192 && alk_buf_fill(out, 0, text->len + 64) != NULL;

    if (ok) {
        EVP_DecodeInit(ctx);
        ok = EVP_DecodeUpdate(ctx, out->data, &n, text->data, (int)text->len) >= 0 &&
             EVP_DecodeFinal(ctx, out->data + n, &last) == 1 && n + last > 0;
    }
    out->len = ok ? (size_t)(n + last) : 0;
    if (!ok) {
        alk_buf_put(out, text->data, text->len);
    }
    EVP_ENCODE_CTX_free(ctx);
}

static int read_signature(struct alk_buf *out, const struct sign *s, const char *path)
{
    struct alk_buf text = {0}, raw = {0};
    struct alk_why why;
    int e = alk_file_read(&text, path, &why), status = cli_done(s->c, e, path, &why);

    if (status == CLI_YES && (text.len == 0 || text.len > 4096)) {
        status = cli_fail(s->c, CLI_NO, path, NULL, "is no signature");
    }
    if (status == CLI_YES) {
        decode_base64(&raw, &text);
        if (!alk_signature_der(out, &s->signers.key[0], raw.data, raw.len)) {
            alk_buf_put(out, raw.data, raw.len);
        }
    }
    alk_buf_free(&raw);
    alk_buf_free(&text);
    return status;
}

/* A signature from elsewhere, and the public key it is said to be of. */
static int read_fixed(struct sign *s)
{
    const char *path = cli_get(s->c, "fix-sig"), *key = cli_get(s->c, "fix-sig-pubkey");
    int status;

    if (path == NULL) {
        return CLI_YES;
    }
    if (key == NULL || s->signers.n > 0) {
        return cli_fail(s->c, CLI_USAGE, "--fix-sig", NULL,
                        key == NULL ? "--fix-sig-pubkey is missing: whose signature is it?"
                                    : "--key signs here, --fix-sig brings a signature: one of them");
    }
    status = cli_load_key(&s->signers.key[0], s->c, key);
    if (status != CLI_YES) {
        return status;
    }
    s->signers.n = 1;
    s->b.signers[s->b.n_signers++] = &s->signers.key[0];
    status = read_signature(&s->fixed, s, path);
    s->b.signature = s->fixed.data;
    s->b.signature_len = s->fixed.len;
    return status;
}

static int read_recipients(struct sign *s)
{
    const char *other = cli_get(s->c, "encrypt");
    int status = cli_load_keys(&s->recipients, s->c, "encrypt-to");

    if (status == CLI_YES && other != NULL && s->recipients.n < CLI_KEYS) {
        status = cli_load_key(&s->recipients.key[s->recipients.n], s->c, other);
        s->recipients.n += status == CLI_YES;
    }
    if (status == CLI_YES) {
        status = refuse_samples(s, &s->recipients, "encrypt-to");
    }
    if (status == CLI_YES && s->recipients.n > 1) {
        status = cli_fail(s->c, CLI_USAGE, "--encrypt-to", NULL, "one recipient only");
    }
    for (size_t i = 0; i < s->recipients.n; i++) {
        s->b.recipients[s->b.n_recipients++] = &s->recipients.key[i];
        if (s->recipients.key[i].is_private && s->recipients.key[i].pkey != NULL) {
            cli_say(s->c, "%s is a private key; its public half would be enough here",
                    other != NULL ? other : cli_get_nth(s->c, "encrypt-to", i));
        }
    }
    return status;
}

static int check_encryption(struct sign *s)
{
    s->b.content_key_len = cli_is(s->c, "encrypt-keylen", "256") ? 32 : 16;
    s->b.hmac_512 = cli_is(s->c, "hmac-sha", "512");
    s->b.clear = cli_has(s->c, "clear");
    s->random.seed = cli_get(s->c, "seed");
    s->b.random = &s->random;
    if (s->b.clear && s->b.n_recipients == 0) {
        return cli_fail(s->c, CLI_USAGE, "--clear", "add --encrypt-to", "there is no key to wrap");
    }
    if (s->random.seed != NULL) {
        cli_say(s->c, "--seed: everybody who knows it can decrypt this image; for tests only");
    }
    return CLI_YES;
}

int sign_read_keys(struct sign *s)
{
    static int (*const steps[])(struct sign *) = {read_hash, read_signers, read_fixed, read_recipients,
                                                  check_encryption};
    int status = CLI_YES;

    for (size_t i = 0; i < sizeof steps / sizeof steps[0] && status == CLI_YES; i++) {
        status = steps[i](s);
    }
    return status;
}

void sign_free(struct sign *s)
{
    cli_free_keys(&s->signers);
    cli_free_keys(&s->recipients);
    alk_buf_free(&s->payload);
    alk_built_free(&s->plain);
    alk_buf_free(&s->fixed);
    for (size_t i = 0; i < SIGN_EXTRAS; i++) {
        alk_buf_free(&s->extra_data[i]);
    }
}
