/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROGRAMS_DEVICE_OPTIONS_H
#define PROGRAMS_DEVICE_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "adapters/link/bluez.h"
#include "programs/device/layout.h"

struct device_options {
    const struct device_layout *layout;
    const char *flash;    /* file; NULL: forgotten at the end */
    const char *keys;     /* file to burn into a blank key area */
    const char *settings; /* file of the settings' flash; NULL: forgotten at the end */
    const char *files;    /* directory served as the file system; NULL: none */
    const char *image;    /* file to burn into a blank primary */
    const char *bind;     /* address for UDP */
    const char *link;     /* symbolic link to the pty */
    int port;             /* UDP; -1: none */
    bool pty, recovery;
    double confirm_after; /* seconds; < 0: never */
    double pace;          /* seconds until another reset or erase is allowed; 0: no limit */
    uint8_t open;         /* classes open on every link, beside those of alk_smp_links */
    unsigned long cut, buf_size, buf_count;
    struct alk_bluez_options bluetooth; /* name NULL: none */
};

/* Prints help or what is wrong, and exits, when there is nothing to run. */
void device_options_parse(struct device_options *o, int argc, char **argv);

#endif
