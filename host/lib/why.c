/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stdio.h>

#include "airlock/why.h"

int alk_why(struct alk_why *why, int err, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(why->text, sizeof why->text, fmt, ap);
    va_end(ap);
    why->way_out[0] = 0;
    return err;
}

int alk_way_out(struct alk_why *why, int err, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(why->way_out, sizeof why->way_out, fmt, ap);
    va_end(ap);
    return err;
}
