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
/* The reason as an error message; return: exit status of the verdict. */
int cli_judge_refuse(const struct cli_judge *j);
void cli_judge_close(struct cli_judge *j);

#endif
