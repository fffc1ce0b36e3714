/* SPDX-License-Identifier: Apache-2.0 */
/* group_log.c - what the program has noted, oldest first, as many as fit a reply. */
#include <string.h>

#include "airlock/smp_services.h"
#include "core/smp/app.h"

#define NAME       "main"
#define NO_ENTRY   (-5)
#define IN_MEMORY  1u
#define TAIL_BYTES 48u /* what closes the reply behind the last entry */

static const struct alk_smp_services *log_of(struct alk_smp *s)
{
    const struct alk_smp_services *v = alk_smp_app_of(s)->services;

    return v != NULL && v->log_entry != NULL ? v : NULL;
}

static size_t length(const char *s)
{
    size_t n = 0;

    while (s[n] != '\0')
        n++;
    return n;
}

static void put_entry(struct alk_smp_call *c, const struct alk_smp_log_entry *e)
{
    alk_cbor_open_map(&c->out);
    alk_cbor_put_text(&c->out, "msg");
    alk_cbor_put_bytes(&c->out, (const uint8_t *)e->text, length(e->text));
    alk_smp_put(c, "ts", e->ts);
    alk_smp_put(c, "level", e->level);
    alk_smp_put(c, "index", e->index);
    alk_smp_put(c, "module", 0);
    alk_cbor_put_text(&c->out, "type");
    alk_cbor_put_text(&c->out, "str");
    alk_cbor_close(&c->out);
}

/* return: index that comes after the last one that fitted */
static uint32_t put_entries(const struct alk_smp_services *v, struct alk_smp_call *c, uint32_t index)
{
    struct alk_smp_log_entry e;

    while (v->log_entry(v->ctx, &e, index)) {
        struct alk_cbor_out before = c->out;

        put_entry(c, &e);
        if (c->out.full || (size_t)(c->out.end - c->out.p) < TAIL_BYTES) {
            c->out = before;
            return e.index;
        }
        index = e.index + 1u;
    }
    return index;
}

static bool is_ours(const struct alk_cbor_item *name)
{
    return name->len == 0 || (name->len == sizeof NAME - 1 && memcmp(name->data, NAME, name->len) == 0);
}

int alk_smp_log_show(struct alk_smp *s, struct alk_smp_call *c)
{
    static const struct alk_smp_key keys[] = {{"log_name", ALK_SMP_TEXT}, {"index", ALK_SMP_UINT}};
    const struct alk_smp_services *v = log_of(s);
    struct alk_cbor_item a[2];
    uint32_t next;
    int rc = alk_smp_args(a, c, keys, 2);

    if (v == NULL || rc != 0)
        return v == NULL ? ALK_SMP_RC_SUPPORT : rc;
    if (!is_ours(&a[0]))
        return NO_ENTRY;
    alk_cbor_put_text(&c->out, "logs");
    alk_cbor_open_array(&c->out);
    alk_cbor_open_map(&c->out);
    alk_cbor_put_text(&c->out, "name");
    alk_cbor_put_text(&c->out, NAME);
    alk_smp_put(c, "type", IN_MEMORY);
    alk_cbor_put_text(&c->out, "entries");
    alk_cbor_open_array(&c->out);
    next = put_entries(v, c, a[1].value);
    alk_cbor_close(&c->out);
    alk_cbor_close(&c->out);
    alk_cbor_close(&c->out);
    alk_smp_put(c, "next_index", next);
    alk_smp_put(c, "rc", 0);
    return 0;
}

int alk_smp_log_clear(struct alk_smp *s, struct alk_smp_call *c)
{
    const struct alk_smp_services *v = log_of(s);

    (void)c;
    if (v == NULL || v->log_clear == NULL)
        return ALK_SMP_RC_SUPPORT;
    v->log_clear(v->ctx);
    return 0;
}

int alk_smp_log_list(struct alk_smp *s, struct alk_smp_call *c)
{
    if (log_of(s) == NULL)
        return ALK_SMP_RC_SUPPORT;
    alk_cbor_put_text(&c->out, "log_list");
    alk_cbor_open_array(&c->out);
    alk_cbor_put_text(&c->out, NAME);
    alk_cbor_close(&c->out);
    return 0;
}

int alk_smp_log_levels(struct alk_smp *s, struct alk_smp_call *c)
{
    static const char name[][9] = {"DEBUG", "INFO", "WARN", "ERROR", "CRITICAL"};
    unsigned i;

    if (log_of(s) == NULL)
        return ALK_SMP_RC_SUPPORT;
    alk_cbor_put_text(&c->out, "level_map");
    alk_cbor_open_map(&c->out);
    for (i = 0; i < sizeof name / sizeof *name; i++)
        alk_smp_put(c, name[i], i);
    alk_cbor_close(&c->out);
    return 0;
}

int alk_smp_log_modules(struct alk_smp *s, struct alk_smp_call *c)
{
    if (log_of(s) == NULL)
        return ALK_SMP_RC_SUPPORT;
    alk_cbor_put_text(&c->out, "module_map");
    alk_cbor_open_map(&c->out);
    alk_smp_put(c, NAME, 0);
    alk_cbor_close(&c->out);
    return 0;
}
