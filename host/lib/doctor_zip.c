/* SPDX-License-Identifier: Apache-2.0 */
/* doctor_zip.c - update packages: dfu_application.zip and its manifest. */
#include <stdio.h>
#include <string.h>

#include "airlock/dfuzip.h"
#include "host/lib/doctor.h"

static void take_packed(struct alk_doctor *d, unsigned file, struct alk_dfu_file *f)
{
    struct alk_packed *p = alk_doctor_grow(d, &d->packed, &d->n_packed, sizeof *p);
    struct alk_imgfile img;
    struct alk_why why;
    size_t before = d->n_images;

    if (p == NULL) {
        return;
    }
    p->file = file;
    snprintf(p->name, sizeof p->name, "%.*s", (int)sizeof p->name - 1, f->name);
    snprintf(p->version, sizeof p->version, "%.*s", (int)sizeof p->version - 1, f->version);
    if (alk_imgfile_take(&img, &f->data, &why) != ALK_OK) {
        snprintf(p->trouble, sizeof p->trouble, "%.150s", why.text);
        return;
    }
    alk_doctor_take_image(d, file, &img, p->name);
    if (d->n_images > before) {
        d->images[before].update = true;
    }
    alk_imgfile_free(&img);
}

int alk_doctor_take_zip(struct alk_doctor *d, unsigned file)
{
    const struct alk_buf *b = &d->files[file].text;
    struct alk_packed *p;
    struct alk_dfu z;
    struct alk_why why;

    if (alk_dfu_parse(&z, b->data, b->len, &why) != ALK_OK) {
        p = alk_doctor_grow(d, &d->packed, &d->n_packed, sizeof *p);
        if (p != NULL) {
            p->file = file;
            snprintf(p->trouble, sizeof p->trouble, "%.150s", why.text);
        }
        return ALK_OK;
    }
    for (size_t i = 0; i < z.n; i++) {
        take_packed(d, file, &z.files[i]);
    }
    alk_dfu_free(&z);
    return ALK_OK;
}
