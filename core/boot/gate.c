/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gate.c - the last door.
 *
 * Nothing here believes a return value.  Equal bytes are counted up to an
 * exact number, apart for hash and signature, so that neither a loop cut
 * short nor a register set to 0 or ~0 helps; and the address itself is made
 * of the outcome, so that a skipped branch jumps nowhere.
 */
#include "airlock/boot.h"

/* 0 if both pairs of operands are equal */
static uint32_t compare_pairs(const uint8_t operand[4][32])
{
    const uint8_t *p = operand[0];
    uint32_t wrong = 0;
    unsigned n = 0;

    for (unsigned i = 0; i < 64; i++) {
        n += p[0] == p[32];
        p++;
        if (i % 32 == 31) {
            wrong |= n ^ 32u;
            n = 0;
            p += 32;
        }
    }
    return wrong;
}

int alk_gate_open(uint32_t *vectors, struct alk_boot *b)
{
    const struct alk_verdict *v = &b->verdict;
    uint32_t wrong = (v->word ^ ALK_VERDICT_GOOD) | (v->flow ^ ALK_FLOW_GOOD);

    wrong |= v->area != &b->map->primary;
    wrong |= compare_pairs(v->operand);
    wrong = (wrong | -wrong) >> 31;
    *vectors = (b->map->demand.exec_addr + b->image.hdr_size) | -wrong;
    alk_wipe(b->buf, b->buf_len);
    if (wrong == 0 && v->flow == ALK_FLOW_GOOD)
        return ALK_OK;
    *vectors = 0;
    return ALK_E_AUTH;
}
