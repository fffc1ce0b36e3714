/* SPDX-License-Identifier: Apache-2.0 */
/* doctor_slot.c - rules: partitions and slots. */
#include <stdlib.h>
#include <string.h>

#include "host/lib/doctor_rule.h"

#define PAGE 4096u

static bool size_of(uint32_t *size, const struct alk_part *p)
{
    *size = p == NULL ? 0 : p->has_size ? p->size : p->end - p->addr;
    return p != NULL && (p->has_size || (p->has_addr && p->has_end && p->end >= p->addr));
}

static enum alk_file_kind kind_of(const struct alk_exam *x, const struct alk_part *p)
{
    return x->d->files[p->file].kind;
}

/* A partition of the same file. */
static const struct alk_part *sibling(const struct alk_exam *x, const struct alk_part *p, const char *name)
{
    for (size_t i = 0; i < x->d->n_parts; i++) {
        if (x->d->parts[i].file == p->file && strcmp(x->d->parts[i].name, name) == 0) {
            return &x->d->parts[i];
        }
    }
    return NULL;
}

static int mode_id(const struct alk_exam *x)
{
    const struct alk_setting *mode = alk_mode_any(x);

    return mode != NULL ? alk_mode_id(mode->name) : -1;
}

static void unequal(struct alk_exam *x, const struct alk_part *a, const struct alk_part *b)
{
    uint32_t m, n;
    int id = mode_id(x);

    if (!size_of(&m, a) || !size_of(&n, b) || m == n || id == 0 || id >= 5) {
        return;
    }
    if ((m == n + PAGE && (id == 2 || id == -1)) || (n == m + PAGE && (id == 3 || id == -1))) {
        return;
    }
    alk_say_file(x, b->file, b->line, "%s has %u bytes, %s %u", b->name, n, a->name, m);
}

static void unequal_slots(struct alk_exam *x)
{
    static const char *const pairs[][2] = {{"mcuboot_primary", "mcuboot_secondary"},
                                           {"mcuboot_primary_1", "mcuboot_secondary_1"},
                                           {"slot0_partition", "slot1_partition"},
                                           {"slot2_partition", "slot3_partition"}};

    for (size_t i = 0; i < x->d->n_parts; i++) {
        const struct alk_part *p = &x->d->parts[i];

        for (size_t k = 0; k < 4 && alk_seen(x, p->file); k++) {
            if (strcmp(p->name, pairs[k][0]) == 0) {
                unequal(x, p, sibling(x, p, pairs[k][1]));
            }
        }
    }
}

/* Names that hold others, whether the file says so or not. */
static bool holds_others(const struct alk_part *p)
{
    static const char *const names[] = {
        "mcuboot_primary", "mcuboot_primary_app", "mcuboot_secondary", "s0",         "s1",
        "b0_container",    "nonsecure_storage",   "external_flash",    "tfm_secure", "tfm_nonsecure",
        "s0_image_and_pad"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(p->name, names[i]) == 0) {
            return true;
        }
    }
    return p->span;
}

static bool overlaps(const struct alk_exam *x, const struct alk_part *a, const struct alk_part *b)
{
    uint32_t m, n;
    bool inside;

    if (a->file != b->file || !a->has_addr || !b->has_addr || strcmp(a->region, b->region) != 0 ||
        !size_of(&m, a) || !size_of(&n, b)) {
        return false;
    }
    inside = (a->addr >= b->addr && a->addr + (uint64_t)m <= b->addr + (uint64_t)n) ||
             (b->addr >= a->addr && b->addr + (uint64_t)n <= a->addr + (uint64_t)m);
    if (inside && (holds_others(a) || holds_others(b))) {
        return false;
    }
    if (inside && kind_of(x, a) == ALK_FILE_DTS && strcmp(a->name, b->name) != 0 && m != n) {
        return false; /* a devicetree may nest them */
    }
    return m > 0 && n > 0 && a->addr < b->addr + (uint64_t)n && b->addr < a->addr + (uint64_t)m;
}

