/* SPDX-License-Identifier: Apache-2.0 */
/* licence.h - the text of LICENSE, as the file stands in the tree. */
#ifndef PROGRAMS_DEMO_LICENCE_H
#define PROGRAMS_DEMO_LICENCE_H

#include <stdint.h>

extern const uint8_t demo_licence[], demo_licence_end[];

#endif
