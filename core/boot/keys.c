/* SPDX-License-Identifier: Apache-2.0 */
#include "airlock/keys.h"
#include "core/bytes.h"
#include "core/crc.h"

#include <string.h>

#define HEAD_SIZE  12u
#define CRC_SIZE   4u
#define ENTRY_HEAD 36u

static uint32_t words_off(const struct alk_flash *area)
{
    return alk_flash_size(area) - ALK_KEYS_MAX * area->unit;
}

/* return: ALK_OK, ALK_E_FORMAT or ALK_E_FLASH */
static int check_crc(const struct alk_flash *area, uint32_t len)
{
    uint8_t buf[32];
    uint32_t crc = 0;
    uint32_t n;

    for (uint32_t off = 0; off < len; off += n) {
        n = alk_min(len - off, sizeof buf);
        if (alk_flash_read(buf, area, off, n) != ALK_OK)
            return ALK_E_FLASH;
        crc = alk_crc32(crc, buf, n);
    }
    if (alk_flash_read(buf, area, len, CRC_SIZE) != ALK_OK)
        return ALK_E_FLASH;
    return crc == alk_get32(buf) ? ALK_OK : ALK_E_FORMAT;
}

/* return: ALK_OK if the entries fill [HEAD_SIZE, end) */
static int check_entries(const struct alk_keys *keys, uint32_t end)
{
    struct alk_key k = {0};
    uint32_t off = HEAD_SIZE;
    int more;

    while ((more = alk_keys_next(&k, keys)) > 0) {
        off = alk_align_up(k.value + k.len, 4);
        if (off > end)
            return ALK_E_FORMAT;
    }
    return more == 0 && off != end ? ALK_E_FORMAT : more;
}

int alk_keys_open(struct alk_keys *keys, const struct alk_flash *area)
{
    uint8_t head[HEAD_SIZE];
    uint32_t len;
    int err;

    keys->area = area;
    keys->count = 0;
    if (alk_flash_read(head, area, 0, sizeof head) != ALK_OK)
        return ALK_E_FLASH;
    len = alk_get16(head + 6);
    if (alk_get32(head) == 0xffffffffu)
        return ALK_E_KEY;
    if (alk_get32(head) != ALK_KEYS_MAGIC || head[4] != ALK_KEYS_VERSION || head[5] > ALK_KEYS_MAX ||
        len < HEAD_SIZE + CRC_SIZE || len > words_off(area))
        return ALK_E_FORMAT;
    err = check_crc(area, len - CRC_SIZE);
    if (err != ALK_OK)
        return err;
    keys->policy = alk_get32(head + 8);
    keys->count = head[5];
    err = check_entries(keys, len - CRC_SIZE);
    if (err != ALK_OK)
        keys->count = 0;
    return err;
}

/* A word that cannot be read was being written. */
static bool revoked(const struct alk_flash *area, unsigned index)
{
    uint8_t word[ALK_MAX_UNIT];
    uint8_t ones = 0xff;

    if (alk_flash_read(word, area, words_off(area) + index * area->unit, area->unit) != ALK_OK)
        return true;
    for (unsigned i = 0; i < area->unit; i++)
        ones &= word[i];
    return ones != 0xff;
}

int alk_keys_next(struct alk_key *k, const struct alk_keys *keys)
{
    uint8_t head[ENTRY_HEAD];
    uint32_t off = HEAD_SIZE;

    k->index++;
    if (k->value == 0)
        k->index = 0;
    else
        off = alk_align_up(k->value + k->len, 4);
    k->len = 0; /* past the end k has no value */
    if (k->index >= keys->count)
        return 0;
    if (alk_flash_read(head, keys->area, off, sizeof head) != ALK_OK)
        return ALK_E_FLASH;
    k->use = head[0];
    k->alg = head[1];
    k->len = alk_get16(head + 2);
    memcpy(k->id, head + 4, sizeof k->id);
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

int alk_keys_read(uint8_t *value, const struct alk_keys *keys, const struct alk_key *k, size_t len)
{
    return k->len == len ? alk_flash_read(value, keys->area, k->value, len) : ALK_E_FORMAT;
}
