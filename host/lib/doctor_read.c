/* SPDX-License-Identifier: Apache-2.0 */
/* doctor_read.c - facts out of text files. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "host/lib/doctor.h"
#include "host/lib/doctor_text.h"

/* Settings a project may have; a .config of 20,000 lines is longer than any seen. */
#define SETTINGS_MAX 200000u
#define PARTS_MAX    512u

struct reading {
    struct alk_doctor *d;
    unsigned file;
    struct alk_part *part; /* the one whose lines come */
    bool project;          /* west.yml: which project the revision is of */
    bool zephyr;
};

static void take_setting(void *ctx, const struct alk_conf_line *l)
{
    struct reading *r = ctx;
    struct alk_file *f = &r->d->files[r->file];
    bool sb = strncmp(l->name, "SB_CONFIG_", 10) == 0, image = strncmp(l->name, "CONFIG_", 7) == 0;
    struct alk_setting *s;

    if (r->d->n_settings >= SETTINGS_MAX || (f->kind == ALK_FILE_FINAL && !sb && !image)) {
        return;
    }
    s = alk_doctor_grow(r->d, &r->d->settings, &r->d->n_settings, sizeof *s);
    if (s == NULL) {
        return;
    }
    *s = (struct alk_setting){.file = r->file,
                              .line = l->line,
                              .role = f->role,
                              .name = l->name,
                              .value = l->value,
                              .final = f->kind == ALK_FILE_FINAL,
                              .main = f->main,
                              .quoted = l->quoted,
                              .unset = l->kind == ALK_CONF_UNSET,
                              .sb = sb,
                              .bad = l->kind == ALK_CONF_BAD || (!sb && !image)};
    if (!s->bad) {
        s->name += sb ? 10 : 7;
    } else if (l->kind != ALK_CONF_BAD) {
        s->value = "its name begins with neither CONFIG_ nor SB_CONFIG_";
    }
    if (s->final && sb) { /* sysbuild's own .config */
        s->role = f->role = ALK_ROLE_SYSBUILD;
    }
}

static void take_partition(void *ctx, const struct alk_yaml_line *l)
{
    struct reading *r = ctx;
    struct alk_doctor *d = r->d;
    struct alk_part *p;
    uint32_t n;

    if (l->indent == 0 && !l->item && *l->key != 0 && d->n_parts < PARTS_MAX) {
        p = alk_doctor_grow(d, &d->parts, &d->n_parts, sizeof *p);
        r->part = p;
        if (p != NULL) {
            *p = (struct alk_part){.file = r->file, .line = l->line, .name = l->key, .region = ""};
        }
        return;
    }
    p = r->part;
    if (p == NULL || l->item) {
        return;
    }
    p->span = p->span || strcmp(l->key, "span") == 0;
    if (strcmp(l->key, "region") == 0) {
        p->region = strcmp(l->value, "flash_primary") == 0 ? "" : l->value;
    } else if (!alk_doctor_number(&n, l->value)) {
        return;
    } else if (strcmp(l->key, "address") == 0) {
        p->addr = n;
        p->has_addr = true;
    } else if (strcmp(l->key, "size") == 0) {
        p->size = n;
        p->has_size = true;
    } else if (strcmp(l->key, "end_address") == 0) {
        p->end = n;
        p->has_end = true;
    }
}

/* "v2.6.1", "2.6", "v3.7-branch": 206, 307; 0: no version. */
static unsigned version_in(const char *s)
{
    unsigned major = 0, minor = 0;

    s += *s == 'v';
    for (; isdigit((unsigned char)*s) && major < 100; s++) {
        major = major * 10 + (unsigned)(*s - '0');
    }
    if (*s != '.' || !isdigit((unsigned char)s[1]) || major == 0 || major > 20) {
        return 0;
    }
    for (s++; isdigit((unsigned char)*s) && minor < 100; s++) {
        minor = minor * 10 + (unsigned)(*s - '0');
    }
    return minor < 100 ? major * 100 + minor : 0;
}

static void west_line(void *ctx, const struct alk_yaml_line *l)
{
    struct reading *r = ctx;
    unsigned v = version_in(l->value);

    if (l->item) {
        r->project = r->zephyr = false;
    }
    if (strcmp(l->key, "name") == 0) {
        r->project = strcmp(l->value, "nrf") == 0 || strcmp(l->value, "sdk-nrf") == 0;
        r->zephyr = strcmp(l->value, "zephyr") == 0;
    } else if (strcmp(l->key, "revision") == 0 && r->project && r->d->ncs == 0) {
        r->d->ncs = v;
    } else if (strcmp(l->key, "revision") == 0 && r->zephyr && r->d->zephyr == 0) {
        r->d->zephyr = v;
    }
}

