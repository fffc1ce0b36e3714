/* SPDX-License-Identifier: Apache-2.0 */
/*
 * count.c - instructions and stack of the crypto primitives on an emulated core.
 *
 *     alk-count ELF (cortex-m0|cortex-m4)
 *
 * Prints "primitive instructions stack" a line; fails when a result is wrong.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"

#define RAM ALK_CALL_RAM

static void die(const char *what)
{
    fprintf(stderr, "alk-count: %s\n", what);
    exit(4);
}

static void from_hex(uint8_t *out, const char *hex)
{
    for (; *hex; hex += 2) {
        unsigned v;
        sscanf(hex, "%2x", &v);
        *out++ = (uint8_t)v;
    }
}

static void report(struct alk_call *m, const char *name, const uint8_t *got, const char *want)
{
    uint8_t expected[32] = {0};

    from_hex(expected, want);
    printf("%s %llu %u\n", name, m->insns, m->stack);
    if (memcmp(got, expected, strlen(want) / 2) != 0) {
        die("wrong result");
    }
    m->insns = 0;
}

/* 1 KiB of zeros */
static void count_sha256(struct alk_call *m)
{
    enum { CONTEXT = 0, DIGEST = 256, DATA = 1024 };

    alk_call(m, "alk_sha256_init", (uint32_t[]){RAM + CONTEXT}, 1);
    alk_call(m, "alk_sha256_update", (uint32_t[]){RAM + CONTEXT, RAM + DATA, 960}, 3);
    m->insns = 0;
    alk_call(m, "alk_sha256_update", (uint32_t[]){RAM + CONTEXT, RAM + DATA, 64}, 3);
    printf("sha256_block %llu %u\n", m->insns, m->stack);
    alk_call(m, "alk_sha256_final", (uint32_t[]){RAM + DIGEST, RAM + CONTEXT}, 2);
    m->insns = 0;
    alk_call(m, "alk_sha256_init", (uint32_t[]){RAM + CONTEXT}, 1);
    alk_call(m, "alk_sha256_update", (uint32_t[]){RAM + CONTEXT, RAM + DATA, 1024}, 3);
    alk_call(m, "alk_sha256_final", (uint32_t[]){RAM + DIGEST, RAM + CONTEXT}, 2);
    report(m, "sha256_1k", m->ram + DIGEST,
           "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef");
}

/* The example keys of FIPS 197, C.1 and C.3; 1 KiB of keystream from block 0 */
static void count_aes(struct alk_call *m)
{
    enum { KEY = 0, BUF = 1024 };

    for (unsigned i = 0; i < 32; i++) {
        m->ram[KEY + i] = (uint8_t)i;
    }
    memset(m->ram + BUF, 0, 1024);
    alk_call(m, "alk_aes_ctr", (uint32_t[]){RAM + BUF, 1024, RAM + KEY, 16, 0}, 5);
    report(m, "aes128_1k", m->ram + BUF, "c6a13b37878f5b826f4f8162a1c8d879");
    memset(m->ram + BUF, 0, 1024);
    alk_call(m, "alk_aes_ctr", (uint32_t[]){RAM + BUF, 1024, RAM + KEY, 32, 0}, 5);
    report(m, "aes256_1k", m->ram + BUF, "f29000b62a499fd0a9f39a6add2e7780");
}

/* RFC 6979 A.2.5 "sample", RFC 5903 8.1 */
static void count_p256(struct alk_call *m)
{
    enum { SIG = 0, PUB = 64, HASH = 128, PRIV = 192, PEER = 256, SECRET = 320, X = 384 };
    uint32_t r;

    from_hex(m->ram + SIG, "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
                           "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8");
    from_hex(m->ram + PUB, "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
                           "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299");
    from_hex(m->ram + HASH, "af2bdbe1aa9b6ec1e2ade1d694f41fc71a831d0268e9891562113d8a62add1bf");
    from_hex(m->ram + PRIV, "c88f01f510d9ac3f70a292daa2316de544e9aab8afe84049c62a9c57862d1433");
    from_hex(m->ram + PEER, "d12dfb5289c8d4f81208b70270398c342296970a0bccb74c736fc7554494bf63"
                            "56fbf3ca366cc23e8157854c13c58d6aac23f046ada30f8353e74f33039872ab");
    m->insns = 0;
    r = alk_call(m, "alk_p256_verify", (uint32_t[]){RAM + X, RAM + SIG, RAM + PUB, RAM + HASH}, 4);
    report(m, "p256_verify", (uint8_t *)&r, "00000000");
    r = alk_call(m, "alk_p256_ecdh", (uint32_t[]){RAM + SECRET, RAM + PRIV, RAM + PEER}, 3);
    report(m, "p256_ecdh", m->ram + SECRET,
           "d6840f6b42f6edafd13116e0e12565202fef8e9ece7dce03812464d04b9442de");
}

int main(int argc, char **argv)
{
    struct alk_call m;

    if (argc != 3) {
        die("usage: alk-count ELF cortex-m0|cortex-m4");
    }
    if (alk_call_open(&m, argv[1], argv[2], true) != 0) {
        return 3;
    }
    count_sha256(&m);
    count_aes(&m);
    count_p256(&m);
    alk_call_close(&m);
    return 0;
}
