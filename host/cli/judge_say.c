/* SPDX-License-Identifier: Apache-2.0 */
#include "host/cli/judge_say.h"

#include "airlock/crypto.h"

int cli_judge_open(struct cli_judge *j, const struct cli *c, const char *path)
{
    int e, status;

    *j = (struct cli_judge){.c = c, .path = path};
    status = cli_load_keys(&j->verify, c, "key");
    if (status == CLI_YES) {
        status = cli_load_keys(&j->decrypt, c, "decrypt-key");
    }
    if (status != CLI_YES) {
        return status;
    }
    for (size_t i = 0; i < j->decrypt.n; i++) {
        if (!j->decrypt.key[i].is_private) {
            return cli_fail(c, CLI_NO, cli_get_nth(c, "decrypt-key", i), "give the device's private key",
                            "is a public key, which opens nothing");
        }
    }
    e = alk_imgfile_load(&j->image, path, &j->why);
    if (e != ALK_OK) {
        return cli_refuse(c, e, path, &j->why);
    }
    alk_judge_image(&j->judgement, &j->image,
                    &(struct alk_judge){.verify = j->verify.key,
                                        .n_verify = j->verify.n,
                                        .decrypt = j->decrypt.key,
                                        .n_decrypt = j->decrypt.n},
                    &j->why);
    return CLI_YES;
}

void cli_judge_close(struct cli_judge *j)
{
    cli_free_keys(&j->verify);
    cli_free_keys(&j->decrypt);
    alk_imgfile_free(&j->image);
    alk_wipe(&j->judgement, sizeof j->judgement);
}

int cli_judge_use(const struct cli *c, cli_judged *use, const char *out)
{
    struct cli_judge j;
    int status = cli_judge_open(&j, c, cli_operand(c, 0));

    if (status == CLI_YES) {
        status = j.judgement.verdict == ALK_OK ? use(&j, out)
                                               : cli_refuse(c, j.judgement.verdict, j.path, &j.why);
    }
    cli_judge_close(&j);
    return status;
}

int cli_judge_convert(const struct cli *c, cli_judged *use)
{
    const char *out = cli_output(c, 1);

    return out != NULL ? cli_judge_use(c, use, out) : cli_no_output(c);
}
