/* SPDX-License-Identifier: Apache-2.0 */
/* doctor_link.c - settings that are paths: where they lead, as each build system resolves them. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "airlock/file.h"
#include "host/lib/doctor_rule.h"

#define PATH_BYTES 1024
#define CANDIDATES 4

struct candidates {
    char path[CANDIDATES][PATH_BYTES];
    size_t n;
};

static const char *const path_symbols[] = {
    "BOOT_SIGNATURE_KEY_FILE",
    "BOOT_ENCRYPTION_KEY_FILE",
    "MCUBOOT_SIGNATURE_KEY_FILE",
    "MCUBOOT_ENCRYPTION_KEY_FILE",
    "SB_SIGNING_KEY_FILE",
    "SB_PUBLIC_KEY_FILES",
    "SECURE_BOOT_SIGNING_KEY_FILE",
    "SECURE_BOOT_PUBLIC_KEY_FILES",
    "SECURE_BOOT_SIGNING_PUBLIC_KEY",
    "MCUBOOT_HEX_FILE",
};

bool alk_is_path(const char *name)
{
    for (size_t i = 0; i < sizeof path_symbols / sizeof path_symbols[0]; i++) {
        if (strcmp(name, path_symbols[i]) == 0) {
            return true;
        }
    }
    return false;
}

bool alk_is_relative(const char *path)
{
    return *path != '/' && *path != '$' && *path != '~' && *path != '\\' &&
           !(isalpha((unsigned char)*path) && path[1] == ':');
}

static void add(struct candidates *c, const char *dir, size_t dir_len, const char *rest)
{
    char *to = c->path[c->n];

    if (c->n == CANDIDATES || dir_len > PATH_BYTES - 1) {
        return;
    }
    if ((size_t)snprintf(to, PATH_BYTES, "%.*s%s%s", (int)dir_len, dir, dir_len > 0 ? "/" : "", rest) <
        PATH_BYTES) {
        c->n++;
    }
}

/* "${APP_DIR}/x": the rest behind the variable, or NULL. */
static const char *behind_variable(const char *path)
{
    static const char *const names[] = {"${APP_DIR}/", "${APPLICATION_CONFIG_DIR}/",
                                        "${APPLICATION_SOURCE_DIR}/"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strncmp(path, names[i], strlen(names[i])) == 0) {
            return path + strlen(names[i]);
        }
    }
    return NULL;
}

/* The west workspace around the project, if one is: the length of its path. */
static size_t workspace(const char *root)
{
    char path[PATH_BYTES];

    for (size_t len = strlen(root); len > 0; len--) {
        if ((len == strlen(root) || root[len] == '/') &&
            (size_t)snprintf(path, sizeof path, "%.*s/.west", (int)len, root) < sizeof path &&
            alk_file_exists(path)) {
            return len;
        }
    }
    return 0;
}

static void find_candidates(struct candidates *c, const struct alk_doctor *d, const struct alk_setting *s)
{
    const char *file = d->files[s->file].path, *slash = strrchr(file, '/'), *rest = behind_variable(s->value);
    char value[PATH_BYTES];

    c->n = 0;
    snprintf(value, sizeof value, "%.*s", (int)strcspn(s->value, ","), rest != NULL ? rest : s->value);
    if (rest == NULL && *value == '/') {
        add(c, "", 0, value);
        return;
    }
    if (rest == NULL && (!alk_is_relative(value) || *value == 0)) {
        return;
    }
    if (d->root != NULL) {
        size_t top = workspace(d->root);

        add(c, d->root, strlen(d->root), value);
        if (top > 0 && rest == NULL) {
            add(c, d->root, top, value);
        }
    }
    if (rest == NULL && !s->final) {
        add(c, file, slash != NULL ? (size_t)(slash - file) : 0, value);
    }
}

void alk_link_tried(char tried[ALK_TRIED], const struct alk_doctor *d, const struct alk_setting *s)
{
    struct candidates c;
    size_t n = 0;

    *tried = 0;
    find_candidates(&c, d, s);
    for (size_t i = 0; i < c.n && n < ALK_TRIED; i++) {
        if (i > 0 && strcmp(c.path[i], c.path[0]) == 0) {
            continue;
        }
        n += (size_t)snprintf(tried + n, ALK_TRIED - n, "%s%s", i > 0 ? ", " : "", c.path[i]);
    }
}

static int key_in(const struct alk_doctor *d, int file)
{
    for (size_t i = 0; i < d->n_keys; i++) {
        if (d->keys[i].file == (unsigned)file) {
            return (int)i;
        }
    }
    return ALK_LINK_NO_KEY;
}

static void follow(struct alk_doctor *d, struct alk_setting *s)
{
    struct candidates c;

    find_candidates(&c, d, s);
    s->link = c.n > 0 ? ALK_LINK_MISSING : *s->value == 0 ? ALK_LINK_NONE : ALK_LINK_BEYOND;
    for (size_t i = 0; i < c.n && s->link == ALK_LINK_MISSING; i++) {
        const char *slash = strrchr(c.path[i], '/');
        int file = alk_doctor_add(d, c.path[i], slash != NULL ? (size_t)(slash + 1 - c.path[i]) : 0, 0);

        if (file >= 0) {
            s->link = strcmp(s->name, "MCUBOOT_HEX_FILE") == 0 ? file : key_in(d, file);
        }
    }
}

void alk_doctor_follow(struct alk_doctor *d)
{
    for (size_t i = 0; i < d->n_settings; i++) {
        struct alk_setting *s = &d->settings[i];

        s->link = ALK_LINK_NONE;
        if (!s->bad && !s->unset && alk_is_path(s->name)) {
            follow(d, s);
        }
    }
}
