/* SPDX-License-Identifier: Apache-2.0 */
/* tool.h - the command line called in process, in a directory of its own, for tests. */
#ifndef TESTS_TOOL_H
#define TESTS_TOOL_H

#include <stddef.h>

/* Words separated by blanks, "airlock" left out; return: exit status. */
int tool_call(const char *line);
/* The same, and fail the test unless status and words on stderr (NULL: any) are these. */
void tool_expect(const char *line, int status, const char *words);
void tool_put_file(const char *name, const void *data, size_t len);

/*
 * A fresh directory with boot.bin (boot info, header 0x200, slots of 16 KiB),
 * app.bin (512 bytes of room), data.bin (none), and the keys sign.pem,
 * other.pem, enc.pem with their public halves; and its end.
 */
int tool_setup(void **unused);
int tool_teardown(void **unused);

#endif
