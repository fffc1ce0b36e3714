/* SPDX-License-Identifier: Apache-2.0 */
/* say.h - text for people, on the line that also carries frames. */
#ifndef PROGRAMS_DEMO_SAY_H
#define PROGRAMS_DEMO_SAY_H

#include "airlock/link.h"

/* Up to three pieces, each may be NULL. */
void say(const char *a, const char *b, const char *c);

/* Name, version, and the first frame of the film, as text. */
void say_who(void);

/* The console line; '?' and '!' on it are answered here, as no frame contains them. */
extern const struct alk_link say_link;

#endif
