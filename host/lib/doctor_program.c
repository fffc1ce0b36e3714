/* SPDX-License-Identifier: Apache-2.0 */
/* doctor_program.c - images and keys inside .hex and .bin files. */
#include <stdio.h>
#include <string.h>

#include "airlock/board.h"
#include "airlock/file.h"
#include "airlock/keys.h"
#include "airlock/mcuboot_keys.h"
#include "airlock/memory.h"
#include "core/bytes.h"
#include "host/lib/doctor.h"

#define SCAN_STEP  0x100u /* images begin at multiples of it */
#define IMAGES_MAX 32u
#define KEYS_MAX   32u
#define AREA_MAX   65536u

static const char *name_of(const struct alk_file *f)
{
    const char *slash = strrchr(f->path, '/');

    return slash != NULL ? slash + 1 : f->path;
}

static bool is_update_name(const char *name)
{
    return strstr(name, "app_update") != NULL || strstr(name, ".signed.") != NULL ||
           strstr(name, "_update.bin") != NULL;
}

/* Of a build's many programs only these say something about updates. */
static bool worth_reading(const struct alk_file *f)
{
    const char *name = name_of(f);
    bool boot = f->role == ALK_ROLE_BOOT || f->role == ALK_ROLE_B0;

    return f->build == 0 || strncmp(name, "merged", 6) == 0 || is_update_name(name) ||
           strcmp(name, "app_signed.hex") == 0 || (boot && strcmp(name, "zephyr.hex") == 0);
}

/* Keys of the bootloader: what lies below the first image; the application's own are its affair. */
static void take_keys(struct alk_doctor *d, unsigned file, struct alk_hex *h, uint64_t first)
{
    struct alk_found_keys found;

    if (first <= UINT32_MAX && alk_hex_cut(h, (uint32_t)first, UINT32_MAX - (uint32_t)first) != ALK_OK) {
        return;
    }
    alk_keys_search(&found, h);
    for (size_t i = 0; i < found.n && d->n_binkeys < KEYS_MAX; i++) {
        struct alk_file_key *k = alk_doctor_grow(d, &d->binkeys, &d->n_binkeys, sizeof *k);

        if (k != NULL) {
            *k = (struct alk_file_key){file, found.at[i].addr, found.at[i].key};
            found.at[i].key = (struct alk_hostkey){0};
        }
    }
    alk_found_keys_free(&found);
}

/* A P-256 key of a key area, in the form files have it. */
static void take_area_key(struct alk_doctor *d, unsigned file, const struct alk_keys *keys,
                          const struct alk_key *k, uint32_t area)
{
    static const uint8_t head[27] = {0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48,
                                     0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48,
                                     0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04};
    uint8_t der[sizeof head + 64];
    struct alk_hostkey key;
    struct alk_file_key *to;
    struct alk_why why;

    memcpy(der, head, sizeof head);
    if (k->use != ALK_USE_VERIFY || k->alg != ALK_ALG_P256 || k->len != 64 || k->revoked ||
        alk_keys_read(der + sizeof head, keys, k, 64) != ALK_OK ||
        alk_key_parse(&key, der, sizeof der, NULL, &why) != ALK_OK) {
        return;
    }
    to = alk_doctor_grow(d, &d->binkeys, &d->n_binkeys, sizeof *to);
    if (to == NULL) {
        alk_key_free(&key);
        return;
    }
    *to = (struct alk_file_key){file, area + k->value, key};
}

/* airlock's own bootloaders keep their keys in an area that says where it is. */
static void take_key_area(struct alk_doctor *d, unsigned file, const struct alk_hex *h)
{
    struct alk_buf area = {0};
    struct alk_flash flash;
    struct alk_board b;
    struct alk_keys keys;
    struct alk_key k = {0};
    struct alk_why why;

    if (alk_board_find(&b, h, &why) != ALK_OK || b.keys_size == 0 || b.keys_size > AREA_MAX ||
        alk_buf_fill(&area, 0xff, b.keys_size) == NULL) {
        return;
    }
    alk_hex_read(area.data, h, b.keys_addr, area.len);
    alk_flash_memory(&flash, area.data, area.len);
    flash.unit = b.unit;
    if (b.unit != 0 && alk_keys_open(&keys, &flash) == ALK_OK) {
        while (alk_keys_next(&k, &keys) > 0) {
            take_area_key(d, file, &keys, &k, b.keys_addr);
        }
    }
    alk_buf_free(&area);
}

static void take_banner(struct alk_doctor *d, const struct alk_span *s)
{
    static const char words[] = "Using nRF Connect SDK v";
    const uint8_t *p = memmem(s->bytes.data, s->bytes.len, words, sizeof words - 1);
    char text[8] = "";
    unsigned major, minor;

    if (p == NULL || d->ncs != 0 || (size_t)(s->bytes.data + s->bytes.len - p) < sizeof words + sizeof text) {
        return;
    }
    memcpy(text, p + sizeof words - 1, sizeof text - 1);
    if (sscanf(text, "%2u.%2u", &major, &minor) == 2 && major < 20) {
        d->ncs = major * 100 + minor;
    }
}

static bool is_padded(const struct alk_imgfile *f)
{
    static const uint8_t magic8[4] = {0x77, 0xc2, 0x95, 0xf3}, magic[4] = {0x2d, 0xe1, 0x5d, 0x29};
    const uint8_t *last = f->data.data + f->data.len - 16;

    return f->data.len >= f->img.end + 16u &&
           (memcmp(last, magic8, 4) == 0 || memcmp(last + 2, magic, 4) == 0);
}

