/* SPDX-License-Identifier: Apache-2.0 */
#include "model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void need(bool ok)
{
    if (!ok) {
        fprintf(stderr, "test support: a request the model cannot read\n");
        abort();
    }
}

static size_t answer(uint8_t *rsp, const uint8_t *req, const struct alk_cbor_out *o)
{
    size_t n = (size_t)(o->p - rsp - 8);

    memcpy(rsp, req, 8);
    rsp[0] = (uint8_t)(req[0] + 1);
    rsp[2] = (uint8_t)(n >> 8);
    rsp[3] = (uint8_t)n;
    return n + 8;
}

static size_t answer_uint(uint8_t *rsp, size_t cap, const uint8_t *req, const char *key, uint32_t v)
{
    struct alk_cbor_out o = {rsp + 8, rsp + cap, false};

    alk_cbor_open_map(&o);
    alk_cbor_put_text(&o, key);
    alk_cbor_put_uint(&o, v);
    alk_cbor_close(&o);
    return answer(rsp, req, &o);
}

static unsigned queued(const struct sim_link *l)
{
    unsigned n = 0;

    for (size_t i = 0; i < SIM_PACKETS; i++)
        n += l->packet[i].used && l->packet[i].up && l->packet[i].at_ms <= l->now_ms + l->busy_ms;
    return n;
}

static uint32_t get_uint(const struct alk_cbor *map, const char *key)
{
    struct alk_cbor_item it;

    return alk_cbor_find(&it, map, key) == 1 ? it.value : UINT32_MAX;
}

static void take(struct model *m, const struct alk_cbor *map)
{
    struct alk_cbor_item data, sha;
    uint32_t off = get_uint(map, "off"), n;

    need(alk_cbor_find(&data, map, "data") == 1);
    if (off == 0) {
        need(alk_cbor_find(&sha, map, "sha") == 1);
        m->firsts++;
        if (m->open && memcmp(m->sha, sha.data, 32) == 0)
            return;
        m->open = true;
        m->off = 0;
        m->len = get_uint(map, "len");
        memcpy(m->sha, sha.data, 32);
    }
    if (!m->open || off != m->off)
        return;
    if (m->forget_at != 0 && off >= m->forget_at) {
        m->open = false;
        m->off = m->forget_at = 0;
        return;
    }
    n = data.len;
    if (m->align != 0 && off + n != m->len)
        n -= n % m->align;
    need(off + n <= m->len);
    memcpy(m->data + off, data.data, n);
    m->off += n;
}

size_t model_serve(void *ctx, uint64_t now_ms, const uint8_t *req, size_t len, uint8_t *rsp, size_t cap)
{
    struct model *m = ctx;
    struct alk_cbor c = {req + 8, req + len};
    struct alk_cbor_item map;

    (void)now_ms;
    if (req[5] != 1 || req[7] != 1)
        return answer_uint(rsp, cap, req, "rc", 8);
    m->requests++;
    if (m->mute_above != 0 && len > m->mute_above)
        return 0;
    if (m->too_long != 0 && len > m->too_long)
        return answer_uint(rsp, cap, req, "rc", 9);
    if (m->no_memory > 0 || (m->most != 0 && queued(m->link) >= m->most)) {
        m->no_memory -= m->no_memory > 0;
        return answer_uint(rsp, cap, req, "rc", 2);
    }
    m->full = len > m->longest ? 1 : m->full + (len == m->longest);
    m->longest = len > m->longest ? len : m->longest;
    need(alk_cbor_next(&map, &c) == 1);
    take(m, &map.in);
    if (m->corrupt && m->off == m->len) {
        struct alk_cbor_out o = {rsp + 8, rsp + cap, false};

        alk_cbor_open_map(&o);
        alk_cbor_put_text(&o, "off");
        alk_cbor_put_uint(&o, m->off);
        alk_cbor_put_text(&o, "match");
        alk_cbor_put_bool(&o, false);
        alk_cbor_close(&o);
        return answer(rsp, req, &o);
    }
    return answer_uint(rsp, cap, req, "off", m->claim != 0 ? m->claim : m->off);
}
