/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "airlock/mailbox.h"
#include "airlock/text.h"
#include "core/bytes.h"
#include "host/cli/inspect.h"

static const struct {
    uint32_t flag;
    const char *name;
} flags[] = {
    {ALK_IMAGE_ENC_AES128, "ENCRYPTED_AES128"}, {ALK_IMAGE_ENC_AES256, "ENCRYPTED_AES256"},
    {ALK_IMAGE_NON_BOOTABLE, "NON_BOOTABLE"},   {ALK_IMAGE_RAM_LOAD, "RAM_LOAD"},
    {ALK_IMAGE_ROM_FIXED, "ROM_FIXED"},         {ALK_IMAGE_LZMA1, "COMPRESSED_LZMA1"},
    {ALK_IMAGE_LZMA2, "COMPRESSED_LZMA2"},      {ALK_IMAGE_ARM_THUMB, "ARM_THUMB_FILTER"},
};

static void flags_text(char out[160], uint32_t value)
{
    int n = snprintf(out, 160, "0x%x", value);

    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        if ((value & flags[i].flag) != 0) {
            n += snprintf(out + n, 160 - (size_t)n, " %s", flags[i].name);
        }
    }
}

static uint32_t number(const struct alk_imgfile *f, const uint8_t *p)
{
    uint32_t v = alk_get32(p);

    return f->big_endian ? __builtin_bswap32(v) : v;
}

/* What a value says, where it is more than bytes. */
static void value_text(char out[160], const struct alk_imgfile *f, const struct alk_tlv *t)
{
    const uint8_t *p = alk_imgfile_tlv(f, t);
    size_t shown = t->len < 24 ? t->len : 20;

    if ((t->type == ALK_TLV_SEC_CNT || t->type == ALK_TLV_DECOMP_SIZE || t->type == ALK_TLV_COMP_DEC_SIZE) &&
        t->len == 4) {
        snprintf(out, 160, "%u", number(f, p));
    } else if ((t->type == ALK_TLV_UUID_VID || t->type == ALK_TLV_UUID_CID) && t->len == 16) {
        alk_uuid_text(out, p);
    } else if (t->type == ALK_TLV_DEPENDENCY && t->len == 12 && !f->big_endian) {
        struct alk_version v = {p[4], p[5], alk_get16(p + 6), alk_get32(p + 8)};
        char version[ALK_VERSION_TEXT];

        alk_version_text(version, &v);
        snprintf(out, 160, "image %u at least %s", p[0], version);
    } else {
        alk_hex_text(out, p, shown);
        strcpy(out + 2 * shown, shown < t->len ? "..." : "");
    }
}

static void show_tlvs(const struct alk_imgfile *f, bool prot)
{
    struct alk_tlv t = {0};
    char value[160];

    while (alk_tlv_next(&t, &f->img) > 0) {
        if (t.prot == prot) {
            value_text(value, f, &t);
            printf("    0x%05x  0x%02x %-17s %5u  %s\n", t.off, t.type, alk_tlv_name(t.type), t.len, value);
        }
    }
}

/* A slot-sized file ends with the mailbox. */
static bool find_mailbox(struct alk_mailbox *m, uint32_t *align, const struct alk_imgfile *f)
{
    struct alk_flash slot = f->flash;
    const uint8_t *magic = f->data.data + f->data.len - 16;

    if (f->data.len < f->img.end + 16) {
        return false;
    }
    *align = magic[0] == 0x77 ? 8 : magic[f->big_endian ? 1 : 0];
    if (*align != 8 && *align != 16 && *align != 32) {
        return false;
    }
    slot.unit = (uint16_t)*align;
    return alk_mailbox_read(m, &slot) == ALK_OK && m->magic == ALK_SET;
}

static const char *field_name(uint8_t field)
{
    return field == ALK_SET ? "set" : field == ALK_UNSET ? "unset" : "bad";
}