static void take_tlvs(struct alk_found_image *i, const struct alk_imgfile *f)
{
    struct alk_tlv t = {0};

    while (alk_tlv_next(&t, &f->img) > 0) {
        const uint8_t *value = alk_imgfile_tlv(f, &t);

        if (t.type == ALK_TLV_SEC_CNT && t.prot && t.len == 4) {
            i->has_counter = true;
            i->counter = alk_get32(value);
        } else if (t.prot) {
            continue;
        } else if (t.type == ALK_TLV_KEYHASH && t.len <= sizeof i->keyhash) {
            i->keyhash_len = (uint8_t)t.len;
            memcpy(i->keyhash, value, t.len);
        } else if (t.type >= ALK_TLV_RSA2048 && t.type <= ALK_TLV_ED25519) {
            i->sig_tlv = t.type;
        } else if (t.type >= ALK_TLV_ENC_RSA2048 && t.type <= ALK_TLV_ENC_X25519_512) {
            i->enc_tlv = t.type;
        }
    }
}

void alk_doctor_take_image(struct alk_doctor *d, unsigned file, struct alk_imgfile *f, const char *inner)
{
    struct alk_judge with = {0};
    struct alk_judgement j;
    struct alk_found_image *i = d->n_images < IMAGES_MAX
                                    ? alk_doctor_grow(d, &d->images, &d->n_images, sizeof *i)
                                    : NULL;
    struct alk_why why;

    if (i == NULL) {
        return;
    }
    alk_judge_image(&j, f, &with, &why);
    *i = (struct alk_found_image){.file = file,
                                  .has_addr = f->has_base,
                                  .addr = f->base,
                                  .version = f->img.version,
                                  .flags = f->img.flags,
                                  .size = f->img.end,
                                  .file_size = (uint32_t)f->data.len,
                                  .hdr_size = f->img.hdr_size,
                                  .hash_ok = j.hash_ok || j.encrypted,
                                  .kept_clear = j.kept_clear,
                                  .padded = is_padded(f)};
    snprintf(i->inner, sizeof i->inner, "%s", inner);
    take_tlvs(i, f);
}

/* The image at off of a span, if one is; return: the bytes it takes, or 0. */
static uint32_t take_image_at(struct alk_doctor *d, unsigned file, const struct alk_span *s, size_t off,
                              bool is_bin)
{
    struct alk_buf data = {0};
    struct alk_imgfile f;
    struct alk_why why;
    uint32_t end;

    alk_buf_put(&data, s->bytes.data + off, s->bytes.len - off);
    if (data.failed || alk_imgfile_take(&f, &data, &why) != ALK_OK) {
        alk_buf_free(&data);
        return 0;
    }
    f.base = s->addr + (uint32_t)off;
    f.has_base = !is_bin;
    alk_doctor_take_image(d, file, &f, "");
    end = f.img.end;
    alk_imgfile_free(&f);
    return end;
}

/* All images of a program; return: the address of the first, or 2^32. */
static uint64_t find_images(struct alk_doctor *d, unsigned file, const struct alk_hex *h, bool is_bin)
{
    uint64_t first = (uint64_t)1 << 32;

    for (size_t i = 0; i < h->n; i++) {
        const struct alk_span *s = &h->spans[i];

        for (size_t off = -s->addr % SCAN_STEP; off + ALK_IMAGE_HDR_SIZE <= s->bytes.len; off += SCAN_STEP) {
            uint32_t took = alk_get32(s->bytes.data + off) == ALK_IMAGE_MAGIC
                                ? take_image_at(d, file, s, off, is_bin)
                                : 0;

            first = took > 0 && s->addr + off < first ? s->addr + off : first;
            off += took / SCAN_STEP * SCAN_STEP;
        }
    }
    return first;
}

static void mark_images(struct alk_doctor *d, unsigned file, size_t from)
{
    const char *name = name_of(&d->files[file]);
    bool merged = strncmp(name, "merged", 6) == 0 || strstr(name, "factory") != NULL;
    bool signed_hex = (strstr(name, ".signed.hex") != NULL || strcmp(name, "app_signed.hex") == 0);

    for (size_t i = from; i < d->n_images; i++) {
        d->images[i].primary = signed_hex || (merged && i == from);
        d->images[i].update = !d->images[i].primary && is_update_name(name) && alk_file_suffix(name, ".bin");
    }
}

int alk_doctor_take_program(struct alk_doctor *d, unsigned file)
{
    const struct alk_file *f = &d->files[file];
    struct alk_hex h = {0};
    struct alk_why why;
    size_t images = d->n_images;
    uint64_t first;
    bool is_bin = false;
    int e;

    if (!worth_reading(f)) {
        return ALK_OK;
    }
    e = alk_hex_load(&h, &is_bin, f->path, 0, &why);
    if (e != ALK_OK) {
        return e;
    }
    first = find_images(d, file, &h, is_bin);
    mark_images(d, file, images);
    for (size_t i = 0; i < h.n; i++) {
        take_banner(d, &h.spans[i]);
    }
    take_key_area(d, file, &h);
    take_keys(d, file, &h, first);
    alk_hex_free(&h);
    return ALK_OK;
}
