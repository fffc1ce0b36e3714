/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/fs/hostdir.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What a file may be called: no directories, no dots in front. */
static const char *plain(const char *name)
{
    if (strncmp(name, "/lfs/", 5) == 0)
        name += 5;
    return name[0] == '\0' || name[0] == '.' || strchr(name, '/') != NULL ? NULL : name;
}

static int open_file(int *fd, const char *dir, const char *name, int flags)
{
    int at;

    name = plain(name);
    if (name == NULL)
        return ALK_FS_INVALID_NAME;
    at = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (at < 0)
        return ALK_FS_OPEN;
    *fd = openat(at, name, flags | O_NOFOLLOW | O_CLOEXEC, 0644);
    close(at);
    if (*fd >= 0)
        return 0;
    return errno == ENOENT ? ALK_FS_NOT_FOUND : errno == EISDIR ? ALK_FS_IS_DIRECTORY : ALK_FS_OPEN;
}

static int size(void *fs, uint32_t *len, const char *name)
{
    struct stat st;
    int fd, rc = open_file(&fd, fs, name, O_RDONLY);

    if (rc != 0)
        return rc;
    rc = fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size > UINT32_MAX ? ALK_FS_IS_DIRECTORY : 0;
    *len = rc == 0 ? (uint32_t)st.st_size : 0;
    close(fd);
    return rc;
}

static int read_file(void *fs, void *buf, const char *name, uint32_t off, size_t len)
{
    int fd, rc = open_file(&fd, fs, name, O_RDONLY);

    if (rc != 0)
        return rc;
    rc = pread(fd, buf, len, (off_t)off) == (ssize_t)len ? 0 : ALK_FS_READ;
    close(fd);
    return rc;
}

static int write_file(void *fs, const char *name, uint32_t off, const void *buf, size_t len)
{
    int fd, rc = open_file(&fd, fs, name, O_WRONLY | (off == 0 ? O_CREAT | O_TRUNC : 0));

    if (rc != 0)
        return rc;
    rc = pwrite(fd, buf, len, (off_t)off) == (ssize_t)len ? 0 : ALK_FS_WRITE;
    if (close(fd) != 0)
        rc = ALK_FS_WRITE;
    return rc;
}

void alk_hostdir_open(struct alk_smp_fs *fs, const char *path)
{
    *fs = (struct alk_smp_fs){
        .size = size, .read = read_file, .write = write_file, .fs = (void *)(uintptr_t)path};
}
