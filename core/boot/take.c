/* SPDX-License-Identifier: Apache-2.0 */
/*
 * take.c - the second stage brings itself up to date.
 *
 * An update of the application may be under way meanwhile: nothing of it can
 * look like an image for a stage, and the journal serves both second stages.
 */
#include <string.h>

#include "airlock/chain.h"
#include "airlock/install.h"
#include "airlock/mailbox.h"
#include "core/bytes.h"

/* What lies there is void, then its header goes; it comes last (C3). */
static int copy(const struct alk_flash *to, const struct alk_check *c, const struct alk_image *img)
{
    uint32_t end = img->end, n;
    int err = alk_stage_mark(to, ALK_STAGE_VOID);

    if (err == ALK_OK)
        err = alk_flash_erase(to, 0);
    for (uint32_t i = to->sectors; i-- > 0 && err == ALK_OK; end = alk_min(end, i * to->sector_size)) {
        err = alk_flash_erase(to, i);
        for (uint32_t at = i * to->sector_size; at < end && err == ALK_OK; at += n) {
            n = alk_min(end - at, (uint32_t)c->buf_len);
            memset(c->buf, 0xff, c->buf_len);
            err = alk_image_read(c->buf, img, at, n);
            alk_image_crypt(c->buf, n, img, at, &c->key);
            if (err == ALK_OK)
                err = alk_flash_prog(to, at, c->buf, alk_align_up(n, to->unit));
        }
    }
    return err;
}

/* Find in the secondary what says it belongs into this slot, and bring it there. */
static int receive(struct alk_boot *b, const struct alk_flash *to)
{
    struct alk_check check = {.keys = &b->keys, .buf = b->buf, .buf_len = b->buf_len, .tick = b->tick};
    const struct alk_demand d = {to->base, alk_flash_size(to) - ALK_STAGE_MARKS * to->unit, 0};
    struct alk_image *img = &b->image;
    int err = alk_keys_open(&b->keys, &b->map->keys);

    if (err == ALK_OK)
        err = alk_secondary_open(img, b->map, 0);
    if (err == ALK_OK && (img->flags & ALK_IMAGE_ROM_FIXED) == 0)
        err = ALK_E_POLICY;
    if (err == ALK_OK)
        err = alk_admit(img, &d, &b->keys);
    if (err == ALK_OK)
        err = alk_verify_secondary(&b->verdict, img, &check);
    if (err == ALK_OK)
        err = copy(to, &check, img);
    alk_wipe(&check.key, sizeof check.key);
    return err;
}

int alk_chain_take(struct alk_boot *b, const struct alk_chain *c, unsigned own, int (*judge)(unsigned slot))
{
    const struct alk_flash *to = &c->stage[!own], *secondary = &b->map->secondary;
    struct alk_mailbox m;

    if (!alk_stage_marked(&c->stage[own], ALK_STAGE_SURE) || alk_mailbox_read(&m, secondary) != ALK_OK ||
        m.magic != ALK_SET || receive(b, to) != ALK_OK || judge(!own) != ALK_OK)
        return 0;
    return alk_stage_mark(to, ALK_STAGE_READY) == ALK_OK && alk_install_clear(secondary) == ALK_OK;
}

int alk_chain_confirm(const struct alk_chain *c, unsigned own)
{
    const struct alk_flash *slot = &c->stage[own];
    int err = ALK_OK;

    if (!alk_stage_marked(slot, ALK_STAGE_SURE)) {
        err = alk_stage_mark(slot, ALK_STAGE_CONFIRMED);
        if (err == ALK_OK)
            err = alk_stage_mark(slot, ALK_STAGE_SURE);
    }
    return err;
}