static void take_node(void *ctx, const struct alk_dts_fact *f)
{
    struct reading *r = ctx;
    struct alk_doctor *d = r->d;

    if (f->chosen) {
        struct alk_chosen *c = alk_doctor_grow(d, &d->chosen, &d->n_chosen, sizeof *c);

        if (c != NULL) {
            *c = (struct alk_chosen){r->file, f->line, f->name, f->value};
        }
    } else if (strstr(f->name, "_partition") != NULL && d->n_parts < PARTS_MAX) {
        struct alk_part *p = alk_doctor_grow(d, &d->parts, &d->n_parts, sizeof *p);

        if (p != NULL) {
            *p = (struct alk_part){.file = r->file,
                                   .line = f->line,
                                   .name = f->name,
                                   .region = f->value,
                                   .addr = f->addr,
                                   .size = f->size,
                                   .has_addr = true,
                                   .has_size = true};
        }
    }
}

/* ZEPHYR_BASE:PATH=/opt/nordic/ncs/v2.6.1/zephyr */
static void take_cache(struct alk_doctor *d, const char *text)
{
    const char *p = strstr(text, "ZEPHYR_BASE:"), *end, *ncs;

    if (p == NULL) {
        return;
    }
    end = p + strcspn(p, "\n");
    ncs = strstr(p, "ncs/v");
    if (ncs != NULL && ncs < end && d->ncs == 0) {
        d->ncs = version_in(ncs + 4);
    }
}

static void take_source(struct alk_doctor *d, const char *text)
{
    static const char *const passkeys[] = {".passkey_display", ".passkey_entry", ".passkey_confirm",
                                           "bt_passkey_set"};

    d->confirms = d->confirms || strstr(text, "boot_write_img_confirmed") != NULL;
    for (size_t i = 0; i < sizeof passkeys / sizeof passkeys[0]; i++) {
        d->pairs = d->pairs || strstr(text, passkeys[i]) != NULL;
    }
}

/* "config NAME" lines of the project's own Kconfig files. */
static void take_kconfig(struct alk_doctor *d, char *text)
{
    char *save = NULL;

    for (char *line = strtok_r(text, "\n", &save); line != NULL; line = strtok_r(NULL, "\n", &save)) {
        const char **name;

        line += strspn(line, " \t");
        line += strncmp(line, "menuconfig ", 11) == 0 ? 4 : 0;
        if (strncmp(line, "config ", 7) != 0) {
            continue;
        }
        line += 7 + strspn(line + 7, " \t");
        line[strcspn(line, " \t\r")] = 0;
        name = alk_doctor_grow(d, &d->defined, &d->n_defined, sizeof *name);
        if (name != NULL) {
            *name = line;
        }
    }
}

/* Files of the SDK itself tell its version: nrf/VERSION ("2.6.1"). */
static void take_version(struct alk_doctor *d, const struct alk_file *f)
{
    const char *nrf = strstr(f->path, "nrf/VERSION");

    if (nrf != NULL && d->ncs == 0) {
        d->ncs = version_in((const char *)f->text.data);
    }
}

static void take_key(struct alk_doctor *d, unsigned file)
{
    struct alk_file *f = &d->files[file];
    struct alk_hostkey key;
    struct alk_file_key *k;
    struct alk_why why;

    if (alk_key_parse(&key, f->text.data, f->text.len, NULL, &why) != ALK_OK) {
        return;
    }
    k = alk_doctor_grow(d, &d->keys, &d->n_keys, sizeof *k);
    if (k == NULL) {
        alk_key_free(&key);
        return;
    }
    *k = (struct alk_file_key){.file = file, .key = key};
}

int alk_doctor_take_text(struct alk_doctor *d, unsigned file)
{
    struct reading r = {.d = d, .file = file};
    struct alk_file *f = &d->files[file];
    char *text = (char *)f->text.data;

    switch (f->kind) {
    case ALK_FILE_CONF:
    case ALK_FILE_FINAL:
        alk_doctor_conf(text, f->text.len, take_setting, &r);
        break;
    case ALK_FILE_STATIC:
    case ALK_FILE_BUILT:
        alk_doctor_yaml(text, f->text.len, take_partition, &r);
        break;
    case ALK_FILE_WEST:
        alk_doctor_yaml(text, f->text.len, west_line, &r);
        break;
    case ALK_FILE_DTS:
        alk_doctor_dts(text, f->text.len, take_node, &r);
        break;
    case ALK_FILE_KEY:
        take_key(d, file);
        break;
    case ALK_FILE_SOURCE:
        take_source(d, text);
        break;
    case ALK_FILE_KCONFIG:
        take_kconfig(d, text);
        break;
    case ALK_FILE_CACHE:
        take_cache(d, text);
        break;
    case ALK_FILE_VERSION:
        take_version(d, f);
        break;
    default:
        break;
    }
    return d->failed ? ALK_E_MEMORY : ALK_OK;
}
