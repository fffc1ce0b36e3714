/* SPDX-License-Identifier: Apache-2.0 */
/* doctor_keys.c - rules: whose key is it, is it there, is it the right half and kind? */
#include <stdio.h>
#include <string.h>

#include "airlock/text.h"
#include "host/lib/doctor_rule.h"

static const struct alk_setting *next_path(const struct alk_exam *x, const struct alk_setting *s)
{
    const struct alk_doctor *d = x->d;

    for (size_t i = s == NULL ? 0 : (size_t)(s - d->settings) + 1; i < d->n_settings; i++) {
        s = &d->settings[i];
        if (alk_seen(x, s->file) && !s->bad && !s->unset && *s->value != 0 && alk_is_path(s->name)) {
            return s;
        }
    }
    return NULL;
}

/* The SDK documents these as relative to the application's directory. */
static bool may_be_relative(const struct alk_setting *s)
{
    return strncmp(s->name, "SECURE_BOOT_SIGNING", 19) == 0 || strcmp(s->name, "SB_SIGNING_KEY_FILE") == 0;
}

static void key_missing(struct alk_exam *x)
{
    char tried[ALK_TRIED];

    for (const struct alk_setting *s = next_path(x, NULL); s != NULL; s = next_path(x, s)) {
        bool sure = !alk_is_relative(s->value) || may_be_relative(s);

        if (s->link == ALK_LINK_MISSING && sure && !s->final && alk_sample_path(s->value) == NULL) {
            alk_link_tried(tried, x->d, s);
            alk_say_at(x, s, "there is no such file: %.200s", tried);
        }
    }
}

/* A whole configuration of MCUboot, not a fragment: its directory is looked into first. */
static bool beside_config(const struct alk_exam *x, const struct alk_setting *s)
{
    const char *path = x->d->files[s->file].rel;

    return s->link >= 0 && s->role == ALK_ROLE_BOOT && strstr(path, "mcuboot/prj.conf") != NULL;
}

static void key_relative(struct alk_exam *x)
{
    char tried[ALK_TRIED];

    for (const struct alk_setting *s = next_path(x, NULL); s != NULL; s = next_path(x, s)) {
        bool boot = s->role == ALK_ROLE_BOOT && !s->sb;

        if (s->final || !alk_is_relative(s->value) || may_be_relative(s) ||
            alk_sample_path(s->value) != NULL || beside_config(x, s) ||
            (s->role == ALK_ROLE_APP && x->style == ALK_STYLE_CHILD)) {
            continue;
        }
        alk_link_tried(tried, x->d, s);
        alk_say_at(x, s, "\"%s\" is looked for in %s%s: %.120s", s->value,
                   boot ? "MCUboot's own directory" : "west's workspace directory",
                   s->link == ALK_LINK_MISSING ? "; nor is it in the places seen from here"
                                               : ", not where it is",
                   tried);
    }
}

static void key_backslash(struct alk_exam *x)
{
    for (const struct alk_setting *s = next_path(x, NULL); s != NULL; s = next_path(x, s)) {
        bool drive = s->value[0] != 0 && s->value[1] == ':';

        if (!s->final && ((drive && strchr(s->value, '/') == NULL) || strchr(s->value, '\\') != NULL)) {
            alk_say_at(x, s, "Kconfig reads this as %s", s->value);
        }
    }
}

static void key_variable(struct alk_exam *x)
{
    for (const struct alk_setting *s = next_path(x, NULL); s != NULL; s = next_path(x, s)) {
        bool shell = *s->value == '~' || (*s->value == '$' && s->value[1] != '{') ||
                     strstr(s->value, "${ENV") != NULL || strstr(s->value, "${HOME}") != NULL;

        if (!s->final && shell) {
            alk_say_at(x, s, "\"%s\" is taken letter by letter", s->value);
        }
    }
}

static const struct alk_hostkey *key_at(const struct alk_exam *x, const struct alk_setting *s)
{
    return s != NULL && s->link >= 0 ? &x->d->keys[s->link].key : NULL;
}

static bool signs(const struct alk_setting *s)
{
    return strstr(s->name, "SIGN") != NULL;
}

