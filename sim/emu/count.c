/* SPDX-License-Identifier: Apache-2.0 */
/*
 * count.c - instructions and stack of one crypto primitive on an emulated core.
 *
 *     alk-count ELF (cortex-m0|cortex-m4) NAME=ADDRESS...
 *
 * The ELF is linked at 0 and has no start-up code: each function is called
 * with its arguments in RAM and returns to an address where we stop.  Prints
 * "primitive instructions stack" a line; fails when a result is wrong.
 * Memory 0x20000000..: 64 KiB, arguments at the bottom, painted stack on top.
 */
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicorn/unicorn.h>

#define FLASH_SIZE 0x10000u
#define RAM        0x20000000u
#define RAM_SIZE   0x10000u
#define STOP       0xf000u
#define PAINT      0xa5

struct machine {
    uc_engine *uc;
    uint8_t *flash;
    uint8_t *ram;
    unsigned long long count;
};

static void die(const char *what)
{
    fprintf(stderr, "alk-count: %s\n", what);
    exit(4);
}

static void count_one(uc_engine *uc, uint64_t address, uint32_t size, void *user)
{
    struct machine *m = user;

    (void)uc;
    (void)address;
    (void)size;
    m->count++;
}

static void load_elf(struct machine *m, const char *path)
{
    static uint8_t file[1 << 20];
    const Elf32_Ehdr *header = (const void *)file;
    FILE *f = fopen(path, "rb");
    size_t size = f ? fread(file, 1, sizeof file, f) : 0;

    if (size < sizeof *header || memcmp(header->e_ident, ELFMAG, SELFMAG) != 0) {
        die("no ELF file");
    }
    fclose(f);
    for (unsigned i = 0; i < header->e_phnum; i++) {
        const Elf32_Phdr *p = (const void *)(file + header->e_phoff + i * sizeof *p);

        if (p->p_type != PT_LOAD) {
            continue;
        }
        if (p->p_paddr > FLASH_SIZE || p->p_filesz > FLASH_SIZE - p->p_paddr) {
            die("a segment outside the flash");
        }
        memcpy(m->flash + p->p_paddr, file + p->p_offset, p->p_filesz);
    }
}

static void open_machine(struct machine *m, const char *core)
{
    uc_hook hook;
    int model = strcmp(core, "cortex-m0") == 0 ? UC_CPU_ARM_CORTEX_M0 : UC_CPU_ARM_CORTEX_M4;

    m->flash = calloc(1, FLASH_SIZE);
    m->ram = calloc(1, RAM_SIZE);
    if (uc_open(UC_ARCH_ARM, UC_MODE_THUMB | UC_MODE_MCLASS, &m->uc) != UC_ERR_OK ||
        uc_ctl_set_cpu_model(m->uc, model) != UC_ERR_OK ||
        uc_mem_map_ptr(m->uc, 0, FLASH_SIZE, UC_PROT_READ | UC_PROT_EXEC, m->flash) != UC_ERR_OK ||
        uc_mem_map_ptr(m->uc, RAM, RAM_SIZE, UC_PROT_READ | UC_PROT_WRITE, m->ram) != UC_ERR_OK ||
        uc_hook_add(m->uc, &hook, UC_HOOK_CODE, (void *)count_one, m, 1, 0) != UC_ERR_OK) {
        die("unicorn does not start");
    }
}

/* out: r0; arguments beyond the fourth go on the stack */
static uint32_t call(struct machine *m, uint32_t address, const uint32_t *arg, unsigned n)
{
    static const int reg[4] = {UC_ARM_REG_R0, UC_ARM_REG_R1, UC_ARM_REG_R2, UC_ARM_REG_R3};
    uint32_t sp = RAM + RAM_SIZE - 64;
    uint32_t lr = STOP | 1;
    uint32_t r0;

    memset(m->ram + RAM_SIZE / 2, PAINT, RAM_SIZE / 2);
    for (unsigned i = 0; i < n; i++) {
        if (i < 4) {
            uc_reg_write(m->uc, reg[i], &arg[i]);
        } else {
            memcpy(m->ram + (sp - RAM) + 4 * (i - 4), &arg[i], 4);
        }
    }
    uc_reg_write(m->uc, UC_ARM_REG_SP, &sp);
    uc_reg_write(m->uc, UC_ARM_REG_LR, &lr);
    if (uc_emu_start(m->uc, address | 1, STOP, 0, 0) != UC_ERR_OK) {
        die("the function crashed");
    }
    uc_reg_read(m->uc, UC_ARM_REG_R0, &r0);
    return r0;
}

