/* SPDX-License-Identifier: Apache-2.0 */
/*
 * checklist.h - would this bootloader take this image from the secondary
 * slot?  Asked before any upload, answered by the bootloader's own code
 * (alk_admit, alk_verify_secondary) on the keys in its binary; the items say
 * in words what that code does not.
 */
#ifndef AIRLOCK_CHECKLIST_H
#define AIRLOCK_CHECKLIST_H

#include "airlock/board.h"
#include "airlock/imgfile.h"
#include "airlock/why.h"

#define ALK_CHECK_ITEMS 12

enum alk_answer { ALK_NO, ALK_YES, ALK_UNKNOWN };

struct alk_check_item {
    const char *what; /* "signature" */
    enum alk_answer answer;
    struct alk_why why; /* also of a yes */
};

struct alk_checklist {
    struct alk_check_item items[ALK_CHECK_ITEMS];
    size_t n;
    int verdict; /* of the core: ALK_OK, or why not */
};

/* What is asked. */
struct alk_question {
    const struct alk_imgfile *image;
    const struct alk_hex *bootloader;
    const struct alk_board *board;
    const struct alk_version *installed; /* what the device runs now; NULL: unknown */
};

/* return: ALK_OK iff the core takes it and every item is a yes or unknown */
int alk_checklist_make(struct alk_checklist *list, const struct alk_question *q);

/*
 * The same for an MCUboot binary, by the keys that lie in it.
 *
 * in:     room - bytes an image may have in the slot; 0: unknown
 * return: as above; ALK_E_FORMAT: no MCUboot either
 */
int alk_checklist_mcuboot(struct alk_checklist *list, const struct alk_imgfile *f,
                          const struct alk_hex *bootloader, uint32_t room);

/* An item more; text as with printf. */
void alk_checklist_add(struct alk_checklist *list, const char *what, enum alk_answer answer,
                       const char *way_out, const char *fmt, ...) __attribute__((format(printf, 5, 6)));

/* Is any item a no? */
bool alk_checklist_refuses(const struct alk_checklist *list);

#endif
