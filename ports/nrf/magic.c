/* SPDX-License-Identifier: Apache-2.0 */
/* magic.c - in place of core/image/magic.c: write units of this family are words. */
#include <string.h>

#include "airlock/mailbox.h"

static const uint8_t magic_8[] = ALK_MAILBOX_MAGIC_8;

uint32_t alk_mailbox_align(const struct alk_flash *slot)
{
    (void)slot;
    return 8;
}

void alk_mailbox_magic(uint8_t magic[ALK_MAILBOX_MAGIC_SIZE], const struct alk_flash *slot)
{
    (void)slot;
    memcpy(magic, magic_8, sizeof(magic_8));
}
