/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "airlock/checklist.h"
#include "airlock/crypto.h"
#include "airlock/keys.h"
#include "airlock/memory.h"
#include "airlock/text.h"
#include "airlock/verify.h"
#include "core/bytes.h"

struct asker {
    const struct alk_question *q;
    const struct alk_image *img;
    struct alk_checklist *list;
    struct alk_buf area; /* key area */
    struct alk_flash flash;
    struct alk_keys keys;
    int keys_state;
    struct alk_content_key content;
    int content_state;
    int seal_state; /* hash and signature alone, whatever the policy says of a plain image */
};

void alk_checklist_add(struct alk_checklist *list, const char *what, enum alk_answer answer,
                       const char *way_out, const char *fmt, ...)
{
    struct alk_check_item *item = &list->items[list->n];
    va_list ap;

    if (list->n == ALK_CHECK_ITEMS) {
        return;
    }
    list->n++;
    item->what = what;
    item->answer = answer;
    snprintf(item->why.way_out, sizeof item->why.way_out, "%s", way_out != NULL ? way_out : "");
    va_start(ap, fmt);
    vsnprintf(item->why.text, sizeof item->why.text, fmt, ap);
    va_end(ap);
}

bool alk_checklist_refuses(const struct alk_checklist *list)
{
    for (size_t i = 0; i < list->n; i++) {
        if (list->items[i].answer == ALK_NO) {
            return true;
        }
    }
    return false;
}

static void open_keys(struct asker *a)
{
    const struct alk_board *b = a->q->board;

    alk_buf_fill(&a->area, 0xff, b->keys_size);
    alk_hex_read(a->area.data, a->q->bootloader, b->keys_addr, b->keys_size);
    alk_flash_memory(&a->flash, a->area.data, a->area.len);
    a->flash.unit = b->unit;
    a->keys_state = alk_keys_open(&a->keys, &a->flash);
}

static void ask_provisioned(struct asker *a)
{
    if (a->keys_state == ALK_OK) {
        alk_checklist_add(a->list, "bootloader", ALK_YES, NULL, "for %s, provisioned with %u entries",
                          a->q->board->name, a->keys.count);
    } else {
        alk_checklist_add(a->list, "bootloader", ALK_NO, "airlock provision",
                          "its key area is %s: it takes nothing",
                          a->keys_state == ALK_E_KEY ? "empty" : "damaged");
    }
}

static void ask_form(struct asker *a)
{
    const struct alk_board *b = a->q->board;
    const struct alk_image *img = a->img;

    if (a->q->image->big_endian) {
        alk_checklist_add(a->list, "form", ALK_NO, "sign without --endian big", "its header is big-endian");
    } else if ((img->flags & ALK_IMAGE_COMPRESSED) != 0) {
        alk_checklist_add(a->list, "form", ALK_NO, "sign without --compression",
                          "it is compressed, and this bootloader does not decompress");
    } else if (b->hdr_size != 0 && img->hdr_size != b->hdr_size) {
        alk_checklist_add(a->list, "form", ALK_NO, "sign with --bootloader",
                          "its header has %u bytes, but %s needs %u", img->hdr_size, b->name, b->hdr_size);
    } else if (img->hdr_size % 4 != 0) {
        alk_checklist_add(a->list, "form", ALK_NO, "sign with another -H",
                          "its header of %u bytes is no multiple of 4", img->hdr_size);
    } else if ((img->flags & ALK_IMAGE_NON_BOOTABLE) != 0) {
        alk_checklist_add(a->list, "form", ALK_NO, NULL, "it is marked as not to be started");
    } else {
        alk_checklist_add(a->list, "form", ALK_YES, NULL, "header of %u bytes", img->hdr_size);
    }
}

static void ask_size(struct asker *a)
{
    uint32_t room = alk_board_capacity(a->q->board);

    alk_checklist_add(a->list, "size", a->img->end <= room ? ALK_YES : ALK_NO,
                      a->img->end <= room ? NULL : "make the program smaller", "%u bytes, at most %u fit",
                      a->img->end, room);
}

/* A word of the payload, decrypted. */
static bool payload_word(uint32_t *word, const struct asker *a, uint32_t off)
{
    uint8_t raw[4];

    if (a->img->img_size < off + 4 || alk_image_read(raw, a->img, a->img->hdr_size + off, 4) != ALK_OK) {
        return false;
    }
    alk_image_crypt(raw, 4, a->img, a->img->hdr_size + off, &a->content);
    *word = alk_get32(raw);
    return true;
}

