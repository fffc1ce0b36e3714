/* SPDX-License-Identifier: Apache-2.0 */
#include "programs/demo/licence.h"

__asm__(".section .rodata.demo_licence, \"a\"\n"
        ".global demo_licence, demo_licence_end\n"
        "demo_licence: .incbin \"" DEMO_LICENCE_FILE "\"\n"
        "demo_licence_end:\n"
        ".balign 4\n"
        ".previous\n");
