/* SPDX-License-Identifier: Apache-2.0 */
/* doctor_output.c - rules: what was built. */
#include <string.h>

#include "airlock/text.h"
#include "host/lib/doctor_rule.h"

static void bad_package(struct alk_exam *x)
{
    for (size_t i = 0; i < x->d->n_packed; i++) {
        const struct alk_packed *p = &x->d->packed[i];

        if (alk_seen(x, p->file) && p->trouble[0] != 0) {
            alk_say_file(x, p->file, 0, "%s%s%s", p->name, p->name[0] != 0 ? ": " : "", p->trouble);
        }
    }
}

static void other_version(struct alk_exam *x)
{
    for (size_t i = 0; i < x->d->n_packed; i++) {
        const struct alk_packed *p = &x->d->packed[i];
        struct alk_version said;

        for (size_t n = 0; alk_seen(x, p->file) && n < x->d->n_images; n++) {
            const struct alk_found_image *img = &x->d->images[n];
            char text[ALK_VERSION_TEXT];

            if (img->file == p->file && strcmp(img->inner, p->name) == 0 &&
                alk_version_parse(&said, p->version) && alk_version_compare(&said, &img->version) != 0) {
                alk_version_text(text, &img->version);
                alk_say_file(x, p->file, 0, "%s: the manifest says %s, the image %s", p->name, p->version,
                             text);
            }
        }
    }
}

static void damaged_image(struct alk_exam *x)
{
    for (size_t n = 0; n < x->d->n_images; n++) {
        const struct alk_found_image *i = &x->d->images[n];

        if (alk_seen(x, i->file) && !i->hash_ok) {
            alk_say_addr(x, i->file, i->addr, "%s%sthe hash does not match the content", i->inner,
                         i->inner[0] != 0 ? ": " : "");
        }
    }
}

static void padded_update(struct alk_exam *x)
{
    for (size_t n = 0; n < x->d->n_images; n++) {
        const struct alk_found_image *i = &x->d->images[n];

        if (alk_seen(x, i->file) && i->update && i->padded) {
            alk_say_addr(x, i->file, i->addr, "%u bytes for an image of %u", i->file_size, i->size);
        }
    }
}

static bool has_image(const struct alk_exam *x, unsigned file)
{
    for (size_t n = 0; n < x->d->n_images; n++) {
        if (x->d->images[n].file == file) {
            return true;
        }
    }
    return false;
}

static void no_image(struct alk_exam *x)
{
    for (unsigned i = 0; i < x->d->n_files; i++) {
        const struct alk_file *f = &x->d->files[i];
        bool named = strstr(f->path, "app_update.bin") != NULL || strstr(f->path, ".signed.") != NULL;

        if (f->kind == ALK_FILE_PROGRAM && named && alk_seen(x, i) && !f->damaged && !has_image(x, i)) {
            alk_say_file(x, i, 0, "no image header (0x96f3b83d)");
        }
    }
}

static void unreadable(struct alk_exam *x)
{
    for (unsigned i = 0; i < x->d->n_files; i++) {
        if (x->d->files[i].damaged && alk_seen(x, i)) {
            alk_say_file(x, i, 0, "is damaged, too large, or not what its name says; it was left out");
        }
    }
}

const struct alk_rule alk_rules_output[] = {
    {"D801", ALK_ERROR, "The update package is broken",
     "The manifest of a `dfu_application.zip` names the files that a phone or gateway sends. One of them is "
     "missing, has "
     "another size, or is no image.",
     "Build again; do not pack by hand what is not signed (`zephyr.bin` is not).", bad_package},
    {"D802", ALK_ERROR, "Package and image say different versions",
     "The manifest was not made for this file. Tools decide by the manifest whether to update, the "
     "bootloader decides by "
     "the image.",
     "Build the package again.", other_version},
    {"D803", ALK_ERROR, "The image is damaged",
     "The hash stored in it does not match its content; every bootloader refuses it.",
     "Sign the application again.", damaged_image},
    {"D804", ALK_WARNING, "The update is padded to the size of the slot",
     "Padding and trailer are for programming a slot with a debugger. Over the air they cost time, and the "
     "trailer makes "
     "the server refuse the image, or mark it before it is whole.",
     "Sign without `--pad` and `--confirm`.", padded_update},
    {"D805", ALK_ERROR, "A file with the name of an update holds no image",
     "An update begins with MCUboot's header. Without it the answer is \"invalid image header magic\".",
     "Upload `app_update.bin` (up to SDK 2.6) or `zephyr.signed.bin` as the build made it, or `airlock sign` "
     "it.",
     no_image},
    {"D806", ALK_WARNING, "A file could not be read",
     "It says nothing to the doctor, and may say nothing to the tools it is for.",
     "Make it again, or delete it.", unreadable},
    {NULL, ALK_NOTE, NULL, NULL, NULL, NULL},
};
