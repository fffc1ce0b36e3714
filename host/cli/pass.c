/* SPDX-License-Identifier: Apache-2.0 */
/* pass.c - pass-phrases: from the environment, a file, or a terminal that does not show them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "airlock/crypto.h"
#include "airlock/file.h"
#include "host/cli/use.h"

const struct cli_opt cli_pass_options[] = {
    {"passphrase-env", 0, "NAME", "Take the pass-phrase of keys from this environment variable.", false,
     false},
    {"passphrase-file", 0, "FILE", "Take the pass-phrase of keys from the first line of this file.", false,
     false},
    {NULL, 0, NULL, NULL, false, false},
};

static int copy_pass(char *text, size_t cap, const char *from, size_t len)
{
    if (len >= cap) {
        return -1;
    }
    memcpy(text, from, len);
    text[len] = 0;
    return (int)len;
}

static int from_file(char *text, size_t cap, const char *path)
{
    struct alk_buf file = {0};
    struct alk_why why;
    int n = -1;

    if (alk_file_read(&file, path, &why) == ALK_OK) {
        size_t len = 0;

        while (len < file.len && file.data[len] != '\n' && file.data[len] != '\r') {
            len++;
        }
        n = copy_pass(text, cap, (const char *)file.data, len);
    }
    alk_buf_free(&file);
    return n;
}

static int read_line(FILE *tty, char *text, size_t cap, const char *prompt, const char *file)
{
    struct termios old, quiet;
    bool shown = tcgetattr(fileno(tty), &old) == 0;
    char *got;

    fprintf(tty, prompt, file);
    fflush(tty);
    if (shown) {
        quiet = old;
        quiet.c_lflag &= ~(tcflag_t)ECHO;
        tcsetattr(fileno(tty), TCSAFLUSH, &quiet);
    }
    got = fgets(text, (int)cap, tty);
    if (shown) {
        tcsetattr(fileno(tty), TCSAFLUSH, &old);
        fputc('\n', tty);
    }
    if (got == NULL) {
        return -1;
    }
    text[strcspn(text, "\r\n")] = 0;
    return (int)strlen(text);
}

static int from_terminal(char *text, size_t cap, const struct cli_pass *p)
{
    FILE *tty = fopen("/dev/tty", "r+");
    char again[256];
    int n = -1;

    if (tty == NULL) {
        return -1;
    }
    do {
        n = read_line(tty, text, cap, "Pass-phrase for %s: ", p->file);
        if (n < 0 || !p->twice) {
            break;
        }
        if (read_line(tty, again, sizeof again, "The same again, for %s: ", p->file) < 0) {
            n = -1;
        }
    } while (n >= 0 && strcmp(again, text) != 0);
    alk_wipe(again, sizeof again);
    fclose(tty);
    return n;
}

int cli_ask_pass(void *ctx, char *text, size_t cap)
{
    const struct cli_pass *p = ctx;
    const char *name = cli_get(p->c, "passphrase-env"), *path = cli_get(p->c, "passphrase-file");

    if (name != NULL) {
        const char *value = getenv(name);

        return value != NULL ? copy_pass(text, cap, value, strlen(value)) : -1;
    }
    return path != NULL ? from_file(text, cap, path) : from_terminal(text, cap, p);
}