/* Where does the program's vector table say that it runs? */
static void ask_address(struct asker *a)
{
    uint32_t first = a->q->board->primary_addr + a->img->hdr_size, stack, reset;

    if ((a->img->flags & ALK_IMAGE_ROM_FIXED) != 0 && a->img->load_addr != a->q->board->primary_addr) {
        alk_checklist_add(a->list, "address", ALK_NO, "sign with --rom-fixed of the primary slot",
                          "it is fixed to 0x%x, but runs at 0x%x", a->img->load_addr,
                          a->q->board->primary_addr);
        return;
    }
    if (a->content_state != ALK_OK || !payload_word(&stack, a, 0) || !payload_word(&reset, a, 4) ||
        stack >> 28 != 2 || (reset & 1) == 0) {
        alk_checklist_add(a->list, "address", ALK_UNKNOWN, NULL, "no vector table to be seen at its start");
        return;
    }
    if (reset - 1 < first || reset - 1 - first >= a->img->img_size) {
        alk_checklist_add(a->list, "address", ALK_NO, "link it for the primary slot",
                          "it starts at 0x%x, which is not in the image when that lies at 0x%x", reset - 1,
                          first);
        return;
    }
    alk_checklist_add(a->list, "address", ALK_YES, NULL, "linked for 0x%x", first);
}

static bool has(const struct asker *a, uint32_t feature)
{
    return a->q->board->features == 0 || (a->q->board->features & feature) != 0;
}

static void ask_encryption(struct asker *a)
{
    bool flagged = (a->img->flags & ALK_IMAGE_ENCRYPTED) != 0;
    bool wanted = a->keys_state == ALK_OK && (a->keys.policy & ALK_POLICY_REQUIRE_ENCRYPTION) != 0;
    uint32_t aes = (a->img->flags & ALK_IMAGE_ENC_AES256) != 0 ? ALK_FEATURE_AES256 : ALK_FEATURE_AES128;

    if (!flagged) {
        alk_checklist_add(a->list, "encryption", wanted ? ALK_NO : ALK_YES,
                          wanted ? "sign with --encrypt-to, or provision with --allow-plain" : NULL,
                          wanted ? "it is plain, and this bootloader takes encrypted updates only" : "plain");
    } else if (a->content_state == ALK_E_SUPPORT || !has(a, ALK_FEATURE_EC256) || !has(a, aes)) {
        alk_checklist_add(a->list, "encryption", ALK_NO, "encrypt to a P-256 key",
                          "this bootloader has no code for this kind of encryption");
    } else if (a->content_state == ALK_E_KEY) {
        alk_checklist_add(a->list, "encryption", ALK_NO, "airlock provision --decrypt-key",
                          "the bootloader has no decryption key, or the image no key TLV");
    } else if (a->content_state != ALK_OK) {
        alk_checklist_add(a->list, "encryption", ALK_NO, "encrypt to the public half of the bootloader's key",
                          "the bootloader's decryption key does not open it");
    } else {
        alk_checklist_add(a->list, "encryption", ALK_YES, NULL, "the bootloader's decryption key opens it");
    }
}

/* A KEYHASH in words, and the key area's entry of that id. */
static enum alk_answer find_signer(char text[65], struct alk_key *k, const struct asker *a)
{
    struct alk_tlv t = {0};
    enum alk_answer answer = ALK_UNKNOWN;

    while (alk_tlv_next(&t, a->img) > 0) {
        uint8_t id[64];

        if (t.prot || (t.type != ALK_TLV_KEYHASH && t.type != ALK_TLV_PUBKEY) || answer == ALK_YES) {
            continue;
        }
        if (t.type == ALK_TLV_KEYHASH && t.len == 32) {
            memcpy(id, alk_imgfile_tlv(a->q->image, &t), 32);
        } else {
            alk_digest_of(id, ALK_SHA256, alk_imgfile_tlv(a->q->image, &t), t.len);
        }
        alk_hex_text(text, id, 8);
        answer = ALK_NO;
        memset(k, 0, sizeof *k);
        while (a->keys_state == ALK_OK && alk_keys_next(k, &a->keys) > 0) {
            if (k->use == ALK_USE_VERIFY && memcmp(k->id, id, 32) == 0) {
                return ALK_YES;
            }
        }
    }
    return answer;
}

static void ask_signature(struct asker *a)
{
    char text[65] = "";
    struct alk_key k = {0};
    enum alk_answer found = find_signer(text, &k, a);

    if (found == ALK_UNKNOWN) {
        alk_checklist_add(a->list, "signature", ALK_NO, "sign with -k", "it is not signed");
    } else if (found == ALK_NO) {
        alk_checklist_add(a->list, "signature", ALK_NO,
                          "sign with a key the bootloader has, see airlock inspect",
                          "signed by %s..., a key the bootloader does not have", text);
    } else if (k.revoked) {
        alk_checklist_add(a->list, "signature", ALK_NO, "sign with another key", "its key %s... is revoked",
                          text);
    } else if (a->seal_state == ALK_E_AUTH) {
        alk_checklist_add(a->list, "signature", ALK_NO, "sign it again",
                          "hash or signature is wrong: it was changed");
    } else {
        alk_checklist_add(a->list, "signature", ALK_YES, NULL, "by %s..., key %u of the bootloader", text,
                          k.index);
    }
}

