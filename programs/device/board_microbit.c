/* SPDX-License-Identifier: Apache-2.0 */
#include "ports/nrf/boards/microbit/board.h"
#include "programs/device/layout.h"

const struct device_layout device_microbit = DEVICE_LAYOUT;
