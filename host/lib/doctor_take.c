/* SPDX-License-Identifier: Apache-2.0 */
/* doctor_take.c - rules: did what was written take effect? */
#include <string.h>

#include "host/lib/doctor_rule.h"

static const struct alk_setting *next_setting(const struct alk_exam *x, const struct alk_setting *s)
{
    const struct alk_doctor *d = x->d;

    for (size_t i = s == NULL ? 0 : (size_t)(s - d->settings) + 1; i < d->n_settings; i++) {
        if (alk_seen(x, d->settings[i].file) && !d->settings[i].final) {
            return &d->settings[i];
        }
    }
    return NULL;
}

static bool is_old_name(const char *name)
{
    for (const struct alk_rename *r = alk_renames; r->old != NULL; r++) {
        if (strcmp(name, r->old) == 0) {
            return true;
        }
    }
    return false;
}

/* A .config of this build knows the symbol. */
static bool in_final(const struct alk_exam *x, const char *name)
{
    const struct alk_setting *s = NULL;

    while ((s = alk_setting_next(x, s, name, ALK_ROLE_NONE)) != NULL) {
        if (s->final) {
            return true;
        }
    }
    return false;
}

static void unknown_name(struct alk_exam *x)
{
    for (const struct alk_setting *s = next_setting(x, NULL); s != NULL; s = next_setting(x, s)) {
        unsigned where = s->sb ? ALK_IN_SB : ALK_IN_APP | ALK_IN_BOOT | ALK_IN_SB;
        const char *near;

        if (s->bad || alk_symbol_named(s->name, where) != NULL || is_old_name(s->name) ||
            alk_defined(x, s->name) || in_final(x, s->name) || (!s->sb && s->role == ALK_ROLE_SYSBUILD)) {
            continue;
        }
        near = alk_symbol_near(s->name, s->sb);
        if (near != NULL) {
            alk_say_at(x, s, "%sCONFIG_%s: did you mean %sCONFIG_%s?", s->sb ? "SB_" : "", s->name,
                       s->sb ? "SB_" : "", near);
        }
    }
}

/* What else in the file asks for the same symbol, later: then this line does not count. */
static bool is_last(const struct alk_exam *x, const struct alk_setting *s)
{
    const struct alk_setting *next = alk_setting_next(x, s, s->name, s->role);

    for (; next != NULL; next = alk_setting_next(x, next, s->name, s->role)) {
        if (!next->final && next->main && next->sb == s->sb) {
            return false;
        }
    }
    return true;
}

/* Another file of the image asked for what the build has: it was applied later. */
static bool asked_by_other(const struct alk_exam *x, const struct alk_setting *s, const char *got)
{
    const struct alk_setting *t = NULL;

    while ((t = alk_setting_next(x, t, s->name, s->role)) != NULL) {
        if (!t->final && t->file != s->file && strcmp(t->value, got) == 0) {
            return true;
        }
    }
    return false;
}

/* prj_release.conf and the like take the place of prj.conf; which one this build used is not known. */
static bool has_alternatives(const struct alk_exam *x, const struct alk_setting *s)
{
    for (size_t i = 0; s->role == ALK_ROLE_APP && i < x->d->n_files; i++) {
        if (x->d->files[i].kind == ALK_FILE_CONF && strncmp(x->d->files[i].rel, "prj_", 4) == 0) {
            return true;
        }
    }
    return false;
}

static bool same_value(const struct alk_setting *asked, const struct alk_setting *got)
{
    const char *value = got != NULL ? got->value : "n";
    bool off = strcmp(asked->value, "n") == 0 && *value == 0;

    return strcmp(asked->value, value) == 0 || off || (got == NULL && *asked->value == 0);
}

