/* SPDX-License-Identifier: Apache-2.0 */
/* secret.c - compare and forget, in time that depends on lengths only. */
#include "airlock/crypto.h"

bool alk_equal(const uint8_t *a, const uint8_t *b, size_t len)
{
    const volatile uint8_t *x = a;
    uint32_t diff = 0;

    while (len-- != 0) {
        diff |= (uint32_t)(x[len] ^ b[len]);
    }
    return (diff - 1u) >> 31;
}

void alk_wipe(void *p, size_t len)
{
    volatile uint8_t *b = p;

    while (len-- != 0) {
        b[len] = 0;
    }
}
