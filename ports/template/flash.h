/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PORTS_TEMPLATE_FLASH_H
#define PORTS_TEMPLATE_FLASH_H

#include "airlock/flash.h"

extern const struct alk_flash_ops template_flash_ops;

#endif
