/* SPDX-License-Identifier: Apache-2.0 */
/* group_system.c - tasks, pools and the clock (group 0), counters (2), storage (63). */
#include <string.h>

#include "airlock/smp_services.h"
#include "core/smp/app.h"

#define NO_CLOCK     ALK_SMP_ERR(4, 5)
#define CLOCK_FAILED ALK_SMP_ERR(5, 1)
#define NO_STAT      ALK_SMP_ERR(3, 5)
#define ERASE_FAILED ALK_SMP_ERR(4, 1)

static const struct alk_smp_services *services(struct alk_smp *s)
{
    static const struct alk_smp_services none;
    const struct alk_smp_services *given = alk_smp_app_of(s)->services;

    return given != NULL ? given : &none;
}

static void put_int(struct alk_smp_call *c, const char *key, int32_t n)
{
    alk_cbor_put_text(&c->out, key);
    alk_cbor_put_int(&c->out, n);
}

int alk_smp_tasks(struct alk_smp *s, struct alk_smp_call *c)
{
    const struct alk_smp_services *v = services(s);
    struct alk_smp_task t;
    unsigned i;

    if (v->task == NULL)
        return ALK_SMP_RC_SUPPORT;
    alk_cbor_put_text(&c->out, "tasks");
    alk_cbor_open_map(&c->out);
    for (i = 0; v->task(v->ctx, &t, i); i++) {
        alk_cbor_put_text(&c->out, t.name);
        alk_cbor_open_map(&c->out);
        put_int(c, "prio", t.prio);
        alk_smp_put(c, "tid", t.id);
        alk_smp_put(c, "state", t.state);
        alk_smp_put(c, "stkuse", t.used_words);
        alk_smp_put(c, "stksiz", t.words);
        alk_cbor_close(&c->out);
    }
    alk_cbor_close(&c->out);
    return 0;
}

int alk_smp_pools(struct alk_smp *s, struct alk_smp_call *c)
{
    const struct alk_smp_services *v = services(s);
    struct alk_smp_pool p;
    unsigned i;

    if (v->pool == NULL)
        return ALK_SMP_RC_SUPPORT;
    for (i = 0; v->pool(v->ctx, &p, i); i++) {
        alk_cbor_put_text(&c->out, p.name);
        alk_cbor_open_map(&c->out);
        alk_smp_put(c, "blksiz", p.block);
        alk_smp_put(c, "nblks", p.blocks);
        alk_smp_put(c, "nfree", p.free);
        alk_smp_put(c, "min", p.least_free);
        alk_cbor_close(&c->out);
    }
    return 0;
}

int alk_smp_time_get(struct alk_smp *s, struct alk_smp_call *c)
{
    const struct alk_smp_services *v = services(s);
    char text[32];

    if (v->time_get == NULL)
        return ALK_SMP_RC_SUPPORT;
    if (!v->time_get(v->ctx, text))
        return NO_CLOCK;
    alk_cbor_put_text(&c->out, "datetime");
    alk_cbor_put_text(&c->out, text);
    return 0;
}

int alk_smp_time_set(struct alk_smp *s, struct alk_smp_call *c)
{
    static const struct alk_smp_key keys[] = {{"datetime", ALK_SMP_TEXT}};
    const struct alk_smp_services *v = services(s);
    struct alk_cbor_item text;
    int rc = alk_smp_args(&text, c, keys, 1);

    if (v->time_set == NULL)
        return ALK_SMP_RC_SUPPORT;
    if (rc != 0 || text.len < 19)
        return ALK_SMP_RC_INVALID;
    return v->time_set(v->ctx, (const char *)text.data, text.len) ? 0 : CLOCK_FAILED;
}

static bool is_name(const struct alk_cbor_item *it, const char *name)
{
    uint32_t i;

    for (i = 0; i < it->len; i++)
        if (name[i] == '\0' || it->data[i] != (uint8_t)name[i])
            return false;
    return name[i] == '\0';
}

int alk_smp_stat_show(struct alk_smp *s, struct alk_smp_call *c)
{
    static const struct alk_smp_key keys[] = {{"name", ALK_SMP_TEXT}};
    const struct alk_smp_stat *stat = services(s)->stats;
    const struct alk_smp_counter *n;
    struct alk_cbor_item name;
    int rc = alk_smp_args(&name, c, keys, 1);

    if (rc != 0 || !alk_smp_given(&name))
        return ALK_SMP_RC_INVALID;
    if (stat == NULL)
        return ALK_SMP_RC_SUPPORT;
    while (stat->name != NULL && !is_name(&name, stat->name))
        stat++;
    if (stat->name == NULL)
        return NO_STAT;
    alk_cbor_put_text(&c->out, "name");
    alk_cbor_put_text(&c->out, stat->name);
    alk_cbor_put_text(&c->out, "fields");
    alk_cbor_open_map(&c->out);
    for (n = stat->counters; n->name != NULL; n++)
        alk_smp_put(c, n->name, *n->value);
    alk_cbor_close(&c->out);
    return 0;
}

int alk_smp_stat_list(struct alk_smp *s, struct alk_smp_call *c)
{
    const struct alk_smp_stat *stat = services(s)->stats;

    if (stat == NULL)
        return ALK_SMP_RC_SUPPORT;
    alk_cbor_put_text(&c->out, "stat_list");
    alk_cbor_open_array(&c->out);
    for (; stat->name != NULL; stat++)
        alk_cbor_put_text(&c->out, stat->name);
    alk_cbor_close(&c->out);
    return 0;
}

int alk_smp_basic_erase(struct alk_smp *s, struct alk_smp_call *c)
{
    const struct alk_smp_services *v = services(s);
    int rc;

    (void)c;
    if (v->kv == NULL && v->erase_storage == NULL)
        return ALK_SMP_RC_SUPPORT;
    rc = alk_smp_pace_take(s);
    if (rc != 0)
        return rc;
    if (v->kv != NULL && alk_kv_clear(v->kv) != ALK_OK)
        return ERASE_FAILED;
    return v->erase_storage == NULL || v->erase_storage(v->ctx) == ALK_OK ? 0 : ERASE_FAILED;
}
