/* SPDX-License-Identifier: Apache-2.0 */
/* send.h - what `upload` and `upgrade` share: the file and the options of its way. */
#ifndef AIRLOCK_CLI_SEND_H
#define AIRLOCK_CLI_SEND_H

#include "host/cli/cli.h"

#include "airlock/file.h"
#include "airlock/upgrade.h"

#define CLI_SEND_OPTIONS                                                                                   \
    {"image", 0, "N", "Which image of several; 0, if not given (see `airlock info`).", false, false},      \
        {"newer-only", 0,    NULL, "Let the device refuse a version that is not newer than its own.",      \
         false,        false},                                                                             \
        {"window", 0,    "N", "At most so many requests at once; if not given, what the device can take.", \
         false,    false},                                                                                 \
    {                                                                                                      \
        "packet", 0, "BYTES", "Longest message; if not given, what the device can take.", false, false     \
    }

/* Read the operand's file as an image, which points into `file` (zeroed before).  return: CLI_YES, or the
 * status after a message */
int cli_send_open(struct alk_update_image *im, struct alk_buf *file, const struct cli *c);

/* The options above.  return: false after a usage message */
bool cli_send_options(struct alk_upload_options *o, const struct cli *c);

#endif