static void sample_key(struct alk_exam *x)
{
    const struct alk_doctor *d = x->d;

    for (const struct alk_setting *s = next_path(x, NULL); s != NULL; s = next_path(x, s)) {
        const struct alk_hostkey *key = strcmp(s->name, "MCUBOOT_HEX_FILE") != 0 ? key_at(x, s) : NULL;
        const char *name = key != NULL ? alk_key_sample(key) : alk_sample_path(s->value);

        if (name != NULL && signs(s)) {
            alk_say_at(x, s, "%s is the sample key %s", s->value, name);
        }
    }
    for (size_t i = 0; i < d->n_binkeys; i++) {
        const char *name = alk_key_sample(&d->binkeys[i].key);

        if (name != NULL && !d->binkeys[i].key.is_private && alk_seen(x, d->binkeys[i].file)) {
            alk_say_addr(x, d->binkeys[i].file, d->binkeys[i].addr,
                         "the bootloader verifies with the sample key %s", name);
        }
    }
}

static bool key_elsewhere(const struct alk_exam *x)
{
    return alk_on(x, ALK_ROLE_SYSBUILD, "MCUBOOT_SIGNATURE_USING_KMU") ||
           alk_on(x, ALK_ROLE_SYSBUILD, "MCUBOOT_SIGNATURE_USING_ITS") ||
           alk_on(x, ALK_ROLE_BOOT, "BOOT_SIGNATURE_USING_KMU") ||
           alk_on(x, ALK_ROLE_BOOT, "NCS_BOOT_SIGNATURE_USING_ITS") ||
           alk_on(x, ALK_ROLE_SYSBUILD, "BOOT_SIGNATURE_TYPE_NONE") ||
           alk_on(x, ALK_ROLE_BOOT, "BOOT_SIGNATURE_TYPE_NONE") ||
           alk_on(x, ALK_ROLE_APP, "MCUBOOT_BUILD_STRATEGY_SKIP_BUILD") ||
           alk_on(x, ALK_ROLE_APP, "MCUBOOT_BUILD_STRATEGY_USE_HEX_FILE");
}

static void no_key(struct alk_exam *x)
{
    if (x->style == ALK_STYLE_UNKNOWN || x->style == ALK_STYLE_PLAIN || !alk_has_boot(x) ||
        key_elsewhere(x) || alk_has_final(x, ALK_ROLE_BOOT)) {
        return;
    }
    if (alk_sign_key(x) == NULL) {
        alk_say(x, "no file sets %s",
                x->style == ALK_STYLE_SYSBUILD ? "SB_CONFIG_BOOT_SIGNATURE_KEY_FILE (sysbuild.conf)"
                                               : "CONFIG_BOOT_SIGNATURE_KEY_FILE "
                                                 "(child_image/mcuboot.conf)");
    }
}

/* Does the hash that the image carries name this key? */
static bool names(const struct alk_found_image *i, const struct alk_hostkey *key)
{
    enum alk_hash hash = i->keyhash_len == 48 ? ALK_SHA384 : i->keyhash_len == 64 ? ALK_SHA512 : ALK_SHA256;
    uint8_t want[64];

    return alk_key_hash(want, key, hash) == i->keyhash_len && memcmp(want, i->keyhash, i->keyhash_len) == 0;
}

/* NULL: an image that some bootloader here knows the key of, or there is nothing to compare. */
static const struct alk_file_key *stranger(const struct alk_exam *x, const struct alk_found_image *i)
{
    const struct alk_file_key *seen = NULL;

    for (size_t k = 0; k < x->d->n_binkeys; k++) {
        const struct alk_file_key *b = &x->d->binkeys[k];

        if (!alk_seen(x, b->file) || b->key.kind->sig_tlv == 0 || b->key.is_private) {
            continue;
        }
        if (names(i, &b->key)) {
            return NULL;
        }
        seen = b;
    }
    return seen;
}

static void other_key(struct alk_exam *x)
{
    for (size_t n = 0; n < x->d->n_images; n++) {
        const struct alk_found_image *i = &x->d->images[n];
        const struct alk_file_key *b = alk_seen(x, i->file) && i->keyhash_len >= 32 ? stranger(x, i) : NULL;
        char hash[17], held[65];
        uint8_t raw[64];

        if (b != NULL) {
            alk_hex_text(hash, i->keyhash, 8);
            alk_key_hash(raw, &b->key, i->keyhash_len == 64 ? ALK_SHA512 : ALK_SHA256);
            alk_hex_text(held, raw, 8);
            alk_say_addr(x, i->file, i->addr,
                         "%s%ssigned by key %s..., but the bootloader in %.100s holds %s...", i->inner,
                         i->inner[0] != 0 ? ": " : "", hash, x->d->files[b->file].path, held);
        }
    }
}

