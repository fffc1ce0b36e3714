/* SPDX-License-Identifier: Apache-2.0 */
/*
 * why.h - a refusal in words: libairlock's functions return an alk_err for
 * the program and leave a sentence for the person.
 */
#ifndef AIRLOCK_WHY_H
#define AIRLOCK_WHY_H

#include "airlock/err.h"

struct alk_why {
    char text[400];    /* "261120 bytes do not fit the slot of 258048" */
    char way_out[200]; /* "see --slot-size"; "" when there is none */
};

/* Set the sentence (and no way out); return: err. */
int alk_why(struct alk_why *why, int err, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* Set the way out; return: err. */
int alk_way_out(struct alk_why *why, int err, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

#endif
