/* SPDX-License-Identifier: Apache-2.0 */
/* doctor_encrypt.c - rules: encryption, which is not signing. */
#include <string.h>

#include "host/lib/doctor_rule.h"

static const char *const old_types[] = {"BOOT_ENCRYPT_RSA", "BOOT_ENCRYPT_EC256", "BOOT_ENCRYPT_X25519"};
static const char *const old_needs[] = {"RSA", "ECDSA_P256", "ED25519"};

static const struct alk_hostkey *key_at(const struct alk_exam *x, const struct alk_setting *s)
{
    return s != NULL && s->link >= 0 ? &x->d->keys[s->link].key : NULL;
}

static void taken_for_signature(struct alk_exam *x)
{
    const struct alk_setting *type = alk_sig_type(x);

    for (size_t i = 0; i < 3; i++) {
        const struct alk_setting *s = alk_value(x, ALK_ROLE_BOOT, old_types[i]);

        if (s != NULL && strcmp(s->value, "y") == 0 && type != NULL &&
            strcmp(alk_type_word(type), old_needs[i]) != 0) {
            alk_say_at(x, s, "%s=y beside %s=y", s->name, type->name);
        }
    }
}

static void follows_signature(struct alk_exam *x)
{
    for (size_t i = 0; i < 3; i++) {
        const struct alk_setting *s = NULL;

        while (alk_ncs_at_least(x, 205) &&
               (s = alk_setting_next(x, s, old_types[i], ALK_ROLE_BOOT)) != NULL) {
            if (!s->final && strcmp(s->value, "y") == 0) {
                alk_say_at(x, s, "CONFIG_%s cannot be set since SDK 2.5", s->name);
            }
        }
    }
}

static void wrong_half(struct alk_exam *x)
{
    const struct alk_setting *s = alk_decrypt_key(x);
    const struct alk_hostkey *key = key_at(x, s);

    if (key != NULL && !key->is_private) {
        alk_say_at(x, s, "%s holds a public key", s->value);
    }
}

static void private_in_app(struct alk_exam *x)
{
    const struct alk_setting *s = alk_value(x, ALK_ROLE_APP, "MCUBOOT_ENCRYPTION_KEY_FILE");
    const struct alk_hostkey *key = s != NULL && !s->final ? key_at(x, s) : NULL;

    if (key != NULL && key->is_private && x->style != ALK_STYLE_SYSBUILD) {
        alk_say_at(x, s, "%s holds a private key", s->value);
    }
}

static void one_key_for_both(struct alk_exam *x)
{
    const struct alk_setting *e = alk_decrypt_key(x), *s = alk_sign_key(x);
    const struct alk_hostkey *a = key_at(x, e), *b = key_at(x, s);

    if (a != NULL && b != NULL && alk_key_same(a, b)) {
        alk_say_at(x, e, "%s is the key that signs (%s)", e->value, s->value);
    }
}

static void sample_decrypt_key(struct alk_exam *x)
{
    const struct alk_setting *on = alk_encrypts(x), *s = alk_decrypt_key(x);
    const struct alk_hostkey *key = key_at(x, s);
    const char *name = key != NULL ? alk_key_sample(key) : s != NULL ? alk_sample_path(s->value) : NULL;

    if (name != NULL) {
        alk_say_at(x, s, "%s is the sample key %s", s->value, name);
    } else if (on != NULL && s == NULL && !alk_has_final(x, ALK_ROLE_BOOT)) {
        alk_say_at(x, on, "encryption is on, and no key file is given for it");
    } else if (on != NULL && alk_ncs_at_most(x, 109)) {
        alk_say_at(x, on, "SDK %u.%u always compiles the sample key in", x->d->ncs / 100, x->d->ncs % 100);
    } else if (on != NULL && alk_ncs_at_most(x, 204) && strcmp(on->name, "BOOT_ENCRYPT_EC256") != 0 &&
               strcmp(on->name, "BOOT_ENCRYPT_IMAGE") != 0) {
        alk_say_at(x, on, "SDK %u.%u takes a key file for EC256 only; %s uses the sample key",
                   x->d->ncs / 100, x->d->ncs % 100, on->name);
    }
    for (size_t i = 0; i < x->d->n_binkeys; i++) {
        const struct alk_file_key *b = &x->d->binkeys[i];

        if (alk_seen(x, b->file) && b->key.is_private && alk_key_sample(&b->key) != NULL) {
            alk_say_addr(x, b->file, b->addr, "the bootloader decrypts with the sample key %s",
                         alk_key_sample(&b->key));
        }
    }
}

