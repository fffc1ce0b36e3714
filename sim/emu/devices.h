/* SPDX-License-Identifier: Apache-2.0 */
/* devices.h - the devices of the emulated chips, between the files of this room. */
#ifndef AIRLOCK_SIM_EMU_DEVICES_H
#define AIRLOCK_SIM_EMU_DEVICES_H

#include "emu.h"

/* A device is one page of registers. */
struct alk_emu_device {
    uint32_t base;
    uint32_t (*read)(struct alk_emu *e, uint32_t reg);
    void (*write)(struct alk_emu *e, uint32_t reg, uint32_t value);
};

uint32_t alk_emu_nvmc_read(struct alk_emu *e, uint32_t reg);
void alk_emu_nvmc_write(struct alk_emu *e, uint32_t reg, uint32_t value);
/* A store of the CPU to flash, and what must be so after it (see emu.h). */
void alk_emu_nvmc_store(struct alk_emu *e, uint32_t at, uint32_t size, uint32_t value);
void alk_emu_nvmc_settle(struct alk_emu *e);

uint32_t alk_emu_uart_read(struct alk_emu *e, uint32_t reg);
void alk_emu_uart_write(struct alk_emu *e, uint32_t reg, uint32_t value);

uint32_t alk_emu_timer_read(struct alk_emu *e, uint32_t reg);
void alk_emu_timer_write(struct alk_emu *e, uint32_t reg, uint32_t value);
/* WFI: let time pass up to the next compare.  return: false if none is armed */
bool alk_emu_timer_skip(struct alk_emu *e);

uint32_t alk_emu_power_read(struct alk_emu *e, uint32_t reg);
void alk_emu_power_write(struct alk_emu *e, uint32_t reg, uint32_t value);
uint32_t alk_emu_gpio_read(struct alk_emu *e, uint32_t reg);
uint32_t alk_emu_ficr_read(struct alk_emu *e, uint32_t reg);
uint32_t alk_emu_uicr_read(struct alk_emu *e, uint32_t reg);
uint32_t alk_emu_scs_read(struct alk_emu *e, uint32_t reg);
void alk_emu_scs_write(struct alk_emu *e, uint32_t reg, uint32_t value);

/* The program broke a rule of the chip: counted, with its place. */
void alk_emu_misuse(struct alk_emu *e);
/* End the run after the current instruction. */
void alk_emu_stop(struct alk_emu *e, int end);
/* Map memory and devices into a fresh engine, hook it up. return: false on failure */
bool alk_emu_wire(struct alk_emu *e);

#endif
