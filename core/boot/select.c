/* SPDX-License-Identifier: Apache-2.0 */
/* select.c - the first stage: which second stage runs. */
#include "airlock/chain.h"

int alk_stage_judge(struct alk_boot *b, struct alk_map *map, const struct alk_chain *c, unsigned slot)
{
    struct alk_check check = {.keys = &b->keys, .buf = b->buf, .buf_len = b->buf_len, .tick = b->tick};
    int err = alk_keys_open(&b->keys, &c->provision);

    map->primary = c->stage[slot];
    map->demand.exec_addr = map->primary.base;
    if (err == ALK_OK)
        err = alk_stage_open(&b->image, &map->primary);
    if (err == ALK_OK)
        err = alk_verify(&b->verdict, &b->image, &check);
    if (err == ALK_OK && alk_counter_of(&b->image) < alk_counter_read(&c->provision)) {
        b->verdict.word = 0;
        err = ALK_E_POLICY;
    }
    return err;
}

/* Keys before the one that signed what is confirmed are not needed again; nor are lower counters. */
static void move_on(const struct alk_boot *b, const struct alk_chain *c)
{
    int n = alk_counter_of(&b->image);
    struct alk_key k = {0};

    if (n > alk_counter_read(&c->provision))
        alk_stage_mark(&c->provision, ALK_KEYS_MAX + (unsigned)n);
    while (alk_keys_next(&k, &b->keys) > 0 && k.index < b->verdict.signer)
        if (k.use == ALK_USE_VERIFY && !k.revoked)
            alk_stage_mark(&c->provision, ALK_KEYS_MAX - k.index);
}

int alk_stage_select(struct alk_boot *b, struct alk_map *map, const struct alk_chain *c)
{
    unsigned first = alk_stage_first(c);

    for (unsigned other = 0; other < 2; other++) {
        const struct alk_flash *slot = &c->stage[first ^ other];

        if (alk_stage_judge(b, map, c, first ^ other) != ALK_OK)
            continue;
        if (alk_stage_marked(slot, ALK_STAGE_SURE))
            move_on(b, c);
        else if (!alk_stage_marked(slot, ALK_STAGE_CONFIRMED) && !alk_stage_marked(slot, ALK_STAGE_TRIED))
            alk_stage_mark(slot, ALK_STAGE_TRIED);
        return ALK_OK;
    }
    return ALK_E_AUTH;
}