static void ask_uuid(struct asker *a, const char *what, uint8_t use, uint16_t type)
{
    struct alk_key k = {0};
    struct alk_tlv t;
    uint8_t want[16];
    char mine[37] = "none", theirs[37];
    bool demanded = false, met = false,
         carried = alk_imgfile_find(&t, a->q->image, type) && t.prot && t.len == 16;

    while (a->keys_state == ALK_OK && alk_keys_next(&k, &a->keys) > 0) {
        if (k.use == use && !k.revoked && alk_keys_read(want, &a->keys, &k, 16) == ALK_OK) {
            demanded = true;
            met = met || (carried && memcmp(want, alk_imgfile_tlv(a->q->image, &t), 16) == 0);
            alk_uuid_text(theirs, want);
        }
    }
    if (carried) {
        alk_uuid_text(mine, alk_imgfile_tlv(a->q->image, &t));
    }
    if (demanded) {
        alk_checklist_add(a->list, what, met ? ALK_YES : ALK_NO, met ? NULL : "sign with --vid, --cid",
                          "the image's is %s, the device's %s", mine, theirs);
    }
}

static void ask_version(struct asker *a)
{
    char mine[ALK_VERSION_TEXT], old[ALK_VERSION_TEXT];
    bool forbidden = a->keys_state == ALK_OK && (a->keys.policy & ALK_POLICY_NO_DOWNGRADE) != 0;
    bool lower;

    alk_version_text(mine, &a->img->version);
    if (a->q->installed == NULL) {
        alk_checklist_add(a->list, "version", forbidden ? ALK_UNKNOWN : ALK_YES,
                          forbidden ? "--installed VERSION" : NULL, "%s%s", mine,
                          forbidden ? "; must not be below the installed one" : "");
        return;
    }
    alk_version_text(old, a->q->installed);
    lower = alk_version_compare(&a->img->version, a->q->installed) < 0;
    alk_checklist_add(a->list, "version", lower && forbidden ? ALK_NO : ALK_YES,
                      lower && forbidden ? "a higher --version" : NULL, "%s, %s the installed %s", mine,
                      lower ? "below" : "not below", old);
}

/* What the bootloader would say: its code, its keys, its demands. */
static int ask_core(struct asker *a)
{
    uint8_t buf[1024];
    struct alk_verdict v;
    struct alk_check c = {.keys = &a->keys, .buf = buf, .buf_len = sizeof buf};
    const struct alk_demand d = {.exec_addr = a->q->board->primary_addr,
                                 .max_size = alk_board_capacity(a->q->board),
                                 .hdr_size = a->q->board->hdr_size};
    int e = ALK_E_KEY;

    a->content_state = ALK_E_KEY;
    if (a->keys_state == ALK_OK) {
        a->content_state = alk_content_open(&a->content, buf, a->img, &a->keys);
        e = alk_admit(a->img, &d, &a->keys);
    }
    if ((a->img->flags & ALK_IMAGE_ENCRYPTED) == 0) {
        alk_wipe(&a->content, sizeof a->content); /* a key for outgoing images */
        a->content_state = ALK_OK;
    }
    if (e == ALK_OK) {
        e = alk_verify_secondary(&v, a->img, &c);
    }
    a->seal_state = e;
    if (e != ALK_OK && a->keys_state == ALK_OK && (a->img->flags & ALK_IMAGE_ENCRYPTED) == 0) {
        alk_wipe(&c.key, sizeof c.key); /* not as the outgoing image it could be: as the plain one it is */
        a->seal_state = alk_verify(&v, a->img, &c);
    }
    alk_wipe(buf, sizeof buf);
    alk_wipe(&c.key, sizeof c.key);
    return a->q->image->big_endian ? ALK_E_FORMAT : e;
}

int alk_checklist_make(struct alk_checklist *list, const struct alk_question *q)
{
    static void (*const asks[])(struct asker *) = {ask_provisioned, ask_form,      ask_size,   ask_address,
                                                   ask_encryption,  ask_signature, ask_version};
    struct asker a = {.q = q, .img = &q->image->img, .list = list};

    *list = (struct alk_checklist){0};
    open_keys(&a);
    list->verdict = ask_core(&a);
    for (size_t i = 0; i < sizeof asks / sizeof asks[0]; i++) {
        asks[i](&a);
    }
    ask_uuid(&a, "vendor", ALK_USE_VENDOR, ALK_TLV_UUID_VID);
    ask_uuid(&a, "class", ALK_USE_CLASS, ALK_TLV_UUID_CID);
    if (list->verdict != ALK_OK && !alk_checklist_refuses(list)) {
        alk_checklist_add(list, "verdict", ALK_NO, NULL, "the bootloader's code refuses it (%d)",
                          list->verdict);
    }
    alk_wipe(&a.content, sizeof a.content);
    alk_buf_free(&a.area);
    return alk_checklist_refuses(list) ? (list->verdict != ALK_OK ? list->verdict : ALK_E_POLICY) : ALK_OK;
}