static void wrong_type(struct alk_exam *x)
{
    const struct alk_setting *s = alk_sign_key(x), *type = alk_sig_type(x);
    const struct alk_hostkey *key = key_at(x, s);
    static const struct {
        const char *type, *kind;
    } rows[] = {{"RSA", "rsa"}, {"ECDSA_P256", "ecdsa-p256"}, {"ED25519", "ed25519"}};

    for (size_t i = 0; key != NULL && type != NULL && i < 3; i++) {
        if (strcmp(alk_type_word(type), rows[i].type) == 0 &&
            strncmp(key->kind->name, rows[i].kind, strlen(rows[i].kind)) != 0) {
            alk_say_at(x, s, "%s is a key of type %s, and %s is chosen", s->value, key->kind->says,
                       type->name);
        }
    }
}

static void public_signer(struct alk_exam *x)
{
    const struct alk_setting *s = alk_sign_key(x);
    const struct alk_hostkey *key = key_at(x, s);

    if (key != NULL && !key->is_private && (x->style == ALK_STYLE_CHILD || x->style == ALK_STYLE_SYSBUILD)) {
        alk_say_at(x, s, "%s holds a public key; the same file must sign the application", s->value);
    }
}

static void private_shipped(struct alk_exam *x)
{
    for (size_t k = 0; k < x->d->n_binkeys; k++) {
        const struct alk_file_key *b = &x->d->binkeys[k];

        for (size_t i = 0; alk_seen(x, b->file) && b->key.is_private && i < x->d->n_images; i++) {
            if (alk_seen(x, x->d->images[i].file) && x->d->images[i].keyhash_len >= 32 &&
                names(&x->d->images[i], &b->key)) {
                alk_say_addr(x, b->file, b->addr, "the private key that signs %.100s",
                             x->d->files[x->d->images[i].file].path);
                return;
            }
        }
    }
}

static void first_stage_type(struct alk_exam *x)
{
    const struct alk_setting *s = alk_value(x, ALK_ROLE_SYSBUILD, "SECURE_BOOT_SIGNING_KEY_FILE");
    const struct alk_hostkey *key;

    s = s == NULL ? alk_value(x, ALK_ROLE_APP, "SB_SIGNING_KEY_FILE") : s;
    key = key_at(x, s);
    if (key != NULL && key->kind->id != ALK_KIND_P256 && key->kind->id != ALK_KIND_ED25519) {
        alk_say_at(x, s, "%s is a key of type %s", s->value, key->kind->says);
    }
}

static void first_stage_key(struct alk_exam *x)
{
    const struct alk_setting *chain = alk_chain(x);
    const struct alk_setting *s = alk_value(x, ALK_ROLE_SYSBUILD, "SECURE_BOOT_SIGNING_KEY_FILE");

    s = s == NULL ? alk_value(x, ALK_ROLE_APP, "SB_SIGNING_KEY_FILE") : s;
    if (chain != NULL && (s == NULL || *s->value == 0) &&
        !alk_on(x, ALK_ROLE_SYSBUILD, "SECURE_BOOT_SIGNING_CUSTOM")) {
        alk_say_at(x, chain, "the first stage is on, and no key file is given for it");
    }
}

static void type_not_pinned(struct alk_exam *x)
{
    const struct alk_setting *chain = alk_chain(x);

    if (chain != NULL && x->style == ALK_STYLE_SYSBUILD && alk_sig_type(x) == NULL) {
        alk_say_at(x, chain, "and no SB_CONFIG_BOOT_SIGNATURE_TYPE_*");
    }
}

