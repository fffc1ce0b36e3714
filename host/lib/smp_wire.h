/* SPDX-License-Identifier: Apache-2.0 */
/* smp_wire.h - the eight bytes before each SMP payload, and the numbers of groups and commands. */
#ifndef ALK_HOST_SMP_WIRE_H
#define ALK_HOST_SMP_WIRE_H

#include "airlock/client.h"
#include "airlock/device.h"

#include "core/bytes.h"

#define SMP_HEADER 8u

enum smp_group { SMP_OS = 0, SMP_IMAGE = 1 };
enum smp_os { SMP_OS_ECHO = 0, SMP_OS_RESET = 5, SMP_OS_PARAMS = 6, SMP_OS_INFO = 7, SMP_OS_BOOT = 8 };
enum smp_image { SMP_IMAGE_STATE = 0, SMP_IMAGE_UPLOAD = 1, SMP_IMAGE_ERASE = 5, SMP_IMAGE_SLOTS = 6 };
enum smp_rc {
    SMP_RC_NO_MEMORY = 2,
    SMP_RC_TOO_BIG = 7,
    SMP_RC_NO_COMMAND = 8,
    SMP_RC_CORRUPT = 9,
    SMP_RC_BUSY = 10,
    SMP_RC_TOO_NEW = 13,
};

/* Map with a known number of pairs: a byte shorter than an open one, and every server reads it. */
static inline void smp_put_map(struct alk_cbor_out *o, unsigned pairs)
{
    if (o->p < o->end)
        *o->p++ = (uint8_t)(0xa0u + pairs);
    else
        o->full = true;
}

/*
 * Decode an answer's packet (the header's length already checked).
 *
 * out:    r - result, codes and map
 */
void smp_reply_parse(struct alk_smp_reply *r, const uint8_t *packet, size_t len);

/*
 * An image state request that names an image by its hash (NULL: none).
 *
 * out:    payload - must live as long as the request
 * return: payload_len 0: the hash does not fit
 */
#define SMP_STATE_MAX (ALK_DEVICE_HASH_MAX + 32u)
struct alk_smp_request smp_state_request(uint8_t payload[SMP_STATE_MAX], const uint8_t *hash, size_t hash_len,
                                         bool confirm, uint8_t retries);

#endif
