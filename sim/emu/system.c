/* SPDX-License-Identifier: Apache-2.0 */
/* system.c - the small devices: POWER with the nRF51's MPU, GPIO, FICR, UICR, system control. */
#include "devices.h"

#define RESETREAS  0x400u
#define GPREGRET   0x51cu
#define PROTENSET0 0x600u
#define PROTENSET1 0x604u

#define CPUID       0xd00u
#define VTOR        0xd08u
#define AIRCR       0xd0cu
#define AIRCR_KEY   0x05fau
#define SYSRESETREQ 4u

uint32_t alk_emu_power_read(struct alk_emu *e, uint32_t reg)
{
    switch (reg) {
    case RESETREAS:
        return e->resetreas;
    case GPREGRET:
        return e->gpregret;
    case PROTENSET0:
        return (uint32_t)e->protect;
    case PROTENSET1:
        return (uint32_t)(e->protect >> 32);
    default:
        return reg >= 0x100u && reg < 0x200u; /* clock events: it has started */
    }
}

void alk_emu_power_write(struct alk_emu *e, uint32_t reg, uint32_t value)
{
    if (reg == RESETREAS)
        e->resetreas &= ~value;
    else if (reg == GPREGRET)
        e->gpregret = value & 0xffu;
    else if (reg == PROTENSET0 && e->chip->mpu)
        e->protect |= value;
    else if (reg == PROTENSET1 && e->chip->mpu)
        e->protect |= (uint64_t)value << 32;
}

uint32_t alk_emu_gpio_read(struct alk_emu *e, uint32_t reg)
{
    return reg == 0x510u ? e->gpio_in : 0;
}

uint32_t alk_emu_ficr_read(struct alk_emu *e, uint32_t reg)
{
    switch (reg) {
    case 0x010:
        return e->chip->page;
    case 0x014:
        return e->chip->flash_size / e->chip->page;
    case 0x060:
        return 0x01234567u;
    case 0x064:
        return 0x89abcdefu;
    case 0x100:
        return e->chip->part;
    default:
        return 0xffffffffu;
    }
}

uint32_t alk_emu_uicr_read(struct alk_emu *e, uint32_t reg)
{
    (void)e;
    (void)reg;
    return 0xffffffffu;
}

uint32_t alk_emu_scs_read(struct alk_emu *e, uint32_t reg)
{
    switch (reg) {
    case CPUID:
        return e->chip->cpuid;
    case VTOR:
        return e->vtor;
    case AIRCR:
        return 0xfa050000u;
    default:
        return 0;
    }
}

void alk_emu_scs_write(struct alk_emu *e, uint32_t reg, uint32_t value)
{
    if (reg == AIRCR && value >> 16 == AIRCR_KEY && (value & SYSRESETREQ)) {
        e->reset_wanted = true;
        uc_emu_stop(e->uc);
    }
    if (reg == VTOR && e->chip->vtor)
        e->vtor = value;
    else if (reg == VTOR)
        alk_emu_misuse(e);
}
