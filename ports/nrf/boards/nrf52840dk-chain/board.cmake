# SPDX-License-Identifier: Apache-2.0
set(ALK_CPU cortex-m4)
set(ALK_PORT_SOURCES retain_gpregret.c lock_first_acl.c)
set(ALK_VECTORS vtor)
set(ALK_LOCK lock_acl.c)
set(ALK_CHAIN ON)