/* Said better by a rule of its own. */
static bool said_elsewhere(const struct alk_exam *x, const struct alk_setting *s)
{
    const struct alk_file *f = &x->d->files[s->file];
    const struct alk_symbol *known = alk_symbol_named(s->name, s->role == ALK_ROLE_APP    ? ALK_IN_APP
                                                               : s->role == ALK_ROLE_BOOT ? ALK_IN_BOOT
                                                                                          : ALK_IN_SB);
    bool forced = x->style == ALK_STYLE_SYSBUILD && !s->sb && known != NULL && known->twin != NULL;
    bool dead = (f->child && x->style == ALK_STYLE_SYSBUILD) || (f->sysbuild && x->style == ALK_STYLE_CHILD);
    bool misplaced = known == NULL && alk_symbol_named(s->name, ALK_IN_APP | ALK_IN_BOOT | ALK_IN_SB) != NULL;

    return forced || dead || misplaced || is_old_name(s->name) || (s->sb != (s->role == ALK_ROLE_SYSBUILD)) ||
           strcmp(s->name, "BOOT_SIGNATURE_KEY_FILE") == 0 ||
           (known == NULL && alk_symbol_near(s->name, s->sb) != NULL);
}

static void no_effect(struct alk_exam *x)
{
    for (const struct alk_setting *s = next_setting(x, NULL); s != NULL; s = next_setting(x, s)) {
        const struct alk_setting *got;
        const struct alk_symbol *known;

        if (s->bad || !s->main || !alk_has_final(x, s->role) || !is_last(x, s) || said_elsewhere(x, s)) {
            continue;
        }
        got = alk_final(x, s->role, s->name);
        known = alk_symbol_named(s->name, ALK_IN_APP | ALK_IN_BOOT | ALK_IN_SB);
        if (!same_value(s, got) && !asked_by_other(x, s, got != NULL ? got->value : "n") &&
            !has_alternatives(x, s)) {
            alk_say_at(x, s, "%s=%s was asked, the build has %s%s%s%s", s->name, s->value,
                       got == NULL        ? "no such option"
                       : *got->value == 0 ? "an empty value"
                                          : got->value,
                       known != NULL && known->needs != NULL ? " (needs " : "",
                       known != NULL && known->needs != NULL ? known->needs : "",
                       known != NULL && known->needs != NULL ? ")" : "");
        }
    }
}

static void renamed(struct alk_exam *x)
{
    for (const struct alk_rename *r = alk_renames; r->old != NULL; r++) {
        const struct alk_setting *s = NULL;

        while (alk_new_mcumgr(x) && (s = alk_setting_next(x, s, r->old, ALK_ROLE_APP)) != NULL) {
            if (!s->final) {
                alk_say_at(x, s, "CONFIG_%s is CONFIG_%s since Zephyr 3.3 (SDK 2.3)", r->old, r->now);
            }
        }
        s = NULL;
        while (alk_old_mcumgr(x) && (s = alk_setting_next(x, s, r->now, ALK_ROLE_APP)) != NULL) {
            if (!s->final) {
                alk_say_at(x, s, "CONFIG_%s is still CONFIG_%s before Zephyr 3.3 (SDK 2.3)", r->now, r->old);
            }
        }
    }
}

/* Other programs have .conf files too: one assignment, or the name, makes it Kconfig's. */
static bool is_kconfig(const struct alk_exam *x, const struct alk_setting *bad)
{
    for (size_t i = 0; i < x->d->n_settings && !bad->main; i++) {
        if (x->d->settings[i].file == bad->file && !x->d->settings[i].bad) {
            return true;
        }
    }
    return bad->main;
}

static void malformed(struct alk_exam *x)
{
    for (const struct alk_setting *s = next_setting(x, NULL); s != NULL; s = next_setting(x, s)) {
        if (s->bad && is_kconfig(x, s)) {
            alk_say_at(x, s, "\"%.60s\" %s", s->name, s->value);
        }
    }
}

static const char *const choices[] = {"BOOT_SIGNATURE_TYPE_", "BOOT_SWAP_USING_", "MCUBOOT_MODE_",
                                      "MCUBOOT_BOOTLOADER_MODE_", "MCUBOOT_BUILD_STRATEGY_"};

