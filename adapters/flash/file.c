/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/flash/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static int fill(int fd, size_t size)
{
    uint8_t blank[4096];
    struct stat st;
    size_t n;

    memset(blank, 0xff, sizeof blank);
    if (fstat(fd, &st) != 0)
        return ALK_E_IO;
    for (size_t at = (size_t)st.st_size; at < size; at += n) {
        n = size - at < sizeof blank ? size - at : sizeof blank;
        if (pwrite(fd, blank, n, (off_t)at) != (ssize_t)n)
            return ALK_E_IO;
    }
    return ALK_OK;
}

int alk_flash_file_open(struct alk_flash_file *f, const char *path, size_t size)
{
    int fd = -1;

    *f = (struct alk_flash_file){.size = size};
    if (path != NULL) {
        fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
        if (fd < 0 || fill(fd, size) != ALK_OK) {
            if (fd >= 0)
                close(fd);
            return ALK_E_IO;
        }
    }
    f->mem = mmap(NULL, size, PROT_READ | PROT_WRITE, fd < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED, fd,
                  0);
    if (fd >= 0)
        close(fd);
    if (f->mem == MAP_FAILED)
        return ALK_E_IO;
    if (fd < 0)
        memset(f->mem, 0xff, size);
    return ALK_OK;
}

void alk_flash_file_close(struct alk_flash_file *f)
{
    munmap(f->mem, f->size);
}

static bool outside(const struct alk_flash_file *f, uint32_t at, size_t len)
{
    return at > f->size || len > f->size - at;
}

/*
 * The new content, whole or torn.
 *
 * in:     data - NULL for an erase
 * cuts:   a prefix of a length that only the count decides, and half of the next byte
 */
static void change(struct alk_flash_file *f, uint32_t at, const uint8_t *data, size_t len)
{
    bool torn = ++f->count == f->cut;
    size_t whole = torn ? (size_t)(f->count * 2654435761u % len) : len;

    for (size_t i = 0; i < whole; i++)
        f->mem[at + i] = data != NULL ? (uint8_t)(f->mem[at + i] & data[i]) : 0xff;
    if (!torn)
        return;
    if (data != NULL)
        f->mem[at + whole] &= data[whole] | 0x0f;
    else
        f->mem[at + whole] |= 0xf0;
    f->on_cut(f->ctx);
}

static int file_read(void *dev, uint32_t at, void *buf, size_t len)
{
    const struct alk_flash_file *f = dev;

    if (outside(f, at, len))
        return ALK_E_FLASH;
    memcpy(buf, f->mem + at, len);
    return ALK_OK;
}

static int file_prog(void *dev, uint32_t at, const void *buf, size_t len)
{
    struct alk_flash_file *f = dev;
    const uint8_t *data = buf;

    if (outside(f, at, len))
        return ALK_E_FLASH;
    for (size_t i = 0; i < len; i++)
        if ((data[i] & ~f->mem[at + i]) != 0)
            return ALK_E_FLASH;
    if (len != 0)
        change(f, at, data, len);
    return ALK_OK;
}

static int file_erase(void *dev, uint32_t at, size_t len)
{
    struct alk_flash_file *f = dev;

    if (outside(f, at, len))
        return ALK_E_FLASH;
    if (len != 0)
        change(f, at, NULL, len);
    return ALK_OK;
}

const struct alk_flash_ops alk_flash_file_ops = {file_read, file_prog, file_erase};
