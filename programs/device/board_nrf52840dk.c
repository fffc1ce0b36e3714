/* SPDX-License-Identifier: Apache-2.0 */
#include "ports/nrf/boards/nrf52840dk/board.h"
#include "programs/device/layout.h"

const struct device_layout device_nrf52840dk = DEVICE_LAYOUT;
