# SPDX-License-Identifier: Apache-2.0
set(ALK_CPU cortex-m0)
set(ALK_PORT_SOURCES retain_ram.c lock_first_mpu.c)
set(ALK_VECTORS m0)
set(ALK_LOCK lock_mpu.c)
set(ALK_CHAIN ON)
