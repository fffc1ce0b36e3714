/* SPDX-License-Identifier: Apache-2.0 */
/* break_none.c - a board whose line may be low at reset asks for recovery in other ways. */
#include "ports/nrf/uart.h"

bool nrf_break_held(void)
{
    return false;
}
