/* SPDX-License-Identifier: Apache-2.0 */
/* doctor.c - the model's life, and the round of the rules. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/lib/doctor_rule.h"

#define FINDINGS_MAX 200u
#define PAGE_WIDTH   110u

static const struct alk_rule *const chapters[] = {
    alk_rules_place, alk_rules_take, alk_rules_key,     alk_rules_encrypt, alk_rules_slot,
    alk_rules_fit,   alk_rules_mode, alk_rules_version, alk_rules_radio,   alk_rules_output,
};

void *alk_doctor_grow(struct alk_doctor *d, void *array, size_t *n, size_t size)
{
    void *old, *now;

    memcpy(&old, array, sizeof old);
    now = old;
    if ((*n & (*n - 1)) == 0) { /* full at 0, 1, 2, 4, 8 ... */
        now = realloc(old, (*n == 0 ? 1 : 2 * *n) * size);
    }
    if (now == NULL) {
        d->failed = true;
        return NULL;
    }
    memcpy(array, &now, sizeof now);
    return memset((char *)now + (*n)++ * size, 0, size);
}

struct alk_doctor *alk_doctor_open(void)
{
    return calloc(1, sizeof(struct alk_doctor));
}

void alk_doctor_close(struct alk_doctor *d)
{
    if (d == NULL) {
        return;
    }
    for (size_t i = 0; i < d->n_files; i++) {
        alk_buf_free(&d->files[i].text);
        free(d->files[i].path);
    }
    for (size_t i = 0; i < d->n_keys; i++) {
        alk_key_free(&d->keys[i].key);
    }
    for (size_t i = 0; i < d->n_binkeys; i++) {
        alk_key_free(&d->binkeys[i].key);
    }
    free(d->files);
    free(d->settings);
    free(d->parts);
    free(d->keys);
    free(d->binkeys);
    free(d->images);
    free(d->packed);
    free(d->chosen);
    free(d->findings);
    free(d->defined);
    free(d->root);
    free(d);
}

void alk_doctor_assume(struct alk_doctor *d, unsigned ncs, unsigned zephyr)
{
    d->ncs = ncs;
    d->zephyr = zephyr;
}

int alk_doctor_read(struct alk_doctor *d, const char *path, struct alk_why *why)
{
    int e = alk_doctor_walk(d, path, why);

    return d->failed ? alk_why(why, ALK_E_MEMORY, "not enough memory") : e;
}

/* By name; equal names in order of reading, which is that of files and lines. */
static int by_name(const void *a, const void *b)
{
    const struct alk_setting *s = a, *t = b;
    int order = strcmp(s->name, t->name);

    if (order == 0) {
        order = s->file != t->file ? (s->file > t->file) - (s->file < t->file)
                                   : (s->line > t->line) - (s->line < t->line);
    }
    return order;
}

static bool project_has(const struct alk_doctor *d, bool child, bool sysbuild)
{
    for (size_t i = 0; i < d->n_files; i++) {
        const struct alk_file *f = &d->files[i];

        if (f->build == 0 && ((child && f->child) || (sysbuild && f->sysbuild))) {
            return true;
        }
    }
    return false;
}

/* How a build directory came to be; UNKNOWN: an application alone. */
static enum alk_style style_of_build(const struct alk_exam *x)
{
    if (alk_has_final(x, ALK_ROLE_SYSBUILD)) {
        return ALK_STYLE_SYSBUILD;
    }
    return alk_has_final(x, ALK_ROLE_BOOT) && alk_has_final(x, ALK_ROLE_APP) ? ALK_STYLE_CHILD
                                                                             : ALK_STYLE_UNKNOWN;
}

static enum alk_style style_of(const struct alk_exam *x)
{
    const struct alk_doctor *d = x->d;
    bool child = project_has(d, true, false), sysbuild = project_has(d, false, true);
    enum alk_style built = style_of_build(x);

