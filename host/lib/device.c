/* SPDX-License-Identifier: Apache-2.0 */
/* device.c - the standard commands: what is asked, what the answer says. */
#include "airlock/device.h"

#include "host/lib/smp_wire.h"

#include <stdio.h>
#include <string.h>

enum { ERASE_MS = 180000, CAP = 512 };

/* ---- reading answers; a key that is missing or of another type leaves the default ---- */

static void read_text(char *out, size_t cap, const struct alk_cbor *map, const char *key)
{
    struct alk_cbor_item it;
    size_t len;

    out[0] = '\0';
    if (alk_cbor_find(&it, map, key) != 1 || it.type != ALK_CBOR_TEXT)
        return;
    len = it.len < cap ? it.len : cap - 1;
    memcpy(out, it.data, len);
    out[len] = '\0';
}

static uint32_t read_uint(const struct alk_cbor *map, const char *key, uint32_t otherwise)
{
    struct alk_cbor_item it;

    if (alk_cbor_find(&it, map, key) != 1 || it.type != ALK_CBOR_UINT)
        return otherwise;
    return it.value;
}

static bool read_flag(const struct alk_cbor *map, const char *key)
{
    struct alk_cbor_item it;

    return alk_cbor_find(&it, map, key) == 1 && (it.type == ALK_CBOR_BOOL || it.type == ALK_CBOR_UINT) &&
           it.value != 0;
}

static bool find_array(struct alk_cbor *in, const struct alk_cbor *map, const char *key)
{
    struct alk_cbor_item it;

    if (alk_cbor_find(&it, map, key) != 1 || it.type != ALK_CBOR_ARRAY)
        return false;
    *in = it.in;
    return true;
}

/* ---- os ---- */

static int call(struct alk_smp_reply *r, struct alk_client *c, uint8_t ask, uint16_t group, uint8_t id)
{
    const struct alk_smp_request q = {.ask = ask, .group = group, .id = id, .retries = 3};

    return alk_client_call(r, c, &q);
}

int alk_device_params(uint32_t *buf_size, uint32_t *buf_count, struct alk_client *c)
{
    struct alk_smp_reply r;
    int rc = call(&r, c, ALK_ASK_READ, SMP_OS, SMP_OS_PARAMS);

    if (rc != ALK_OK)
        return rc;
    *buf_size = read_uint(&r.map, "buf_size", 0);
    *buf_count = read_uint(&r.map, "buf_count", 1);
    if (*buf_size == 0)
        return ALK_E_FORMAT;
    alk_client_set_limits(c, *buf_size, *buf_count);
    return ALK_OK;
}

static int call_text(struct alk_smp_reply *r, struct alk_client *c, struct alk_smp_request *q,
                     const char *key, const char *value)
{
    uint8_t buf[CAP];
    struct alk_cbor_out o = {buf, buf + sizeof buf, false};

    smp_put_map(&o, 1);
    alk_cbor_put_text(&o, key);
    alk_cbor_put_text(&o, value);
    if (o.full)
        return r->result = ALK_E_SIZE;
    q->payload = buf;
    q->payload_len = (size_t)(o.p - buf);
    q->retries = 3;
    return alk_client_call(r, c, q);
}

int alk_device_echo(char *out, size_t cap, struct alk_client *c, const char *text, struct alk_smp_reply *r)
{
    struct alk_smp_request q = {.ask = ALK_ASK_WRITE, .group = SMP_OS, .id = SMP_OS_ECHO};
    int rc = call_text(r, c, &q, "d", text);

    if (rc == ALK_OK)
        read_text(out, cap, &r->map, "r");
    return rc;
}

int alk_device_info(char *out, size_t cap, struct alk_client *c, const char *format, struct alk_smp_reply *r)
{
    struct alk_smp_request q = {.ask = ALK_ASK_READ, .group = SMP_OS, .id = SMP_OS_INFO};
    int rc = call_text(r, c, &q, "format", format);

    if (rc == ALK_OK)
        read_text(out, cap, &r->map, "output");
    return rc;
}

static int32_t read_mode(const struct alk_cbor *map)
{
    return (int32_t)read_uint(map, "mode", UINT32_MAX);
}