static unsigned stack_used(const struct machine *m)
{
    unsigned low = RAM_SIZE / 2;

    while (m->ram[low] == PAINT) {
        low++;
    }
    return RAM_SIZE - 64 - low;
}

static void from_hex(uint8_t *out, const char *hex)
{
    for (; *hex; hex += 2) {
        unsigned v;
        sscanf(hex, "%2x", &v);
        *out++ = (uint8_t)v;
    }
}

static void report(struct machine *m, const char *name, const uint8_t *got, const char *want)
{
    uint8_t expected[32] = {0};

    from_hex(expected, want);
    printf("%s %llu %u\n", name, m->count, stack_used(m));
    if (memcmp(got, expected, strlen(want) / 2) != 0) {
        die("wrong result");
    }
    m->count = 0;
}

/* 1 KiB of zeros */
static void count_sha256(struct machine *m, const uint32_t f[3])
{
    enum { CONTEXT = 0, DIGEST = 256, DATA = 1024 };

    call(m, f[0], (uint32_t[]){RAM + CONTEXT}, 1);
    call(m, f[1], (uint32_t[]){RAM + CONTEXT, RAM + DATA, 960}, 3);
    m->count = 0;
    call(m, f[1], (uint32_t[]){RAM + CONTEXT, RAM + DATA, 64}, 3);
    printf("sha256_block %llu %u\n", m->count, stack_used(m));
    call(m, f[2], (uint32_t[]){RAM + DIGEST, RAM + CONTEXT}, 2);
    m->count = 0;
    call(m, f[0], (uint32_t[]){RAM + CONTEXT}, 1);
    call(m, f[1], (uint32_t[]){RAM + CONTEXT, RAM + DATA, 1024}, 3);
    call(m, f[2], (uint32_t[]){RAM + DIGEST, RAM + CONTEXT}, 2);
    report(m, "sha256_1k", m->ram + DIGEST,
           "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef");
}

/* The example keys of FIPS 197, C.1 and C.3; 1 KiB of keystream from block 0 */
static void count_aes(struct machine *m, uint32_t f)
{
    enum { KEY = 0, BUF = 1024 };

    for (unsigned i = 0; i < 32; i++) {
        m->ram[KEY + i] = (uint8_t)i;
    }
    memset(m->ram + BUF, 0, 1024);
    call(m, f, (uint32_t[]){RAM + BUF, 1024, RAM + KEY, 16, 0}, 5);
    report(m, "aes128_1k", m->ram + BUF, "c6a13b37878f5b826f4f8162a1c8d879");
    memset(m->ram + BUF, 0, 1024);
    call(m, f, (uint32_t[]){RAM + BUF, 1024, RAM + KEY, 32, 0}, 5);
    report(m, "aes256_1k", m->ram + BUF, "f29000b62a499fd0a9f39a6add2e7780");
}

/* RFC 6979 A.2.5 "sample", RFC 5903 8.1 */
static void count_p256(struct machine *m, uint32_t verify, uint32_t ecdh)
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
    m->count = 0;
    r = call(m, verify, (uint32_t[]){RAM + X, RAM + SIG, RAM + PUB, RAM + HASH}, 4);
    report(m, "p256_verify", (uint8_t *)&r, "00000000");
    r = call(m, ecdh, (uint32_t[]){RAM + SECRET, RAM + PRIV, RAM + PEER}, 3);
    report(m, "p256_ecdh", m->ram + SECRET,
           "d6840f6b42f6edafd13116e0e12565202fef8e9ece7dce03812464d04b9442de");
}

int main(int argc, char **argv)
{
    static const char *const names[] = {"alk_sha256_init", "alk_sha256_update", "alk_sha256_final",
                                        "alk_aes_ctr",     "alk_p256_verify",   "alk_p256_ecdh"};
    uint32_t address[6] = {0};
    struct machine m = {0};

    if (argc < 4) {
        die("usage: alk-count ELF cortex-m0|cortex-m4 NAME=ADDRESS...");
    }
    for (int i = 3; i < argc; i++) {
        for (unsigned n = 0; n < 6; n++) {
            size_t len = strlen(names[n]);
            if (strncmp(argv[i], names[n], len) == 0 && argv[i][len] == '=') {
                address[n] = (uint32_t)strtoul(argv[i] + len + 1, NULL, 16);
            }
        }
    }
    open_machine(&m, argv[2]);
    load_elf(&m, argv[1]);
    count_sha256(&m, address);
    count_aes(&m, address[3]);
    count_p256(&m, address[4], address[5]);
    return 0;
}