static void overlapping(struct alk_exam *x)
{
    for (size_t i = 0; i < x->d->n_parts; i++) {
        for (size_t k = i + 1; k < x->d->n_parts; k++) {
            const struct alk_part *a = &x->d->parts[i], *b = &x->d->parts[k];

            if (alk_seen(x, a->file) && strcmp(a->name, b->name) != 0 && overlaps(x, a, b)) {
                alk_say_file(x, b->file, b->line, "%s begins at 0x%x, where %s (0x%x) still lasts", b->name,
                             b->addr, a->name, a->addr);
                break;
            }
        }
    }
}

static void unaligned(struct alk_exam *x)
{
    for (size_t i = 0; i < x->d->n_parts; i++) {
        const struct alk_part *p = &x->d->parts[i];
        bool slot = strncmp(p->name, "mcuboot_primary", 15) == 0 ||
                    strncmp(p->name, "mcuboot_secondary", 17) == 0;
        uint32_t size;

        if (!alk_seen(x, p->file) || kind_of(x, p) == ALK_FILE_DTS || !slot ||
            strstr(p->name, "_app") != NULL || strstr(p->name, "_pad") != NULL ||
            strcmp(p->region, "ram_flash") == 0 || !size_of(&size, p)) {
            continue;
        }
        if ((p->has_addr && p->addr % PAGE != 0) || size % PAGE != 0) {
            alk_say_file(x, p->file, p->line, "%s: address 0x%x, size 0x%x", p->name, p->addr, size);
        }
    }
}

/* Only one static file, and that is the one every board uses. */
static bool one_static(const struct alk_exam *x)
{
    size_t n = 0;

    for (size_t i = 0; i < x->d->n_files; i++) {
        n += x->d->files[i].kind == ALK_FILE_STATIC && x->d->files[i].role == ALK_ROLE_APP;
    }
    return n == 1;
}

static void not_as_built(struct alk_exam *x)
{
    for (size_t i = 0; one_static(x) && i < x->d->n_parts; i++) {
        const struct alk_part *p = &x->d->parts[i], *built;
        uint32_t m, n;

        if (kind_of(x, p) != ALK_FILE_STATIC) {
            continue;
        }
        built = alk_part_named(x, p->name, ALK_FILE_BUILT);
        if (built != NULL && p->has_addr && built->has_addr && size_of(&m, p) && size_of(&n, built) &&
            (p->addr != built->addr || m != n)) {
            alk_say_file(x, p->file, p->line, "%s: 0x%x, %u bytes; the build has 0x%x, %u bytes", p->name,
                         p->addr, m, built->addr, n);
        }
    }
}

static bool is_slot_label(const char *name)
{
    return strcmp(name, "boot_partition") == 0 || strcmp(name, "slot0_partition") == 0 ||
           strcmp(name, "slot1_partition") == 0 || strcmp(name, "scratch_partition") == 0;
}

static const struct alk_part *node_of(const struct alk_exam *x, const char *name, enum alk_role role,
                                      bool built)
{
    for (size_t i = 0; i < x->d->n_parts; i++) {
        const struct alk_part *p = &x->d->parts[i];
        const struct alk_file *f = &x->d->files[p->file];

        if (f->kind == ALK_FILE_DTS && f->role == role && (f->build != 0) == built && alk_seen(x, p->file) &&
            strcmp(p->name, name) == 0) {
            return p;
        }
    }
    return NULL;
}

static bool has_built_dts(const struct alk_exam *x, enum alk_role role)
{
    for (unsigned i = 0; i < x->d->n_files; i++) {
        const struct alk_file *f = &x->d->files[i];

        if (f->kind == ALK_FILE_DTS && f->role == role && f->build != 0 && alk_seen(x, i)) {
            return true;
        }
    }
    return false;
}

static bool has_kind(const struct alk_exam *x, enum alk_file_kind kind)
{
    for (unsigned i = 0; i < x->d->n_files; i++) {
        if (x->d->files[i].kind == kind && alk_seen(x, i)) {
            return true;
        }
    }
    return false;
}