int alk_device_boot_info(struct alk_boot_info *b, struct alk_client *c)
{
    struct alk_smp_request q = {.ask = ALK_ASK_READ, .group = SMP_OS, .id = SMP_OS_BOOT};
    struct alk_smp_reply r;
    int rc = call(&r, c, ALK_ASK_READ, SMP_OS, SMP_OS_BOOT);

    memset(b, 0, sizeof *b);
    b->mode = -1;
    if (rc != ALK_OK)
        return rc;
    read_text(b->bootloader, sizeof b->bootloader, &r.map, "bootloader");
    if (call_text(&r, c, &q, "query", "mode") == ALK_OK) {
        b->mode = read_mode(&r.map);
        b->no_downgrade = read_flag(&r.map, "no-downgrade");
    }
    return ALK_OK;
}

int alk_device_reset(struct alk_client *c, bool force, unsigned boot_mode, struct alk_smp_reply *r)
{
    uint8_t buf[40];
    struct alk_cbor_out o = {buf, buf + sizeof buf, false};
    struct alk_smp_request q = {
        .ask = ALK_ASK_WRITE, .group = SMP_OS, .id = SMP_OS_RESET, .may_vanish = true};

    smp_put_map(&o, (force ? 1u : 0u) + (boot_mode != 0 ? 1u : 0u));
    if (force) {
        alk_cbor_put_text(&o, "force");
        alk_cbor_put_bool(&o, true);
    }
    if (boot_mode != 0) {
        alk_cbor_put_text(&o, "boot_mode");
        alk_cbor_put_uint(&o, boot_mode);
    }
    q.payload = buf;
    q.payload_len = (size_t)(o.p - buf);
    return alk_client_call(r, c, &q);
}

/* ---- image ---- */

static uint8_t read_flags(const struct alk_cbor *map)
{
    static const char *const names[] = {"bootable", "pending", "confirmed", "active", "permanent"};
    unsigned flags = 0;

    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++)
        flags |= read_flag(map, names[i]) ? 1u << i : 0;
    return (uint8_t)flags;
}

static void read_state(struct alk_slot_state *s, const struct alk_cbor *map)
{
    struct alk_cbor_item it;

    memset(s, 0, sizeof *s);
    s->image = read_uint(map, "image", 0);
    s->slot = read_uint(map, "slot", 0);
    s->flags = read_flags(map);
    read_text(s->version, sizeof s->version, map, "version");
    if (alk_cbor_find(&it, map, "hash") == 1 && it.type == ALK_CBOR_BYTES && it.len <= sizeof s->hash) {
        memcpy(s->hash, it.data, it.len);
        s->hash_len = (uint8_t)it.len;
    }
}

int alk_slot_list_parse(struct alk_slot_list *l, const struct alk_cbor *map)
{
    struct alk_cbor in;
    struct alk_cbor_item it;
    int rc = 0;

    l->count = 0;
    if (!find_array(&in, map, "images"))
        return ALK_E_FORMAT;
    while (l->count < ALK_DEVICE_SLOTS && (rc = alk_cbor_next(&it, &in)) == 1) {
        if (it.type != ALK_CBOR_MAP)
            return ALK_E_FORMAT;
        read_state(&l->slot[l->count++], &it.in);
    }
    return rc < 0 ? ALK_E_FORMAT : ALK_OK;
}

const struct alk_slot_state *alk_slot_list_find(const struct alk_slot_list *l, const uint8_t *hash,
                                                size_t hash_len)
{
    for (size_t i = 0; i < l->count; i++)
        if (l->slot[i].hash_len == hash_len && hash_len != 0 && memcmp(l->slot[i].hash, hash, hash_len) == 0)
            return &l->slot[i];
    return NULL;
}

const struct alk_slot_state *alk_slot_list_active(const struct alk_slot_list *l, uint32_t image)
{
    for (size_t i = 0; i < l->count; i++)
        if (l->slot[i].image == image && (l->slot[i].flags & ALK_SLOT_ACTIVE) != 0)
            return &l->slot[i];
    return NULL;
}

