/* SPDX-License-Identifier: Apache-2.0 */
/* doctor_mode.c - rules: update modes, number of images, prebuilt bootloaders, serial recovery. */
#include <stdlib.h>
#include <string.h>

#include "host/lib/doctor_rule.h"

static int mode_of(const struct alk_exam *x)
{
    const struct alk_setting *mode = alk_mode_any(x);

    return mode != NULL ? alk_mode_id(mode->name) : -1;
}

static void modes_differ(struct alk_exam *x)
{
    const struct alk_setting *app = alk_mode(x, ALK_ROLE_APP), *boot = alk_mode(x, ALK_ROLE_BOOT);

    if (app == NULL || boot == NULL || (x->style == ALK_STYLE_SYSBUILD && !(app->final && boot->final))) {
        return;
    }
    if (alk_mode_id(app->name) != alk_mode_id(boot->name)) {
        alk_say_at(x, app, "the application expects %s, MCUboot does %s (%.150s:%u)",
                   alk_mode_name(alk_mode_id(app->name)), alk_mode_name(alk_mode_id(boot->name)),
                   x->d->files[boot->file].path, boot->line);
    }
}

static bool has_layout(const struct alk_exam *x, const struct alk_part **slot)
{
    static const enum alk_file_kind kinds[] = {ALK_FILE_BUILT, ALK_FILE_STATIC, ALK_FILE_DTS};

    for (size_t i = 0; i < 3; i++) {
        const struct alk_part *p = alk_part_named(
            x, kinds[i] == ALK_FILE_DTS ? "slot1_partition" : "mcuboot_secondary", kinds[i]);

        if (p != NULL) {
            *slot = p;
            return alk_part_named(x, "mcuboot_scratch", kinds[i]) != NULL ||
                   alk_part_named(x, "scratch_partition", kinds[i]) != NULL;
        }
    }
    return true;
}

static void no_scratch(struct alk_exam *x)
{
    const struct alk_part *slot = NULL;

    if (mode_of(x) == 1 && !has_layout(x, &slot)) {
        alk_say_file(x, slot->file, slot->line, "slots, but no scratch partition");
    }
}

static bool has_sources(const struct alk_exam *x)
{
    for (size_t i = 0; i < x->d->n_files; i++) {
        if (x->d->files[i].kind == ALK_FILE_SOURCE) {
            return true;
        }
    }
    return false;
}

static void test_without_revert(struct alk_exam *x)
{
    const struct alk_setting *mode = alk_mode_any(x);

    if (mode_of(x) == 4 && x->d->confirms) {
        alk_say_at(x, mode, "and the sources call boot_write_img_confirmed()");
    }
}

/* Somebody else may confirm: a tool, through the image group. */
static bool is_managed(const struct alk_exam *x)
{
    static const char *const names[] = {"MCUMGR_GRP_IMG", "MCUMGR_CMD_IMG_MGMT",
                                        "NCS_SAMPLE_MCUMGR_BT_OTA_DFU"};

    for (size_t i = 0; i < 3; i++) {
        const struct alk_setting *s = NULL;

        while ((s = alk_setting_next(x, s, names[i], ALK_ROLE_APP)) != NULL) {
            if (strcmp(s->value, "y") == 0) {
                return true;
            }
        }
    }
    return false;
}

static void nobody_confirms(struct alk_exam *x)
{
    const struct alk_setting *mode = alk_mode_any(x);
    int id = mode_of(x);

    if (((id >= 1 && id <= 3) || id == 6) && has_sources(x) && !x->d->confirms && !is_managed(x)) {
        alk_say_at(x, mode, "no source file calls boot_write_img_confirmed(), and there is no image group");
    }
}

static void unchecked_boot(struct alk_exam *x)
{
    const struct alk_setting *s = alk_value(x, ALK_ROLE_BOOT, "BOOT_VALIDATE_SLOT0");

    if (s != NULL && strcmp(s->value, "n") == 0) {
        alk_say_at(x, s, "BOOT_VALIDATE_SLOT0=n");
    }
}

static void image_numbers(struct alk_exam *x)
{
    const struct alk_setting *app = alk_value(x, ALK_ROLE_APP, "UPDATEABLE_IMAGE_NUMBER");
    const struct alk_setting *boot = alk_value(x, ALK_ROLE_BOOT, "UPDATEABLE_IMAGE_NUMBER");
    bool one_more = alk_chain(x) != NULL && x->style == ALK_STYLE_SYSBUILD;

    if (app == NULL || boot == NULL || (x->style == ALK_STYLE_SYSBUILD && !(app->final && boot->final))) {
        return;
    }
    if (atoi(boot->value) != atoi(app->value) && !(one_more && atoi(boot->value) == atoi(app->value) + 1)) {
        alk_say_at(x, app, "%s for the application, %s for MCUboot", app->value, boot->value);
    }
}