/* Overlays for several boards: which one meets which is not known from the sources. */
static bool is_ambiguous(const struct alk_exam *x, const char *name, enum alk_role role)
{
    size_t n = 0;

    for (size_t i = 0; i < x->d->n_parts; i++) {
        const struct alk_file *f = &x->d->files[x->d->parts[i].file];

        n += f->kind == ALK_FILE_DTS && f->build == 0 && f->role == role &&
             strcmp(x->d->parts[i].name, name) == 0;
    }
    return n > 1;
}

/* With the partition manager the devicetree's partitions do not count. */
static bool dts_counts(const struct alk_exam *x)
{
    bool managed = x->style == ALK_STYLE_CHILD || has_kind(x, ALK_FILE_STATIC) ||
                   has_kind(x, ALK_FILE_BUILT) ||
                   (x->d->ncs != 0 && x->d->ncs < 305 &&
                    !alk_is(x, ALK_ROLE_SYSBUILD, "PARTITION_MANAGER", "n"));

    return !managed;
}

static void images_disagree(struct alk_exam *x)
{
    bool built = has_built_dts(x, ALK_ROLE_APP) && has_built_dts(x, ALK_ROLE_BOOT);

    for (size_t i = 0; dts_counts(x) && i < x->d->n_parts; i++) {
        const struct alk_part *p = &x->d->parts[i], *q;
        const struct alk_file *f = &x->d->files[p->file];

        if (f->kind != ALK_FILE_DTS || f->role != ALK_ROLE_APP || (f->build != 0) != built ||
            !alk_seen(x, p->file) || !is_slot_label(p->name)) {
            continue;
        }
        if (!built && (is_ambiguous(x, p->name, ALK_ROLE_APP) || is_ambiguous(x, p->name, ALK_ROLE_BOOT))) {
            continue;
        }
        q = node_of(x, p->name, ALK_ROLE_BOOT, built);
        if (q != NULL && (q->addr != p->addr || q->size != p->size)) {
            alk_say_file(x, q->file, q->line,
                         "%s: 0x%x, %u bytes; the application has 0x%x, %u bytes (%.120s:%u)", q->name,
                         q->addr, q->size, p->addr, p->size, f->path, p->line);
        } else if (q == NULL && !built && alk_has_boot(x) && x->style != ALK_STYLE_PLAIN) {
            alk_say_file(x, p->file, p->line, "%s is changed for the application only", p->name);
        }
    }
}

static void foreign_names(struct alk_exam *x)
{
    static const char *const names[] = {"slot0",          "slot1",      "slot_0",          "slot_1",
                                        "image_0",        "image_1",    "slot0_partition", "slot1_partition",
                                        "boot_partition", "bootloader", "primary",         "secondary"};

    for (size_t i = 0; i < x->d->n_parts; i++) {
        const struct alk_part *p = &x->d->parts[i];

        for (size_t k = 0; k < sizeof names / sizeof names[0] && kind_of(x, p) == ALK_FILE_STATIC; k++) {
            if (strcmp(p->name, names[k]) == 0) {
                alk_say_file(x, p->file, p->line, "\"%s\"", p->name);
            }
        }
    }
}

static void no_static_file(struct alk_exam *x)
{
    bool manager = x->style == ALK_STYLE_CHILD || alk_on(x, ALK_ROLE_APP, "PARTITION_MANAGER_ENABLED") ||
                   (x->style == ALK_STYLE_SYSBUILD && alk_ncs_at_least(x, 207) && alk_ncs_at_most(x, 304));

    if (x->d->root != NULL && manager && alk_has_boot(x) && !has_kind(x, ALK_FILE_STATIC) &&
        !alk_is(x, ALK_ROLE_SYSBUILD, "PARTITION_MANAGER", "n")) {
        alk_say(x, "no pm_static*.yml in the project");
    }
}

static void static_unread(struct alk_exam *x)
{
    for (unsigned i = 0; i < x->d->n_files; i++) {
        if (x->d->files[i].kind == ALK_FILE_STATIC && alk_ncs_at_least(x, 305)) {
            alk_say_file(x, i, 0, "SDK %u.%u has no partition manager", x->d->ncs / 100, x->d->ncs % 100);
        }
    }
}

