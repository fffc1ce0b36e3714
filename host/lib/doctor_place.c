/* SPDX-License-Identifier: Apache-2.0 */
/* doctor_place.c - rules: is each option in the file of the image that has it? */
#include <string.h>

#include "host/lib/doctor_rule.h"

/* Every setting somebody wrote, one after the other. */
static const struct alk_setting *next_asked(const struct alk_exam *x, const struct alk_setting *s)
{
    const struct alk_doctor *d = x->d;

    for (size_t i = s == NULL ? 0 : (size_t)(s - d->settings) + 1; i < d->n_settings; i++) {
        s = &d->settings[i];
        if (!s->final && !s->bad && alk_seen(x, s->file)) {
            return s;
        }
    }
    return NULL;
}

static const struct alk_file *file_of(const struct alk_exam *x, const struct alk_setting *s)
{
    return &x->d->files[s->file];
}

/* SDKs without sysbuild do not read sysbuild/, and the other way round: then only that is reported. */
static bool is_dead(const struct alk_exam *x, const struct alk_setting *s)
{
    return (file_of(x, s)->child && x->style == ALK_STYLE_SYSBUILD) ||
           (file_of(x, s)->sysbuild && x->style == ALK_STYLE_CHILD);
}

static bool uses_hex(const struct alk_exam *x)
{
    return alk_on(x, ALK_ROLE_APP, "MCUBOOT_BUILD_STRATEGY_USE_HEX_FILE") ||
           alk_on(x, ALK_ROLE_APP, "MCUBOOT_BUILD_STRATEGY_SKIP_BUILD");
}

static const char *home(const struct alk_exam *x, const struct alk_symbol *known)
{
    if (x->style == ALK_STYLE_SYSBUILD) {
        return known->twin != NULL ? "sysbuild.conf" : "sysbuild/mcuboot.conf";
    }
    return x->style == ALK_STYLE_CHILD ? "child_image/mcuboot.conf" : "the MCUboot image's configuration";
}

static void boot_option_in_app(struct alk_exam *x)
{
    for (const struct alk_setting *s = next_asked(x, NULL); s != NULL; s = next_asked(x, s)) {
        const struct alk_symbol *known = alk_symbol_named(s->name, ALK_IN_BOOT);
        bool twin;

        if (known == NULL || s->role != ALK_ROLE_APP || s->sb || (known->where & ALK_IN_APP) != 0 ||
            strcmp(s->name, "BOOT_SIGNATURE_KEY_FILE") == 0 || alk_defined(x, s->name)) {
            continue;
        }
        twin = x->style == ALK_STYLE_SYSBUILD && known->twin != NULL;
        alk_say_at(x, s, "CONFIG_%s is an option of MCUboot; it belongs in %s%s%s", s->name, home(x, known),
                   twin ? " as SB_CONFIG_" : "", twin ? known->twin : "");
    }
}

static void sign_key_in_app(struct alk_exam *x)
{
    const struct alk_setting *s = NULL;

    while ((s = alk_setting_next(x, s, "BOOT_SIGNATURE_KEY_FILE", ALK_ROLE_APP)) != NULL) {
        if (s->final || s->sb || uses_hex(x) || alk_defined(x, s->name)) {
            continue;
        }
        if (x->style == ALK_STYLE_SYSBUILD) {
            alk_say_at(x, s, "Kconfig drops it here; sysbuild.conf: SB_CONFIG_BOOT_SIGNATURE_KEY_FILE=\"%s\"",
                       s->value);
        } else {
            alk_say_at(x, s,
                       "Kconfig drops it here (\"got the value ''\"), because MCUboot is built from source");
        }
    }
}

static void app_sign_key_ignored(struct alk_exam *x)
{
    const struct alk_setting *s = NULL;

    while ((s = alk_setting_next(x, s, "MCUBOOT_SIGNATURE_KEY_FILE", ALK_ROLE_APP)) != NULL) {
        if (!s->final && x->style == ALK_STYLE_CHILD && *s->value != 0) {
            alk_say_at(x, s, "\"%s\" is not used: here the bootloader's key file signs the application too",
                       s->value);
        }
    }
}

static void app_option_in_boot(struct alk_exam *x)
{
    for (const struct alk_setting *s = next_asked(x, NULL); s != NULL; s = next_asked(x, s)) {
        const struct alk_symbol *known = alk_symbol_named(s->name, ALK_IN_APP);
        bool ours = strncmp(s->name, "MCUBOOT", 7) == 0 || strncmp(s->name, "BOOTLOADER", 10) == 0 ||
                    strncmp(s->name, "SB_", 3) == 0;

        if (known != NULL && s->role == ALK_ROLE_BOOT && !s->sb && ours &&
            (known->where & ALK_IN_BOOT) == 0 && !is_dead(x, s)) {
            alk_say_at(x, s, "CONFIG_%s is an option of the application; MCUboot has none of that name",
                       s->name);
        }
    }
}