static const struct alk_setting *hex_strategy(const struct alk_exam *x)
{
    const struct alk_setting *s = alk_value(x, ALK_ROLE_APP, "MCUBOOT_BUILD_STRATEGY_USE_HEX_FILE");

    return s != NULL && strcmp(s->value, "y") == 0 ? s : NULL;
}

static void prebuilt_and_options(struct alk_exam *x)
{
    if (hex_strategy(x) == NULL || x->style == ALK_STYLE_SYSBUILD) {
        return;
    }
    for (size_t i = 0; i < x->d->n_settings; i++) {
        const struct alk_setting *s = &x->d->settings[i];

        if (s->role == ALK_ROLE_BOOT && !s->final && !s->bad &&
            alk_symbol_named(s->name, ALK_IN_BOOT) != NULL) {
            alk_say_at(x, s, "CONFIG_%s cannot change a bootloader that is built already", s->name);
        }
    }
}

static void prebuilt_incomplete(struct alk_exam *x)
{
    const struct alk_setting *s = hex_strategy(x);
    bool layout = false;

    if (s == NULL || x->style == ALK_STYLE_SYSBUILD) {
        return;
    }
    for (size_t i = 0; i < x->d->n_files; i++) {
        layout = layout || x->d->files[i].kind == ALK_FILE_STATIC;
    }
    if (alk_value(x, ALK_ROLE_APP, "BOOT_SIGNATURE_KEY_FILE") == NULL) {
        alk_say_at(x, s, "CONFIG_BOOT_SIGNATURE_KEY_FILE (the key of that bootloader) is not set");
    }
    if (alk_value(x, ALK_ROLE_APP, "MCUBOOT_HEX_FILE") == NULL) {
        alk_say_at(x, s, "CONFIG_MCUBOOT_HEX_FILE is not set");
    }
    if (!layout && x->d->root != NULL) {
        alk_say_at(x, s, "there is no pm_static.yml with that bootloader's layout");
    }
}

static void hex_without_strategy(struct alk_exam *x)
{
    const struct alk_setting *s = alk_value(x, ALK_ROLE_APP, "MCUBOOT_HEX_FILE");

    if (s != NULL && *s->value != 0 && !s->final && hex_strategy(x) == NULL &&
        x->style != ALK_STYLE_SYSBUILD) {
        alk_say_at(x, s, "MCUBOOT_BUILD_STRATEGY_USE_HEX_FILE is not y: MCUboot is built from source");
    }
}

static void prebuilt_sysbuild(struct alk_exam *x)
{
    const struct alk_setting *s = NULL;

    while (x->style == ALK_STYLE_SYSBUILD &&
           (s = alk_setting_next(x, s, "MCUBOOT_BUILD_STRATEGY_USE_HEX_FILE", ALK_ROLE_APP)) != NULL) {
        if (!s->final && strcmp(s->value, "y") == 0) {
            alk_say_at(x, s, "sysbuild builds all images from source");
        }
    }
}

static void two_cores_swap(struct alk_exam *x)
{
    const struct alk_setting *s = alk_value(x, ALK_ROLE_SYSBUILD, "MCUBOOT_NRF53_MULTI_IMAGE_UPDATE");

    if (s != NULL && strcmp(s->value, "y") == 0 && mode_of(x) != 4) {
        alk_say_at(x, s, "without SB_CONFIG_MCUBOOT_MODE_OVERWRITE_ONLY=y");
    }
}

static void console_in_the_way(struct alk_exam *x)
{
    const struct alk_setting *s = alk_value(x, ALK_ROLE_BOOT, "MCUBOOT_SERIAL");
    const struct alk_setting *console = alk_value(x, ALK_ROLE_BOOT, "UART_CONSOLE");
    bool own_uart = false;

    for (size_t i = 0; i < x->d->n_chosen; i++) {
        own_uart = own_uart || strcmp(x->d->chosen[i].name, "zephyr,uart-mcumgr") == 0;
    }
    if (s != NULL && strcmp(s->value, "y") == 0 && console != NULL && strcmp(console->value, "y") == 0 &&
        !own_uart) {
        alk_say_at(x, console, "UART_CONSOLE=y, and MCUBOOT_SERIAL=y takes the same UART");
    }
}

static void upload_to_one_slot(struct alk_exam *x)
{
    const struct alk_setting *mode = alk_mode_any(x);

    if (mode_of(x) == 0 && is_managed(x)) {
        alk_say_at(x, mode, "single slot, and the application has an image group for uploads");
    }
}

