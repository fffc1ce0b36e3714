/* SPDX-License-Identifier: Apache-2.0 */
/* doctor_facts.c - what several settings mean together. */
#include <string.h>

#include "host/lib/doctor_rule.h"

static const struct alk_setting *if_on(const struct alk_setting *s)
{
    return s != NULL && strcmp(s->value, "y") == 0 ? s : NULL;
}

static const struct alk_setting *on(const struct alk_exam *x, enum alk_role role, const char *name)
{
    return if_on(alk_value(x, role, name));
}

const struct alk_setting *alk_chain(const struct alk_exam *x)
{
    const struct alk_setting *s = on(x, ALK_ROLE_SYSBUILD, "SECURE_BOOT_APPCORE");

    return s != NULL || x->style == ALK_STYLE_SYSBUILD ? s : on(x, ALK_ROLE_APP, "SECURE_BOOT");
}

const struct alk_setting *alk_encrypts(const struct alk_exam *x)
{
    static const char *const old[] = {"BOOT_ENCRYPT_RSA", "BOOT_ENCRYPT_EC256", "BOOT_ENCRYPT_X25519"};
    const struct alk_setting *s = on(x, ALK_ROLE_BOOT, "BOOT_ENCRYPT_IMAGE");

    if (s == NULL && !alk_has_final(x, ALK_ROLE_BOOT)) {
        s = on(x, ALK_ROLE_SYSBUILD, "BOOT_ENCRYPTION");
    }
    for (size_t i = 0; i < 3 && s == NULL && !alk_ncs_at_least(x, 205); i++) {
        s = on(x, ALK_ROLE_BOOT, old[i]);
    }
    return s;
}

const struct alk_setting *alk_sig_type(const struct alk_exam *x)
{
    static const char *const types[] = {"BOOT_SIGNATURE_TYPE_NONE", "BOOT_SIGNATURE_TYPE_RSA",
                                        "BOOT_SIGNATURE_TYPE_ECDSA_P256", "BOOT_SIGNATURE_TYPE_ED25519"};
    bool final = alk_has_final(x, ALK_ROLE_BOOT);

    for (size_t i = 0; i < 4; i++) {
        const struct alk_setting *s = final ? NULL : on(x, ALK_ROLE_SYSBUILD, types[i]);

        if (s == NULL && (final || x->style != ALK_STYLE_SYSBUILD)) {
            s = on(x, ALK_ROLE_BOOT, types[i]);
        }
        if (s != NULL) {
            return s;
        }
    }
    return NULL;
}

const char *alk_type_word(const struct alk_setting *s)
{
    return s->name + strlen("BOOT_SIGNATURE_TYPE_");
}

/* The three names of each mode; the newer name of one mode stands on a row of its own. */
static const struct {
    int id;
    const char *boot, *app, *sysbuild, *says;
} modes[] = {
    {0, "SINGLE_APPLICATION_SLOT", "MCUBOOT_BOOTLOADER_MODE_SINGLE_APP", "MCUBOOT_MODE_SINGLE_APP",
     "single slot"},
    {1, "BOOT_SWAP_USING_SCRATCH", "MCUBOOT_BOOTLOADER_MODE_SWAP_SCRATCH", "MCUBOOT_MODE_SWAP_SCRATCH",
     "swap with scratch"},
    {2, "BOOT_SWAP_USING_MOVE", "MCUBOOT_BOOTLOADER_MODE_SWAP_USING_MOVE", "MCUBOOT_MODE_SWAP_USING_MOVE",
     "swap by move"},
    {2, "BOOT_SWAP_USING_MOVE", "MCUBOOT_BOOTLOADER_MODE_SWAP_WITHOUT_SCRATCH",
     "MCUBOOT_MODE_SWAP_WITHOUT_SCRATCH", "swap by move"},
    {3, "BOOT_SWAP_USING_OFFSET", "MCUBOOT_BOOTLOADER_MODE_SWAP_USING_OFFSET",
     "MCUBOOT_MODE_SWAP_USING_OFFSET", "swap with offset"},
    {4, "BOOT_UPGRADE_ONLY", "MCUBOOT_BOOTLOADER_MODE_OVERWRITE_ONLY", "MCUBOOT_MODE_OVERWRITE_ONLY",
     "overwrite only"},
    {6, "BOOT_DIRECT_XIP_REVERT", "MCUBOOT_BOOTLOADER_MODE_DIRECT_XIP_WITH_REVERT",
     "MCUBOOT_MODE_DIRECT_XIP_WITH_REVERT", "direct-XIP with revert"},
    {5, "BOOT_DIRECT_XIP", "MCUBOOT_BOOTLOADER_MODE_DIRECT_XIP", "MCUBOOT_MODE_DIRECT_XIP", "direct-XIP"},
    {7, "BOOT_RAM_LOAD", "MCUBOOT_BOOTLOADER_MODE_RAM_LOAD", "MCUBOOT_MODE_RAM_LOAD", "RAM load"},
    {8, "BOOT_FIRMWARE_LOADER", "MCUBOOT_BOOTLOADER_MODE_FIRMWARE_UPDATER", "MCUBOOT_MODE_FIRMWARE_UPDATER",
     "firmware updater"},
};

