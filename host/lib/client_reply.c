/* SPDX-License-Identifier: Apache-2.0 */
/*
 * client_reply.c - did the server do it?
 *
 *   { "rc": n }                          SMP itself, or any error of version 1
 *   { "err": { "group": g, "rc": n } }   a group's error, version 2
 *   { "ret": { "group": g, "rc": n } }   the same, as Zephyr 3.4.0 wrote it
 *   anything else, or rc 0               yes
 */
#include "host/lib/smp_wire.h"

#include <string.h>

static int find_uint(uint32_t *v, const struct alk_cbor *map, const char *key)
{
    struct alk_cbor_item it;
    int rc = alk_cbor_find(&it, map, key);

    if (rc <= 0)
        return rc;
    if (it.type != ALK_CBOR_UINT && it.type != ALK_CBOR_NINT)
        return ALK_E_FORMAT;
    *v = it.type == ALK_CBOR_UINT ? it.value : 1;
    return 1;
}

static int find_group_error(struct alk_smp_reply *r, const char *key)
{
    struct alk_cbor_item it;
    uint32_t group = r->group, code = 0;
    int rc = alk_cbor_find(&it, &r->map, key);

    if (rc < 0 || rc == 0 || it.type != ALK_CBOR_MAP)
        return rc < 0 ? rc : 0;
    if (find_uint(&group, &it.in, "group") < 0 || find_uint(&code, &it.in, "rc") < 0)
        return ALK_E_FORMAT;
    r->group = (uint16_t)group;
    r->rc = code;
    r->grouped = code != 0;
    return 1;
}

static int meaning(const struct alk_smp_reply *r)
{
    if (r->rc == 0)
        return ALK_OK;
    if (!r->grouped && r->rc == SMP_RC_NO_COMMAND)
        return ALK_E_SUPPORT;
    if (!r->grouped && r->rc == SMP_RC_NO_MEMORY)
        return ALK_E_MEMORY;
    return ALK_E_POLICY;
}

void smp_reply_parse(struct alk_smp_reply *r, const uint8_t *packet, size_t len)
{
    struct alk_cbor c = {packet + SMP_HEADER, packet + len};
    struct alk_cbor_item it;
    uint32_t rc = 0;

    memset(r, 0, sizeof *r);
    r->version = packet[0] >> 3 & 3;
    r->group = alk_get16be(packet + 4);
    r->result = ALK_E_FORMAT;
    if (alk_cbor_next(&it, &c) != 1 || it.type != ALK_CBOR_MAP)
        return;
    r->map = it.in;
    if (find_uint(&rc, &r->map, "rc") < 0 || find_group_error(r, "err") < 0 || find_group_error(r, "ret") < 0)
        return;
    if (!r->grouped)
        r->rc = rc;
    r->result = meaning(r);
}
