/* SPDX-License-Identifier: Apache-2.0 */
/* judge_say.h - an image and the keys to look at it with, for verify, decrypt and their kin. */
#ifndef AIRLOCK_CLI_JUDGE_SAY_H
#define AIRLOCK_CLI_JUDGE_SAY_H

#include "host/cli/use.h"

struct cli_judge {
    const struct cli *c;
    const char *path;
    struct cli_keys verify, decrypt;
    struct alk_imgfile image;
    struct alk_judgement judgement;
    struct alk_why why;
};

/* Load the image, --key and --decrypt-key, and judge; return: exit status of the loading. */
int cli_judge_open(struct cli_judge *j, const struct cli *c, const char *path);
void cli_judge_close(struct cli_judge *j);

/* What a command does with an image that was judged good; return: exit status. */
typedef int cli_judged(struct cli_judge *j, const char *out);

/* Open the first operand; if it is judged good call use(j, out). */
int cli_judge_use(const struct cli *c, cli_judged *use, const char *out);
/* The same for a command that writes a file: out is --output or the second operand, and must be given. */
int cli_judge_convert(const struct cli *c, cli_judged *use);

#endif
