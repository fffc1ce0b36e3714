/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libFuzzer target: any packets, one after the other, to the server on flash
 * with NOR rules.  Input: { u8 length, packet }; a length of 0xff means all
 * that is left.
 *
 * Claims: replies are whole and fit, what runs is not touched but for its
 * mailbox, and afterwards the server answers still.
 */
#include <stdlib.h>
#include <string.h>

#include "adapters/flash/file.h"
#include "airlock/mailbox.h"
#include "airlock/smp.h"
#include "core/bytes.h"

#define SECTOR  256u
#define SECTORS 8u
#define SLOT    (SECTOR * SECTORS)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct alk_flash_file flash;
static struct alk_map map;

static int check(void *ctx, const struct alk_image *img)
{
    (void)ctx;
    return img == NULL || img->version.major % 2 == 0 ? ALK_OK : ALK_E_AUTH;
}

static void power_on(void)
{
    struct alk_flash slot = {
        .ops = &alk_flash_file_ops, .dev = &flash, .sector_size = SECTOR, .sectors = SECTORS, .unit = 8};

    if (flash.mem == NULL && alk_flash_file_open(&flash, NULL, 2 * SLOT) != ALK_OK)
        abort();
    memset(flash.mem, 0xff, 2 * SLOT);
    memset(flash.mem, 0x11, SLOT - SECTOR);
    map.primary = map.secondary = slot;
    map.secondary.base = SLOT;
    map.demand.max_size = SLOT - SECTOR;
}

static void ask(struct alk_smp *s, const uint8_t *p, size_t len)
{
    uint8_t *req = malloc(len + 1), rsp[400];
    size_t at = 0;
    int n = alk_smp_handle(s, memcpy(req, p, len), len, rsp, sizeof rsp);

    free(req);
    if (n < 0 || n > (int)sizeof rsp || (len >= 8 && n < 8))
        abort();
    while (at < (size_t)n)
        at += 8u + alk_get16be(rsp + at + 2);
    if (at != (size_t)n)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct alk_smp_info info[] = {{'s', "fuzz"}, {0, NULL}};
    struct alk_smp_config cfg = {alk_smp_app_cmds, &map, info, check, NULL, 384, 4, size % 2 != 0};
    struct alk_smp s = {.cfg = &cfg, .target = &map.secondary, .open = 0xff};

    power_on();
    while (size > 1) {
        size_t n = data[0] == 0xff || data[0] > size - 1 ? size - 1 : data[0];

        ask(&s, data + 1, n);
        data += n + 1;
        size -= n + 1;
    }
    for (size_t i = 0; i < SLOT - SECTOR; i++)
        if (flash.mem[i] != 0x11)
            abort();
    ask(&s, (const uint8_t *)"\x08\0\0\0\0\0\0\6", 8);
    return 0;
}
