/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "airlock/smp.h"
#include "core/bytes.h"
#include "core/smp/args.h"

int alk_smp_args(struct alk_cbor_item *v, const struct alk_smp_call *c, const struct alk_smp_key *keys,
                 size_t n)
{
    int r;

    for (; n != 0; n--, v++, keys++) {
        r = alk_cbor_find(v, &c->in, keys->name);
        if (r == 0 || (r > 0 && v->type == ALK_CBOR_NULL))
            *v = (struct alk_cbor_item){.type = ALK_CBOR_NULL, .data = (const uint8_t *)keys->name};
        else if (r < 0 || (keys->types >> v->type & 1u) == 0)
            return ALK_SMP_RC_INVALID;
    }
    return ALK_SMP_RC_OK;
}

void alk_smp_put(struct alk_smp_call *c, const char *key, uint32_t n)
{
    alk_cbor_put_text(&c->out, key);
    alk_cbor_put_uint(&c->out, n);
}

static const struct alk_smp_cmd *find(const struct alk_smp_cmd *cmd, const uint8_t *req)
{
    for (; cmd->run != NULL; cmd++)
        if (cmd->group == alk_get16be(req + 4) && cmd->id == req[7] && cmd->op == (req[0] & 7u))
            return cmd;
    return NULL;
}

/*
 * The one place that decides what may run.
 *
 * in:     len - of the payload, all of it there
 */
static int run(struct alk_smp *s, struct alk_smp_call *c, const uint8_t *req, size_t len)
{
    const struct alk_smp_cmd *cmd = find(s->cfg->cmds, req);
    struct alk_cbor payload = {req + ALK_SMP_HDR_SIZE, req + ALK_SMP_HDR_SIZE + len};
    struct alk_cbor_item map = {.type = ALK_CBOR_MAP};

    if (cmd == NULL)
        return ALK_SMP_RC_SUPPORT;
    if ((cmd->access & s->open) == 0)
        return ALK_SMP_RC_ACCESS;
    if (alk_cbor_next(&map, &payload) < 0 || map.type != ALK_CBOR_MAP)
        return ALK_SMP_RC_INVALID;
    c->in = map.in;
    return cmd->run(s, c);
}

/* Say what is wrong, in the form of the version. */
static void put_error(struct alk_smp_call *c, int rc, unsigned version, uint16_t group)
{
    if (rc > 0 && version != 0) {
        alk_cbor_put_text(&c->out, "err");
        alk_cbor_open_map(&c->out);
        alk_smp_put(c, "group", group);
        alk_smp_put(c, "rc", ALK_SMP_ERR_RC((unsigned)rc));
        alk_cbor_close(&c->out);
    } else {
        alk_smp_put(c, "rc", rc < 0 ? (unsigned)-rc : ALK_SMP_ERR_VERSION1((unsigned)rc));
    }
}

/* One request.  return: length of the reply, 0 if it does not fit */
ALK_APART static size_t answer(struct alk_smp *s, int *rc, const uint8_t *req, size_t len, uint8_t *rsp,
                               size_t cap)
{
    unsigned version = req[0] >> 3 & 3u;
    uint16_t payload = alk_get16be(req + 2);
    struct alk_smp_call c;
    const struct alk_cbor_out start = {rsp + ALK_SMP_HDR_SIZE, rsp + cap, cap < ALK_SMP_HDR_SIZE};

    c.out = start;
    alk_cbor_open_map(&c.out);
    *rc = version > 1 ? ALK_SMP_RC_TOO_NEW : payload > len ? ALK_SMP_RC_CORRUPT : run(s, &c, req, payload);
    alk_cbor_close(&c.out);
    if (*rc == 0 && c.out.full)
        *rc = ALK_SMP_RC_TOO_LONG;
    version = version != 0;
    if (*rc != 0) {
        c.out = start;
        alk_cbor_open_map(&c.out);
        put_error(&c, *rc, version, alk_get16be(req + 4));
        alk_cbor_close(&c.out);
    }
    if (c.out.full)
        return 0;
    rsp[0] = (uint8_t)(version << 3 | ((req[0] & 7u) == ALK_SMP_OP_READ ? 1u : 3u));
    rsp[1] = 0;
    alk_put16be(rsp + 2, (uint16_t)(c.out.p - start.p));
    memcpy(rsp + 4, req + 4, 4);
    return (size_t)(c.out.p - rsp);
}

int alk_smp_handle(struct alk_smp *s, const uint8_t *req, size_t len, uint8_t *rsp, size_t cap)
{
    size_t done = 0, n = 1;
    int rc = 0;

    while (len >= ALK_SMP_HDR_SIZE && rc == 0 && n != 0) {
        len -= ALK_SMP_HDR_SIZE;
        n = answer(s, &rc, req, len, rsp + done, cap - done);
        done += n;
        if (rc == 0) {
            len -= alk_get16be(req + 2);
            req += ALK_SMP_HDR_SIZE + alk_get16be(req + 2);
        }
    }
    return (int)done;
}
