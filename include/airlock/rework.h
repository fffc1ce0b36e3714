/* SPDX-License-Identifier: Apache-2.0 */
/* rework.h - images changed after they were made, without the program's build. */
#ifndef AIRLOCK_REWORK_H
#define AIRLOCK_REWORK_H

#include "airlock/build.h"
#include "airlock/imgfile.h"

/*
 * The same header, payload and protected area with another unprotected area:
 * entries for which keep() is false are left out.  What lay behind the image
 * (padding, mailbox) is dropped.
 *
 * return: ALK_OK, ALK_E_SUPPORT (big-endian), ALK_E_MEMORY
 */
int alk_image_filter(struct alk_buf *out, const struct alk_imgfile *f,
                     bool (*keep)(void *ctx, const struct alk_tlv *t), void *ctx, struct alk_why *why);

/*
 * Sign it with other keys: header, payload (plain or encrypted), protected
 * area, hash and wrapped key stay, all signatures are replaced.
 *
 * in:     j - says that the hash is right; b - signers, full_key, pad_sig, fixed_k
 */
int alk_image_resign(struct alk_buf *out, const struct alk_imgfile *f, const struct alk_judgement *j,
                     const struct alk_build *b, struct alk_why *why);

/*
 * Make the image again from its parts with other signers and recipients
 * (which changes header flags, so the hash).
 *
 * in:     f - its payload plain (alk_imgfile_decrypt());  b - signers,
 *         recipients and all that belongs to them; the rest is filled in
 */
int alk_image_rebuild(struct alk_built *out, const struct alk_imgfile *f, struct alk_build *b,
                      struct alk_why *why);

#endif
