/* SPDX-License-Identifier: Apache-2.0 */
#include "programs/demo/selftest.h"
#include "airlock/crypto.h"
#include "airlock/image.h"
#include "core/bytes.h"
#include "programs/demo/leds.h"

#define TICKS_AWAITED 60u

/* Each bit of some words that hold nothing else, both ways. */
static bool ram_holds(void)
{
    static volatile uint32_t cells[32];
    uint32_t pattern = 1;

    for (unsigned pass = 0; pass < 64; pass++, pattern = pattern << 1 | (pattern >> 31 ^ 1u)) {
        for (unsigned i = 0; i < 32; i++)
            cells[i] = pattern ^ i;
        for (unsigned i = 0; i < 32; i++)
            if (cells[i] != (pattern ^ i))
                return false;
    }
    return true;
}

static int hash_image(uint8_t digest[32], const struct alk_image *img)
{
    struct alk_sha256 c;
    uint8_t piece[64];
    uint32_t end = img->tlv_off + img->prot_size;
    int rc = ALK_OK;

    alk_sha256_init(&c);
    for (uint32_t off = 0; off < end && rc == ALK_OK; off += sizeof(piece)) {
        uint32_t len = alk_min(sizeof(piece), end - off);

        rc = alk_image_read(piece, img, off, len);
        alk_sha256_update(&c, piece, len);
    }
    alk_sha256_final(digest, &c);
    return rc;
}

static bool flash_holds(const struct alk_flash *slot)
{
    struct alk_image img;
    struct alk_tlv tlv = {0};
    uint8_t told[32], found[32];

    return alk_image_open(&img, slot, 0, alk_flash_size(slot)) == ALK_OK &&
           alk_tlv_find(&tlv, &img, ALK_TLV_SHA256) == 1 &&
           alk_tlv_read(told, &img, &tlv, sizeof(told)) == ALK_OK && hash_image(found, &img) == ALK_OK &&
           alk_equal(told, found, sizeof(told));
}

/* The timer's interrupt comes, and comes again. */
static bool clock_runs(void)
{
    uint32_t start = leds_ticks();

    while (leds_ticks() - start < TICKS_AWAITED)
        __asm volatile("wfi");
    return true;
}

const char *selftest_run(const struct alk_map *map)
{
    if (!ram_holds())
        return "RAM";
    if (!flash_holds(&map->primary))
        return "flash";
    return clock_runs() ? NULL : "clock";
}