    if (built != ALK_STYLE_UNKNOWN) {
        return built;
    }
    if (d->ncs != 0) {
        if (d->ncs <= 206) {
            return ALK_STYLE_CHILD;
        }
        return d->ncs >= 209 || sysbuild ? ALK_STYLE_SYSBUILD
               : child                   ? ALK_STYLE_UNKNOWN
                                         : ALK_STYLE_SYSBUILD;
    }
    if (d->zephyr != 0) {
        return sysbuild ? ALK_STYLE_SYSBUILD : ALK_STYLE_PLAIN;
    }
    return sysbuild == child ? ALK_STYLE_UNKNOWN : sysbuild ? ALK_STYLE_SYSBUILD : ALK_STYLE_CHILD;
}

static int by_severity(const void *a, const void *b)
{
    const struct alk_finding *f = a, *g = b;
    int order = (int)g->rule->severity - (int)f->rule->severity;

    if (order == 0) {
        order = strcmp(f->rule->id, g->rule->id);
    }
    if (order == 0) {
        order = strcmp(f->file != NULL ? f->file : "", g->file != NULL ? g->file : "");
    }
    return order != 0 ? order : (f->line > g->line) - (f->line < g->line);
}

static void examine_build(struct alk_doctor *d, unsigned build)
{
    struct alk_exam x = {.d = d, .build = build};

    x.style = style_of(&x);
    for (size_t i = 0; alk_doctor_rule(i) != NULL; i++) {
        x.rule = alk_doctor_rule(i);
        x.rule->look(&x);
    }
}

int alk_doctor_examine(struct alk_doctor *d)
{
    if (d->n_settings > 0) {
        qsort(d->settings, d->n_settings, sizeof *d->settings, by_name);
        alk_doctor_follow(d);
    }
    for (unsigned build = d->builds > 0; build <= d->builds; build++) {
        examine_build(d, build);
    }
    if (d->n_findings > 0) {
        qsort(d->findings, d->n_findings, sizeof *d->findings, by_severity);
    }
    return d->failed ? ALK_E_MEMORY : ALK_OK;
}

const struct alk_finding *alk_doctor_finding(const struct alk_doctor *d, size_t i)
{
    return i < d->n_findings ? &d->findings[i] : NULL;
}

const struct alk_rule *alk_doctor_rule(size_t i)
{
    for (size_t c = 0; c < sizeof chapters / sizeof chapters[0]; c++) {
        for (const struct alk_rule *r = chapters[c]; r->id != NULL; r++) {
            if (i-- == 0) {
                return r;
            }
        }
    }
    return NULL;
}

const char *alk_severity_name(enum alk_severity severity)
{
    static const char *const names[] = {"note", "warning", "error"};

    return names[severity];
}

static bool same(const struct alk_finding *a, const struct alk_finding *b)
{
    return a->rule == b->rule && a->line == b->line && a->addr == b->addr && strcmp(a->text, b->text) == 0 &&
           a->file == b->file;
}

static void report(struct alk_exam *x, const struct alk_finding *where, const char *fmt, va_list ap)
{
    struct alk_doctor *d = x->d;
    struct alk_finding f = *where, *to;

    f.rule = x->rule;
    vsnprintf(f.text, sizeof f.text, fmt, ap);
    for (size_t i = 0; i < d->n_findings; i++) {
        if (same(&d->findings[i], &f)) {
            return;
        }
    }
    to = d->n_findings < FINDINGS_MAX ? alk_doctor_grow(d, &d->findings, &d->n_findings, sizeof *to) : NULL;
    if (to != NULL) {
        *to = f;
    }
}

void alk_say_at(struct alk_exam *x, const struct alk_setting *s, const char *fmt, ...)
{
    struct alk_finding f = {.file = x->d->files[s->file].path, .line = s->line};
    va_list ap;

    va_start(ap, fmt);
    report(x, &f, fmt, ap);
    va_end(ap);
}

void alk_say_file(struct alk_exam *x, unsigned file, unsigned line, const char *fmt, ...)
{
    struct alk_finding f = {.file = x->d->files[file].path, .line = line};
    va_list ap;

    va_start(ap, fmt);
    report(x, &f, fmt, ap);
    va_end(ap);
}

