/* SPDX-License-Identifier: Apache-2.0 */
/* doctor_ask.c - the questions that rules put to the facts. */
#include <string.h>

#include "host/lib/doctor_rule.h"

bool alk_seen(const struct alk_exam *x, unsigned file)
{
    return x->d->files[file].build == 0 || x->d->files[file].build == x->build;
}

/* Index of the first setting of that name. */
static size_t first_of(const struct alk_doctor *d, const char *name)
{
    size_t lo = 0, hi = d->n_settings;

    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;

        if (strcmp(d->settings[mid].name, name) < 0) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    return lo;
}

const struct alk_setting *alk_setting_next(const struct alk_exam *x, const struct alk_setting *s,
                                           const char *name, enum alk_role role)
{
    const struct alk_doctor *d = x->d;
    size_t i = s == NULL ? first_of(d, name) : (size_t)(s - d->settings) + 1;

    for (; i < d->n_settings && strcmp(d->settings[i].name, name) == 0; i++) {
        s = &d->settings[i];
        if ((role == ALK_ROLE_NONE || s->role == role) && !s->bad && alk_seen(x, s->file)) {
            return s;
        }
    }
    return NULL;
}

const struct alk_setting *alk_final(const struct alk_exam *x, enum alk_role role, const char *name)
{
    const struct alk_setting *s = NULL, *last = NULL;

    while ((s = alk_setting_next(x, s, name, role)) != NULL) {
        last = s->final ? s : last;
    }
    return last;
}

bool alk_has_final(const struct alk_exam *x, enum alk_role role)
{
    for (unsigned i = 0; i < x->d->n_files; i++) {
        if (x->d->files[i].kind == ALK_FILE_FINAL && x->d->files[i].role == role && alk_seen(x, i)) {
            return true;
        }
    }
    return false;
}

/* Sources for one way of building do not count in a build of the other. */
static bool counts(const struct alk_exam *x, const struct alk_setting *s)
{
    const struct alk_file *f = &x->d->files[s->file];

    return s->main && !(f->child && x->style == ALK_STYLE_SYSBUILD) &&
           !(f->sysbuild && x->style == ALK_STYLE_CHILD) && s->sb == (s->role == ALK_ROLE_SYSBUILD);
}

const struct alk_setting *alk_value(const struct alk_exam *x, enum alk_role role, const char *name)
{
    const struct alk_setting *s = NULL, *last = NULL;

    if (alk_has_final(x, role)) {
        return alk_final(x, role, name);
    }
    while ((s = alk_setting_next(x, s, name, role)) != NULL) {
        last = counts(x, s) ? s : last;
    }
    return last;
}

bool alk_is(const struct alk_exam *x, enum alk_role role, const char *name, const char *value)
{
    const struct alk_setting *s = alk_value(x, role, name);

    return s != NULL && strcmp(s->value, value) == 0;
}

bool alk_on(const struct alk_exam *x, enum alk_role role, const char *name)
{
    return alk_is(x, role, name, "y");
}

const struct alk_setting *alk_either(const struct alk_exam *x, const char *sysbuild, enum alk_role role,
                                     const char *name)
{
    const struct alk_setting *s = alk_final(x, role, name);

    if (s == NULL && x->style != ALK_STYLE_CHILD) {
        s = alk_value(x, ALK_ROLE_SYSBUILD, sysbuild);
    }
    return s != NULL ? s : alk_value(x, role, name);
}

const struct alk_part *alk_part_named(const struct alk_exam *x, const char *name, enum alk_file_kind kind)
{
    for (size_t i = 0; i < x->d->n_parts; i++) {
        const struct alk_part *p = &x->d->parts[i];

        if (x->d->files[p->file].kind == kind && alk_seen(x, p->file) && strcmp(p->name, name) == 0) {
            return p;
        }
    }
    return NULL;
}

bool alk_defined(const struct alk_exam *x, const char *name)
{
    for (size_t i = 0; i < x->d->n_defined; i++) {
        if (strcmp(x->d->defined[i], name) == 0) {
            return true;
        }
    }
    return false;
}

bool alk_ncs_at_least(const struct alk_exam *x, unsigned version)
{
    return x->d->ncs >= version;
}

bool alk_ncs_at_most(const struct alk_exam *x, unsigned version)
{
    return x->d->ncs != 0 && x->d->ncs <= version;
}

bool alk_new_mcumgr(const struct alk_exam *x)
{
    return x->d->ncs != 0 ? x->d->ncs >= 203 : x->d->zephyr >= 303;
}

bool alk_old_mcumgr(const struct alk_exam *x)
{
    return x->d->ncs != 0 ? x->d->ncs <= 202 : x->d->zephyr != 0 && x->d->zephyr <= 302;
}
