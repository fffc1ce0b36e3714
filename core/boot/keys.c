/* SPDX-License-Identifier: Apache-2.0 */
#include "airlock/keys.h"
#include "core/bytes.h"
#include "core/crc.h"

#include <string.h>

#define HEAD_SIZE   12u
#define ENTRY_HEAD  36u
#define CRC_RESIDUE 0x2144df1cu /* of anything with its own CRC behind it */

/* in: len - from the magic to the CRC's end */
static bool crc_holds(const struct alk_flash *area, uint32_t len)
{
    uint8_t word[4];
    uint32_t crc = 0;

    for (uint32_t off = 0; off < len; off += sizeof word) {
        if (alk_flash_read(word, area, off, sizeof word) != ALK_OK)
            return false;
        crc = alk_crc32(crc, word, sizeof word);
    }
    return crc == CRC_RESIDUE;
}

int alk_keys_open(struct alk_keys *keys, const struct alk_flash *area)
{
    struct {
        uint32_t magic;
        uint8_t version, count;
        uint16_t len;
        uint32_t policy;
    } head;

    keys->area = area;
    keys->count = 0;
    if (alk_flash_read(&head, area, 0, HEAD_SIZE) != ALK_OK)
        return ALK_E_FLASH;
    if (head.magic == 0xffffffffu)
        return ALK_E_KEY;
    if (head.magic != ALK_KEYS_MAGIC || head.version != ALK_KEYS_VERSION || !crc_holds(area, head.len))
        return ALK_E_FORMAT;
    keys->policy = head.policy;
    keys->count = head.count;
    return ALK_OK;
}

/* A word that cannot be read was being written, or there is none for so many entries. */
static bool revoked(const struct alk_flash *area, unsigned index)
{
    uint32_t off = alk_flash_size(area) - (ALK_KEYS_MAX - index) * area->unit;
    uint8_t word[ALK_MAX_UNIT];
    uint8_t ones = 0xff;

    if (alk_flash_read(word, area, off, area->unit) != ALK_OK)
        return true;
    for (unsigned i = 0; i < area->unit; i++)
        ones &= word[i];
    return ones != 0xff;
}

int alk_keys_next(struct alk_key *k, const struct alk_keys *keys)
{
    uint32_t off = HEAD_SIZE;

    if (k->value != 0) {
        off = alk_align_up(k->value + k->len, 4);
        k->index++;
    }
    if (k->index >= keys->count)
        return 0;
    if (alk_flash_read(k, keys->area, off, ENTRY_HEAD) != ALK_OK)
        return ALK_E_FLASH;
    k->value = off + ENTRY_HEAD;
    k->revoked = revoked(keys->area, k->index);
    return 1;
}

int alk_keys_find(struct alk_key *k, const struct alk_keys *keys, uint8_t use, uint8_t alg, const uint8_t *id)
{
    int more;

    memset(k, 0, sizeof *k);
    while ((more = alk_keys_next(k, keys)) > 0)
        if (k->use == use && k->alg == alg && !k->revoked &&
            (id == NULL || memcmp(k->id, id, sizeof k->id) == 0))
            return ALK_OK;
    return more == 0 ? ALK_E_KEY : more;
}

ALK_APART int alk_keys_read(uint8_t *value, const struct alk_keys *keys, const struct alk_key *k, size_t len)
{
    return k->len == len ? alk_flash_read(value, keys->area, k->value, len) : ALK_E_FORMAT;
}
