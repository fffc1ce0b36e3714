/* SPDX-License-Identifier: Apache-2.0 */
/* app.h - what the commands of an application share. */
#ifndef ALK_CORE_SMP_APP_H
#define ALK_CORE_SMP_APP_H

#include "airlock/smp_app.h"
#include "core/smp/args.h"

/* The server is the first member of what the application has. */
static inline struct alk_smp_app *alk_smp_app_of(struct alk_smp *s)
{
    return (struct alk_smp_app *)s;
}

/* return: ALK_SMP_RC_OK or ALK_SMP_RC_BUSY; takes nothing */
int alk_smp_pace_ready(struct alk_smp *s);

#endif
