/* SPDX-License-Identifier: Apache-2.0 */
#include "core/smp/args.h"

#define INVALID_FORMAT ALK_SMP_ERR(2, 3)
#define NO_ANSWER      ALK_SMP_ERR(3, 5)

/* Every client knows swap-move; from outside an update here looks the same. */
#define MODE_SWAP_MOVE 3u

int alk_smp_echo(struct alk_smp *s, struct alk_smp_call *c)
{
    static const struct alk_smp_key keys[] = {{"d", ALK_SMP_TEXT}};
    struct alk_cbor_item d;
    int rc = alk_smp_args(&d, c, keys, 1);

    (void)s;
    if (rc != 0)
        return rc;
    alk_cbor_put_text(&c->out, "r");
    alk_cbor_put_string(&c->out, ALK_CBOR_TEXT, d.data, d.len);
    return 0;
}

int alk_smp_reset(struct alk_smp *s, struct alk_smp_call *c)
{
    static const struct alk_smp_key keys[] = {{"boot_mode", ALK_SMP_UINT}, {"force", ALK_SMP_BOOL}};
    struct alk_cbor_item v[2];
    int rc = alk_smp_args(v, c, keys, 2);

    if (rc != 0 || v[0].value > 1)
        return ALK_SMP_RC_INVALID;
    s->after = v[0].value != 0 ? ALK_SMP_RESET_TO_RECOVERY : ALK_SMP_RESET;
    return 0;
}

int alk_smp_params(struct alk_smp *s, struct alk_smp_call *c)
{
    alk_smp_put(c, "buf_size", s->cfg->buf_size);
    alk_smp_put(c, "buf_count", s->cfg->buf_count);
    return 0;
}

static bool wanted(const struct alk_cbor_item *format, char letter)
{
    uint32_t i;

    for (i = 0; i < format->len; i++)
        if (format->data[i] == (uint8_t)letter || format->data[i] == 'a')
            return true;
    return false;
}

/* Every letter asked for has a row. */
static bool all_known(const struct alk_cbor_item *format, const struct alk_smp_info *info)
{
    const struct alk_smp_info *row;
    uint32_t i;

    for (i = 0; i < format->len; i++) {
        for (row = info; row->letter != 0 && format->data[i] != (uint8_t)row->letter; row++)
            ;
        if (row->letter == 0 && format->data[i] != 'a')
            return false;
    }
    return true;
}

/* The texts asked for, a space between them. */
static uint32_t join(uint8_t *buf, size_t cap, const struct alk_cbor_item *format,
                     const struct alk_smp_info *info)
{
    uint32_t len = 0;
    const char *p;

    for (; info->letter != 0; info++) {
        if (!wanted(format, info->letter))
            continue;
        if (len != 0 && len < cap)
            buf[len++] = ' ';
        for (p = info->text; *p != '\0' && len < cap; p++)
            buf[len++] = (uint8_t)*p;
    }
    return len;
}

int alk_smp_info(struct alk_smp *s, struct alk_smp_call *c)
{
    static const struct alk_smp_key keys[] = {{"format", ALK_SMP_TEXT}};
    uint8_t text[160];
    struct alk_cbor_item format;
    int rc = alk_smp_args(&format, c, keys, 1);

    if (rc == 0 && format.len == 0) {
        format.data = (const uint8_t *)"s";
        format.len = 1;
    }
    if (rc == 0 && !all_known(&format, s->cfg->info))
        rc = INVALID_FORMAT;
    if (rc != 0)
        return rc;
    alk_cbor_put_text(&c->out, "output");
    alk_cbor_put_string(&c->out, ALK_CBOR_TEXT, text, join(text, sizeof text, &format, s->cfg->info));
    return 0;
}

static bool is_text(const struct alk_cbor_item *it, const char *s)
{
    uint32_t i;

    for (i = 0; i < it->len; i++)
        if (s[i] == '\0' || it->data[i] != (uint8_t)s[i])
            return false;
    return s[i] == '\0';
}

int alk_smp_bootloader(struct alk_smp *s, struct alk_smp_call *c)
{
    static const struct alk_smp_key keys[] = {{"query", ALK_SMP_TEXT}};
    struct alk_cbor_item query;
    int rc = alk_smp_args(&query, c, keys, 1);

    (void)s;
    if (rc != 0)
        return rc;
    if (!alk_smp_given(&query)) {
        alk_cbor_put_text(&c->out, "bootloader");
        alk_cbor_put_text(&c->out, "MCUboot"); /* the name clients look for: it means the protocol */
        return 0;
    }
    if (!is_text(&query, "mode"))
        return NO_ANSWER;
    alk_smp_put(c, "mode", MODE_SWAP_MOVE);
    return 0;
}
