/* SPDX-License-Identifier: Apache-2.0 */
/*
 * doctor.h - the doctor's model: what the files of a project say.
 *
 * Every fact names its file; every file has a role (which image it belongs
 * to) and a build (0: the sources; 1...: build directories).  A rule looks
 * at the sources and one build at a time: x->build.
 */
#ifndef AIRLOCK_LIB_DOCTOR_H
#define AIRLOCK_LIB_DOCTOR_H

#include "airlock/doctor.h"
#include "airlock/hexfile.h"
#include "airlock/imgfile.h"

enum alk_role {
    ALK_ROLE_NONE,
    ALK_ROLE_APP,
    ALK_ROLE_BOOT, /* MCUboot */
    ALK_ROLE_SYSBUILD,
    ALK_ROLE_B0, /* the SDK's immutable first stage */
    ALK_ROLE_NET,
    ALK_ROLE_OTHER,
};

enum alk_file_kind {
    ALK_FILE_OTHER,
    ALK_FILE_CONF,    /* what somebody asked for */
    ALK_FILE_FINAL,   /* .config: what Kconfig made of it */
    ALK_FILE_STATIC,  /* pm_static.yml */
    ALK_FILE_BUILT,   /* partitions.yml */
    ALK_FILE_DTS,     /* .overlay, zephyr.dts */
    ALK_FILE_KEY,     /* .pem */
    ALK_FILE_PROGRAM, /* .hex, .bin */
    ALK_FILE_ZIP,
    ALK_FILE_SOURCE, /* .c */
    ALK_FILE_KCONFIG,
    ALK_FILE_WEST,
    ALK_FILE_CACHE,   /* CMakeCache.txt */
    ALK_FILE_DOMAINS, /* domains.yaml */
    ALK_FILE_VERSION,
};

struct alk_file {
    char *path;      /* as shown */
    const char *rel; /* its part below the operand */
    enum alk_file_kind kind;
    enum alk_role role;
    unsigned build;
    bool main;           /* a conf file that every build uses: prj.conf, sysbuild.conf, ... */
    bool child;          /* lies in child_image/ */
    bool sysbuild;       /* lies in sysbuild/, or is sysbuild.conf */
    struct alk_buf text; /* what facts point into */
    uint64_t inode;
    bool damaged; /* too large, or not what its name says */
};

struct alk_setting {
    unsigned file, line;
    enum alk_role role;
    const char *name; /* without CONFIG_ or SB_CONFIG_ */
    const char *value;
    bool final, main, quoted, unset, sb, bad;
    int link; /* where a path leads: alk_link, else an index of keys (for a hex file: of files) */
};

enum alk_link {
    ALK_LINK_NONE = -4,    /* not a path */
    ALK_LINK_BEYOND = -3,  /* a variable or drive this machine cannot follow */
    ALK_LINK_MISSING = -2, /* no such file in any place tried */
    ALK_LINK_NO_KEY = -1,  /* a file, but no key in it */
};

struct alk_part {
    unsigned file, line;
    const char *name;
    const char *region; /* "" : the internal flash */
    uint32_t addr, size, end;
    bool has_addr, has_size, has_end, span;
};

/* A key file, or a key found in a program (then addr says where). */
struct alk_file_key {
    unsigned file;
    uint32_t addr;
    struct alk_hostkey key;
};

struct alk_found_image {
    unsigned file;
    char inner[64]; /* its name inside a zip, "" */
    bool has_addr;
    uint32_t addr;
    struct alk_version version;
    uint32_t flags, size, file_size, counter;
    uint16_t hdr_size, sig_tlv, enc_tlv;
    uint8_t keyhash[64], keyhash_len;
    bool has_counter, hash_ok, kept_clear, padded;
    bool primary; /* lies in the primary slot of a whole flash: a factory image */
    bool update;  /* meant to be uploaded */
};

/* What a zip's manifest says of a file in it. */
struct alk_packed {
    unsigned file;
    char name[64], version[32];
    char trouble[160]; /* "" : it is an image, and there */
};

struct alk_chosen {
    unsigned file, line;
    const char *name, *value;
};

struct alk_doctor {
    struct alk_file *files;
    struct alk_setting *settings; /* sorted by name, then in order of reading, once read */
    struct alk_part *parts;
    struct alk_file_key *keys;
    struct alk_file_key *binkeys;
    struct alk_found_image *images;
    struct alk_packed *packed;
    struct alk_chosen *chosen;
    struct alk_finding *findings;
    const char **defined; /* symbols of the project's own Kconfig files */
    size_t n_files, n_settings, n_parts, n_keys, n_binkeys, n_images, n_packed, n_chosen, n_findings,
        n_defined;
    unsigned builds, entries;
    unsigned ncs, zephyr; /* 206: 2.6; 0: unknown */
    bool confirms;        /* a source file calls boot_write_img_confirmed() */
    bool pairs;           /* a source file has a callback that shows or asks a passkey */
    bool failed;          /* no memory */
    char *root;           /* the project's directory, or NULL */
};

/* Room for one more element of an array; NULL: none. */
void *alk_doctor_grow(struct alk_doctor *d, void *array, size_t *n, size_t size);

/* doctor_walk.c: which file is what; doctor_read.c, doctor_program.c, doctor_zip.c: its facts */
int alk_doctor_walk(struct alk_doctor *d, const char *path, struct alk_why *why);
/* Add one file and read it; return: its index, or -1. */
int alk_doctor_add(struct alk_doctor *d, const char *path, size_t root, unsigned build);
int alk_doctor_take_text(struct alk_doctor *d, unsigned file);
int alk_doctor_take_program(struct alk_doctor *d, unsigned file);
void alk_doctor_take_image(struct alk_doctor *d, unsigned file, struct alk_imgfile *f, const char *inner);
int alk_doctor_take_zip(struct alk_doctor *d, unsigned file);

#endif