static bool flagged(const struct alk_found_image *i)
{
    return (i->flags & ALK_IMAGE_ENCRYPTED) != 0;
}

static void plain_update(struct alk_exam *x)
{
    const struct alk_setting *on = alk_encrypts(x);

    for (size_t n = 0; on != NULL && n < x->d->n_images; n++) {
        const struct alk_found_image *i = &x->d->images[n];
        bool packed = i->inner[0] != 0, beside = strstr(x->d->files[i->file].path, ".signed.bin") != NULL;

        if (alk_seen(x, i->file) && i->update && (!flagged(i) || i->kept_clear) && (packed || !beside)) {
            alk_say_addr(x, i->file, 0, "%s%sis not encrypted, and %s is on", i->inner, packed ? " " : "",
                         on->name);
        }
    }
}

static void plain_factory(struct alk_exam *x)
{
    const struct alk_setting *on = alk_encrypts(x);

    for (size_t n = 0; on != NULL && n < x->d->n_images; n++) {
        const struct alk_found_image *i = &x->d->images[n];

        if (alk_seen(x, i->file) && i->primary && (!flagged(i) || i->enc_tlv == 0)) {
            alk_say_addr(x, i->file, i->addr, "the factory image carries no encrypted content key");
        }
    }
}

static void encrypted_factory(struct alk_exam *x)
{
    for (size_t n = 0; n < x->d->n_images; n++) {
        const struct alk_found_image *i = &x->d->images[n];

        if (alk_seen(x, i->file) && i->primary && flagged(i) && !i->kept_clear) {
            alk_say_addr(x, i->file, i->addr, "the payload of the factory image is encrypted");
        }
    }
}

static void nobody_decrypts(struct alk_exam *x)
{
    for (size_t n = 0; n < x->d->n_images; n++) {
        const struct alk_found_image *i = &x->d->images[n];

        if (alk_seen(x, i->file) && flagged(i) && alk_has_final(x, ALK_ROLE_BOOT) &&
            alk_encrypts(x) == NULL) {
            alk_say_addr(x, i->file, i->addr, "%s%sis encrypted, and MCUboot was built without decryption",
                         i->inner, i->inner[0] != 0 ? " " : "");
        }
    }
}

static void no_content_key(struct alk_exam *x)
{
    for (size_t n = 0; n < x->d->n_images; n++) {
        const struct alk_found_image *i = &x->d->images[n];

        if (alk_seen(x, i->file) && flagged(i) && i->enc_tlv == 0) {
            alk_say_addr(x, i->file, i->addr, "flagged as encrypted, but no TLV holds the content key");
        }
    }
}

static void other_wrap(struct alk_exam *x)
{
    const struct alk_file_key *held = NULL;

    for (size_t k = 0; k < x->d->n_binkeys; k++) {
        const struct alk_file_key *b = &x->d->binkeys[k];

        held = alk_seen(x, b->file) && b->key.is_private && b->key.kind->enc_tlv != 0 ? b : held;
    }
    for (size_t n = 0; held != NULL && n < x->d->n_images; n++) {
        const struct alk_found_image *i = &x->d->images[n];
        bool x512 = i->enc_tlv == ALK_TLV_ENC_X25519_512 && held->key.kind->enc_tlv == ALK_TLV_ENC_X25519;

        if (alk_seen(x, i->file) && i->enc_tlv != 0 && i->enc_tlv != held->key.kind->enc_tlv && !x512) {
            alk_say_addr(x, i->file, i->addr,
                         "content key wrapped as %s, but the bootloader holds a key of type %s",
                         alk_tlv_name(i->enc_tlv), held->key.kind->says);
        }
    }
}

static void build_encrypts_nothing(struct alk_exam *x)
{
    const struct alk_setting *on = alk_encrypts(x);

    if (on != NULL && x->style == ALK_STYLE_CHILD && x->d->ncs != 0) {
        alk_say_at(x, on, "the build makes no encrypted file");
    }
}

static void chain_and_encryption(struct alk_exam *x)
{
    const struct alk_setting *on = alk_encrypts(x), *chain = alk_chain(x);

    if (on != NULL && chain != NULL) {
        alk_say_at(x, on, "together with %s in %.150s", chain->name, x->d->files[chain->file].path);
    }
}