const struct alk_rule alk_rules_mode[] = {
    {"D501", ALK_ERROR, "Application and bootloader expect different update modes",
     "The mode decides where an update is written, how large it may be and whether it can be tested. With "
     "swap with offset "
     "the application writes one sector higher; a bootloader that swaps by move does not find the update "
     "there.",
     "Pin the mode of the *deployed* bootloader: `SB_CONFIG_MCUBOOT_MODE_*` in `sysbuild.conf`, otherwise "
     "the matching "
     "pair `CONFIG_BOOT_SWAP_USING_*` (MCUboot) and `CONFIG_MCUBOOT_BOOTLOADER_MODE_*` (application).",
     modes_differ},
    {"D502", ALK_ERROR, "Swap with scratch, but no scratch partition",
     "This mode needs a scratch area at least as large as the largest sector.",
     "Add `mcuboot_scratch` (devicetree: `scratch_partition`), or use swap by move.", no_scratch},
    {"D503", ALK_NOTE, "Overwrite only: there is no test and no way back",
     "In this mode the old image is gone after an update. \"Test\" means \"permanent\", and confirming does "
     "nothing.",
     "Use a swap mode if a bad update must be undone; otherwise verify updates before you send them.",
     test_without_revert},
    {"D504", ALK_WARNING, "Nobody confirms an update",
     "After a test swap the application must confirm itself, or the next reset brings the old one back.",
     "Call `boot_write_img_confirmed()` after a self-test, or have the uploading tool confirm (`airlock "
     "upgrade` does).",
     nobody_confirms},
    {"D505", ALK_WARNING, "The primary slot is not checked at boot",
     "`BOOT_VALIDATE_SLOT0=n`: what was written to the primary slot runs, whoever wrote it.",
     "Leave the default `y`, or have the slot write-protected.", unchecked_boot},
    {"D506", ALK_ERROR, "Application and bootloader count different numbers of images",
     "`UPDATEABLE_IMAGE_NUMBER` must be the same in both, or an image of the second pair of slots is never "
     "looked at. (With "
     "a first stage sysbuild gives MCUboot one more, on purpose.)",
     "Set both to the same number; under sysbuild `SB_CONFIG_MCUBOOT_UPDATEABLE_IMAGES`.", image_numbers},
    {"D507", ALK_ERROR, "The bootloader is prebuilt: its options do nothing",
     "With `MCUBOOT_BUILD_STRATEGY_USE_HEX_FILE` no MCUboot is built. Keys, types and modes in its "
     "configuration change "
     "nothing: the key is the one inside the hex file.",
     "Delete them, or build the bootloader from source. airlock's bootloader takes your key without "
     "compiling: `airlock "
     "provision`.",
     prebuilt_and_options},
    {"D508", ALK_ERROR, "A prebuilt bootloader, but not all it needs",
     "The build must know the hex file, the key that bootloader verifies with, and the layout it was built "
     "for.",
     "In `prj.conf`: `CONFIG_MCUBOOT_HEX_FILE` and `CONFIG_BOOT_SIGNATURE_KEY_FILE`; and a `pm_static.yml` "
     "beside it.",
     prebuilt_incomplete},
    {"D509", ALK_ERROR, "A hex file is named, but not used",
     "`MCUBOOT_HEX_FILE` counts only with the strategy `USE_HEX_FILE`. With the default strategy a "
     "bootloader is built from "
     "source, with other keys than those in the hex.",
     "`CONFIG_MCUBOOT_BUILD_STRATEGY_USE_HEX_FILE=y`, or delete the line.", hex_without_strategy},
    {"D510", ALK_ERROR, "Sysbuild takes no prebuilt bootloader",
     "From SDK 2.7 on all images are built from source; the build strategies are gone.",
     "Leave out `SB_CONFIG_BOOTLOADER_MCUBOOT`, sign the application with the bootloader's key and merge the "
     "two hex files.",
     prebuilt_sysbuild},
    {"D511", ALK_WARNING, "Both cores at once, with swap: a revert can brick the device",
     "The network core's image cannot be swapped back together with the application's. The SDK documents the "
     "danger.",
     "`SB_CONFIG_MCUBOOT_MODE_OVERWRITE_ONLY=y`.", two_cores_swap},
    {"D512", ALK_ERROR, "Console and serial recovery want the same UART",
     "MCUboot does not compile with a console on the UART that serial recovery uses.",
     "`CONFIG_UART_CONSOLE=n` in MCUboot's configuration, or `chosen { zephyr,uart-mcumgr = ...; }` for "
     "another UART.",
     console_in_the_way},
    {"D513", ALK_ERROR, "One slot only: the application cannot take an update",
     "In single-slot mode there is nowhere to upload to while the application runs; the image group is left "
     "out.",
     "Use two slots, or update through serial recovery.", upload_to_one_slot},
    {NULL, ALK_NOTE, NULL, NULL, NULL, NULL},
};
