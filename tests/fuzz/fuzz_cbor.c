/* SPDX-License-Identifier: Apache-2.0 */
/* libFuzzer target: any bytes as CBOR.  Claims: items lie inside, reading ends, what a map holds is found. */
#include <stdlib.h>

#include "airlock/cbor.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void inside(const struct alk_cbor *c, const uint8_t *p, size_t len)
{
    if (p < c->p || len > (size_t)(c->end - p))
        abort();
}

static void walk(struct alk_cbor c, unsigned depth)
{
    const struct alk_cbor all = c;
    struct alk_cbor_item it, value;

    if (depth > ALK_CBOR_DEPTH + 1) /* the innermost may be an empty one */
        abort();
    while (alk_cbor_next(&it, &c) > 0) {
        if (it.type == ALK_CBOR_BYTES || it.type == ALK_CBOR_TEXT)
            inside(&all, it.data, it.len);
        if (it.type != ALK_CBOR_ARRAY && it.type != ALK_CBOR_MAP)
            continue;
        inside(&all, it.in.p, (size_t)(it.in.end - it.in.p));
        walk(it.in, depth + 1);
        if (it.type == ALK_CBOR_MAP && alk_cbor_find(&value, &it.in, "off") > 0 &&
            value.type == ALK_CBOR_TEXT)
            inside(&all, value.data, value.len);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    walk((struct alk_cbor){data, data + size}, 0);
    return 0;
}