int alk_device_images(struct alk_slot_list *l, struct alk_client *c, struct alk_smp_reply *r)
{
    int rc = call(r, c, ALK_ASK_READ, SMP_IMAGE, SMP_IMAGE_STATE);

    l->count = 0;
    return rc == ALK_OK ? alk_slot_list_parse(l, &r->map) : rc;
}

struct alk_smp_request smp_state_request(uint8_t payload[SMP_STATE_MAX], const uint8_t *hash, size_t hash_len,
                                         bool confirm, uint8_t retries)
{
    struct alk_cbor_out o = {payload, payload + SMP_STATE_MAX, false};
    struct alk_smp_request q = {.ask = ALK_ASK_WRITE,
                                .group = SMP_IMAGE,
                                .id = SMP_IMAGE_STATE,
                                .payload = payload,
                                .timeout_ms = 10000,
                                .retries = retries};

    smp_put_map(&o, hash == NULL ? 1 : 2);
    if (hash != NULL) {
        alk_cbor_put_text(&o, "hash");
        alk_cbor_put_bytes(&o, hash, hash_len);
    }
    alk_cbor_put_text(&o, "confirm");
    alk_cbor_put_bool(&o, confirm);
    q.payload_len = o.full ? 0 : (size_t)(o.p - payload);
    return q;
}

int alk_device_set_state(struct alk_slot_list *l, struct alk_client *c, const uint8_t *hash, size_t hash_len,
                         bool confirm, struct alk_smp_reply *r)
{
    uint8_t payload[SMP_STATE_MAX];
    const struct alk_smp_request q = smp_state_request(payload, hash, hash_len, confirm, 2);
    int rc;

    l->count = 0;
    if (q.payload_len == 0)
        return r->result = ALK_E_SIZE;
    rc = alk_client_call(r, c, &q);
    if (rc == ALK_OK && alk_slot_list_parse(l, &r->map) != ALK_OK)
        l->count = 0;
    return rc;
}

int alk_device_erase(struct alk_client *c, int slot, struct alk_smp_reply *r)
{
    uint8_t buf[16];
    struct alk_cbor_out o = {buf, buf + sizeof buf, false};
    struct alk_smp_request q = {.ask = ALK_ASK_WRITE,
                                .group = SMP_IMAGE,
                                .id = SMP_IMAGE_ERASE,
                                .payload = buf,
                                .timeout_ms = ERASE_MS,
                                .retries = 2};

    smp_put_map(&o, slot >= 0 ? 1 : 0);
    if (slot >= 0) {
        alk_cbor_put_text(&o, "slot");
        alk_cbor_put_uint(&o, (uint32_t)slot);
    }
    q.payload_len = (size_t)(o.p - buf);
    return alk_client_call(r, c, &q);
}

/* ---- slot info: { images: [ { image, slots: [ { slot, size, upload_image_id } ] } ] } ---- */

static void read_places(struct alk_slot_place *p, size_t cap, size_t *count, const struct alk_cbor *image)
{
    struct alk_cbor slots;
    struct alk_cbor_item it;

    if (!find_array(&slots, image, "slots"))
        return;
    while (*count < cap && alk_cbor_next(&it, &slots) == 1) {
        if (it.type != ALK_CBOR_MAP)
            return;
        p[(*count)++] = (struct alk_slot_place){
            .image = read_uint(image, "image", 0),
            .slot = read_uint(&it.in, "slot", 0),
            .size = read_uint(&it.in, "size", 0),
            .upload_id = read_uint(&it.in, "upload_image_id", UINT32_MAX)};
    }
}

int alk_device_places(struct alk_slot_place *p, size_t cap, size_t *count, struct alk_client *c)
{
    struct alk_smp_reply r;
    struct alk_cbor images;
    struct alk_cbor_item it;
    int rc = call(&r, c, ALK_ASK_READ, SMP_IMAGE, SMP_IMAGE_SLOTS);

    *count = 0;
    if (rc != ALK_OK)
        return rc;
    if (!find_array(&images, &r.map, "images"))
        return ALK_E_FORMAT;
    while ((rc = alk_cbor_next(&it, &images)) == 1 && it.type == ALK_CBOR_MAP)
        read_places(p, cap, count, &it.in);
    return rc < 0 ? ALK_E_FORMAT : ALK_OK;
}
