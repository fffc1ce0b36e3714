/* SPDX-License-Identifier: Apache-2.0 */
/* commands.c - what `airlock` can do is what these rows name. */
#include <stddef.h>

#include "host/cli/commands.h"

const struct cli_cmd *const cli_cmds[] = {
    &cli_cmd_keygen,
    &cli_cmd_pubkey,
    &cli_cmd_privkey,
    &cli_cmd_keyinfo,
    &cli_cmd_provision,
    &cli_cmd_sign,
    &cli_cmd_verify,
    &cli_cmd_check,
    &cli_cmd_inspect,
    &cli_cmd_doctor,
    &cli_cmd_decrypt,
    &cli_cmd_extract,
    &cli_cmd_resign,
    &cli_cmd_strip,
    &cli_cmd_diff,
    &cli_cmd_dfu_make,
    &cli_cmd_dfu_show,
    &cli_cmd_dfu_check,
    &cli_cmd_dfu_extract,
    &cli_cmd_nrf5_make,
    &cli_cmd_nrf5_show,
    &cli_cmd_hex_merge,
    &cli_cmd_hex_split,
    &cli_cmd_hex_show,
    &cli_cmd_upload,
    &cli_cmd_upgrade,
    &cli_cmd_image_list,
    &cli_cmd_image_test,
    &cli_cmd_image_confirm,
    &cli_cmd_image_erase,
    &cli_cmd_reset,
    &cli_cmd_echo,
    &cli_cmd_info,
    &cli_cmd_scan,
    NULL,
};