static void wrong_prefix(struct alk_exam *x)
{
    for (const struct alk_setting *s = next_asked(x, NULL); s != NULL; s = next_asked(x, s)) {
        if (s->sb && s->role != ALK_ROLE_SYSBUILD) {
            alk_say_at(x, s, "SB_CONFIG_%s is an option of sysbuild: only sysbuild.conf (or -D) can set it",
                       s->name);
        } else if (!s->sb && s->role == ALK_ROLE_SYSBUILD) {
            const struct alk_symbol *known = alk_symbol_named(s->name, ALK_IN_APP | ALK_IN_BOOT | ALK_IN_SB);
            const char *twin = known != NULL && known->twin != NULL ? known->twin : s->name;

            alk_say_at(x, s, "sysbuild reads SB_CONFIG_ names only: SB_CONFIG_%s", twin);
        }
    }
}

/* One finding a directory, at its first file. */
static int first_file(const struct alk_exam *x, bool child)
{
    for (size_t i = 0; i < x->d->n_files; i++) {
        const struct alk_file *f = &x->d->files[i];

        if (f->build == 0 && (child ? f->child : f->sysbuild)) {
            return (int)i;
        }
    }
    return -1;
}

static void child_image_unread(struct alk_exam *x)
{
    int file = first_file(x, true);

    if (file >= 0 && x->style == ALK_STYLE_SYSBUILD) {
        alk_say_file(x, (unsigned)file, 0, "nothing in child_image/ reaches this build");
    }
}

static void sysbuild_unread(struct alk_exam *x)
{
    int file = first_file(x, false);

    if (file >= 0 && x->style == ALK_STYLE_CHILD) {
        alk_say_file(x, (unsigned)file, 0, "nothing in it reaches this build");
    }
}

static void both_styles(struct alk_exam *x)
{
    int child = first_file(x, true), sysbuild = first_file(x, false);

    if (child >= 0 && sysbuild >= 0 && x->style == ALK_STYLE_UNKNOWN) {
        alk_say_file(x, (unsigned)child, 0,
                     "and %s: a build reads one of the two, the SDK's version decides which",
                     x->d->files[sysbuild].path);
    }
}

static void forced_by_sysbuild(struct alk_exam *x)
{
    for (const struct alk_setting *s = next_asked(x, NULL); s != NULL; s = next_asked(x, s)) {
        unsigned where = s->role == ALK_ROLE_APP ? ALK_IN_APP : ALK_IN_BOOT;
        const struct alk_symbol *known = alk_symbol_named(s->name, where);
        const struct alk_setting *sb;

        if (x->style != ALK_STYLE_SYSBUILD || s->sb || known == NULL || known->twin == NULL ||
            is_dead(x, s) || (s->role != ALK_ROLE_APP && s->role != ALK_ROLE_BOOT) ||
            strcmp(s->name, "BOOTLOADER_MCUBOOT") == 0) {
            continue;
        }
        sb = alk_value(x, ALK_ROLE_SYSBUILD, known->twin);
        if (sb == NULL || strcmp(sb->value, s->value) != 0) {
            alk_say_at(x, s, "CONFIG_%s=%s is overwritten; sysbuild.conf decides: SB_CONFIG_%s", s->name,
                       s->value, known->twin);
        }
    }
}

static void no_bootloader(struct alk_exam *x)
{
    const struct alk_setting *s = NULL;

    while (x->style == ALK_STYLE_SYSBUILD && !alk_on(x, ALK_ROLE_SYSBUILD, "BOOTLOADER_MCUBOOT") &&
           (s = alk_setting_next(x, s, "BOOTLOADER_MCUBOOT", ALK_ROLE_APP)) != NULL) {
        if (!s->final && s->main && strcmp(s->value, "y") == 0) {
            alk_say_at(x, s, "sysbuild overwrites it with n: there will be no bootloader");
        }
    }
}

