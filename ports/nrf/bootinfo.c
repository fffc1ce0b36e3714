/* SPDX-License-Identifier: Apache-2.0 */
#include "bootinfo_base.h"

BOOTINFO_PLACE static const struct alk_bootinfo info = BOOTINFO_BASE(ALK_BOOTINFO_SIZE);
