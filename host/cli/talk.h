/* SPDX-License-Identifier: Apache-2.0 */
/* talk.h - one request, its answer shown as it is: for groups whose answers need no words of ours. */
#ifndef AIRLOCK_CLI_TALK_H
#define AIRLOCK_CLI_TALK_H

#include "host/cli/link.h"

enum { CLI_READ = 0, CLI_WRITE = 2 };

/* What a request is made of: the operands, in order, become these keys; "=key" bytes, "#key" a number. */
enum { ALK_CLI_ARGS = 900 }; /* room for arguments */

struct cli_request {
    uint8_t op, id;
    uint16_t group;
    const char *key[3];
};

/* Send it, print the answer as text or JSON.  return: exit status */
int cli_talk(const struct cli *c, const struct cli_request *q);

/* As one object on stdout with --json, else a line a key. */
void cli_print_map(const struct cli *c, const struct alk_cbor *map);

/* One request on an open link, a failure told.  return: CLI_YES or the exit status */
int cli_ask(struct alk_smp_reply *r, struct cli_link *l, const struct cli_request *q,
            struct alk_cbor_out *args);

#endif