const struct alk_rule alk_rules_key[] = {
    {"D201", ALK_ERROR, "A file that a setting names does not exist",
     "Builds do not always stop here: with a missing key some versions go on with the public sample key.",
     "Correct the path. Absolute paths are the only ones that every SDK resolves alike.", key_missing},
    {"D202", ALK_WARNING, "A relative path to a key",
     "The bootloader resolves it from its own directory (a fragment such as `mcuboot.conf` does not count as "
     "a place), "
     "signing resolves it from the top of west's workspace. One name then leads to two places, or to none.",
     "Give an absolute path; in `sysbuild.conf` also `\\${APPLICATION_CONFIG_DIR}/key.pem`.", key_relative},
    {"D203", ALK_ERROR, "Backslashes in a path",
     "In Kconfig files the backslash is an escape sign: it vanishes, and the path with it.",
     "Use `/`, also on Windows, or double each backslash twice.", key_backslash},
    {"D204", ALK_ERROR, "A path with `~` or a shell variable",
     "Kconfig files know neither the home directory nor environment variables.", "Give the absolute path.",
     key_variable},
    {"D205", ALK_ERROR, "A sample key that everybody has",
     "MCUboot's repository contains private keys for trying things out. Whoever signs with one can make "
     "updates for your "
     "devices. It is known here by its content, so a copy under another name is found too.",
     "`airlock keygen sign.pem` makes a key of your own; give its path to the build, keep it outside the "
     "repository, and "
     "replace the bootloader on devices that have the sample key: over the air its key cannot be changed.",
     sample_key},
    {"D206", ALK_WARNING, "No key is set, so the public sample key is used",
     "Without a key file MCUboot is built with the sample key of the chosen type, and the application is "
     "signed with it.",
     "`airlock keygen sign.pem`, and its absolute path in the setting named (unless your build gives it with "
     "`-D`).",
     no_key},
    {"D207", ALK_ERROR, "The bootloader does not hold the key that signed the image",
     "The hash of the signing key stands in the image; none of the keys found in the bootloader has it. The "
     "device "
     "refuses the image: \"Image in the secondary slot is not valid\", or it does not start at all.",
     "Sign with the private half of the bootloader's key. If the key was changed on purpose, both must be "
     "built anew and "
     "programmed together; `airlock check` asks the same for one pair.",
     other_key},
    {"D208", ALK_ERROR, "The key is of another type than the signature type chosen",
     "The build fails with \"undefined reference to ecdsa_pub_key_len\" or \"rsa_pub_key\", or signs with "
     "what the "
     "bootloader does not check.",
     "Set `BOOT_SIGNATURE_TYPE_*` to the key's type, or make a key of that type (`airlock keygen -t`).",
     wrong_type},
    {"D209", ALK_ERROR, "A public key where the private one must sign",
     "The bootloader needs the public half only, but the nRF Connect SDK signs the application with the same "
     "file. With a "
     "public key it warns and makes no signed image.",
     "Name the private PEM file.", public_signer},
    {"D210", ALK_ERROR, "The bootloader contains the private key that signs updates",
     "Somebody gave one key for signing and for encryption. The decryption key is stored in every device; "
     "whoever reads "
     "one device can sign updates for all.",
     "Two keys: `airlock keygen sign.pem` and `airlock keygen --encryption enc.pem`. The signing key is "
     "lost: replace it.",
     private_shipped},
    {"D211", ALK_ERROR, "The first stage (b0) cannot use a key of this type",
     "The SDK's immutable first stage checks ECDSA P-256 signatures, on nRF54L Ed25519. An RSA key fails the "
     "build.",
     "Make an own P-256 key for it; MCUboot's key may be of another type.", first_stage_type},
    {"D212", ALK_WARNING, "The first stage has no key of its own",
     "Without a key file a pair is generated in the build directory. The next pristine build makes another "
     "one, and the "
     "devices in the field refuse its updates: \"Public key didn't match\".",
     "`SB_CONFIG_SECURE_BOOT_SIGNING_KEY_FILE` (up to SDK 2.6 `CONFIG_SB_SIGNING_KEY_FILE`) with a key you "
     "keep.",
     first_stage_key},
    {"D213", ALK_WARNING, "With a first stage the default signature type changes",
     "MCUboot's default is RSA on many parts, but ECDSA P-256 as soon as the first stage is on (Ed25519 on "
     "nRF54L). "
     "Devices that were shipped without it refuse images of the new type.",
     "Pin the type that devices have: `SB_CONFIG_BOOT_SIGNATURE_TYPE_RSA=y` or whichever it is.",
     type_not_pinned},
    {NULL, ALK_NOTE, NULL, NULL, NULL, NULL},
};
