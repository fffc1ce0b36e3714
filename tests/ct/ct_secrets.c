/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Constant time, by Valgrind: secrets are marked undefined, and memcheck
 * reports every branch and every address that depends on one.
 *
 *     ct_secrets ecdh | equal | hash | leak
 *
 * "leak" branches on a secret: memcheck must report it, or the check is blind.
 * p256-m's own marks (CT_POISON, CT_UNPOISON) are compiled in: whether a
 * private key is in range, and the result, count as public.
 */
#include <stdio.h>
#include <string.h>
#include <valgrind/memcheck.h>

#include "airlock/crypto.h"

static const uint8_t point[64] = {
    /* RFC 5903, 8.1: gr */
    0xd1, 0x2d, 0xfb, 0x52, 0x89, 0xc8, 0xd4, 0xf8, 0x12, 0x08, 0xb7, 0x02, 0x70, 0x39, 0x8c, 0x34,
    0x22, 0x96, 0x97, 0x0a, 0x0b, 0xcc, 0xb7, 0x4c, 0x73, 0x6f, 0xc7, 0x55, 0x44, 0x94, 0xbf, 0x63,
    0x56, 0xfb, 0xf3, 0xca, 0x36, 0x6c, 0xc2, 0x3e, 0x81, 0x57, 0x85, 0x4c, 0x13, 0xc5, 0x8d, 0x6a,
    0xac, 0x23, 0xf0, 0x46, 0xad, 0xa3, 0x0f, 0x83, 0x53, 0xe7, 0x4f, 0x33, 0x03, 0x98, 0x72, 0xab,
};

static int run_ecdh(uint8_t secret[32])
{
    uint8_t shared[32];
    int err = alk_p256_ecdh(shared, secret, point);

    VALGRIND_MAKE_MEM_DEFINED(&err, sizeof err);
    return err;
}

static int run_equal(uint8_t secret[32])
{
    volatile bool equal = alk_equal(secret, point, 32);

    (void)equal;
    return 0;
}

static int run_hash(uint8_t secret[32])
{
    uint8_t digest[32];
    struct alk_sha256 c;

    alk_sha256_init(&c);
    alk_sha256_update(&c, secret, 32);
    alk_sha256_final(digest, &c);
    return 0;
}

static int run_leak(uint8_t secret[32])
{
    return memchr(secret, 0xee, 32) != NULL;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*run)(uint8_t secret[32]);
    } checks[] = {{"ecdh", run_ecdh}, {"equal", run_equal}, {"hash", run_hash}, {"leak", run_leak}};
    uint8_t secret[32];

    memset(secret, 0x37, sizeof secret);
    VALGRIND_MAKE_MEM_UNDEFINED(secret, sizeof secret);
    for (unsigned i = 0; argc == 2 && i < sizeof checks / sizeof *checks; i++) {
        if (strcmp(argv[1], checks[i].name) == 0) {
            return checks[i].run(secret);
        }
    }
    fprintf(stderr, "usage: ct_secrets ecdh | equal | hash | leak\n");
    return 2;
}
