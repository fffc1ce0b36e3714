/* SPDX-License-Identifier: Apache-2.0 */
/*
 * doctor.h - what is wrong with a project that updates over the air with
 * MCUboot, and how to mend it.
 *
 *   files --readers--> facts (settings, partitions, keys, images)
 *                        |
 *                      rules: one row each {id, severity, title, look, ...}
 *                        |
 *                      findings, each with its evidence
 *
 * (D1) A reader states what a file says and where; it judges nothing.
 * (D2) A rule sees facts only, never a file.  What it cannot know it does
 *      not report: no finding rests on a guess of the SDK's version.
 * (D3) Whatever the files hold, reading ends: names, sizes, depth and
 *      number of files are bounded, links to directories are not followed.
 */
#ifndef AIRLOCK_DOCTOR_H
#define AIRLOCK_DOCTOR_H

#include "airlock/buf.h"
#include "airlock/why.h"

enum alk_severity { ALK_NOTE, ALK_WARNING, ALK_ERROR };

struct alk_exam; /* one rule looking at one build */

struct alk_rule {
    const char *id; /* "D101": shown as ALK-D101 */
    enum alk_severity severity;
    const char *title;  /* what is wrong, one line */
    const char *why;    /* a paragraph for the docs */
    const char *remedy; /* how to mend it */
    void (*look)(struct alk_exam *x);
};

struct alk_finding {
    const struct alk_rule *rule;
    const char *file; /* NULL: the project as a whole */
    unsigned line;    /* 0: none */
    bool has_addr;
    uint32_t addr;
    char text[320]; /* what was seen there */
};

struct alk_doctor; /* facts and findings */

struct alk_doctor *alk_doctor_open(void); /* NULL: no memory */
void alk_doctor_close(struct alk_doctor *d);

/* The SDK's version, major * 100 + minor; 0: found out from the files, where they say. */
void alk_doctor_assume(struct alk_doctor *d, unsigned ncs, unsigned zephyr);

/*
 * Gather the facts of a directory or of one file.
 *
 * return: ALK_OK; ALK_E_IO (cannot be read); ALK_E_SUPPORT (a file of a kind it does not know);
 *         ALK_E_FORMAT; ALK_E_MEMORY
 */
int alk_doctor_read(struct alk_doctor *d, const char *path, struct alk_why *why);

/* Let every rule look; return: ALK_OK or ALK_E_MEMORY. */
int alk_doctor_examine(struct alk_doctor *d);

/* The i-th finding, errors first; NULL: there are no more. */
const struct alk_finding *alk_doctor_finding(const struct alk_doctor *d, size_t i);

/* The i-th rule in order of ids; NULL: there are no more. */
const struct alk_rule *alk_doctor_rule(size_t i);

const char *alk_severity_name(enum alk_severity severity);

/* "nRF Connect SDK 2.6, child images": what the project was taken for. */
void alk_doctor_world(char *out, size_t cap, const struct alk_doctor *d);

/* The page of the docs about all rules, in Markdown. */
void alk_doctor_page(struct alk_buf *out);

#endif
