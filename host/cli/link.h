/* SPDX-License-Identifier: Apache-2.0 */
/* link.h - the device at the other end: shared options, opening, refusals in words. */
#ifndef AIRLOCK_CLI_LINK_H
#define AIRLOCK_CLI_LINK_H

#include "host/cli/cli.h"

#include "airlock/device.h"

struct cli_link {
    const struct cli *c;
    struct alk_client *client;
    int stop_fd; /* readable after Ctrl-C or a polite kill */
};

extern const struct cli_opt cli_link_options[];

/* Open the link the options name.  return: CLI_YES, or the exit status after a message */
int cli_link_open(struct cli_link *l, const struct cli *c);
void cli_link_close(struct cli_link *l);

/* Say why the device did not, and end.  return: exit status */
int cli_link_refused(const struct cli_link *l, const struct alk_smp_reply *r);

/* Exit status of a result of the client: 0, 1 - the device said no, 3 - link. */
int cli_link_status(int result);

/* Print the image list to stdout, as a table or as JSON. */
void cli_print_images(const struct cli *c, const struct alk_slot_list *l);

#endif
