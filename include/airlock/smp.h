/* SPDX-License-Identifier: Apache-2.0 */
/*
 * smp.h - the SMP (mcumgr) server: packet in, packet out, no I/O.
 *
 *   0  reserved:3 version:2 op:3    1 flags    2 length, BE   4 group, BE
 *   6  sequence                     7 command  8 one CBOR map of `length` bytes
 *
 * (P1) Whatever has a header is answered, at the least with an error: never
 *      a crash, never a wedge.  Less than a header is silence.
 * (P2) Several requests in one packet are answered one by one up to the
 *      first that fails.
 * (P3) Standard replies carry the documented keys and no others.
 * (P4) What a command may do is decided in one place, from the class in its
 *      row and the classes open on this link.
 * (P5) Nothing of an upload is erased before its first packet has passed every
 *      check that can be made then; no image is asked for before it has
 *      passed the program's check, read from flash.
 * (P6) A reset is never done here: it is left in `after`, for the program to
 *      do once the reply has left.
 */
#ifndef AIRLOCK_SMP_H
#define AIRLOCK_SMP_H

#include "airlock/cbor.h"
#include "airlock/image.h"
#include "airlock/map.h"

#define ALK_SMP_HDR_SIZE 8u

enum alk_smp_op { ALK_SMP_OP_READ = 0, ALK_SMP_OP_WRITE = 2 };
enum alk_smp_group { ALK_SMP_OS = 0, ALK_SMP_IMAGE = 1 };

/* What a command can cost: bits, so that a link opens any set of them. */
enum alk_smp_class {
    ALK_SMP_CLASS_READ = 1,        /* tells */
    ALK_SMP_CLASS_UPDATE = 2,      /* brings signed images, resets */
    ALK_SMP_CLASS_DESTRUCTIVE = 4, /* loses data for good */
    ALK_SMP_CLASS_DANGEROUS = 8,   /* runs what it is told */
};

/* Results of a command: one of these, or ALK_SMP_ERR(). */
enum alk_smp_rc {
    ALK_SMP_RC_OK = 0,
    ALK_SMP_RC_UNKNOWN = -1,
    ALK_SMP_RC_MEMORY = -2,
    ALK_SMP_RC_INVALID = -3,
    ALK_SMP_RC_STATE = -6,
    ALK_SMP_RC_TOO_LONG = -7,
    ALK_SMP_RC_SUPPORT = -8,
    ALK_SMP_RC_CORRUPT = -9,
    ALK_SMP_RC_BUSY = -10,
    ALK_SMP_RC_ACCESS = -11,
    ALK_SMP_RC_TOO_NEW = -13,
};

/* An error of the group: its own number (< 64), and the one of 1, 3, 5, 6 that a version 1 client is told. */
#define ALK_SMP_ERR(rc, v1)       ((v1) / 2 << 6 | (rc))
#define ALK_SMP_ERR_RC(err)       ((err)&63)
#define ALK_SMP_ERR_VERSION1(err) (0x6531 >> ((err) >> 6 << 2) & 15)

struct alk_smp;

struct alk_smp_call {
    struct alk_cbor in;      /* content of the request's map */
    struct alk_cbor_out out; /* inside the reply's map */
};

/* A command: a row of config/tables.c.  A list of rows ends with run == NULL. */
struct alk_smp_cmd {
    uint16_t group;
    uint8_t id;
    uint8_t op : 4, access : 4; /* alk_smp_op, alk_smp_class */
    int (*run)(struct alk_smp *s, struct alk_smp_call *c);
};

extern const struct alk_smp_cmd alk_smp_app_cmds[];      /* an application's server */
extern const struct alk_smp_cmd alk_smp_recovery_cmds[]; /* the bootloader's */

/* One letter of `os info`; a list ends with letter 0. */
struct alk_smp_info {
    char letter;
    const char *text;
};

struct alk_smp_config {
    const struct alk_smp_cmd *cmds;
    const struct alk_map *map;
    const struct alk_smp_info *info;
    /*
     * May this image be asked for?  Reads all of it from flash.  img NULL:
     * are images taken at all (asked before the first erase of an upload)?
     * return: ALK_OK, or why not
     */
    int (*check)(void *ctx, const struct alk_image *img);
    void *ctx;         /* of check */
    uint16_t buf_size; /* longest message taken, header included */
    uint8_t buf_count; /* messages the program queues */
    bool recovery;     /* an upload may replace what is asked for */
};

/* An upload under way.  Whole write units are in flash, the rest waits in tail. */
struct alk_smp_upload {
    uint32_t off;     /* next byte expected; kept when done, 0 after an error */
    uint32_t len;     /* 0: no session */
    uint32_t sha_len; /* 0: none given */
    uint8_t sha[32];  /* session id: SHA-256 of the whole file */
    uint8_t tail[ALK_MAX_UNIT];
};

enum alk_smp_after { ALK_SMP_STAY, ALK_SMP_RESET, ALK_SMP_RESET_TO_RECOVERY };

/* Zero it, then set what the caller sets. */
struct alk_smp {
    const struct alk_smp_config *cfg; /* set by the caller */
    const struct alk_flash *target;   /* set by the caller: where uploads go, as a rule map->secondary */
    uint8_t open;                     /* set by the caller: classes open on the link of this packet */
    uint8_t after;                    /* alk_smp_after; for the caller to act on and to clear */
    struct alk_smp_upload upload;
};

/*
 * Answer a packet.
 *
 * in:     req, rsp - do not overlap
 * cuts:   an image is asked for, or confirmed, or not; an upload starts anew
 * return: length of the reply, 0 for none
 */
int alk_smp_handle(struct alk_smp *s, const uint8_t *req, size_t len, uint8_t *rsp, size_t cap);

/* The commands, for the rows. */
int alk_smp_echo(struct alk_smp *s, struct alk_smp_call *c);
int alk_smp_reset(struct alk_smp *s, struct alk_smp_call *c);
int alk_smp_params(struct alk_smp *s, struct alk_smp_call *c);
int alk_smp_info(struct alk_smp *s, struct alk_smp_call *c);
int alk_smp_bootloader(struct alk_smp *s, struct alk_smp_call *c);
int alk_smp_image_list(struct alk_smp *s, struct alk_smp_call *c);
int alk_smp_image_set(struct alk_smp *s, struct alk_smp_call *c);
int alk_smp_image_upload(struct alk_smp *s, struct alk_smp_call *c);
/* An upload that is checked at its end and asked for, permanently. */
int alk_smp_image_recover(struct alk_smp *s, struct alk_smp_call *c);
int alk_smp_image_erase(struct alk_smp *s, struct alk_smp_call *c);
int alk_smp_image_slots(struct alk_smp *s, struct alk_smp_call *c);

#endif