static void odd_pad(struct alk_exam *x)
{
    for (size_t i = 0; i < x->d->n_parts; i++) {
        const struct alk_part *pad = &x->d->parts[i], *app;
        uint32_t size;

        if (!alk_seen(x, pad->file) || strcmp(pad->name, "mcuboot_pad") != 0 || !size_of(&size, pad)) {
            continue;
        }
        app = sibling(x, pad, "app");
        app = app == NULL ? sibling(x, pad, "tfm") : app;
        if (app != NULL && sibling(x, pad, "tfm") == NULL && app->has_addr && pad->has_addr &&
            app->addr != pad->addr + size) {
            alk_say_file(x, app->file, app->line, "%s begins at 0x%x, mcuboot_pad ends at 0x%x", app->name,
                         app->addr, pad->addr + size);
        }
        for (size_t n = 0; n < x->d->n_images; n++) {
            const struct alk_found_image *img = &x->d->images[n];

            if (alk_seen(x, img->file) && img->hdr_size != size) {
                alk_say_addr(x, img->file, img->addr, "the image's header has %u bytes, mcuboot_pad %u",
                             img->hdr_size, size);
            }
        }
    }
}

const struct alk_rule alk_rules_slot[] = {
    {"D401", ALK_ERROR, "Primary and secondary slot have different sizes",
     "MCUboot compares the two before a swap: \"Cannot upgrade: not a compatible amount of sectors\". Swap "
     "by move may have "
     "one sector more in the primary, swap with offset one more in the secondary.",
     "Give both slots the same size.", unequal_slots},
    {"D402", ALK_ERROR, "Partitions overlap", "Two owners write the same flash.",
     "Move or shrink one of them.", overlapping},
    {"D403", ALK_ERROR, "A slot does not begin or end at a flash page",
     "Flash is erased by pages of 4 KiB; a slot that shares one with its neighbour destroys it.",
     "Make address and size of each slot multiples of 0x1000.", unaligned},
    {"D404", ALK_ERROR, "`pm_static.yml` was changed, the build was not made anew",
     "The build keeps slot size and padding that it found when it was configured; the signed images still "
     "have the old "
     "layout.",
     "Build again from nothing: `west build -p`.", not_as_built},
    {"D405", ALK_ERROR, "Application and bootloader see different partitions",
     "Each image has a devicetree of its own. If only one of them is given the new slots, the bootloader "
     "looks for the "
     "image where it is not.",
     "Put the same partition nodes into the application's overlay and into `sysbuild/mcuboot.overlay` (up to "
     "SDK 2.6 "
     "`child_image/mcuboot.overlay`), best by including one file in both.",
     images_disagree},
    {"D406", ALK_ERROR, "A name that the partition manager does not know",
     "The bootloader and the signing step look for `mcuboot`, `mcuboot_primary`, `mcuboot_secondary`, "
     "`mcuboot_pad` and "
     "`app`. Partitions of other names are just reserved.",
     "Rename it; `partitions.yml` of a build without static file shows the right names.", foreign_names},
    {"D407", ALK_WARNING, "The layout is not pinned",
     "Without a static file the partition manager lays the flash out anew in each build. A larger bootloader "
     "or another "
     "option moves the slots, and updates for devices in the field no longer fit.",
     "Copy `partitions.yml` of the build that was shipped to `pm_static.yml` beside `prj.conf`.",
     no_static_file},
    {"D408", ALK_ERROR, "This SDK does not read `pm_static.yml`",
     "The partition manager was removed in SDK 3.5; partitions come from the devicetree.",
     "Move the layout to overlays of the application and of MCUboot; the SDK has `scripts/pm_to_dts.py`.",
     static_unread},
    {"D409", ALK_ERROR, "The room for the header and the header differ",
     "`mcuboot_pad` is where the header lies (0x200 bytes, 0x800 on nRF54L), and `app` must follow it "
     "directly. MCUboot "
     "jumps to header size behind the slot's start.",
     "Make `mcuboot_pad`, the image's header size and the start of `app` agree, and build from nothing.",
     odd_pad},
    {NULL, ALK_NOTE, NULL, NULL, NULL, NULL},
};
