/* SPDX-License-Identifier: Apache-2.0 */
#include "airlock/mailbox.h"
#include "core/bytes.h"

#include <string.h>

#define MAGIC_SIZE ALK_MAILBOX_MAGIC_SIZE

/* Fields, counted from the end of the slot downwards. */
enum { MAGIC, IMAGE_OK, COPY_DONE, SWAP_INFO };

static uint32_t field_at(const struct alk_flash *slot, unsigned field)
{
    uint32_t a = alk_mailbox_align(slot);

    return alk_flash_size(slot) - alk_align_up(MAGIC_SIZE, a) - field * a;
}

ALK_APART uint32_t alk_mailbox_size(const struct alk_flash *slot)
{
    return alk_flash_size(slot) - field_at(slot, SWAP_INFO);
}

static uint8_t decode(const uint8_t *p, const uint8_t *good, size_t len)
{
    if (memcmp(p, good, len) == 0)
        return ALK_SET;
    while (len != 0)
        if (p[--len] != 0xff)
            return ALK_BAD;
    return ALK_UNSET;
}

int alk_mailbox_read(struct alk_mailbox *m, const struct alk_flash *slot)
{
    uint8_t now[MAGIC_SIZE], good[MAGIC_SIZE];
    uint8_t *to = &m->magic;
    size_t len = MAGIC_SIZE;

    alk_mailbox_magic(good, slot);
    for (unsigned field = MAGIC; field <= SWAP_INFO; field++) {
        uint32_t at = field_at(slot, field);

        if (alk_flash_read(now, slot, field == MAGIC ? alk_flash_size(slot) - len : at, len) != ALK_OK)
            return ALK_E_FLASH;
        *to++ = decode(now, good, len);
        good[0] = 1; /* a flag that is set */
        len = 1;
    }
    m->swap_info = now[0];
    return ALK_OK;
}

/* in: value - of a flag; MAGIC has its own */
static int put(const struct alk_flash *slot, unsigned field, uint8_t value)
{
    uint32_t at = field_at(slot, field);
    uint32_t len = field == MAGIC ? alk_flash_size(slot) - at : slot->unit;
    uint8_t buf[ALK_MAX_UNIT];

    memset(buf, 0xff, sizeof buf);
    buf[0] = value;
    if (field == MAGIC)
        alk_mailbox_magic(buf + len - MAGIC_SIZE, slot);
    return alk_flash_prog(slot, at, buf, len);
}

/* Nothing in it, or a request that this one can follow; anything else must be erased first. */
static bool may_ask(const struct alk_mailbox *m, uint8_t request)
{
    bool same = m->image_ok == ALK_SET && request == ALK_REQ_PERM;

    if (m->copy_done != ALK_UNSET || (m->image_ok != ALK_UNSET && !same))
        return false;
    return m->magic == ALK_SET || (m->magic == ALK_UNSET && m->image_ok == ALK_UNSET && m->swap_info == 0xff);
}

int alk_mailbox_request(const struct alk_flash *slot, uint8_t request)
{
    struct alk_mailbox m;
    int err = alk_mailbox_read(&m, slot);

    if (err != ALK_OK)
        return err;
    if (!may_ask(&m, request))
        return ALK_E_STATE;
    if (m.magic == ALK_UNSET)
        err = put(slot, MAGIC, 0xff);
    if (err == ALK_OK && request == ALK_REQ_PERM && m.image_ok == ALK_UNSET)
        err = put(slot, IMAGE_OK, 1);
    if (err == ALK_OK && m.swap_info == 0xff)
        err = put(slot, SWAP_INFO, request);
    return err;
}

int alk_mailbox_confirm(const struct alk_flash *slot)
{
    struct alk_mailbox m;
    int err = alk_mailbox_read(&m, slot);

    if (err != ALK_OK || m.magic == ALK_UNSET)
        return err;
    if (m.magic == ALK_BAD || m.image_ok == ALK_BAD)
        return ALK_E_STATE;
    return m.image_ok == ALK_SET ? ALK_OK : put(slot, IMAGE_OK, 1);
}

int alk_mailbox_finish(const struct alk_flash *slot, uint8_t request, bool confirmed)
{
    int err = put(slot, SWAP_INFO, request);

    if (err == ALK_OK && confirmed)
        err = put(slot, IMAGE_OK, 1);
    if (err == ALK_OK)
        err = put(slot, COPY_DONE, 1);
    return err == ALK_OK ? put(slot, MAGIC, 0xff) : err;
}
