/* SPDX-License-Identifier: Apache-2.0 */
/* pace.c - what costs flash or time has a price. */
#include "core/smp/app.h"

int alk_smp_pace_ready(struct alk_smp *s)
{
    const struct alk_smp_app *a = alk_smp_app_of(s);
    struct alk_smp_pace *p = a->pace;

    if (p == NULL || p->burst == 0)
        return ALK_SMP_RC_OK;
    while (p->spent != 0 && a->now_ms - p->since_ms >= p->every_ms) {
        p->spent--;
        p->since_ms += p->every_ms;
    }
    if (p->spent == 0)
        p->since_ms = a->now_ms;
    return p->spent < p->burst ? ALK_SMP_RC_OK : ALK_SMP_RC_BUSY;
}

int alk_smp_pace_take(struct alk_smp *s)
{
    struct alk_smp_pace *p = alk_smp_app_of(s)->pace;
    int rc = alk_smp_pace_ready(s);

    if (rc == 0 && p != NULL && p->burst != 0)
        p->spent++;
    return rc;
}

int alk_smp_reset_paced(struct alk_smp *s, struct alk_smp_call *c)
{
    int rc = alk_smp_reset(s, c);

    if (rc == 0)
        rc = alk_smp_pace_take(s);
    if (rc != 0)
        s->after = ALK_SMP_STAY;
    return rc;
}

int alk_smp_image_erase_paced(struct alk_smp *s, struct alk_smp_call *c)
{
    int rc = alk_smp_pace_take(s);

    return rc != 0 ? rc : alk_smp_image_erase(s, c);
}