void alk_say_addr(struct alk_exam *x, unsigned file, uint32_t addr, const char *fmt, ...)
{
    struct alk_finding f = {.file = x->d->files[file].path, .has_addr = true, .addr = addr};
    va_list ap;

    va_start(ap, fmt);
    report(x, &f, fmt, ap);
    va_end(ap);
}

void alk_say(struct alk_exam *x, const char *fmt, ...)
{
    struct alk_finding f = {0};
    va_list ap;

    va_start(ap, fmt);
    report(x, &f, fmt, ap);
    va_end(ap);
}

void alk_doctor_world(char *out, size_t cap, const struct alk_doctor *d)
{
    static const char *const styles[] = {"built with child images or sysbuild (the files do not say)",
                                         "built with child images", "built with sysbuild",
                                         "without sysbuild"};
    struct alk_exam x = {.d = (struct alk_doctor *)d, .build = d->builds > 0};
    const char *style = styles[style_of(&x)];

    if (d->ncs != 0) {
        snprintf(out, cap, "nRF Connect SDK %u.%u, %s", d->ncs / 100, d->ncs % 100, style);
    } else if (d->zephyr != 0) {
        snprintf(out, cap, "Zephyr %u.%u, %s", d->zephyr / 100, d->zephyr % 100, style);
    } else {
        snprintf(out, cap, "SDK version unknown (see --sdk), %s", style);
    }
}

/* A paragraph in lines of at most PAGE_WIDTH bytes. */
static void put_wrapped(struct alk_buf *out, const char *text)
{
    size_t at = 0;

    for (size_t word; *text != 0; text += word + (text[word] == ' ')) {
        word = strcspn(text, " ");
        if (at > 0 && at + 1 + word > PAGE_WIDTH) {
            alk_buf_put8(out, '\n');
            at = 0;
        } else if (at > 0) {
            alk_buf_put8(out, ' ');
            at++;
        }
        alk_buf_put(out, text, word);
        at += word;
    }
    alk_buf_put8(out, '\n');
}

static void put_rule(struct alk_buf *out, const struct alk_rule *r)
{
    struct alk_buf mend = {0};

    alk_buf_printf(out, "\n## ALK-%s\n\n**%s** (%s)\n\n", r->id, r->title, alk_severity_name(r->severity));
    put_wrapped(out, r->why);
    alk_buf_printf(&mend, "*To mend it:* %s", r->remedy);
    alk_buf_put8(&mend, 0);
    alk_buf_put8(out, '\n');
    put_wrapped(out, mend.failed ? r->remedy : (const char *)mend.data);
    alk_buf_free(&mend);
}

void alk_doctor_page(struct alk_buf *out)
{
    const struct alk_rule *r;

    alk_buf_printf(
        out, "# airlock doctor: what it finds, and how to mend it\n\n"
             "`airlock doctor DIR` looks at a Zephyr or nRF Connect SDK application, at a build directory or "
             "at single files, and\nreports what will keep an update from working, or will let somebody "
             "else's update in.\n\n");
    alk_buf_printf(
        out, "An *error* is wrong for certain; a *warning* is wrong unless you know better; a *note* is "
             "worth knowing. What depends\non the version of the SDK is reported only where the version "
             "is known: from `west.yml`, the build directory, the\nbanners in binaries, or `--sdk X.Y` "
             "(`--zephyr X.Y` for Zephyr without Nordic's SDK).\n\n");
    alk_buf_printf(
        out, "This page is printed by `airlock doctor --page`, from the same rows that find the mistakes.\n\n"
             "| id | severity | what is wrong |\n| --- | --- | --- |\n");
    for (size_t i = 0; (r = alk_doctor_rule(i)) != NULL; i++) {
        alk_buf_printf(out, "| [ALK-%s](#alk-%c%s) | %s | %s |\n", r->id, r->id[0] | 0x20, r->id + 1,
                       alk_severity_name(r->severity), r->title);
    }
    for (size_t i = 0; (r = alk_doctor_rule(i)) != NULL; i++) {
        put_rule(out, r);
    }
}
