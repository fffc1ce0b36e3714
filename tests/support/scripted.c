/* SPDX-License-Identifier: Apache-2.0 */
#include "scripted.h"

#include <stdlib.h>
#include <string.h>

static size_t serve(void *ctx, uint64_t now_ms, const uint8_t *req, size_t len, uint8_t *rsp, size_t cap)
{
    static const uint8_t empty[] = {0xbf, 0xff};
    struct script *s = ctx;
    const uint8_t *payload = s->answer == NULL ? empty : s->answer;
    size_t n = s->answer == NULL ? sizeof empty : s->answer_len;

    (void)cap;
    if (s->skip_echo && req[5] == 0 && req[7] == 0) {
        s->echoes++;
        payload = empty;
        n = sizeof empty;
    } else if (s->asked++ < s->deaf_until || now_ms < s->silent_before) {
        return 0;
    }
    s->last_len = len < sizeof s->last ? len : sizeof s->last;
    memcpy(s->last, req, s->last_len);
    memcpy(rsp, req, 8);
    rsp[0] = (uint8_t)(((s->version < 0 ? req[0] >> 3 : s->version) << 3) | ((req[0] & 7) + 1));
    rsp[2] = (uint8_t)(n >> 8);
    rsp[3] = (uint8_t)n;
    rsp[6] = (uint8_t)(rsp[6] + s->seq_error);
    rsp[7] = (uint8_t)(rsp[7] + s->id_error);
    memcpy(rsp + 8, payload, n);
    return 8 + n;
}

void scripted_keep(void *ctx, const struct alk_smp_reply *r)
{
    struct scripted *b = ctx;
    size_t n = (size_t)(r->map.end - r->map.p);

    b->answers++;
    b->r = *r;
    if (n == 0 || n > sizeof b->map)
        return;
    memcpy(b->map, r->map.p, n);
    b->r.map = (struct alk_cbor){b->map, b->map + n};
}

bool scripted_answered(void *ctx)
{
    return ((struct scripted *)ctx)->answers > 0;
}

struct scripted *scripted_begin(void)
{
    struct scripted *b = calloc(1, sizeof *b);

    b->s.version = -1;
    sim_init(&b->link, 1, serve, &b->s);
    b->c = alk_client_new(&b->link.t);
    if (alk_client_open(b->c) != ALK_OK)
        abort();
    alk_client_process(b->c, b->link.now_ms);
    return b;
}

void scripted_end(struct scripted *b)
{
    alk_client_free(b->c);
    free(b);
}

bool scripted_ask(struct scripted *b, const struct alk_smp_request *q, uint64_t limit_ms)
{
    b->answers = 0;
    if (alk_client_send(b->c, q, scripted_keep, b) <= 0)
        abort();
    return sim_run(&b->link, b->c, scripted_answered, b, b->link.now_ms + limit_ms);
}