static void no_such_combination(struct alk_exam *x)
{
    const struct alk_setting *on = alk_encrypts(x), *mode = alk_mode_any(x), *type = alk_sig_type(x);
    int id = mode != NULL ? alk_mode_id(mode->name) : -1;

    if (on == NULL) {
        return;
    }
    if (id >= 5) {
        alk_say_at(x, on, "together with %s", mode->name);
    }
    if (type != NULL && strcmp(alk_type_word(type), "NONE") == 0) {
        alk_say_at(x, on, "together with %s", type->name);
    }
    if (alk_on(x, ALK_ROLE_SYSBUILD, "BOOT_SIGNATURE_TYPE_PURE") ||
        alk_on(x, ALK_ROLE_BOOT, "BOOT_SIGNATURE_TYPE_PURE")) {
        alk_say_at(x, on, "together with BOOT_SIGNATURE_TYPE_PURE");
    }
}

static void verify_only_backend(struct alk_exam *x)
{
    const struct alk_setting *on = alk_encrypts(x), *type = alk_sig_type(x);
    bool soc = alk_on(x, ALK_ROLE_APP, "SOC_NRF52840") || alk_on(x, ALK_ROLE_APP, "SOC_NRF9160") ||
               alk_on(x, ALK_ROLE_APP, "SOC_SERIES_NRF91X");

    if (on != NULL && soc && type != NULL && strcmp(alk_type_word(type), "ECDSA_P256") == 0 &&
        alk_ncs_at_most(x, 304) && !alk_on(x, ALK_ROLE_BOOT, "BOOT_ECDSA_TINYCRYPT")) {
        alk_say_at(x, on, "with ECDSA P-256 on a part with CC310");
    }
}

static void other_hmac(struct alk_exam *x)
{
    bool long_tag = alk_on(x, ALK_ROLE_BOOT, "BOOT_HMAC_SHA512"),
         short_tag = alk_on(x, ALK_ROLE_BOOT, "BOOT_HMAC_SHA256");

    for (size_t n = 0; n < x->d->n_images; n++) {
        const struct alk_found_image *i = &x->d->images[n];
        bool wrong = (long_tag && i->enc_tlv == ALK_TLV_ENC_X25519) ||
                     (short_tag && i->enc_tlv == ALK_TLV_ENC_X25519_512);

        if (alk_seen(x, i->file) && wrong) {
            alk_say_addr(x, i->file, i->addr, "content key in TLV %s, and MCUboot has BOOT_HMAC_SHA%s=y",
                         alk_tlv_name(i->enc_tlv), long_tag ? "512" : "256");
        }
    }
}

