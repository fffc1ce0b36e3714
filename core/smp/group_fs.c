/* SPDX-License-Identifier: Apache-2.0 */
/* group_fs.c - files, through whatever file system the program gives. */
#include <string.h>

#include "airlock/crypto.h"
#include "airlock/smp_services.h"
#include "core/bytes.h"
#include "core/crc.h"
#include "core/smp/app.h"

enum { NAME_MAX = 64, PIECE = 512, HEAD = 40 };

static const struct alk_smp_fs *fs_of(struct alk_smp *s)
{
    const struct alk_smp_services *v = alk_smp_app_of(s)->services;

    return v != NULL ? v->fs : NULL;
}

/* A code of the file system, and what a version 1 client is told. */
static int failed(int rc)
{
    switch (rc) {
    case ALK_FS_NOT_FOUND:
        return ALK_SMP_ERR(ALK_FS_NOT_FOUND, 5);
    case ALK_FS_INVALID_NAME:
    case ALK_FS_NO_TYPE:
        return ALK_SMP_ERR((unsigned)rc, 3);
    default:
        return ALK_SMP_ERR((unsigned)rc, 1);
    }
}

static int take_name(char name[NAME_MAX + 1], const struct alk_cbor_item *it)
{
    if (it->len == 0 || it->len > NAME_MAX)
        return ALK_SMP_RC_INVALID;
    memcpy(name, it->data, it->len);
    name[it->len] = '\0';
    return 0;
}

enum { OFF, NAME, LEN, DATA, TYPE, KEYS };

/* All arguments, the file's name, and the file system. */
static int arguments(struct alk_cbor_item v[KEYS], char name[NAME_MAX + 1], struct alk_smp *s,
                     const struct alk_smp_call *c)
{
    static const struct alk_smp_key keys[KEYS] = {{"off", ALK_SMP_UINT},
                                                  {"name", ALK_SMP_TEXT},
                                                  {"len", ALK_SMP_UINT},
                                                  {"data", ALK_SMP_BYTES},
                                                  {"type", ALK_SMP_TEXT}};
    int rc = alk_smp_args(v, c, keys, KEYS);

    if (fs_of(s) == NULL)
        return ALK_SMP_RC_SUPPORT;
    return rc != 0 ? rc : take_name(name, &v[NAME]);
}

int alk_smp_fs_read(struct alk_smp *s, struct alk_smp_call *c)
{
    const struct alk_smp_fs *fs = fs_of(s);
    char name[NAME_MAX + 1];
    uint8_t data[PIECE];
    struct alk_cbor_item v[KEYS];
    uint32_t len, n, room = (uint32_t)(c->out.end - c->out.p);
    int rc = arguments(v, name, s, c);

    if (rc != 0 || !alk_smp_given(&v[OFF]))
        return rc != 0 ? rc : ALK_SMP_RC_INVALID;
    rc = fs->size(fs->fs, &len, name);
    if (rc != 0)
        return failed(rc);
    n = v[OFF].value < len ? alk_min(len - v[OFF].value, sizeof data) : 0;
    n = alk_min(n, room > HEAD ? room - HEAD : 0);
    rc = n == 0 ? 0 : fs->read(fs->fs, data, name, v[OFF].value, n);
    if (rc != 0)
        return failed(rc);
    alk_smp_put(c, "off", v[OFF].value);
    alk_cbor_put_text(&c->out, "data");
    alk_cbor_put_bytes(&c->out, data, n);
    if (v[OFF].value == 0)
        alk_smp_put(c, "len", len);
    return 0;
}

int alk_smp_fs_write(struct alk_smp *s, struct alk_smp_call *c)
{
    const struct alk_smp_fs *fs = fs_of(s);
    char name[NAME_MAX + 1];
    struct alk_cbor_item v[KEYS];
    uint32_t len;
    int rc = arguments(v, name, s, c);

    if (rc != 0)
        return rc;
    if (!alk_smp_given(&v[OFF]) || !alk_smp_given(&v[DATA]) || (v[OFF].value == 0 && !alk_smp_given(&v[LEN])))
        return ALK_SMP_RC_INVALID;
    if (v[OFF].value != 0) {
        rc = fs->size(fs->fs, &len, name);
        if (rc == 0 && len != v[OFF].value)
            rc = ALK_FS_OFFSET;
    }
    if (rc == 0)
        rc = fs->write(fs->fs, name, v[OFF].value, v[DATA].data, v[DATA].len);
    if (rc != 0)
        return failed(rc);
    alk_smp_put(c, "off", v[OFF].value + v[DATA].len);
    return 0;
}

