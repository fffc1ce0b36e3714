/* SPDX-License-Identifier: Apache-2.0 */
/* doctor_fit.c - rules: does it fit, and is the external flash there for both? */
#include <string.h>

#include "host/lib/doctor_rule.h"
#include "host/lib/doctor_text.h"

#define PAGE 4096u

/* The slot of the update: as built, else as written down. */
static const struct alk_part *slot_of(const struct alk_exam *x, bool primary)
{
    const struct alk_part *p = alk_part_named(x, primary ? "mcuboot_primary" : "mcuboot_secondary",
                                              ALK_FILE_BUILT);

    p = p == NULL ? alk_part_named(x, primary ? "mcuboot_primary" : "mcuboot_secondary", ALK_FILE_STATIC) : p;
    return p == NULL ? alk_part_named(x, primary ? "slot0_partition" : "slot1_partition", ALK_FILE_DTS) : p;
}

/* What an image may take of a slot of that size; the trailer fits one page with up to 128 sectors. */
static uint32_t capacity(const struct alk_exam *x, uint32_t size)
{
    const struct alk_setting *mode = alk_mode_any(x);
    int id = mode != NULL ? alk_mode_id(mode->name) : -1;
    uint32_t less = id == 2 || id == 3 ? 2 * PAGE : id == 1 ? PAGE : id < 0 ? 0 : 48;

    return size > less ? size - less : 0;
}

static void too_large(struct alk_exam *x)
{
    const struct alk_part *slot = slot_of(x, true);
    uint32_t room = slot != NULL && slot->has_size ? capacity(x, slot->size) : 0;

    for (size_t n = 0; room > 0 && n < x->d->n_images; n++) {
        const struct alk_found_image *i = &x->d->images[n];

        if (alk_seen(x, i->file) && i->size > room) {
            alk_say_addr(x, i->file, i->addr, "%s%s%u bytes, and %s takes %u of its %u", i->inner,
                         i->inner[0] != 0 ? ": " : "", i->size, slot->name, room, slot->size);
        }
    }
}

static void too_many_sectors(struct alk_exam *x)
{
    const struct alk_setting *s = alk_value(x, ALK_ROLE_BOOT, "BOOT_MAX_IMG_SECTORS");
    const struct alk_part *slot = slot_of(x, true);
    uint32_t max;

    if (s != NULL && slot != NULL && slot->has_size && alk_doctor_number(&max, s->value) &&
        slot->size / PAGE > max && !alk_on(x, ALK_ROLE_BOOT, "BOOT_MAX_IMG_SECTORS_AUTO")) {
        alk_say_at(x, s, "%u sectors, but %s has %u of 4 KiB", max, slot->name, slot->size / PAGE);
    }
}

/* The setting or partition that puts the secondary slot outside. */
static bool external(const struct alk_exam *x)
{
    const struct alk_part *slot = slot_of(x, false);

    return alk_on(x, ALK_ROLE_SYSBUILD, "PM_EXTERNAL_FLASH_MCUBOOT_SECONDARY") ||
           alk_on(x, ALK_ROLE_APP, "PM_EXTERNAL_FLASH_MCUBOOT_SECONDARY") ||
           (slot != NULL && strcmp(slot->region, "external_flash") == 0);
}

static const struct alk_chosen *chosen(const struct alk_exam *x, enum alk_role role, const char *name)
{
    for (size_t i = 0; i < x->d->n_chosen; i++) {
        const struct alk_chosen *c = &x->d->chosen[i];

        if (x->d->files[c->file].role == role && alk_seen(x, c->file) && strcmp(c->name, name) == 0) {
            return c;
        }
    }
    return NULL;
}

static void chosen_once(struct alk_exam *x)
{
    const struct alk_chosen *app = chosen(x, ALK_ROLE_APP, "nordic,pm-ext-flash");
    const struct alk_chosen *boot = chosen(x, ALK_ROLE_BOOT, "nordic,pm-ext-flash");

    if (external(x) && app != NULL && boot == NULL) {
        alk_say_file(x, app->file, app->line, "%s is chosen for the application only", app->value);
    }
}

static void no_driver(struct alk_exam *x)
{
    const struct alk_setting *app = alk_value(x, ALK_ROLE_APP, "SPI_NOR");
    bool boot = alk_on(x, ALK_ROLE_BOOT, "SPI_NOR") || alk_on(x, ALK_ROLE_BOOT, "NORDIC_QSPI_NOR");

    if (external(x) && alk_has_final(x, ALK_ROLE_BOOT) && !boot) {
        alk_say(x, "MCUboot's final configuration has neither SPI_NOR nor NORDIC_QSPI_NOR");
    }
    if (external(x) && app != NULL && strcmp(app->value, "y") == 0 &&
        !alk_on(x, ALK_ROLE_APP, "NORDIC_QSPI_NOR") &&
        !alk_on(x, ALK_ROLE_SYSBUILD, "PM_OVERRIDE_EXTERNAL_DRIVER_CHECK") &&
        !alk_on(x, ALK_ROLE_APP, "PM_OVERRIDE_EXTERNAL_DRIVER_CHECK") &&
        alk_part_named(x, "app", ALK_FILE_STATIC)) {
        alk_say_at(x, app, "SPI flash without PM_OVERRIDE_EXTERNAL_DRIVER_CHECK");
    }
}

