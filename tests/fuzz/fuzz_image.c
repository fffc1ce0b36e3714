/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libFuzzer target: any bytes as an image in the secondary.
 *
 * The first byte chooses: bit 0 whether the hash TLV is made to fit first,
 * so that signatures are reached; bit 1 the primary's reading; bit 2 the
 * policy.  Claims: no read past the end, and what verifies has a hash that
 * the owner of the signing key made, that is, one of the seeds'.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "airlock/memory.h"
#include "airlock/verify.h"
#include "keyring.h"

#define MAX_SEEDS 64

static struct keyring rings[2];
static uint8_t genuine[MAX_SEEDS][32];
static unsigned seeds;

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int look(struct alk_verdict *v, const struct alk_image *img, unsigned mode)
{
    uint8_t buf[192];
    struct alk_check c = {.keys = &rings[mode >> 2 & 1].keys, .buf = buf, .buf_len = sizeof buf};
    static const struct alk_demand demand = {.max_size = 0x8000};

    alk_admit(img, &demand, c.keys);
    return (mode & 2) != 0 ? alk_verify(v, img, &c) : alk_verify_secondary(v, img, &c);
}

static void remember(const char *path)
{
    struct alk_verdict v;
    struct alk_flash area;
    struct alk_image img;
    size_t len;
    uint8_t *bytes = vector_load(&len, path);

    alk_flash_memory(&area, bytes, len);
    if (alk_image_open(&img, &area, 0, (uint32_t)len) == ALK_OK)
        for (unsigned mode = 0; mode < 4; mode += 2)
            if (look(&v, &img, mode) == ALK_OK && seeds < MAX_SEEDS)
                memcpy(genuine[seeds++], v.operand[ALK_COMPUTED], 32);
    free(bytes);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    DIR *d = opendir(ALK_VECTORS "/img");

    (void)argc, (void)argv;
    keyring_usual(&rings[0], 0);
    keyring_usual(&rings[1], ALK_POLICY_REQUIRE_ENCRYPTION);
    for (struct dirent *e; d != NULL && (e = readdir(d)) != NULL;) {
        char path[300];

        snprintf(path, sizeof path, "img/%s", e->d_name);
        if (e->d_name[0] != '.')
            remember(path);
    }
    closedir(d);
    if (seeds < 10)
        abort();
    return 0;
}

/* As one who changes an image and hashes it anew. */
static void fit_hash(uint8_t *bytes, const struct alk_image *img, const struct alk_verdict *v)
{
    struct alk_tlv t = {0};

    while (alk_tlv_next(&t, img) > 0)
        if (!t.prot && t.type == ALK_TLV_SHA256 && t.len == 32)
            memcpy(bytes + t.off, v->operand[ALK_COMPUTED], 32);
}

static void expect_genuine(const struct alk_verdict *v)
{
    for (unsigned i = 0; i < seeds; i++)
        if (memcmp(v->operand[ALK_COMPUTED], genuine[i], 32) == 0)
            return;
    abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct alk_verdict v;
    struct alk_flash area;
    struct alk_image img;
    uint8_t *bytes;
    unsigned mode;

    if (size == 0)
        return 0;
    mode = *data++;
    size--;
    bytes = malloc(size + (size == 0));
    memcpy(bytes, data, size);
    alk_flash_memory(&area, bytes, size);
    if (alk_image_open(&img, &area, 0, (uint32_t)size) == ALK_OK) {
        int err = look(&v, &img, mode);

        if (err == ALK_E_AUTH && (mode & 1) != 0) {
            fit_hash(bytes, &img, &v);
            err = look(&v, &img, mode);
        }
        if (err == ALK_OK)
            expect_genuine(&v);
    }
    free(bytes);
    return 0;
}
