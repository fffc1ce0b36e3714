/* SPDX-License-Identifier: Apache-2.0 */
/*
 * upgrade.h - bring a new image onto a device: upload, and the whole upgrade.
 *
 *   params  boot info  list -> erase? -> upload -> list -> mark -> reset
 *      -> wait for the swap, link again -> does the NEW image run?
 *      -> wait for the application's own confirmation -> confirm
 *
 * Both are jobs of a client: they send requests and are driven by its loop.
 *
 * (U1) At most `window` chunks are in flight; the first is sent alone, as its
 *      answer may say that the device has a part already.
 * (U2) The device's word about the next offset wins over ours: a surprising
 *      one means go on from there.
 * (U3) An image is confirmed only when the device says that it runs, by hash.
 * (U4) A job that ends early leaves the device as it was or in the middle of
 *      an upload that the same command goes on with.
 */
#ifndef AIRLOCK_UPGRADE_H
#define AIRLOCK_UPGRADE_H

#include "airlock/device.h"
#include "airlock/image.h"

/* An image file as it will be sent. */
struct alk_update_image {
    const uint8_t *data;
    uint32_t len; /* without padding after the last TLV */
    uint32_t padding;
    struct alk_version version;
    bool encrypted;
    uint8_t hash[ALK_DEVICE_HASH_MAX]; /* the one the device will list */
    uint8_t hash_len;
    uint8_t sha[32]; /* of data: the name of the upload session */
};

/*
 * Read a file's bytes as an image.
 *
 * in:     data - must stay as long as the image is used
 * return: ALK_OK; ALK_E_FORMAT - no MCUboot image, or one without a hash;
 *         ALK_E_SIZE - the file is cut short
 */
int alk_update_image_open(struct alk_update_image *im, const uint8_t *data, size_t len);

struct alk_upload_options {
    uint32_t image;      /* `image` key: 0, or what slot info names */
    bool newer_only;     /* the server shall refuse a version that is not newer */
    uint32_t first_ms;   /* patience with the first chunk (erase); 0: from the length */
    uint8_t retries;     /* of one chunk, one after the other; 0: 5 */
    unsigned window_max; /* 0: what the server can take */
    size_t packet_max;   /* 0: the same */
};

struct alk_upload;

/*
 * Begin an upload.  progress (may be NULL) is called whenever the device has
 * more; done once, at the end: r as in alk_smp_reply, ALK_E_AUTH when the device
 * found other bytes in its flash than were sent.  It may free the upload.
 *
 * return: NULL - no memory
 */
struct alk_upload *alk_upload_begin(struct alk_client *c, const struct alk_update_image *im,
                                    const struct alk_upload_options *o,
                                    void (*progress)(void *ctx, uint32_t off),
                                    void (*done)(void *ctx, const struct alk_smp_reply *r), void *ctx);
void alk_upload_free(struct alk_upload *u);

enum alk_upgrade_mode {
    ALK_UPGRADE_TEST_AND_CONFIRM,
    ALK_UPGRADE_TEST_ONLY,   /* leave the confirmation to the application */
    ALK_UPGRADE_PERMANENT,   /* confirm before the reset: no way back */
    ALK_UPGRADE_UPLOAD_ONLY, /* do not even mark it */
};

enum alk_upgrade_stage {
    ALK_STAGE_ASK,
    ALK_STAGE_ERASE,
    ALK_STAGE_UPLOAD,
    ALK_STAGE_MARK,
    ALK_STAGE_RESET,
    ALK_STAGE_SWAP,
    ALK_STAGE_TRIAL,
    ALK_STAGE_CONFIRM,
    ALK_STAGE_DONE,
};

struct alk_upgrade_options {
    enum alk_upgrade_mode mode;
    struct alk_upload_options upload;
    uint32_t image;           /* which processor's, in the image list */
    uint32_t swap_wait_ms;    /* longest wait for the device to come back; 0: from the length */
    uint32_t confirm_wait_ms; /* wait for the application's own confirmation */
    uint32_t link_wait_ms;    /* patience with a lost link during the upload; 0: 30000 */
};

/* How it stands; handed to the event function and kept until the job is freed. */
struct alk_upgrade_state {
    enum alk_upgrade_stage stage;
    bool over;
    int result;                   /* ALK_OK; ALK_E_POLICY - the device said no; ALK_E_AUTH - the old image
                                     runs again; ALK_E_IO, ALK_E_TIMEOUT, ALK_E_FORMAT */
    bool already;                 /* the image ran before anything was sent */
    bool by_application;          /* the application confirmed itself */
    uint32_t off, len;            /* of the upload */
    struct alk_smp_reply refusal; /* why, when result is ALK_E_POLICY and the like; no map */
    struct alk_slot_list list;    /* as last told by the device */
    char why[200], way_out[200];  /* in words, when result is not ALK_OK */
};

struct alk_upgrade;

/* Begin an upgrade; event is called at every change of stage, progress and at the end. */
struct alk_upgrade *alk_upgrade_begin(struct alk_client *c, const struct alk_update_image *im,
                                      const struct alk_upgrade_options *o,
                                      void (*event)(void *ctx, const struct alk_upgrade_state *s), void *ctx);
const struct alk_upgrade_state *alk_upgrade_look(const struct alk_upgrade *u);
void alk_upgrade_free(struct alk_upgrade *u);

#endif
