/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "airlock/keyarea.h"
#include "core/bytes.h"
#include "core/crc.h"

#define HEAD_SIZE 12u

void alk_keyarea_id(uint8_t id[32], const struct alk_hostkey *key)
{
    uint8_t hash[64];

    alk_key_hash(hash, key, ALK_SHA256);
    memcpy(id, hash, 32);
}

static void put_entry(struct alk_buf *out, uint8_t use, uint8_t alg, const uint8_t id[32],
                      const struct alk_buf *value)
{
    alk_buf_put8(out, use);
    alk_buf_put8(out, alg);
    alk_buf_put16(out, (uint16_t)value->len);
    alk_buf_put(out, id, 32);
    alk_buf_put(out, value->data, value->len);
    alk_buf_fill(out, 0xff, (4 - value->len % 4) % 4);
}

static int put_key(struct alk_buf *out, uint8_t use, const struct alk_hostkey *key, struct alk_why *why)
{
    struct alk_buf value = {0};
    uint8_t id[32];
    int e;

    if (key->kind->device_alg == ALK_ALG_NONE) {
        return alk_why(why, ALK_E_SUPPORT, "the bootloader has no %s", key->kind->says);
    }
    e = use == ALK_USE_VERIFY ? alk_key_put_public(&value, key, ALK_FORM_RAW)
                              : alk_key_put_private(&value, key, ALK_FORM_RAW, NULL);
    if (e == ALK_OK) {
        alk_keyarea_id(id, key);
        put_entry(out, use, key->kind->device_alg, id, &value);
    }
    alk_buf_free(&value);
    return e == ALK_OK ? e : alk_why(why, e, "is a public key, but the device needs the private one");
}

static void put_uuid(struct alk_buf *out, uint8_t use, const uint8_t *uuid)
{
    static const uint8_t no_id[32];
    struct alk_buf value = {0};

    if (uuid != NULL) {
        alk_buf_put(&value, uuid, 16);
        put_entry(out, use, ALK_ALG_NONE, no_id, &value);
        alk_buf_free(&value);
    }
}

static int put_entries(struct alk_buf *out, const struct alk_provision *p, struct alk_why *why)
{
    int e = ALK_OK;

    for (size_t i = 0; i < p->n_verify && e == ALK_OK; i++) {
        e = put_key(out, ALK_USE_VERIFY, p->verify[i], why);
    }
    for (size_t i = 0; i < p->n_decrypt && e == ALK_OK; i++) {
        e = put_key(out, ALK_USE_DECRYPT, p->decrypt[i], why);
    }
    put_uuid(out, ALK_USE_VENDOR, p->vendor);
    put_uuid(out, ALK_USE_CLASS, p->class);
    return e;
}

int alk_keyarea_make(struct alk_buf *out, const struct alk_provision *p, uint32_t size, uint16_t unit,
                     struct alk_why *why)
{
    size_t entries = p->n_verify + p->n_decrypt + (p->vendor != NULL) + (p->class != NULL);
    uint32_t room = size - ALK_KEYS_MAX * unit;
    int e;

    if (entries > ALK_KEYS_MAX) {
        return alk_why(why, ALK_E_SIZE, "%zu entries, but a key area takes %u", entries, ALK_KEYS_MAX);
    }
    alk_buf_put32(out, ALK_KEYS_MAGIC);
    alk_buf_put8(out, ALK_KEYS_VERSION);
    alk_buf_put8(out, (uint8_t)entries);
    alk_buf_put16(out, 0); /* length, below */
    alk_buf_put32(out, p->policy);
    e = put_entries(out, p, why);
    if (e != ALK_OK) {
        return e;
    }
    if (out->failed || out->len + 4 > room || out->len < HEAD_SIZE) {
        return alk_why(why, ALK_E_SIZE, "the keys take %zu bytes, but the key area has room for %u",
                       out->len + 4, room);
    }
    alk_put16(out->data + 6, (uint16_t)(out->len + 4));
    alk_buf_put32(out, alk_crc32(0, out->data, out->len));
    return ALK_OK;
}
