/* SPDX-License-Identifier: Apache-2.0 */
/* provision.h - a key area shown to people. */
#ifndef AIRLOCK_CLI_PROVISION_H
#define AIRLOCK_CLI_PROVISION_H

#include "host/cli/use.h"

/* Entries and policy as lines on stdout; return: alk_err of alk_keys_open(). */
int cli_show_keys(const struct alk_hex *h, const struct alk_board *b);
/* The same as a JSON object. */
json_t *cli_json_keys(const struct alk_hex *h, const struct alk_board *b);

/*
 * Put a signed image where its header says, as the device would have it: verified, and decrypted.
 *
 * return: exit status, and said why
 */
int cli_place_image(const struct cli *c, struct alk_hex *h, const struct alk_board *b, const char *path,
                    const struct cli_keys *verify, const struct cli_keys *decrypt);

#endif
