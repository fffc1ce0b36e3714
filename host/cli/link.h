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

/* Rows of the Bluetooth options, for cli_link_options. */
#define CLI_BLE_OPTIONS                                                                               \
    {"ble", 0,    "NAME|ADDRESS", "Reach the device over Bluetooth LE, by its name or its address.",  \
     false, false},                                                                                   \
        {"adapter", 0,    "HCI", "Bluetooth adapter, like hci1; if not given, the first that is on.", \
         false,     false},                                                                           \
        {"passkey",                                                                                   \
         0,                                                                                           \
         "DIGITS",                                                                                    \
         "Answer of a pairing that asks for a number or shows one; if not given, "                    \
         "the terminal is asked.",                                                                    \
         false,                                                                                       \
         false},                                                                                      \
        {"yes", 0, NULL, "Accept the number of a pairing without looking.", false, false},            \
    {                                                                                                 \
        "no-pair", 0, NULL, "Do not pair with a Bluetooth device first.", false, false                \
    }

/* return: CLI_YES and *t, or the exit status after a message */
int cli_ble_transport(struct alk_transport **t, const struct cli *c);

/* A descriptor that is readable after Ctrl-C; from now on that does not kill us. */
int cli_stop_fd(void);

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
