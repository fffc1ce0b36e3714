/* SPDX-License-Identifier: Apache-2.0 */
/* commands.h - one row a command, each in its cmd_<verb>.c. */
#ifndef AIRLOCK_CLI_COMMANDS_H
#define AIRLOCK_CLI_COMMANDS_H

#include "host/cli/cli.h"

extern const struct cli_cmd cli_cmd_keygen;
extern const struct cli_cmd cli_cmd_pubkey;
extern const struct cli_cmd cli_cmd_privkey;
extern const struct cli_cmd cli_cmd_keyinfo;
extern const struct cli_cmd cli_cmd_provision;
extern const struct cli_cmd cli_cmd_sign;
extern const struct cli_cmd cli_cmd_verify;
extern const struct cli_cmd cli_cmd_check;
extern const struct cli_cmd cli_cmd_dfu_make;
extern const struct cli_cmd cli_cmd_dfu_show;
extern const struct cli_cmd cli_cmd_dfu_check;
extern const struct cli_cmd cli_cmd_dfu_extract;
extern const struct cli_cmd cli_cmd_nrf5_make;
extern const struct cli_cmd cli_cmd_nrf5_show;
extern const struct cli_cmd cli_cmd_hex_merge;
extern const struct cli_cmd cli_cmd_hex_split;
extern const struct cli_cmd cli_cmd_hex_show;
extern const struct cli_cmd cli_cmd_extract;
extern const struct cli_cmd cli_cmd_resign;
extern const struct cli_cmd cli_cmd_strip;
extern const struct cli_cmd cli_cmd_diff;
extern const struct cli_cmd cli_cmd_inspect;
extern const struct cli_cmd cli_cmd_doctor;
extern const struct cli_cmd cli_cmd_decrypt;
extern const struct cli_cmd cli_cmd_upload;
extern const struct cli_cmd cli_cmd_upgrade;
extern const struct cli_cmd cli_cmd_image_list;
extern const struct cli_cmd cli_cmd_image_test;
extern const struct cli_cmd cli_cmd_image_confirm;
extern const struct cli_cmd cli_cmd_image_erase;
extern const struct cli_cmd cli_cmd_reset;
extern const struct cli_cmd cli_cmd_echo;
extern const struct cli_cmd cli_cmd_info;
extern const struct cli_cmd cli_cmd_scan;
extern const struct cli_cmd cli_cmd_settings_get;
extern const struct cli_cmd cli_cmd_settings_set;
extern const struct cli_cmd cli_cmd_settings_delete;
extern const struct cli_cmd cli_cmd_settings_erase;
extern const struct cli_cmd cli_cmd_stat_list;
extern const struct cli_cmd cli_cmd_stat_show;
extern const struct cli_cmd cli_cmd_log_show;
extern const struct cli_cmd cli_cmd_log_clear;
extern const struct cli_cmd cli_cmd_device_groups;
extern const struct cli_cmd cli_cmd_device_capabilities;
extern const struct cli_cmd cli_cmd_device_journal;
extern const struct cli_cmd cli_cmd_device_hash;
extern const struct cli_cmd cli_cmd_device_keys;
extern const struct cli_cmd cli_cmd_device_erased;
extern const struct cli_cmd cli_cmd_device_tasks;
extern const struct cli_cmd cli_cmd_device_pools;
extern const struct cli_cmd cli_cmd_device_time;
extern const struct cli_cmd cli_cmd_device_settime;
extern const struct cli_cmd cli_cmd_shell;
extern const struct cli_cmd cli_cmd_fs_get;
extern const struct cli_cmd cli_cmd_fs_put;
extern const struct cli_cmd cli_cmd_fs_status;
extern const struct cli_cmd cli_cmd_fs_hash;

#endif
