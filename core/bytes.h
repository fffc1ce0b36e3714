/* SPDX-License-Identifier: Apache-2.0 */
/* bytes.h - numbers <-> bytes, alignment.  Flash and packets are never cast. */
#ifndef ALK_CORE_BYTES_H
#define ALK_CORE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static inline uint16_t alk_get16(const uint8_t *p)
{
    return (uint16_t)(p[0] | p[1] << 8);
}

static inline uint32_t alk_get32(const uint8_t *p)
{
    return (uint32_t)alk_get16(p) | (uint32_t)alk_get16(p + 2) << 16;
}

static inline void alk_put16(uint8_t *p, uint16_t v)
{
    p[0] = (uint8_t)v;
    p[1] = (uint8_t)(v >> 8);
}

static inline void alk_put32(uint8_t *p, uint32_t v)
{
    alk_put16(p, (uint16_t)v);
    alk_put16(p + 2, (uint16_t)(v >> 16));
}

static inline uint16_t alk_get16be(const uint8_t *p)
{
    return (uint16_t)(p[0] << 8 | p[1]);
}

static inline void alk_put16be(uint8_t *p, uint16_t v)
{
    p[0] = (uint8_t)(v >> 8);
    p[1] = (uint8_t)v;
}

/*
 * A function that stays one: what it is given by pointer is reached through a
 * register with a short offset.  Inlined beside the variable itself, every
 * member costs an address of its own on Armv6-M.
 */
#if defined(__clang__)
#define ALK_APART __attribute__((noinline))
#else
#define ALK_APART __attribute__((noipa))
#endif

/* Next multiple of a power of two. */
static inline uint32_t alk_align_up(uint32_t v, uint32_t to)
{
    return (v + to - 1u) & ~(to - 1u);
}

/* v / by, by a power of two: no division on parts that have none. */
static inline uint32_t alk_shift(uint32_t v, uint32_t by)
{
    while ((by >>= 1) != 0)
        v >>= 1;
    return v;
}

static inline uint32_t alk_min(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

#endif
