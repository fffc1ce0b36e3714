/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "wycheproof.h"

static void take_hex(struct bytes *out, const char *hex)
{
    if (strcmp(hex, "=") == 0) {
        return;
    }
    out->len = 0;
    if (strcmp(hex, "-") == 0) {
        return;
    }
    for (; hex[0] != '\0' && hex[1] != '\0'; hex += 2) {
        char pair[3] = {hex[0], hex[1], '\0'};

        assert_true(out->len < WYCHEPROOF_BYTES);
        out->at[out->len++] = (uint8_t)strtoul(pair, NULL, 16);
    }
    assert_int_equal(*hex, '\0');
}

static bool take_row(struct row *row, char *line)
{
    char *next, *word = strtok_r(line, " \n", &next);

    if (word == NULL || *word == '#') {
        return false;
    }
    row->id = (unsigned)strtoul(word, NULL, 10);
    word = strtok_r(NULL, " \n", &next);
    row->valid = strcmp(word, "valid") == 0;
    row->invalid = strcmp(word, "invalid") == 0;
    for (unsigned i = 0; (word = strtok_r(NULL, " \n", &next)) != NULL; i++) {
        assert_true(i < WYCHEPROOF_FIELDS);
        take_hex(&row->field[i], word);
    }
    return true;
}

void wycheproof_for_each(const char *directory, const char *file, unsigned step,
                         bool (*check)(const struct row *row, void *user), void *user)
{
    static struct row row;
    static char line[4 * WYCHEPROOF_BYTES];
    unsigned expected = 0, seen = 0, failed = 0;
    char path[512];
    FILE *f;

    snprintf(path, sizeof path, "%s/%s.txt", directory, file);
    f = fopen(path, "r");
    assert_non_null(f);
    while (fgets(line, sizeof line, f) != NULL) {
        const char *count = strstr(line, "tests: ");

        if (*line == '#' && count != NULL) {
            expected = (unsigned)strtoul(count + 7, NULL, 10);
        }
        if (take_row(&row, line) && seen++ % step == 0 && !check(&row, user)) {
            print_error("%s: id %u\n", file, row.id);
            failed++;
        }
    }
    fclose(f);
    assert_int_equal(failed, 0);
    assert_true(expected > 0);
    assert_int_equal(seen, expected);
}
