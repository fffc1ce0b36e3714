/* SPDX-License-Identifier: Apache-2.0 */
/* magic.c - what of the mailbox hangs on the write unit.  A port whose units are all small brings its own. */
#include <string.h>

#include "airlock/mailbox.h"

/* The second, for 16 and 32, names A in its first byte. */
static const uint8_t magics[2][ALK_MAILBOX_MAGIC_SIZE] = {
    ALK_MAILBOX_MAGIC_8,
    {0x00, 0x00, 0x2d, 0xe1, 0x5d, 0x29, 0x41, 0x0b, 0x8d, 0x77, 0x67, 0x9c, 0x11, 0x0f, 0x1f, 0x8a},
};

uint32_t alk_mailbox_align(const struct alk_flash *slot)
{
    return slot->unit > 8 ? slot->unit : 8;
}

void alk_mailbox_magic(uint8_t magic[ALK_MAILBOX_MAGIC_SIZE], const struct alk_flash *slot)
{
    bool named = slot->unit > 8;

    memcpy(magic, magics[named], ALK_MAILBOX_MAGIC_SIZE);
    if (named)
        magic[0] = (uint8_t)slot->unit;
}
