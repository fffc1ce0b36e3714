/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PORTS_NRF_NVMC_H
#define PORTS_NRF_NVMC_H

#include "airlock/flash.h"

/*
 * dev is not used; offsets are addresses.  A word that does not read back as
 * written is ALK_E_FLASH: over an unerased word the part writes the AND of both.
 */
extern const struct alk_flash_ops alk_nvmc_ops;

#endif
