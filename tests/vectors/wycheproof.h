/* SPDX-License-Identifier: Apache-2.0 */
/* wycheproof.h - the tables of tests/vectors/wycheproof, row by row. */
#ifndef AIRLOCK_TESTS_WYCHEPROOF_H
#define AIRLOCK_TESTS_WYCHEPROOF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WYCHEPROOF_FIELDS 7
#define WYCHEPROOF_BYTES  8192

struct bytes {
    uint8_t at[WYCHEPROOF_BYTES];
    size_t len;
};

struct row {
    unsigned id;
    bool valid, invalid; /* neither: acceptable */
    struct bytes field[WYCHEPROOF_FIELDS];
};

/*
 * Calls check for every step-th test of DIRECTORY/FILE.txt; the test fails if
 * one fails (ids are printed) or the file has not as many as it says.
 */
void wycheproof_for_each(const char *directory, const char *file, unsigned step,
                         bool (*check)(const struct row *row, void *user), void *user);

#endif
