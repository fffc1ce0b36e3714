/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "airlock/image.h"
#include "host/cli/inspect.h"
#include "host/cli/provision.h"

static const struct {
    uint32_t feature;
    const char *name;
} features[] = {
    {ALK_FEATURE_P256, "ECDSA P-256"},    {ALK_FEATURE_P384, "ECDSA P-384"},
    {ALK_FEATURE_ED25519, "Ed25519"},     {ALK_FEATURE_RSA2048, "RSA-2048"},
    {ALK_FEATURE_RSA3072, "RSA-3072"},    {ALK_FEATURE_EC256, "ECIES-P256"},
    {ALK_FEATURE_X25519, "X25519"},       {ALK_FEATURE_OAEP, "RSA-OAEP"},
    {ALK_FEATURE_KW, "AES-KW"},           {ALK_FEATURE_AES128, "AES-128"},
    {ALK_FEATURE_AES256, "AES-256"},      {ALK_FEATURE_SLIDE, "slide"},
    {ALK_FEATURE_OVERWRITE, "overwrite"}, {ALK_FEATURE_RECOVERY, "serial recovery"},
};

static void show_area(const char *name, uint32_t addr, uint32_t size, const char *note)
{
    printf("  %-9s  0x%06x  %7u  %s\n", name, addr, size, note);
}

static void show_chain(const struct alk_hex *h, const struct alk_board *b)
{
    struct alk_board first = *b;
    uint8_t head[ALK_IMAGE_HDR_SIZE];
    char what[48], name[] = "stage 0";
    struct alk_image img;

    puts("  chain: this is the first stage; its own page, and the slots of the second");
    first.keys_addr = b->provision_addr;
    first.keys_size = b->sector_size;
    cli_show_keys(h, &first);
    for (unsigned i = 0; i < 2; i++) {
        name[6] = (char)('0' + i);
        snprintf(what, sizeof what, "empty");
        if (alk_hex_read(head, h, b->stage_addr[i], sizeof head) == sizeof head &&
            alk_image_parse(&img, head, b->stage_size) == ALK_OK) {
            snprintf(what, sizeof what, "%u.%u.%u", img.version.major, img.version.minor, img.version.revision);
        }
        show_area(name, b->stage_addr[i], b->stage_size, what);
    }
}

void inspect_bootloader(const struct alk_hex *h, const struct alk_board *b)
{
    char header[40] = "header of any size";

    printf("airlock bootloader for %s\n", b->name);
    if (b->hdr_size != 0) {
        snprintf(header, sizeof header, "header of %u bytes", b->hdr_size);
    }
    show_area("code", b->code_start, b->code_end - b->code_start, "");
    show_area("journal", b->journal_addr, b->journal_size, "");
    show_area("primary", b->primary_addr, b->primary_size, header);
    show_area("secondary", b->secondary_addr, b->secondary_size, "");
    printf("  sectors of %u bytes, write unit %u; largest image %u bytes\n  can   ", b->sector_size, b->unit,
           alk_board_capacity(b));
    for (size_t i = 0; i < sizeof features / sizeof features[0]; i++) {
        if ((b->features & features[i].feature) != 0) {
            printf("   %s", features[i].name);
        }
    }
    putchar('\n');
    cli_show_keys(h, b);
    if (b->stage_size != 0) {
        show_chain(h, b);
    }
}

json_t *inspect_bootloader_json(const struct alk_hex *h, const struct alk_board *b)
{
    json_t *can = json_array();

    for (size_t i = 0; i < sizeof features / sizeof features[0]; i++) {
        if ((b->features & features[i].feature) != 0) {
            json_array_append_new(can, json_string(features[i].name));
        }
    }
    return json_pack("{s:s, s:s, s:[ii], s:[ii], s:[ii], s:[ii], s:[ii], s:i, s:i, s:i, s:i, s:o, s:o}",
                     "kind", "bootloader", "board", b->name, "code", (int)b->code_start, (int)b->code_end,
                     "key_area", (int)b->keys_addr, (int)b->keys_size, "primary", (int)b->primary_addr,
                     (int)b->primary_size, "secondary", (int)b->secondary_addr, (int)b->secondary_size,
                     "journal", (int)b->journal_addr, (int)b->journal_size, "sector_size",
                     (int)b->sector_size, "unit", b->unit, "hdr_size", b->hdr_size, "capacity",
                     (int)alk_board_capacity(b), "features", can, "keys", cli_json_keys(h, b));
}

void inspect_key(const struct alk_hostkey *key)
{
    char print[CLI_FINGERPRINT];

    cli_fingerprint(print, key);
    printf("%s key, %s\n  fingerprint  %s\n  can          %s%s%s\n", key->kind->says,
           key->pkey == NULL ? "symmetric: secret"
           : key->is_private ? "PRIVATE"
                             : "public",
           print, key->kind->sig_tlv != 0 ? "sign images" : "",
           key->kind->sig_tlv != 0 && key->kind->enc_tlv != 0 ? ", " : "",
           key->kind->enc_tlv != 0 ? "be encrypted to" : "");
    if (alk_key_sample(key) != NULL) {
        printf("  WARNING      MCUboot's sample key %s: everybody has it\n", alk_key_sample(key));
    }
}

json_t *inspect_key_json(const struct alk_hostkey *key)
{
    uint8_t hash[64];
    size_t n = alk_key_hash(hash, key, ALK_SHA256);

    return json_pack("{s:s, s:s, s:b, s:o, s:b, s:b, s:s*}", "kind", "key", "type", key->kind->name,
                     "private", key->is_private, "sha256", cli_json_hex(hash, n), "signs",
                     key->kind->sig_tlv != 0, "encrypts", key->kind->enc_tlv != 0, "sample",
                     alk_key_sample(key));
}
