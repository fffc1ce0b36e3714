/* SPDX-License-Identifier: Apache-2.0 */
/* doctor_version.c - rules: will the version, or a counter, refuse the update? */
#include <string.h>

#include "airlock/text.h"
#include "host/lib/doctor_rule.h"

static const struct alk_setting *prevention(const struct alk_exam *x)
{
    const struct alk_setting *s = alk_value(x, ALK_ROLE_BOOT, "MCUBOOT_DOWNGRADE_PREVENTION");

    return s != NULL && strcmp(s->value, "y") == 0 ? s : NULL;
}

static const struct alk_setting *counting(const struct alk_exam *x)
{
    const struct alk_setting *s = alk_either(x, "MCUBOOT_HARDWARE_DOWNGRADE_PREVENTION", ALK_ROLE_BOOT,
                                             "MCUBOOT_HW_DOWNGRADE_PREVENTION");

    return s != NULL && strcmp(s->value, "y") == 0 ? s : NULL;
}

static void app_not_told(struct alk_exam *x)
{
    const struct alk_setting *s = prevention(x);
    int id = alk_mode_any(x) != NULL ? alk_mode_id(alk_mode_any(x)->name) : -1;

    if (s != NULL && id < 5 && !alk_on(x, ALK_ROLE_APP, "MCUBOOT_BOOTLOADER_NO_DOWNGRADE")) {
        alk_say_at(x, s, "the application lacks CONFIG_MCUBOOT_BOOTLOADER_NO_DOWNGRADE=y");
    }
}

/* The image that devices have: the factory image, if one was read. */
static const struct alk_found_image *fielded(const struct alk_exam *x)
{
    for (size_t i = 0; i < x->d->n_images; i++) {
        if (x->d->images[i].primary && alk_seen(x, x->d->images[i].file)) {
            return &x->d->images[i];
        }
    }
    return NULL;
}

static void older_version(struct alk_exam *x)
{
    const struct alk_found_image *old = fielded(x);
    const struct alk_setting *mode = alk_mode_any(x);
    bool matters = prevention(x) != NULL ||
                   (mode != NULL && (alk_mode_id(mode->name) == 5 || alk_mode_id(mode->name) == 6));
    char a[ALK_VERSION_TEXT], b[ALK_VERSION_TEXT];

    for (size_t n = 0; old != NULL && matters && n < x->d->n_images; n++) {
        const struct alk_found_image *i = &x->d->images[n];

        if (i->update && alk_seen(x, i->file) && alk_version_compare(&i->version, &old->version) < 0) {
            alk_version_text(a, &i->version);
            alk_version_text(b, &old->version);
            alk_say_addr(x, i->file, i->addr, "version %s, and the factory image has %s", a, b);
        }
    }
}

static void counter_falls(struct alk_exam *x)
{
    const struct alk_found_image *old = fielded(x);

    for (size_t n = 0; old != NULL && old->has_counter && n < x->d->n_images; n++) {
        const struct alk_found_image *i = &x->d->images[n];

        if (i->update && i->has_counter && alk_seen(x, i->file) && i->counter < old->counter) {
            alk_say_addr(x, i->file, i->addr, "security counter %u, and the factory image has %u", i->counter,
                         old->counter);
        }
    }
}

static void no_counter(struct alk_exam *x)
{
    const struct alk_setting *s = counting(x);

    for (size_t n = 0; s != NULL && n < x->d->n_images; n++) {
        const struct alk_found_image *i = &x->d->images[n];

        if (!i->has_counter && alk_seen(x, i->file) && (i->primary || i->update)) {
            alk_say_addr(x, i->file, i->addr, "no security counter, and %s=y", s->name);
        }
    }
}

static void no_version(struct alk_exam *x)
{
    static const struct alk_version zero;

    for (size_t n = 0; n < x->d->n_images; n++) {
        const struct alk_found_image *i = &x->d->images[n];

        if (i->update && alk_seen(x, i->file) && alk_version_compare(&i->version, &zero) == 0) {
            alk_say_addr(x, i->file, i->addr, "%s%sversion 0.0.0+0", i->inner, i->inner[0] != 0 ? ": " : "");
        }
    }
}

static void contradicting_arguments(struct alk_exam *x)
{
    static const char *const args[] = {"--pad ", "--confirm",   "--version",
                                       "--key",  "--slot-size", "--header-size"};
    const struct alk_setting *s = alk_value(x, ALK_ROLE_APP, "MCUBOOT_EXTRA_IMGTOOL_ARGS");

    for (size_t i = 0; s != NULL && !s->final && i < sizeof args / sizeof args[0]; i++) {
        size_t len = strcspn(args[i], " ");
        const char *p = strstr(s->value, args[i][len] != 0 ? "--pad" : args[i]);

        if (p != NULL && (p[len] == 0 || p[len] == ' ' || p[len] == '=')) {
            alk_say_at(x, s, "%.*s", (int)len, args[i]);
        }
    }
}

static void counter_in_chain(struct alk_exam *x)
{
    const struct alk_setting *s = counting(x), *chain = alk_chain(x);

    if (s != NULL && chain != NULL) {
        alk_say_at(x, s, "together with %s", chain->name);
    }
}

const struct alk_rule alk_rules_version[] = {
    {"D601", ALK_WARNING, "The bootloader refuses older versions, and the application does not know",
     "With `MCUBOOT_DOWNGRADE_PREVENTION` an update of a lower version is never swapped. The application "
     "still accepts it, "
     "reports it as pending, and nothing happens after the reset.",
     "`CONFIG_MCUBOOT_BOOTLOADER_NO_DOWNGRADE=y` in the application.", app_not_told},
    {"D602", ALK_ERROR, "The update is older than what devices have",
     "The bootloader compares versions (downgrade prevention, direct-XIP) and keeps the higher one.",
     "Raise the version: file `VERSION`, or `--version` when signing.", older_version},
    {"D603", ALK_ERROR, "The update's security counter is lower than the device's",
     "A counter never goes back: once an image with a higher one was confirmed, lower ones are refused for "
     "good.",
     "Sign with a counter at least as high: `--security-counter`.", counter_falls},
    {"D604", ALK_ERROR, "The bootloader wants a security counter, and the image has none",
     "With hardware downgrade prevention an image without a counter in its signed part is refused.",
     "`SB_CONFIG_MCUBOOT_HW_DOWNGRADE_PREVENTION_COUNTER_VALUE`, or `--security-counter` when signing.",
     no_counter},
    {"D605", ALK_WARNING, "The update has no version",
     "0.0.0+0 is what signing takes when nobody says a version. No tool can tell such an update from what "
     "runs already, and "
     "every version check refuses it.",
     "Make a file `VERSION` (up to SDK 2.6 `CONFIG_MCUBOOT_IMAGE_VERSION=\"1.2.3+4\"`).", no_version},
    {"D606", ALK_WARNING, "Extra arguments for imgtool contradict those of the build",
     "The build gives key, version, sizes and padding itself. A second `--pad` makes the update as large as "
     "the slot; a "
     "second `--version` or `--key` wins or loses by its place in the line.",
     "Take it out; version and key have options of their own.", contradicting_arguments},
    {"D607", ALK_ERROR, "Hardware counters do not go with the first stage",
     "The option is not offered together with the first stage (b0), which uses the counters itself.",
     "Leave out one of the two.", counter_in_chain},
    {NULL, ALK_NOTE, NULL, NULL, NULL, NULL},
};