const struct alk_setting *alk_mode(const struct alk_exam *x, enum alk_role role)
{
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        const char *name = role == ALK_ROLE_BOOT       ? modes[i].boot
                           : role == ALK_ROLE_SYSBUILD ? modes[i].sysbuild
                                                       : modes[i].app;
        const struct alk_setting *s = on(x, role, name);

        if (s != NULL) {
            return s;
        }
    }
    return NULL;
}

int alk_mode_id(const char *name)
{
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        if (strcmp(name, modes[i].boot) == 0 || strcmp(name, modes[i].app) == 0 ||
            strcmp(name, modes[i].sysbuild) == 0) {
            return modes[i].id;
        }
    }
    return -1;
}

const char *alk_mode_name(int id)
{
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        if (modes[i].id == id) {
            return modes[i].says;
        }
    }
    return "unknown";
}

const struct alk_setting *alk_mode_any(const struct alk_exam *x)
{
    const struct alk_setting *s = alk_mode(x, ALK_ROLE_BOOT);

    s = s == NULL ? alk_mode(x, ALK_ROLE_SYSBUILD) : s;
    return s == NULL ? alk_mode(x, ALK_ROLE_APP) : s;
}

bool alk_has_boot(const struct alk_exam *x)
{
    return alk_has_final(x, ALK_ROLE_BOOT) || alk_on(x, ALK_ROLE_SYSBUILD, "BOOTLOADER_MCUBOOT") ||
           (x->style != ALK_STYLE_SYSBUILD && alk_on(x, ALK_ROLE_APP, "BOOTLOADER_MCUBOOT"));
}

const char *alk_sample_path(const char *path)
{
    static const char *const names[] = {
        "root-rsa-2048.pem", "root-rsa-3072.pem",      "root-ec-p256.pem",    "root-ec-p256-pkcs8.pem",
        "root-ec-p384.pem",  "root-ec-p384-pkcs8.pem", "root-ed25519.pem",    "enc-ec256-priv.pem",
        "enc-ec256-pub.pem", "enc-rsa2048-priv.pem",   "enc-rsa2048-pub.pem", "enc-x25519-priv.pem",
        "enc-x25519-pub.pem"};
    const char *slash = strrchr(path, '/'), *base = slash != NULL ? slash + 1 : path;

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(base, names[i]) == 0) {
            return names[i];
        }
    }
    return NULL;
}

/* In a build MCUboot's own .config decides; before, what will be forced on it. */
static const struct alk_setting *key_setting(const struct alk_exam *x, const char *name, const char *app)
{
    const struct alk_setting *s = alk_final(x, ALK_ROLE_BOOT, name);

    if (s == NULL && x->style != ALK_STYLE_CHILD) {
        s = alk_value(x, ALK_ROLE_SYSBUILD, name);
    }
    if (s == NULL && x->style != ALK_STYLE_SYSBUILD) {
        s = alk_value(x, ALK_ROLE_BOOT, name);
    }
    if (s == NULL && x->style == ALK_STYLE_PLAIN) {
        s = alk_value(x, ALK_ROLE_APP, app);
    }
    return s != NULL && *s->value != 0 && !s->unset ? s : NULL;
}

const struct alk_setting *alk_sign_key(const struct alk_exam *x)
{
    return key_setting(x, "BOOT_SIGNATURE_KEY_FILE", "MCUBOOT_SIGNATURE_KEY_FILE");
}

const struct alk_setting *alk_decrypt_key(const struct alk_exam *x)
{
    return key_setting(x, "BOOT_ENCRYPTION_KEY_FILE", "");
}