static void show_rest(const struct alk_imgfile *f)
{
    struct alk_mailbox m;
    uint32_t align;
    size_t rest = f->data.len - f->img.end;

    if (find_mailbox(&m, &align, f)) {
        printf("  0x%05zx  mailbox        magic good (alignment %u), image_ok %s, copy_done %s\n",
               f->data.len - 16, align, field_name(m.image_ok), field_name(m.copy_done));
        printf("  0x%05zx  end of the slot\n", f->data.len);
    } else if (rest > 0) {
        printf("           and %zu bytes more\n", rest);
    }
}

static const char *payload_word(const struct alk_imgfile *f)
{
    if ((f->img.flags & ALK_IMAGE_ENCRYPTED) == 0) {
        return "plain";
    }
    return alk_imgfile_has_wrapped(f) ? "encrypted (or kept clear)"
                                      : "encrypted, and NO KEY TLV: nobody can open it";
}

void inspect_image(const struct alk_imgfile *f)
{
    const struct alk_image *img = &f->img;
    char version[ALK_VERSION_TEXT], text[160];

    alk_version_text(version, &img->version);
    flags_text(text, img->flags);
    printf("image, version %s, %u bytes%s\n", version, img->end, f->big_endian ? ", BIG-ENDIAN" : "");
    if (f->has_base) {
        printf("  address 0x%08x\n", f->base);
    }
    printf("  0x00000  header     %5u  flags %s", img->hdr_size, text);
    printf(img->load_addr != 0 ? ", address 0x%08x\n" : "\n", img->load_addr);
    printf("  0x%05x  payload  %7u  %s\n", img->hdr_size, img->img_size, payload_word(f));
    if (img->prot_size != 0) {
        printf("  0x%05x  protected  %5u  hashed and signed\n", img->tlv_off, img->prot_size);
        show_tlvs(f, true);
    }
    printf("  0x%05x  TLVs       %5u\n", img->tlv_off + img->prot_size,
           img->end - img->tlv_off - img->prot_size);
    show_tlvs(f, false);
    printf("  0x%05x  end of the image\n", img->end);
    show_rest(f);
}

static json_t *tlv_json(const struct alk_imgfile *f, const struct alk_tlv *t)
{
    return json_pack("{s:i, s:s, s:i, s:b, s:i, s:o}", "type", t->type, "name", alk_tlv_name(t->type), "len",
                     t->len, "protected", t->prot, "offset", (int)t->off, "value",
                     cli_json_hex(alk_imgfile_tlv(f, t), t->len));
}

static json_t *tlvs_json(const struct alk_imgfile *f)
{
    json_t *list = json_array();
    struct alk_tlv t = {0};

    while (alk_tlv_next(&t, &f->img) > 0) {
        json_array_append_new(list, tlv_json(f, &t));
    }
    return list;
}

json_t *inspect_image_json(const struct alk_imgfile *f)
{
    const struct alk_image *img = &f->img;
    char version[ALK_VERSION_TEXT], text[160];
    struct alk_mailbox m;
    uint32_t align;
    json_t *o;

    alk_version_text(version, &img->version);
    flags_text(text, img->flags);
    o = json_pack("{s:s, s:s, s:I, s:i, s:i, s:I, s:I, s:s, s:I, s:b, s:o}", "kind", "image", "version",
                  version, "load_addr", (json_int_t)img->load_addr, "hdr_size", img->hdr_size,
                  "protect_tlv_size", img->prot_size, "img_size", (json_int_t)img->img_size, "flags",
                  (json_int_t)img->flags, "flag_names", text, "end", (json_int_t)img->end, "big_endian",
                  f->big_endian, "tlvs", tlvs_json(f));
    if (f->has_base) {
        json_object_set_new(o, "address", json_integer(f->base));
    }
    if (find_mailbox(&m, &align, f)) {
        json_object_set_new(o, "mailbox",
                            json_pack("{s:i, s:s, s:s}", "align", (int)align, "image_ok",
                                      field_name(m.image_ok), "copy_done", field_name(m.copy_done)));
    }
    return o;
}
