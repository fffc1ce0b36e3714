/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tables.c - some of many: what this build can do is what these rows name.
 * An algorithm or a command that no row names leaves no trace in the binary.
 * Of a board, Kconfig chooses rows; the conditions around rows are the only
 * ones (docs/KCONFIG.md).
 */
#include "airlock/smp_services.h"
#include "airlock/unwrap.h"
#include "airlock/verify.h"
#include "alk_config.h"

const struct alk_sig_alg *const alk_sig_algs[] = {
#if CONFIG_BOOT_SIGNATURE_TYPE_ECDSA_P256
    &alk_sig_p256,
#endif
    NULL,
};

const struct alk_wrap_alg *const alk_wrap_algs[] = {
#if CONFIG_BOOT_ENCRYPT_EC256
    &alk_wrap_ec256,
#endif
#if CONFIG_BOOT_ENCRYPT_IMAGE
    &alk_wrap_outgoing,
#endif
    NULL,
};

#define READ   ALK_SMP_OP_READ
#define WRITE  ALK_SMP_OP_WRITE
#define TELLS  ALK_SMP_CLASS_READ
#define UPDATE ALK_SMP_CLASS_UPDATE
#define LOSES  ALK_SMP_CLASS_DESTRUCTIVE
#define RUNS   ALK_SMP_CLASS_DANGEROUS

const uint8_t alk_smp_links[ALK_SMP_LINKS] = {
    [ALK_SMP_LINK_SERIAL] = TELLS | UPDATE, /* in reach of a hand; images are signed */
    [ALK_SMP_LINK_UDP] = TELLS | UPDATE,    [ALK_SMP_LINK_BLE_OPEN] = 0,
    [ALK_SMP_LINK_BLE_ENCRYPTED] = TELLS,   [ALK_SMP_LINK_BLE_AUTHENTICATED] = TELLS | UPDATE,
};

/* Group, id, operation, class, command. */
const struct alk_smp_cmd alk_smp_app_cmds[] = {
    {ALK_SMP_OS, 0, WRITE, TELLS, alk_smp_echo},
    {ALK_SMP_OS, 0, READ, TELLS, alk_smp_echo},
    {ALK_SMP_OS, 5, WRITE, UPDATE, alk_smp_reset},
    {ALK_SMP_OS, 6, READ, TELLS, alk_smp_params},
    {ALK_SMP_OS, 7, READ, TELLS, alk_smp_info},
    {ALK_SMP_OS, 8, READ, TELLS, alk_smp_bootloader},
    {ALK_SMP_IMAGE, 0, READ, TELLS, alk_smp_image_list},
    {ALK_SMP_IMAGE, 0, WRITE, UPDATE, alk_smp_image_set},
    {ALK_SMP_IMAGE, 1, WRITE, UPDATE, alk_smp_image_upload},
    {ALK_SMP_IMAGE, 5, WRITE, UPDATE, alk_smp_image_erase},
    {ALK_SMP_IMAGE, 6, READ, TELLS, alk_smp_image_slots},
    {0},
};

