/* SPDX-License-Identifier: Apache-2.0 */
/* progress.h - how far an upload is: a bar on a terminal, lines elsewhere, objects with --json. */
#ifndef AIRLOCK_CLI_PROGRESS_H
#define AIRLOCK_CLI_PROGRESS_H

#include "host/cli/cli.h"

#include <stdint.h>

struct cli_progress {
    const struct cli *c;
    bool bar, open; /* open: a bar stands on the present line */
    uint64_t began_ms, shown_ms;
    uint32_t first; /* where this run of the upload began */
    unsigned tenth;
};

void cli_progress_begin(struct cli_progress *p, const struct cli *c);
void cli_progress_show(struct cli_progress *p, uint32_t off, uint32_t len);
/* Ends the bar's line, so that other talk can follow. */
void cli_progress_end(struct cli_progress *p);

#endif
