# SPDX-License-Identifier: Apache-2.0
set(ALK_CPU cortex-m4)
set(ALK_CPU_OPTIONS -mno-unaligned-access -fno-schedule-insns2) # 1 % smaller
set(ALK_PORT_SOURCES retain_gpregret.c)
set(ALK_VECTORS vtor)
set(ALK_LOCK lock_acl.c)
