/* SPDX-License-Identifier: Apache-2.0 */
/* checklist_mcuboot.c - the same question to an MCUboot binary, of which only the keys can be read. */
#include <string.h>

#include "airlock/checklist.h"
#include "airlock/crypto.h"
#include "airlock/mcuboot_keys.h"
#include "airlock/text.h"

/* The keys found, as alk_judge_image() wants them. */
struct sorted {
    struct alk_hostkey verify[ALK_FOUND_MAX], decrypt[ALK_FOUND_MAX];
    size_t n_verify, n_decrypt;
};

static void sort_keys(struct sorted *s, const struct alk_found_keys *found)
{
    for (size_t i = 0; i < found->n; i++) {
        const struct alk_hostkey *key = &found->at[i].key;

        if (key->is_private) {
            s->decrypt[s->n_decrypt++] = *key;
        } else if (key->kind->sig_tlv != 0) {
            s->verify[s->n_verify++] = *key;
        }
    }
}

static void ask_keys(struct alk_checklist *list, const struct alk_found_keys *found, const struct sorted *s)
{
    const char *sample = NULL;

    for (size_t i = 0; i < found->n; i++) {
        sample = sample != NULL ? sample : alk_key_sample(&found->at[i].key);
    }
    alk_checklist_add(list, "bootloader", s->n_verify > 0 ? ALK_YES : ALK_UNKNOWN,
                      s->n_verify > 0 ? NULL : "keys may be in OTP or a key store",
                      "MCUboot %s, with %zu signature and %zu decryption keys",
                      found->version[0] != 0 ? found->version : "(version not found)", s->n_verify,
                      s->n_decrypt);
    if (sample != NULL) {
        alk_checklist_add(list, "keys", ALK_NO, "build the bootloader with your own key",
                          "MCUboot's sample key %s is in it: everybody can sign for this device", sample);
    }
}

static void ask_encryption(struct alk_checklist *list, const struct alk_imgfile *f,
                           const struct alk_judgement *j, const struct sorted *s)
{
    bool flagged = (f->img.flags & ALK_IMAGE_ENCRYPTED) != 0;

    if (!flagged) {
        alk_checklist_add(list, "encryption", ALK_YES, NULL, "plain");
    } else if (j->content_key_len != 0) {
        alk_checklist_add(list, "encryption", ALK_YES, NULL, "a decryption key of the bootloader opens it");
    } else {
        alk_checklist_add(list, "encryption", ALK_NO, "encrypt to the public half of the bootloader's key",
                          s->n_decrypt > 0 ? "no decryption key of the bootloader opens it"
                                           : "the bootloader has no decryption key");
    }
}

static void ask_signature(struct alk_checklist *list, const struct alk_judgement *j, const struct sorted *s,
                          const struct alk_why *why)
{
    uint8_t hash[64];
    char text[17];

    if (j->signer >= 0 && j->verdict == ALK_OK) {
        alk_key_hash(hash, &s->verify[j->signer], ALK_SHA256);
        alk_hex_text(text, hash, 8);
        alk_checklist_add(list, "signature", ALK_YES, NULL, "by %s..., %s", text,
                          s->verify[j->signer].kind->says);
    } else if (s->n_verify == 0) {
        alk_checklist_add(list, "signature", ALK_UNKNOWN, NULL, "no public key found in the bootloader");
    } else {
        alk_checklist_add(list, "signature", ALK_NO, "sign with the key the bootloader was built with", "%s",
                          why->text);
    }
}

static void ask_form(struct alk_checklist *list, const struct alk_imgfile *f)
{
    uint32_t unaligned = (f->img.flags & ALK_IMAGE_ENCRYPTED) != 0 ? f->img.hdr_size % 16u : 0;

    if (f->big_endian) {
        alk_checklist_add(list, "form", ALK_NO, "sign without --endian big", "its header is big-endian");
    } else if (unaligned != 0) {
        alk_checklist_add(list, "form", ALK_NO, "another -H",
                          "encrypted, with a header of %u bytes: MCUboot needs a multiple of 16",
                          f->img.hdr_size);
    } else {
        alk_checklist_add(list, "form", ALK_YES, NULL, "header of %u bytes", f->img.hdr_size);
    }
}

int alk_checklist_mcuboot(struct alk_checklist *list, const struct alk_imgfile *f,
                          const struct alk_hex *bootloader, uint32_t room)
{
    struct alk_found_keys found;
    struct sorted s = {.n_verify = 0};
    struct alk_judgement j;
    struct alk_why why = {0};

    *list = (struct alk_checklist){0};
    alk_keys_search(&found, bootloader);
    if (found.n == 0 && found.version[0] == 0) {
        alk_found_keys_free(&found);
        return ALK_E_FORMAT;
    }
    sort_keys(&s, &found);
    list->verdict = alk_judge_image(&j, f, &(struct alk_judge){s.verify, s.n_verify, s.decrypt, s.n_decrypt},
                                    &why);
    ask_keys(list, &found, &s);
    ask_form(list, f);
    alk_checklist_add(list, "size",
                      room == 0            ? ALK_UNKNOWN
                      : f->img.end <= room ? ALK_YES
                                           : ALK_NO,
                      room == 0 ? "--slot-size N" : NULL, "%u bytes%s", f->img.end,
                      room == 0 ? "; the slot's size is not in the binary" : "");
    ask_encryption(list, f, &j, &s);
    ask_signature(list, &j, &s, &why);
    alk_wipe(&j, sizeof j);
    alk_found_keys_free(&found);
    return alk_checklist_refuses(list) ? (list->verdict != ALK_OK ? list->verdict : ALK_E_POLICY) : ALK_OK;
}
