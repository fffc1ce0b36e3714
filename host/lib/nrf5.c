/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "airlock/nrf5.h"
#include "host/lib/protobuf.h"
#include "host/lib/zipfile.h"

#define FIRMWARE_MAX (16u << 20)

static const char *const names[] = {"application", "softdevice", "bootloader"};

static void reverse(uint8_t *to, const uint8_t *from, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        to[i] = from[len - 1 - i];
    }
}

/* Fields 1 to 9 of the init command, in order. */
static void put_command(struct alk_buf *out, const struct alk_nrf5 *p)
{
    struct alk_buf reqs = {0}, hash = {0};
    uint8_t digest[32];

    for (size_t i = 0; i < p->n_sd_req; i++) {
        alk_pb_varint(&reqs, p->sd_req[i]);
    }
    reverse(digest, p->hash, 32);
    alk_pb_number(&hash, 1, 3); /* SHA-256 */
    alk_pb_bytes(&hash, 2, digest, 32);
    alk_pb_number(out, 1, p->fw_version);
    alk_pb_number(out, 2, p->hw_version);
    alk_pb_bytes(out, 3, reqs.data, reqs.len);
    alk_pb_number(out, 4, p->type);
    alk_pb_number(out, 5, p->type == ALK_NRF5_SOFTDEVICE ? p->size : 0);
    alk_pb_number(out, 6, p->type == ALK_NRF5_BOOTLOADER ? p->size : 0);
    alk_pb_number(out, 7, p->type == ALK_NRF5_APPLICATION ? p->size : 0);
    alk_pb_bytes(out, 8, hash.data, hash.len);
    alk_pb_number(out, 9, p->is_debug);
    alk_buf_free(&reqs);
    alk_buf_free(&hash);
}

/* { signed command: { command: { op INIT, init }, type ECDSA P-256, signature } } */
static void put_packet(struct alk_buf *out, const struct alk_nrf5 *p)
{
    struct alk_buf command = {0}, signed_command = {0};
    uint8_t sig[64];

    reverse(sig, p->signature, 32);
    reverse(sig + 32, p->signature + 32, 32);
    alk_pb_number(&command, 1, 1);
    alk_pb_bytes(&command, 2, p->command.data, p->command.len);
    alk_pb_bytes(&signed_command, 1, command.data, command.len);
    alk_pb_number(&signed_command, 2, 0);
    alk_pb_bytes(&signed_command, 3, sig, sizeof sig);
    alk_pb_bytes(out, 2, signed_command.data, signed_command.len);
    alk_buf_free(&command);
    alk_buf_free(&signed_command);
}

static int sign(struct alk_nrf5 *p, const struct alk_hostkey *key, struct alk_why *why)
{
    struct alk_buf der = {0};
    uint8_t digest[64];
    int e;

    if (key->kind->id != ALK_KIND_P256) {
        return alk_why(why, ALK_E_SUPPORT, "that bootloader wants ECDSA P-256, this is %s", key->kind->says);
    }
    p->size = (uint32_t)p->firmware.len;
    alk_digest_of(digest, ALK_SHA256, p->firmware.data, p->firmware.len);
    memcpy(p->hash, digest, sizeof p->hash);
    put_command(&p->command, p);
    alk_digest_of(digest, ALK_SHA256, p->command.data, p->command.len);
    e = alk_key_sign(&der, key, digest, 32, false, why);
    p->is_signed = e == ALK_OK && alk_signature_raw(p->signature, &der, 32);
    alk_buf_free(&der);
    return e;
}

static char *manifest_of(const struct alk_nrf5 *p, const char *bin, const char *dat)
{
    json_t *o = json_pack("{s:{s:{s:s, s:s}}}", "manifest", names[p->type], "bin_file", bin, "dat_file", dat);
    char *text = json_dumps(o, JSON_INDENT(4) | JSON_SORT_KEYS);

    json_decref(o);
    return text;
}

int alk_nrf5_format(struct alk_buf *zip, struct alk_nrf5 *p, const struct alk_hostkey *key, long long time,
                    struct alk_why *why)
{
    struct alk_buf packet = {0};
    char bin[32], dat[32], *text;
    int e = sign(p, key, why);

    if (e != ALK_OK) {
        return e;
    }
    snprintf(bin, sizeof bin, "%s.bin", names[p->type]);
    snprintf(dat, sizeof dat, "%s.dat", names[p->type]);
    put_packet(&packet, p);
    text = manifest_of(p, bin, dat);
    e = text == NULL ? ALK_E_MEMORY
                     : alk_zip_make(zip,
                                    (struct alk_zip_entry[]){{"manifest.json", text, strlen(text)},
                                                             {dat, packet.data, packet.len},
                                                             {bin, p->firmware.data, p->firmware.len}},
                                    3, time, why);
    free(text);
    alk_buf_free(&packet);
    return e;
}

static void take_reqs(struct alk_nrf5 *p, struct alk_pb packed)
{
    uint64_t v;

    while (p->n_sd_req < ALK_NRF5_SD_REQS && packed.p < packed.end && alk_pb_take_varint(&v, &packed)) {
        p->sd_req[p->n_sd_req++] = (uint32_t)v;
    }
}

