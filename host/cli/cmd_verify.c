/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "airlock/text.h"
#include "host/cli/commands.h"
#include "host/cli/judge_say.h"

static const struct cli_opt options[] = {
    {"key", 'k', "PUB.pem", "Public key that must have signed it; of several, one.", true, false},
    {"decrypt-key", 0, "PRIV.pem", "The device's private key, if the image is encrypted.", true, false},
    {"hash-only", 0, NULL, "Look at the hash only: damaged or not, whoever made it.", false, false},
    {NULL, 0, NULL, NULL, false, false},
};

static int show_json(const struct cli_judge *j)
{
    const struct alk_judgement *r = &j->judgement;
    char version[ALK_VERSION_TEXT];

    alk_version_text(version, &j->image.img.version);
    return cli_print_json(
        json_pack("{s:b, s:b, s:s*, s:b, s:b, s:s, s:o, s:s}", "good", 1, "hash", r->hash_ok, "signed_by",
                  r->signer >= 0 ? cli_get_nth(j->c, "key", (size_t)r->signer) : NULL, "encrypted",
                  r->encrypted, "by_bootloader_code", r->by_core, "version", version, "digest",
                  cli_json_hex(r->digest, r->digest_len), "algorithm", alk_hash_name(r->hash)));
}

static int show(struct cli_judge *j, const char *none)
{
    const struct alk_judgement *r = &j->judgement;
    char version[ALK_VERSION_TEXT], hex[129];

    (void)none;
    if (cli_json(j->c)) {
        return show_json(j);
    }
    alk_version_text(version, &j->image.img.version);
    alk_hex_text(hex, r->digest, r->digest_len);
    printf("%s: good\n  version    %s\n  %-9s  %s\n", j->path, version, alk_hash_name(r->hash), hex);
    if (r->signer >= 0) {
        printf("  signed by  %s (%s)\n", cli_get_nth(j->c, "key", (size_t)r->signer),
               j->verify.key[r->signer].kind->says);
    } else {
        printf("  signed by  not looked at\n");
    }
    printf("  payload    %s\n", r->encrypted    ? "encrypted"
                                : r->kept_clear ? "kept clear (for the factory)"
                                                : "plain");
    printf("  said by    %s\n", r->by_core ? "the bootloader's own code, and OpenSSL" : "OpenSSL");
    if (j->image.big_endian) {
        cli_say(j->c, "note: a big-endian header; bootloaders of little-endian devices do not take it");
    }
    return CLI_YES;
}

static int run(struct cli *c)
{
    if (!cli_has(c, "key") && !cli_has(c, "hash-only")) {
        return cli_fail(c, CLI_USAGE, NULL, "--key PUB.pem; or --hash-only",
                        "whose signature must it carry?");
    }
    return cli_judge_use(c, show, NULL);
}

const struct cli_cmd cli_cmd_verify = {
    .name = "verify",
    .operands = "IMAGE",
    .summary = "Is this image whole, and signed by this key?  Looks through encryption.",
    .detail =
        "Hash and signature are checked over the plaintext, as a device checks them: with the bootloader's "
        "own code where it has the algorithm, and with OpenSSL. The two must agree.",
    .examples = "airlock verify app.signed.bin --key sign.pub.pem --decrypt-key enc.pem",
    CLI_OPTIONS_AND_PASS(options),
    .min_operands = 1,
    .max_operands = 1,
    .run = run,
};
