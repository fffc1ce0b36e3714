/* SPDX-License-Identifier: Apache-2.0 */
/* args.h - what the commands share: their arguments as rows. */
#ifndef ALK_CORE_SMP_ARGS_H
#define ALK_CORE_SMP_ARGS_H

#include "airlock/smp.h"

#define ALK_SMP_UINT  (1u << ALK_CBOR_UINT)
#define ALK_SMP_TEXT  (1u << ALK_CBOR_TEXT)
#define ALK_SMP_BYTES (1u << ALK_CBOR_BYTES)
#define ALK_SMP_BOOL  (1u << ALK_CBOR_BOOL | 1u << ALK_CBOR_UINT)

struct alk_smp_key {
    char name[11];
    uint8_t types; /* those accepted; null counts as absent */
};

/*
 * Look up all keys of a command.
 *
 * out:    v[n] - type ALK_CBOR_NULL, value 0, len 0 (data is never NULL) for what is absent
 * return: ALK_SMP_RC_OK or ALK_SMP_RC_INVALID
 */
int alk_smp_args(struct alk_cbor_item *v, const struct alk_smp_call *c, const struct alk_smp_key *keys,
                 size_t n);

static inline bool alk_smp_given(const struct alk_cbor_item *it)
{
    return it->type != ALK_CBOR_NULL;
}

/* key: number */
void alk_smp_put(struct alk_smp_call *c, const char *key, uint32_t n);

#endif
