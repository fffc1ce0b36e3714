/* SPDX-License-Identifier: Apache-2.0 */
/*
 * native.c - P-256 is 99 % of a boot's instructions and none of its flash
 * operations: the rows of the binary's algorithm tables are answered by the
 * host's build of the same source.
 */
#include <stdio.h>

#include "core/bytes.h"
#include "tests/emu/rig.h"

#define VERIFY_FIELD 8u /* of struct alk_sig_alg on a 32-bit machine */
#define UNWRAP_FIELD 4u /* of struct alk_wrap_alg */
#define SIG_MAX      80u

static uint32_t reg(struct alk_emu *e, int number)
{
    uint32_t v = 0;

    uc_reg_read(e->uc, number, &v);
    return v;
}

static bool copy_in(uint8_t *to, struct alk_emu *e, uint32_t at, uint32_t len)
{
    return uc_mem_read(e->uc, at, to, len) == UC_ERR_OK;
}

static bool done(struct alk_emu *e, struct alk_rig *r, int rc)
{
    uint32_t r0 = (uint32_t)rc;

    uc_reg_write(e->uc, UC_ARM_REG_R0, &r0);
    r->answers++;
    return true;
}

/* verify(proof[2][32], sig, sig_len, pub, hash): the fifth argument is on the stack. */
static bool verify(struct alk_emu *e, void *rig)
{
    uint8_t proof[2][32], sig[SIG_MAX], pub[64], hash[32], word[4];
    uint32_t at = reg(e, UC_ARM_REG_R0), len = reg(e, UC_ARM_REG_R2);
    int rc;

    if (len > SIG_MAX || !copy_in(word, e, reg(e, UC_ARM_REG_SP), 4) || !copy_in(proof[0], e, at, 64) ||
        !copy_in(sig, e, reg(e, UC_ARM_REG_R1), len) || !copy_in(pub, e, reg(e, UC_ARM_REG_R3), 64) ||
        !copy_in(hash, e, alk_get32(word), 32))
        return false;
    rc = alk_sig_p256.verify(proof, sig, len, pub, hash);
    uc_mem_write(e->uc, at, proof, 64);
    return done(e, rig, rc);
}

/* unwrap(out, wrapped, len, priv); the key's struct has one layout on both sides. */
static bool unwrap(struct alk_emu *e, void *rig)
{
    struct alk_content_key key;
    uint8_t wrapped[ALK_WRAP_MAX], priv[32];
    uint32_t at = reg(e, UC_ARM_REG_R0), len = reg(e, UC_ARM_REG_R2);
    int rc;

    if (len > sizeof wrapped || !copy_in((uint8_t *)&key, e, at, sizeof key) ||
        !copy_in(wrapped, e, reg(e, UC_ARM_REG_R1), len) || !copy_in(priv, e, reg(e, UC_ARM_REG_R3), 32))
        return false;
    rc = alk_wrap_ec256.unwrap(&key, wrapped, len, priv);
    uc_mem_write(e->uc, at, &key, sizeof key);
    return done(e, rig, rc);
}

int alk_rig_nativize(struct alk_rig *r)
{
    uint32_t sig = alk_elf_symbol(&r->elf, "alk_sig_p256"), wrap = alk_elf_symbol(&r->elf, "alk_wrap_ec256");

    if (!sig) {
        fprintf(stderr, "emulator: the boot program has no table row alk_sig_p256\n");
        return -1;
    }
    alk_emu_tap(r->emu, alk_get32(r->emu->flash + sig + VERIFY_FIELD) & ~1u, verify, r);
    if (wrap)
        alk_emu_tap(r->emu, alk_get32(r->emu->flash + wrap + UNWRAP_FIELD) & ~1u, unwrap, r);
    r->native = true;
    return 0;
}
