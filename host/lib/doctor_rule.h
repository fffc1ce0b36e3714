/* SPDX-License-Identifier: Apache-2.0 */
/*
 * doctor_rule.h - what rules may ask of the facts (doctor.h), and how they
 * report.  A rule walks over what it is about and says each thing it finds
 * once, where it stands.
 *
 * (R1) What the SDK's version decides is asked for by alk_ncs_at_least() and
 *      _at_most(): both are false while the version is unknown.
 * (R2) A value means the build's final one where a build is seen.
 */
#ifndef AIRLOCK_LIB_DOCTOR_RULE_H
#define AIRLOCK_LIB_DOCTOR_RULE_H

#include "host/lib/doctor.h"

/* How the images of a build come together. */
enum alk_style { ALK_STYLE_UNKNOWN, ALK_STYLE_CHILD, ALK_STYLE_SYSBUILD, ALK_STYLE_PLAIN };

struct alk_exam {
    struct alk_doctor *d;
    const struct alk_rule *rule;
    unsigned build;
    enum alk_style style;
};

/* doctor_ask.c: questions of the rules; what other builds say is left out */
bool alk_seen(const struct alk_exam *x, unsigned file);
/* The next setting of that name (role NONE: of any), behind s; NULL: none. */
const struct alk_setting *alk_setting_next(const struct alk_exam *x, const struct alk_setting *s,
                                           const char *name, enum alk_role role);
/* What .config says, or NULL. */
const struct alk_setting *alk_final(const struct alk_exam *x, enum alk_role role, const char *name);
bool alk_has_final(const struct alk_exam *x, enum alk_role role);
/* The final value if there is one, else the last one asked for in a file that every build uses. */
const struct alk_setting *alk_value(const struct alk_exam *x, enum alk_role role, const char *name);
bool alk_is(const struct alk_exam *x, enum alk_role role, const char *name, const char *value);
bool alk_on(const struct alk_exam *x, enum alk_role role, const char *name);
/* Like alk_value(), from sysbuild or the image, whichever is decisive. */
const struct alk_setting *alk_either(const struct alk_exam *x, const char *sysbuild, enum alk_role role,
                                     const char *name);
const struct alk_part *alk_part_named(const struct alk_exam *x, const char *name, enum alk_file_kind kind);
bool alk_defined(const struct alk_exam *x, const char *name); /* by the project's own Kconfig */
bool alk_ncs_at_least(const struct alk_exam *x, unsigned version);
bool alk_ncs_at_most(const struct alk_exam *x, unsigned version);
bool alk_new_mcumgr(const struct alk_exam *x); /* Zephyr 3.3 and later, for sure */
bool alk_old_mcumgr(const struct alk_exam *x);

/* doctor_facts.c: what several settings mean together */
const struct alk_setting *alk_chain(const struct alk_exam *x); /* the setting that asks for b0, or NULL */
const struct alk_setting *alk_encrypts(const struct alk_exam *x);
const struct alk_setting *alk_sig_type(const struct alk_exam *x); /* names ..._RSA etc., or NULL: not said */
const char *alk_type_word(const struct alk_setting *s);           /* "RSA", "ECDSA_P256", "ED25519", "NONE" */
const struct alk_setting *alk_mode(const struct alk_exam *x, enum alk_role role);
const struct alk_setting *alk_mode_any(const struct alk_exam *x); /* of whichever image says one */
int alk_mode_id(const char *name); /* -1: not a mode; the same number for the names of one mode */
const char *alk_mode_name(int id);
bool alk_has_boot(const struct alk_exam *x); /* MCUboot is asked for, or there */
/* The sample key a path names by its last word, or NULL. */
const char *alk_sample_path(const char *path);
/* Setting of the bootloader's signing key and of its decryption key, from whichever place decides; NULL:
 * none. */
const struct alk_setting *alk_sign_key(const struct alk_exam *x);
const struct alk_setting *alk_decrypt_key(const struct alk_exam *x);

/* doctor_link.c */
#define ALK_TRIED 600
/* Follow every setting that is a path; the settings are sorted already. */
void alk_doctor_follow(struct alk_doctor *d);
/* The paths that were tried for it, as a list. */
void alk_link_tried(char tried[ALK_TRIED], const struct alk_doctor *d, const struct alk_setting *s);
bool alk_is_path(const char *name); /* a symbol whose value is a path */
bool alk_is_relative(const char *path);

/* doctor_symbols.c */
#define ALK_IN_APP  1u
#define ALK_IN_BOOT 2u
#define ALK_IN_SB   4u
struct alk_symbol {
    const char *name;
    uint8_t where;
    const char *twin;  /* what sysbuild calls it and forces it with, or NULL */
    const char *needs; /* what it depends on, or NULL */
};
extern const struct alk_symbol alk_symbols[]; /* ends with a row without name */
const struct alk_symbol *alk_symbol_named(const char *name, unsigned where);
/* The known name nearest to an unknown one, or NULL. */
const char *alk_symbol_near(const char *name, bool sb);

struct alk_rename {
    const char *old, *now;
};
extern const struct alk_rename alk_renames[];

/* Report; where: a setting, a file (line 0), an address. */
void alk_say_at(struct alk_exam *x, const struct alk_setting *s, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void alk_say_file(struct alk_exam *x, unsigned file, unsigned line, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
void alk_say_addr(struct alk_exam *x, unsigned file, uint32_t addr, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
void alk_say(struct alk_exam *x, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* One table a chapter; each ends with a row without id. */
extern const struct alk_rule alk_rules_place[], alk_rules_take[], alk_rules_key[], alk_rules_encrypt[],
    alk_rules_slot[], alk_rules_fit[], alk_rules_mode[], alk_rules_version[], alk_rules_radio[],
    alk_rules_output[];

#endif
