/* SPDX-License-Identifier: Apache-2.0 */
/*
 * doctor_text.h - readers of the doctor's text files.  Each takes a text
 * that it may change (names and values are cut out in place, a NUL stands
 * at text[len]) and calls back once a fact.
 */
#ifndef AIRLOCK_DOCTOR_TEXT_H
#define AIRLOCK_DOCTOR_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum alk_conf_kind {
    ALK_CONF_SET,   /* NAME=value */
    ALK_CONF_UNSET, /* # NAME is not set */
    ALK_CONF_BAD,   /* no line of a Kconfig file; value: why */
};

struct alk_conf_line {
    enum alk_conf_kind kind;
    const char *name, *value;
    unsigned line;
    bool quoted;
};
typedef void (*alk_conf_fn)(void *ctx, const struct alk_conf_line *l);

/* prj.conf, sysbuild.conf, .config */
void alk_doctor_conf(char *text, size_t len, alk_conf_fn fn, void *ctx);

struct alk_yaml_line {
    unsigned indent, line;
    bool item;         /* began with "- " */
    const char *key;   /* "" for a bare item */
    const char *value; /* "" when nothing stands behind the colon */
};
typedef void (*alk_yaml_fn)(void *ctx, const struct alk_yaml_line *l);

/* The YAML of partition files and west.yml: one key a line, or {a: b, c: d}. */
void alk_doctor_yaml(char *text, size_t len, alk_yaml_fn fn, void *ctx);

struct alk_dts_fact {
    unsigned line;
    bool chosen;       /* name = property, value = label */
    const char *name;  /* label of a node with a reg property */
    const char *value; /* chosen: the label it points to; else that of the flash it lies in, "" */
    uint32_t addr, size;
};
typedef void (*alk_dts_fn)(void *ctx, const struct alk_dts_fact *f);

/* Devicetree: nodes with a label and reg = <addr size>, and /chosen. */
void alk_doctor_dts(char *text, size_t len, alk_dts_fn fn, void *ctx);

/* Decimal or 0x number that fills the text; false: something else, or over 32 bits. */
bool alk_doctor_number(uint32_t *out, const char *text);

#endif