static bool take_hash(struct alk_nrf5 *p, struct alk_pb in)
{
    struct alk_pb_field h;

    if (!alk_pb_find(&h, in, 2) || h.bytes.end - h.bytes.p != 32) {
        return false;
    }
    reverse(p->hash, h.bytes.p, 32);
    return true;
}

static bool take_command(struct alk_nrf5 *p, struct alk_pb in)
{
    struct alk_pb_field f;
    bool hashed = false;

    alk_buf_put(&p->command, in.p, (size_t)(in.end - in.p));
    while (alk_pb_next(&f, &in)) {
        uint32_t v = (uint32_t)f.value;

        p->fw_version = f.number == 1 ? v : p->fw_version;
        p->hw_version = f.number == 2 ? v : p->hw_version;
        p->type = f.number == 4 ? v : p->type;
        p->size += f.number >= 5 && f.number <= 7 ? v : 0;
        p->is_debug = f.number == 9 ? v != 0 : p->is_debug;
        if (f.number == 3) {
            take_reqs(p, f.bytes);
        }
        hashed = hashed || (f.number == 8 && take_hash(p, f.bytes));
    }
    return in.p == in.end && hashed && p->type < sizeof names / sizeof names[0];
}

/* The command inside a packet, signed or not. */
static bool take_packet(struct alk_nrf5 *p, const struct alk_buf *dat)
{
    struct alk_pb in = {dat->data, dat->data + dat->len}, command = {NULL, NULL}, init;
    struct alk_pb_field f;

    if (alk_pb_find(&f, in, 2)) {
        struct alk_pb_field sig;

        command = alk_pb_find(&sig, f.bytes, 1) ? sig.bytes : command;
        if (alk_pb_find(&sig, f.bytes, 3) && sig.bytes.end - sig.bytes.p == 64) {
            reverse(p->signature, sig.bytes.p, 32);
            reverse(p->signature + 32, sig.bytes.p + 32, 32);
            p->is_signed = true;
        }
    } else if (alk_pb_find(&f, in, 1)) {
        command = f.bytes;
    }
    if (command.p == NULL || !alk_pb_find(&f, command, 2)) {
        return false;
    }
    init = f.bytes;
    return take_command(p, init);
}

static int take_parts(struct alk_nrf5 *p, zip_t *zip, const json_t *part, struct alk_why *why)
{
    const char *bin = json_string_value(json_object_get(part, "bin_file"));
    const char *dat = json_string_value(json_object_get(part, "dat_file"));
    struct alk_buf packet = {0};
    uint8_t digest[64];
    int e;

    if (bin == NULL || dat == NULL) {
        return alk_why(why, ALK_E_FORMAT, "its manifest names no bin_file and dat_file");
    }
    e = alk_zip_read(&packet, zip, dat, 65536, why);
    if (e == ALK_OK && !take_packet(p, &packet)) {
        e = alk_why(why, ALK_E_FORMAT, "its init packet %s is damaged", dat);
    }
    if (e == ALK_OK) {
        e = alk_zip_read(&p->firmware, zip, bin, FIRMWARE_MAX, why);
    }
    alk_buf_free(&packet);
    if (e != ALK_OK) {
        return e;
    }
    alk_digest_of(digest, ALK_SHA256, p->firmware.data, p->firmware.len);
    return memcmp(digest, p->hash, 32) == 0 && p->size == p->firmware.len
               ? ALK_OK
               : alk_why(why, ALK_E_AUTH, "its init packet is for another firmware than %s", bin);
}

int alk_nrf5_parse(struct alk_nrf5 *p, const uint8_t *data, size_t len, struct alk_why *why)
{
    zip_t *zip = alk_zip_open(data, len);
    struct alk_buf text = {0};
    json_t *o = NULL, *part = NULL;
    int e = ALK_E_FORMAT;

    *p = (struct alk_nrf5){0};
    if (zip == NULL) {
        return alk_why(why, e, "is no zip file, or a damaged one");
    }
    if (alk_zip_read(&text, zip, "manifest.json", 65536, why) == ALK_OK) {
        o = json_loadb((const char *)text.data, text.len, JSON_REJECT_DUPLICATES, NULL);
    }
    for (size_t i = 0; i < sizeof names / sizeof names[0] && part == NULL; i++) {
        part = json_object_get(json_object_get(o, "manifest"), names[i]);
    }
    e = part != NULL ? take_parts(p, zip, part, why)
                     : alk_why(why, e, "is no package of the nRF5 SDK's secure DFU");
    json_decref(o);
    alk_buf_free(&text);
    zip_discard(zip);
    if (e != ALK_OK) {
        alk_nrf5_free(p);
    }
    return e;
}

int alk_nrf5_check(const struct alk_nrf5 *p, const struct alk_hostkey *key)
{
    struct alk_buf der = {0};
    uint8_t digest[64];
    bool usable = p->is_signed && key->kind->id == ALK_KIND_P256 &&
                  alk_signature_der(&der, key, p->signature, 64);
    int e;

    alk_digest_of(digest, ALK_SHA256, p->command.data, p->command.len);
    e = usable ? alk_key_check(key, der.data, der.len, digest, 32) : ALK_E_AUTH;
    alk_buf_free(&der);
    return e;
}

void alk_nrf5_free(struct alk_nrf5 *p)
{
    alk_buf_free(&p->command);
    alk_buf_free(&p->firmware);
    *p = (struct alk_nrf5){0};
}
