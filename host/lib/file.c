/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "airlock/crypto.h"
#include "airlock/file.h"

static int read_all(struct alk_buf *b, int fd, struct alk_why *why)
{
    struct stat st;

    if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
        return alk_why(why, ALK_E_IO, "is a directory");
    }
    if (S_ISREG(st.st_mode) && st.st_size <= ALK_FILE_MAX) {
        alk_buf_reserve(b, (size_t)st.st_size + 1);
    }
    for (;;) {
        ssize_t n;

        if (b->cap - b->len < 1 && !alk_buf_reserve(b, 65536)) {
            return alk_why(why, ALK_E_MEMORY, "not enough memory");
        }
        n = read(fd, b->data + b->len, b->cap - b->len);
        if (n < 0 && errno != EINTR) {
            return alk_why(why, ALK_E_IO, "cannot be read: %s", strerror(errno));
        }
        if (n == 0) {
            return ALK_OK;
        }
        b->len += n > 0 ? (size_t)n : 0;
        if (b->len > ALK_FILE_MAX) {
            return alk_why(why, ALK_E_SIZE, "is larger than %u MiB", ALK_FILE_MAX >> 20);
        }
    }
}

int alk_file_read(struct alk_buf *b, const char *path, struct alk_why *why)
{
    bool is_stdin = strcmp(path, "-") == 0;
    int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC), e;

    if (fd < 0) {
        return alk_why(why, ALK_E_IO, "cannot be opened: %s", strerror(errno));
    }
    e = read_all(b, fd, why);
    if (!is_stdin) {
        close(fd);
    }
    return e;
}

static bool write_all(int fd, const uint8_t *p, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, p, len);

        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return false;
        }
        p += n;
        len -= (size_t)n;
    }
    return true;
}

static mode_t file_mode(bool secret)
{
    mode_t mask = umask(077);

    umask(mask);
    return secret ? 0600 : 0666 & ~mask;
}

/* Files only are replaced by renaming; a device or pipe is written to. */
static bool is_special(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && !S_ISREG(st.st_mode);
}

static int write_direct(const char *path, const void *data, size_t len, struct alk_why *why)
{
    bool is_stdout = strcmp(path, "-") == 0;
    int fd = is_stdout ? STDOUT_FILENO : open(path, O_WRONLY | O_CLOEXEC);
    bool ok = fd >= 0 && write_all(fd, data, len);
    int error = errno;

    if (fd >= 0 && !is_stdout) {
        close(fd);
    }
    return ok ? ALK_OK : alk_why(why, ALK_E_IO, "cannot be written: %s", strerror(error));
}

int alk_file_write(const char *path, const void *data, size_t len, bool secret, struct alk_why *why)
{
    char temp[4096];
    int fd, error;
    bool ok;

    if (strcmp(path, "-") == 0 || is_special(path)) {
        return write_direct(path, data, len, why);
    }
    if ((size_t)snprintf(temp, sizeof temp, "%s.XXXXXX", path) >= sizeof temp) {
        return alk_why(why, ALK_E_IO, "the name is too long");
    }
    fd = mkstemp(temp); /* mode 0600 */
    if (fd < 0) {
        return alk_why(why, ALK_E_IO, "cannot be made: %s", strerror(errno));
    }
    ok = write_all(fd, data, len) && fchmod(fd, file_mode(secret)) == 0 && (!secret || fsync(fd) == 0);
    error = errno;
    close(fd);
    if (ok && rename(temp, path) != 0) {
        ok = false;
        error = errno;
    }
    if (!ok) {
        unlink(temp);
        return alk_why(why, ALK_E_IO, "cannot be written: %s", strerror(error));
    }
    return ALK_OK;
}

bool alk_file_exists(const char *path)
{
    return access(path, F_OK) == 0;
}

bool alk_file_suffix(const char *path, const char *suffix)
{
    size_t len = strlen(path), end = strlen(suffix);

    return len >= end && strcasecmp(path + len - end, suffix) == 0;
}