const struct alk_smp_cmd alk_smp_all_cmds[] = { /* rows of a group stand together */
    {ALK_SMP_OS, 0, WRITE, TELLS, alk_smp_echo},
    {ALK_SMP_OS, 0, READ, TELLS, alk_smp_echo},
    {ALK_SMP_OS, 2, READ, TELLS, alk_smp_tasks},
    {ALK_SMP_OS, 3, READ, TELLS, alk_smp_pools},
    {ALK_SMP_OS, 4, READ, TELLS, alk_smp_time_get},
    {ALK_SMP_OS, 4, WRITE, UPDATE, alk_smp_time_set},
    {ALK_SMP_OS, 5, WRITE, UPDATE, alk_smp_reset_paced},
    {ALK_SMP_OS, 6, READ, TELLS, alk_smp_params},
    {ALK_SMP_OS, 7, READ, TELLS, alk_smp_info},
    {ALK_SMP_OS, 8, READ, TELLS, alk_smp_bootloader},
    {ALK_SMP_IMAGE, 0, READ, TELLS, alk_smp_image_list},
    {ALK_SMP_IMAGE, 0, WRITE, UPDATE, alk_smp_image_set},
    {ALK_SMP_IMAGE, 1, WRITE, UPDATE, alk_smp_image_upload_kept},
    {ALK_SMP_IMAGE, 5, WRITE, UPDATE, alk_smp_image_erase_paced},
    {ALK_SMP_IMAGE, 6, READ, TELLS, alk_smp_image_slots},
    {ALK_SMP_STAT, 0, READ, TELLS, alk_smp_stat_show},
    {ALK_SMP_STAT, 1, READ, TELLS, alk_smp_stat_list},
    {ALK_SMP_SETTINGS, 0, READ, TELLS, alk_smp_settings_get},
    {ALK_SMP_SETTINGS, 0, WRITE, LOSES, alk_smp_settings_set},
    {ALK_SMP_SETTINGS, 1, WRITE, LOSES, alk_smp_settings_delete},
    {ALK_SMP_SETTINGS, 2, WRITE, LOSES, alk_smp_settings_sync},
    {ALK_SMP_SETTINGS, 3, READ, TELLS, alk_smp_settings_sync},
    {ALK_SMP_SETTINGS, 3, WRITE, LOSES, alk_smp_settings_sync},
    {ALK_SMP_LOG, 0, READ, TELLS, alk_smp_log_show},
    {ALK_SMP_LOG, 1, WRITE, LOSES, alk_smp_log_clear},
    {ALK_SMP_LOG, 3, READ, TELLS, alk_smp_log_modules},
    {ALK_SMP_LOG, 4, READ, TELLS, alk_smp_log_levels},
    {ALK_SMP_LOG, 5, READ, TELLS, alk_smp_log_list},
    {ALK_SMP_FS, 0, READ, TELLS, alk_smp_fs_read},
    {ALK_SMP_FS, 0, WRITE, LOSES, alk_smp_fs_write},
    {ALK_SMP_FS, 1, READ, TELLS, alk_smp_fs_status},
    {ALK_SMP_FS, 2, READ, TELLS, alk_smp_fs_hash},
    {ALK_SMP_FS, 3, READ, TELLS, alk_smp_fs_types},
    {ALK_SMP_FS, 4, WRITE, TELLS, alk_smp_fs_close},
    {ALK_SMP_SHELL, 0, WRITE, RUNS, alk_smp_shell_run},
    {ALK_SMP_ENUM, 0, READ, TELLS, alk_smp_enum_count},
    {ALK_SMP_ENUM, 1, READ, TELLS, alk_smp_enum_list},
    {ALK_SMP_ENUM, 2, READ, TELLS, alk_smp_enum_one},
    {ALK_SMP_ENUM, 3, READ, TELLS, alk_smp_enum_details},
    {ALK_SMP_BASIC, 0, WRITE, LOSES, alk_smp_basic_erase},
    {ALK_SMP_AIRLOCK, 0, READ, TELLS, alk_smp_capabilities},
    {ALK_SMP_AIRLOCK, 1, READ, TELLS, alk_smp_journal},
    {ALK_SMP_AIRLOCK, 2, READ, TELLS, alk_smp_slot_hash},
    {ALK_SMP_AIRLOCK, 3, READ, TELLS, alk_smp_keys},
    {ALK_SMP_AIRLOCK, 4, READ, TELLS, alk_smp_erase_state},
    {0},
};

const struct alk_smp_cmd alk_smp_recovery_cmds[] = {
#if CONFIG_BOOT_MGMT_ECHO
    {ALK_SMP_OS, 0, WRITE, TELLS, alk_smp_echo},
#endif
    {ALK_SMP_OS, 5, WRITE, UPDATE, alk_smp_reset},
    {ALK_SMP_OS, 6, READ, TELLS, alk_smp_params},
    {ALK_SMP_IMAGE, 0, READ, TELLS, alk_smp_image_list},
    {ALK_SMP_IMAGE, 0, WRITE, UPDATE, alk_smp_image_set},
    {ALK_SMP_IMAGE, 1, WRITE, UPDATE, alk_smp_image_recover},
    {0},
};