static void in_the_slot(struct alk_exam *x)
{
    const struct alk_setting *s = alk_final(x, ALK_ROLE_BOOT, "FLASH_LOAD_OFFSET");
    uint32_t offset;

    if (s != NULL && alk_doctor_number(&offset, s->value) && offset != 0 && alk_chain(x) == NULL &&
        !alk_on(x, ALK_ROLE_BOOT, "PARTITION_MANAGER_ENABLED")) {
        alk_say_at(x, s, "MCUboot is linked to 0x%x", offset);
    }
}

static void beyond_protection(struct alk_exam *x)
{
    bool part = alk_on(x, ALK_ROLE_APP, "SOC_NRF54L15_CPUAPP") ||
                alk_on(x, ALK_ROLE_APP, "SOC_SERIES_NRF54LX") || alk_on(x, ALK_ROLE_APP, "SOC_SERIES_NRF54L");
    const struct alk_part *p = alk_part_named(x, "mcuboot", ALK_FILE_BUILT);
    uint32_t limit = alk_chain(x) != NULL ? 31 * 1024 : 62 * 1024, end;

    p = p == NULL ? alk_part_named(x, "mcuboot", ALK_FILE_STATIC) : p;
    if (!part || p == NULL || !p->has_size || alk_is(x, ALK_ROLE_BOOT, "FPROTECT", "n")) {
        return;
    }
    end = alk_chain(x) != NULL ? p->size : p->addr + p->size;
    if (end > limit) {
        alk_say_file(x, p->file, p->line, "mcuboot ends at 0x%x", end);
    }
}

const struct alk_rule alk_rules_fit[] = {
    {"D410", ALK_ERROR, "The image does not fit its slot",
     "A slot also holds the trailer that records the progress of a swap; swap by move and with offset need "
     "one more free "
     "sector. An image that fills the slot is refused, or its end is overwritten.",
     "Make the image smaller or the slots larger; `airlock sign --slot-size` checks it when signing.",
     too_large},
    {"D411", ALK_ERROR, "The slot has more sectors than the bootloader counts",
     "`BOOT_MAX_IMG_SECTORS` bounds the sectors of a slot: with more MCUboot says \"Failed reading sectors\" "
     "and updates "
     "nothing.",
     "Raise `CONFIG_BOOT_MAX_IMG_SECTORS` in MCUboot's configuration to the slot's size divided by 4096.",
     too_many_sectors},
    {"D412", ALK_ERROR, "The external flash is chosen for the application only",
     "The bootloader must find the secondary slot too. Without the chosen node in its own devicetree it says "
     "\"Failed to "
     "open flash area\", and the update stays pending for ever.",
     "The same `chosen { nordic,pm-ext-flash = ...; }` in `sysbuild/mcuboot.overlay` (up to SDK 2.6 "
     "`child_image/mcuboot.overlay`).",
     chosen_once},
    {"D413", ALK_ERROR, "The driver of the external flash is missing",
     "Both images need it: `NORDIC_QSPI_NOR` for QSPI, `SPI` and `SPI_NOR` for SPI. For SPI flash the "
     "partition manager "
     "drops the region unless `PM_OVERRIDE_EXTERNAL_DRIVER_CHECK` is set.",
     "Set the driver in MCUboot's configuration; for SPI also the override (`SB_CONFIG_` from SDK 2.7).",
     no_driver},
    {"D414", ALK_ERROR, "MCUboot is linked to another place than the flash's start",
     "Without a first stage the part starts at address 0. A wrong `zephyr,code-partition` in MCUboot's "
     "devicetree links "
     "it into a slot, and no step of the build says so.",
     "`chosen { zephyr,code-partition = &boot_partition; }` in MCUboot's overlay.", in_the_slot},
    {"D415", ALK_ERROR, "MCUboot reaches beyond what can be protected",
     "On nRF54L at most 62 KiB from the start can be write-protected, 31 KiB behind a first stage. MCUboot "
     "stops with "
     "\"Protect mcuboot flash failed\".",
     "Keep MCUboot's partition within the limit (fewer logs, `CONFIG_LTO=y`), or set `CONFIG_FPROTECT=n` "
     "knowingly.",
     beyond_protection},
    {NULL, ALK_NOTE, NULL, NULL, NULL, NULL},
};