/* "PURE" and "RSA_LEN" are no members of the choice of types. */
static bool is_member(const struct alk_setting *s, const char *choice)
{
    return !s->bad && strncmp(s->name, choice, strlen(choice)) == 0 && strcmp(s->value, "y") == 0 &&
           strcmp(s->name, "BOOT_SIGNATURE_TYPE_PURE") != 0;
}

static void chosen_twice(struct alk_exam *x)
{
    for (const struct alk_setting *s = next_setting(x, NULL); s != NULL; s = next_setting(x, s)) {
        for (size_t i = 0; i < sizeof choices / sizeof choices[0]; i++) {
            const struct alk_setting *t = is_member(s, choices[i]) ? next_setting(x, s) : NULL;

            for (; t != NULL && strncmp(t->name, choices[i], strlen(choices[i])) == 0;
                 t = next_setting(x, t)) {
                if (is_member(t, choices[i]) && t->file == s->file && strcmp(t->name, s->name) != 0) {
                    alk_say_at(x, t, "%s=y, and in line %u %s=y: only the last one counts", t->name, s->line,
                               s->name);
                    return;
                }
            }
        }
    }
}

/* A directory for MCUboot replaces its whole configuration. */
static void replaced_directory(struct alk_exam *x)
{
    for (unsigned i = 0; i < x->d->n_files; i++) {
        const struct alk_file *f = &x->d->files[i];
        const char *in = strstr(f->rel, f->child ? "child_image/mcuboot/" : "sysbuild/mcuboot/");
        bool wanted = (f->child && x->style != ALK_STYLE_SYSBUILD) ||
                      (f->sysbuild && x->style != ALK_STYLE_CHILD);
        bool has_prj = false, has_flash = false;

        if (f->build != 0 || !wanted || in == NULL) {
            continue;
        }
        for (size_t k = 0; k < x->d->n_settings; k++) {
            const struct alk_setting *s = &x->d->settings[k];
            const char *path = x->d->files[s->file].rel;

            if (s->role == ALK_ROLE_BOOT && !s->final && strstr(path, "mcuboot/prj.conf") != NULL) {
                has_prj = true;
                has_flash = has_flash || (strcmp(s->name, "FLASH") == 0 && strcmp(s->value, "y") == 0);
            }
        }
        if (!has_flash) {
            alk_say_file(x, i, 0,
                         has_prj
                             ? "the prj.conf beside it lacks CONFIG_FLASH=y, so it is no whole configuration"
                             : "there is no prj.conf beside it");
            return;
        }
    }
}

static void old_version_option(struct alk_exam *x)
{
    const struct alk_setting *s = NULL;

    while (x->style == ALK_STYLE_SYSBUILD &&
           (s = alk_setting_next(x, s, "MCUBOOT_IMAGE_VERSION", ALK_ROLE_APP)) != NULL) {
        if (!s->final) {
            alk_say_at(x, s, "\"%s\" does not become the image's version here", s->value);
        }
    }
}

/* Set to y in any of the application's files, one for a board included. */
static bool asked_anywhere(const struct alk_exam *x, const char *name)
{
    const struct alk_setting *s = NULL;

    while ((s = alk_setting_next(x, s, name, ALK_ROLE_APP)) != NULL) {
        if (strcmp(s->value, "y") == 0) {
            return true;
        }
    }
    return false;
}

static void missing_dependency(struct alk_exam *x)
{
    static const char *const wants[] = {"FLASH", "FLASH_MAP", "STREAM_FLASH", "IMG_MANAGER", "ZCBOR"};
    const struct alk_setting *s = alk_value(x, ALK_ROLE_APP, "MCUMGR_GRP_IMG");

    if (s == NULL || s->final || strcmp(s->value, "y") != 0 || !alk_new_mcumgr(x) ||
        alk_on(x, ALK_ROLE_APP, "NCS_SAMPLE_MCUMGR_BT_OTA_DFU")) {
        return;
    }
    for (size_t i = 0; i < sizeof wants / sizeof wants[0]; i++) {
        if (!asked_anywhere(x, wants[i])) {
            alk_say_at(x, s, "CONFIG_MCUMGR_GRP_IMG=y without CONFIG_%s=y", wants[i]);
            return;
        }
    }
}

