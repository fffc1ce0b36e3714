/* SPDX-License-Identifier: Apache-2.0 */
/* alk_config.h - on the host every row is linked; a board's own is made by tools/kconfig. */
#ifndef ALK_CONFIG_H
#define ALK_CONFIG_H

#define CONFIG_BOOT_SIGNATURE_TYPE_ECDSA_P256 1
#define CONFIG_BOOT_ENCRYPT_IMAGE             1
#define CONFIG_BOOT_ENCRYPT_EC256             1
#define CONFIG_BOOT_MGMT_ECHO                 1

#endif
