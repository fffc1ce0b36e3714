/* SPDX-License-Identifier: Apache-2.0 */
/* group_settings.c - named values, kept in a store that power cuts cannot hurt. */
#include "airlock/smp_services.h"
#include "core/smp/app.h"

#define KEY_TOO_LONG  ALK_SMP_ERR(2, 3)
#define NOT_FOUND     ALK_SMP_ERR(3, 5)
#define READ_FAILED   ALK_SMP_ERR(4, 1)
#define WRITE_FAILED  ALK_SMP_ERR(6, 1)
#define DELETE_FAILED ALK_SMP_ERR(7, 1)

static struct alk_kv *store(struct alk_smp *s)
{
    const struct alk_smp_services *v = alk_smp_app_of(s)->services;

    return v != NULL ? v->kv : NULL;
}

static int check(const struct alk_kv *kv, int rc, const struct alk_cbor_item *name)
{
    if (kv == NULL)
        return ALK_SMP_RC_SUPPORT;
    if (rc != 0 || name->len == 0)
        return ALK_SMP_RC_INVALID;
    return name->len > ALK_KV_KEY_MAX ? KEY_TOO_LONG : 0;
}

int alk_smp_settings_get(struct alk_smp *s, struct alk_smp_call *c)
{
    static const struct alk_smp_key keys[] = {{"name", ALK_SMP_TEXT}, {"max_size", ALK_SMP_UINT}};
    const struct alk_kv *kv = store(s);
    uint8_t val[ALK_KV_VALUE_MAX];
    struct alk_cbor_item v[2];
    int rc = alk_smp_args(v, c, keys, 2), len;

    rc = check(kv, rc, &v[0]);
    if (rc != 0)
        return rc;
    len = alk_kv_get(val, sizeof val, kv, (const char *)v[0].data, v[0].len);
    if (len < 0)
        return len == ALK_E_KEY ? NOT_FOUND : READ_FAILED;
    if (alk_smp_given(&v[1]) && v[1].value < (uint32_t)len)
        len = (int)v[1].value;
    alk_cbor_put_text(&c->out, "val");
    alk_cbor_put_bytes(&c->out, val, (size_t)len);
    if (v[1].value > sizeof val)
        alk_smp_put(c, "max_size", sizeof val);
    return 0;
}

int alk_smp_settings_set(struct alk_smp *s, struct alk_smp_call *c)
{
    static const struct alk_smp_key keys[] = {{"name", ALK_SMP_TEXT}, {"val", ALK_SMP_BYTES | ALK_SMP_TEXT}};
    struct alk_kv *kv = store(s);
    struct alk_cbor_item v[2];
    int rc = alk_smp_args(v, c, keys, 2);

    rc = check(kv, rc, &v[0]);
    if (rc != 0 || !alk_smp_given(&v[1]))
        return rc != 0 ? rc : ALK_SMP_RC_INVALID;
    rc = alk_kv_set(kv, (const char *)v[0].data, v[0].len, v[1].data, v[1].len);
    return rc == ALK_OK ? 0 : WRITE_FAILED;
}

int alk_smp_settings_delete(struct alk_smp *s, struct alk_smp_call *c)
{
    static const struct alk_smp_key keys[] = {{"name", ALK_SMP_TEXT}};
    struct alk_kv *kv = store(s);
    struct alk_cbor_item name;
    int rc = alk_smp_args(&name, c, keys, 1);

    rc = check(kv, rc, &name);
    if (rc != 0)
        return rc;
    rc = alk_kv_delete(kv, (const char *)name.data, name.len);
    return rc == ALK_OK ? 0 : rc == ALK_E_KEY ? NOT_FOUND : DELETE_FAILED;
}

int alk_smp_settings_sync(struct alk_smp *s, struct alk_smp_call *c)
{
    (void)c;
    return store(s) != NULL ? 0 : ALK_SMP_RC_SUPPORT;
}