const struct alk_rule alk_rules_take[] = {
    {"D111", ALK_WARNING, "An unknown option with a name close to a known one",
     "Kconfig stops at an option it does not know, or (in a file of the wrong image) loses it. This one "
     "differs by a "
     "letter or two from an option of the bootloader or of the update.",
     "Use the name suggested, or define the option in your own Kconfig.", unknown_name},
    {"D112", ALK_ERROR, "A setting did not take effect",
     "The build's final configuration has another value than the file asked for. Kconfig only warns: an "
     "option whose "
     "dependencies are not met silently keeps its default.",
     "Meet the dependency named, or take the line out. The reason is in the build's output: \"was assigned "
     "the value "
     "... but got the value ...\".",
     no_effect},
    {"D113", ALK_ERROR, "An option of MCUmgr under the name of another version",
     "Zephyr 3.3 (SDK 2.3) renamed nearly all options of MCUmgr, and the image group no longer selects what "
     "it needs.",
     "Use the name of your version; Zephyr has a script for it, `scripts/utils/migrate_mcumgr_kconfigs.py`.",
     renamed},
    {"D114", ALK_ERROR, "A line that Kconfig does not read as an assignment",
     "An assignment is `CONFIG_NAME=value`, with no blank beside the equals sign, and text in double quotes.",
     "Write `CONFIG_NAME=y`, `CONFIG_NAME=123` or `CONFIG_NAME=\"text\"`.", malformed},
    {"D115", ALK_WARNING, "Two members of one choice are set",
     "Signature type, update mode and build strategy are choices: of several lines with `=y` the last one "
     "wins, and the "
     "others only give warnings.",
     "Keep the one you mean.", chosen_twice},
    {"D116", ALK_WARNING, "A directory replaces MCUboot's whole configuration",
     "`sysbuild/mcuboot/` and `child_image/mcuboot/` are not added to MCUboot's configuration, they take its "
     "place: "
     "`prj.conf`, `app.overlay` and `boards/` must all be there and complete.",
     "For a few settings use the file `sysbuild/mcuboot.conf` (or `child_image/mcuboot.conf`) and "
     "`sysbuild/mcuboot.overlay`; or copy all of MCUboot's `boot/zephyr` configuration into the directory.",
     replaced_directory},
    {"D117", ALK_WARNING, "`MCUBOOT_IMAGE_VERSION` sets no version under sysbuild",
     "Builds with child images took the image's version from this option. Sysbuild takes it from the file "
     "`VERSION` or "
     "`CONFIG_MCUBOOT_IMGTOOL_SIGN_VERSION`; without them every image is 0.0.0+0, and no version check can "
     "tell two apart.",
     "Make a file `VERSION` beside `prj.conf`, or set `CONFIG_MCUBOOT_IMGTOOL_SIGN_VERSION=\"1.2.3+4\"`.",
     old_version_option},
    {"D118", ALK_WARNING, "The image group lacks what it depends on",
     "Since Zephyr 3.3 `CONFIG_MCUMGR_GRP_IMG` depends on flash, the image manager and a CBOR library, and "
     "no longer "
     "selects them. If one is missing the group is silently left out and an upload answers \"not supported\" "
     "(rc 8).",
     "Set `CONFIG_NET_BUF`, `CONFIG_ZCBOR`, `CONFIG_CRC`, `CONFIG_FLASH`, `CONFIG_FLASH_MAP`, "
     "`CONFIG_STREAM_FLASH`, "
     "`CONFIG_IMG_MANAGER` and `CONFIG_MCUBOOT_IMG_MANAGER`; in the nRF Connect SDK from 2.4 "
     "`CONFIG_NCS_SAMPLE_MCUMGR_BT_OTA_DFU=y` sets them all.",
     missing_dependency},
    {NULL, ALK_NOTE, NULL, NULL, NULL, NULL},
};