const struct alk_rule alk_rules_encrypt[] = {
    {"D301", ALK_ERROR, "An encryption type was taken for a signature type",
     "`BOOT_ENCRYPT_EC256` says how the content key is wrapped: it hides an image. "
     "`BOOT_SIGNATURE_TYPE_ECDSA_P256` says "
     "who may make one. One does not choose the other, and the two must be of the same family: RSA with RSA, "
     "P-256 with "
     "P-256, X25519 with Ed25519.",
     "Choose the signature type you want; up to SDK 2.4 set the encryption of the same family, later just "
     "`BOOT_ENCRYPT_IMAGE` (sysbuild: `SB_CONFIG_BOOT_ENCRYPTION`).",
     taken_for_signature},
    {"D302", ALK_WARNING, "The encryption type follows the signature type since SDK 2.5",
     "`BOOT_ENCRYPT_RSA`, `_EC256` and `_X25519` are hidden options now: setting one does nothing, "
     "encryption stays off.",
     "`CONFIG_BOOT_ENCRYPT_IMAGE=y`, from 2.7 `SB_CONFIG_BOOT_ENCRYPTION=y`.", follows_signature},
    {"D303", ALK_ERROR, "The bootloader was given the public encryption key",
     "The device decrypts, so it needs the *private* key; the one who makes the update needs the public one. "
     "With the two "
     "swapped the build fails, or nothing can be opened.",
     "Name the private file here, and encrypt updates to the public one.", wrong_half},
    {"D304", ALK_NOTE, "The application's build was given the private encryption key",
     "It works: the public half is taken out of it. But whoever builds updates then holds what opens all of "
     "them.",
     "`airlock pubkey enc.pem -o enc.pub.pem`, and name that file.", private_in_app},
    {"D305", ALK_ERROR, "One key signs and encrypts",
     "The bootloader carries the private encryption key in every device. If that is also the signing key, a "
     "read-out "
     "device gives away the right to make updates.",
     "`airlock keygen --encryption enc.pem`: a second key.", one_key_for_both},
    {"D306", ALK_ERROR, "The sample decryption key is in use: nothing is secret",
     "The private sample keys are public. Up to SDK 1.9 every bootloader with encryption contains one, "
     "whatever is "
     "configured; from 2.0 to 2.4 those with RSA and X25519; later every one whose key file is not set.",
     "From SDK 2.5: set `BOOT_ENCRYPTION_KEY_FILE` (`SB_CONFIG_BOOT_ENCRYPTION_KEY_FILE`) to a private key "
     "of your own. "
     "Before that: EC256 from 2.0 on, or a newer SDK.",
     sample_decrypt_key},
    {"D307", ALK_ERROR, "The file to upload is not encrypted",
     "Encryption is on in the bootloader, but what will be sent is readable. Builds make a plain and an "
     "encrypted file "
     "side by side, and some releases pack the plain one.",
     "Upload the `.signed.encrypted.bin`, or encrypt it: `airlock sign APP.bin --key sign.pem --encrypt-to "
     "enc.pub.pem`.",
     plain_update},
    {"D308", ALK_ERROR, "The factory image was not made for encryption",
     "The first update swaps the factory image out. Without the encrypted flag and a content key of its own "
     "it goes to "
     "the secondary slot in clear, readable for everybody who reads an external flash, and the way back "
     "fails.",
     "Make the factory image with the key and in clear: `airlock sign --encrypt-to enc.pub.pem --clear` "
     "(imgtool: "
     "`-E enc.pub.pem --clear`).",
     plain_factory},
    {"D309", ALK_ERROR, "The factory image is encrypted: it cannot run in the primary slot",
     "An image runs from the primary slot as it lies there. Only what comes through the secondary slot is "
     "decrypted.",
     "Program the image made with `--clear` (flag and content key set, payload in clear); send the encrypted "
     "one.",
     encrypted_factory},
    {"D310", ALK_ERROR, "An encrypted image for a bootloader that does not decrypt",
     "The final configuration of MCUboot in this build has no encryption; it refuses images with the "
     "encrypted flag.",
     "Build MCUboot with `BOOT_ENCRYPT_IMAGE` and its private key, or send plain images.", nobody_decrypts},
    {"D311", ALK_ERROR, "Encrypted, and nobody can open it",
     "imgtool writes no content key when it is given an Ed25519 or P-384 key to encrypt to, and says "
     "nothing.",
     "Encrypt to an RSA-2048, P-256 or X25519 key; Ed25519 signatures go with X25519.", no_content_key},
    {"D312", ALK_ERROR, "The content key is wrapped for another type of key",
     "The bootloader holds a decryption key of one type, the image wraps its content key for another.",
     "Encrypt to the public half of the key the bootloader has.", other_wrap},
    {"D313", ALK_WARNING, "Up to SDK 2.6 no build makes the encrypted file",
     "Decryption is built into the bootloader, but the signing step of a build with child images has no "
     "encryption.",
     "Make the update with `airlock sign APP.bin --key sign.pem --encrypt-to enc.pub.pem` (or imgtool, with "
     "`--pad-header`).",
     build_encrypts_nothing},
    {"D314", ALK_ERROR, "Encryption does not work behind the SDK's first stage (b0)",
     "With NSIB in front, MCUboot lies in a slot itself and updates of it go through the same secondary "
     "slot. Encrypted "
     "updates are not swapped, or swapped back; the vendor does not support the combination in any version "
     "so far.",
     "Leave out the first stage or the encryption; or use airlock's chain, whose second stage takes "
     "encrypted updates.",
     chain_and_encryption},
    {"D315", ALK_ERROR, "There is no encryption in this combination",
     "Direct-XIP, RAM load and the firmware updater run or load images without copying them, so nothing is "
     "decrypted; "
     "without signatures, and with pure Ed25519 signatures, encryption cannot be chosen.",
     "Choose a swap or overwrite mode and a signature over the hash.", no_such_combination},
    {"D316", ALK_ERROR, "This crypto back end verifies only",
     "On nRF52840 and nRF91 MCUboot's ECDSA goes through CC310, which cannot open a wrapped key: up to SDK "
     "3.4.0 the build "
     "fails.",
     "`CONFIG_BOOT_ECDSA_TINYCRYPT=y` in MCUboot's configuration, or RSA, or SDK 3.4.1.",
     verify_only_backend},
    {"D317", ALK_ERROR, "Image and bootloader use different tags over the content key",
     "From SDK 3.1 on nRF54L wraps content keys with HMAC-SHA-512 in place of HMAC-SHA-256, in another TLV "
     "(0x34, not 0x33). "
     "A bootloader built for one does not open images made for the other.",
     "For devices in the field with the older one: `CONFIG_BOOT_HMAC_SHA256=y` in MCUboot, and `--hmac-sha "
     "256` when "
     "signing.",
     other_hmac},
    {NULL, ALK_NOTE, NULL, NULL, NULL, NULL},
};