int alk_smp_fs_status(struct alk_smp *s, struct alk_smp_call *c)
{
    char name[NAME_MAX + 1];
    struct alk_cbor_item v[KEYS];
    uint32_t len = 0;
    int rc = arguments(v, name, s, c);

    if (rc != 0)
        return rc;
    rc = fs_of(s)->size(fs_of(s)->fs, &len, name);
    alk_smp_put(c, "len", len);
    return rc != 0 ? failed(rc) : 0;
}

struct sums {
    uint32_t crc;
    struct alk_sha256 sha;
};

/* Both at once: it is the reading that takes time. */
static int sum_up(struct sums *sum, const struct alk_smp_fs *fs, const char *name, uint32_t off, uint32_t len)
{
    uint8_t data[PIECE];
    uint32_t n;
    int rc = 0;

    sum->crc = 0;
    alk_sha256_init(&sum->sha);
    for (; len != 0 && rc == 0; off += n, len -= n) {
        n = alk_min(len, sizeof data);
        rc = fs->read(fs->fs, data, name, off, n);
        sum->crc = alk_crc32(sum->crc, data, n);
        alk_sha256_update(&sum->sha, data, n);
    }
    return rc;
}

static const char crc32[] = "crc32", sha256[] = "sha256";

static bool is_type(const struct alk_cbor_item *it, const char *type, size_t len)
{
    return it->len == len && memcmp(it->data, type, len) == 0;
}

int alk_smp_fs_hash(struct alk_smp *s, struct alk_smp_call *c)
{
    const struct alk_smp_fs *fs = fs_of(s);
    char name[NAME_MAX + 1];
    struct alk_cbor_item v[KEYS];
    struct sums sum;
    uint8_t digest[ALK_SHA256_SIZE];
    uint32_t len = 0;
    bool sha;
    int rc = arguments(v, name, s, c);

    if (rc != 0)
        return rc;
    sha = is_type(&v[TYPE], sha256, sizeof sha256 - 1);
    if (!sha && v[TYPE].len != 0 && !is_type(&v[TYPE], crc32, sizeof crc32 - 1))
        return failed(ALK_FS_NO_TYPE);
    rc = fs->size(fs->fs, &len, name);
    if (rc == 0 && v[OFF].value > len)
        rc = ALK_FS_OFFSET_LARGER;
    if (rc != 0)
        return failed(rc);
    len -= v[OFF].value;
    if (alk_smp_given(&v[LEN]))
        len = alk_min(len, v[LEN].value);
    rc = sum_up(&sum, fs, name, v[OFF].value, len);
    alk_sha256_final(digest, &sum.sha);
    alk_cbor_put_text(&c->out, "type");
    alk_cbor_put_text(&c->out, sha ? sha256 : crc32);
    if (v[OFF].value != 0)
        alk_smp_put(c, "off", v[OFF].value);
    alk_smp_put(c, "len", len);
    alk_cbor_put_text(&c->out, "output");
    if (sha)
        alk_cbor_put_bytes(&c->out, digest, sizeof digest);
    else
        alk_cbor_put_uint(&c->out, sum.crc);
    return rc != 0 ? failed(rc) : 0;
}

static void put_type(struct alk_smp_call *c, const char *name, unsigned format, uint32_t size)
{
    alk_cbor_put_text(&c->out, name);
    alk_cbor_open_map(&c->out);
    alk_smp_put(c, "format", format);
    alk_smp_put(c, "size", size);
    alk_cbor_close(&c->out);
}

int alk_smp_fs_types(struct alk_smp *s, struct alk_smp_call *c)
{
    if (fs_of(s) == NULL)
        return ALK_SMP_RC_SUPPORT;
    alk_cbor_put_text(&c->out, "types");
    alk_cbor_open_map(&c->out);
    put_type(c, crc32, 0, 4);
    put_type(c, sha256, 1, ALK_SHA256_SIZE);
    alk_cbor_close(&c->out);
    return 0;
}

/* Nothing stays open between two requests. */
int alk_smp_fs_close(struct alk_smp *s, struct alk_smp_call *c)
{
    (void)c;
    return fs_of(s) != NULL ? 0 : ALK_SMP_RC_SUPPORT;
}