const struct alk_rule alk_rules_place[] = {
    {"D101", ALK_ERROR, "An option of MCUboot stands in the application's configuration",
     "MCUboot is an image of its own with a Kconfig tree of its own, also when the application's build makes "
     "it. Its "
     "options (`BOOT_SIGNATURE_TYPE_*`, `BOOT_ENCRYPT_*`, `BOOT_SWAP_*`, `BOOT_MAX_IMG_SECTORS` and so on) "
     "do not exist in "
     "the application: Kconfig stops with \"undefined symbol\", or the line does nothing.",
     "Move the line to the bootloader's configuration: `child_image/mcuboot.conf` up to SDK 2.6, from 2.7 "
     "`sysbuild/mcuboot.conf`, or `sysbuild.conf` where sysbuild has an option for it.",
     boot_option_in_app},
    {"D102", ALK_ERROR, "The key file's option stands in the application's configuration",
     "The application has an option `BOOT_SIGNATURE_KEY_FILE` too, but only for a bootloader that is *not* "
     "built from "
     "source. With a bootloader from source Kconfig drops the line and the build goes on with the public "
     "sample key.",
     "Up to SDK 2.6: `CONFIG_BOOT_SIGNATURE_KEY_FILE=\"/absolute/path.pem\"` in `child_image/mcuboot.conf`. "
     "From 2.7: "
     "`SB_CONFIG_BOOT_SIGNATURE_KEY_FILE` in `sysbuild.conf`. Do not change the build strategy to silence "
     "the warning.",
     sign_key_in_app},
    {"D103", ALK_ERROR, "`MCUBOOT_SIGNATURE_KEY_FILE` does nothing in a build with child images",
     "The nRF Connect SDK up to 2.6 signs the application with the key file of its child image MCUboot, and "
     "warns that "
     "this option is ignored. The application is then signed with the sample key unless MCUboot's own option "
     "is set.",
     "Delete the line; set `CONFIG_BOOT_SIGNATURE_KEY_FILE` with an absolute path in "
     "`child_image/mcuboot.conf`.",
     app_sign_key_ignored},
    {"D104", ALK_ERROR, "An option of the application stands in MCUboot's configuration",
     "`MCUBOOT_BOOTLOADER_MODE_*`, `MCUBOOT_SIGNATURE_KEY_FILE`, `BOOTLOADER_MCUBOOT` and their like tell an "
     "application "
     "about its bootloader. MCUboot has other names for the same choices.",
     "Use MCUboot's name (`CONFIG_BOOT_SWAP_USING_MOVE`, `CONFIG_BOOT_UPGRADE_ONLY`, "
     "`CONFIG_BOOT_SIGNATURE_KEY_FILE`), or "
     "move the line to `prj.conf`.",
     app_option_in_boot},
    {"D105", ALK_ERROR, "`SB_CONFIG_` and `CONFIG_` are mixed up",
     "Options of sysbuild begin with `SB_CONFIG_` and stand in `sysbuild.conf`; those of an image begin with "
     "`CONFIG_` and "
     "stand in a file of that image. In the wrong file the line has no effect or stops the build.",
     "Move the line to the file its prefix asks for, or give it the name it has there.", wrong_prefix},
    {"D106", ALK_ERROR, "`child_image/` is not read by sysbuild",
     "Sysbuild replaced child images in SDK 2.7. What stands in `child_image/` is passed over without a "
     "word: own keys, "
     "modes and sizes fall back to their defaults, the key to the sample key.",
     "Move `child_image/mcuboot.conf` to `sysbuild/mcuboot.conf`, and keys, signature type, mode and "
     "encryption to "
     "`sysbuild.conf` (`SB_CONFIG_BOOT_SIGNATURE_KEY_FILE`, `SB_CONFIG_BOOT_SIGNATURE_TYPE_*`, "
     "`SB_CONFIG_MCUBOOT_MODE_*`, "
     "`SB_CONFIG_BOOT_ENCRYPTION`). Then delete `child_image/`.",
     child_image_unread},
    {"D107", ALK_ERROR, "Files for sysbuild, but this SDK builds with child images",
     "The nRF Connect SDK has sysbuild from 2.7 on. Before that `sysbuild.conf` and `sysbuild/` are not "
     "read.",
     "Put the settings into `prj.conf` and `child_image/mcuboot.conf`, or move to SDK 2.7 or later.",
     sysbuild_unread},
    {"D108", ALK_WARNING, "Both `child_image/` and sysbuild files are there",
     "A build reads only one of the two. Which one depends on the SDK's version and on how `west build` was "
     "called, so a "
     "setting may be lost when somebody builds with another SDK.",
     "Keep the one your SDK reads; tell the doctor with `--sdk X.Y` which one that is.", both_styles},
    {"D109", ALK_WARNING, "Sysbuild overwrites this option",
     "Sysbuild sets a list of options in the images it builds, whatever their own files say: signature type "
     "and key, "
     "encryption, update mode, number of images. A line in the image's file has no effect unless it happens "
     "to agree.",
     "Set the `SB_CONFIG_` option in `sysbuild.conf` and delete this line.", forced_by_sysbuild},
    {"D110", ALK_ERROR, "The bootloader is asked for in `prj.conf` only",
     "With sysbuild the application does not decide which images are built. `CONFIG_BOOTLOADER_MCUBOOT=y` in "
     "`prj.conf` is "
     "overwritten with `n`, and the application is linked to run without a bootloader.",
     "`SB_CONFIG_BOOTLOADER_MCUBOOT=y` in `sysbuild.conf`; delete the line in `prj.conf`.", no_bootloader},
    {NULL, ALK_NOTE, NULL, NULL, NULL, NULL},
};
