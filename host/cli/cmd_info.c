/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_info.c - what a device tells about itself; what it lacks is left out. */
#include "host/cli/link.h"

#include "host/cli/commands.h"

#include <stdio.h>

#include <jansson.h>

struct info {
    char os[256];
    uint32_t buf_size, buf_count;
    struct alk_boot_info boot;
    struct alk_slot_place place[ALK_DEVICE_SLOTS];
    size_t places;
};

/* return: ALK_OK as long as there is somebody who answers */
static int gather(struct info *i, struct alk_client *client, struct alk_smp_reply *r)
{
    int rc = alk_device_info(i->os, sizeof i->os, client, "a", r);

    if (rc == ALK_E_TIMEOUT || rc == ALK_E_IO || rc == ALK_E_STATE)
        return rc;
    alk_device_params(&i->buf_size, &i->buf_count, client);
    alk_device_boot_info(&i->boot, client);
    alk_device_places(i->place, ALK_DEVICE_SLOTS, &i->places, client);
    return ALK_OK;
}

static void print_json(const struct info *i)
{
    json_t *slots = json_array(), *o;

    for (size_t k = 0; k < i->places; k++) {
        const struct alk_slot_place *p = &i->place[k];
        json_t *s = json_pack("{s:i, s:i, s:i}", "image", (int)p->image, "slot", (int)p->slot, "size",
                              (int)p->size);

        if (p->upload_id != UINT32_MAX)
            json_object_set_new(s, "upload_image_id", json_integer(p->upload_id));
        json_array_append_new(slots, s);
    }
    o = json_pack("{s:s, s:i, s:i, s:s, s:i, s:b, s:o}", "os", i->os, "buf_size", (int)i->buf_size,
                  "buf_count", (int)i->buf_count, "bootloader", i->boot.bootloader, "mode", (int)i->boot.mode,
                  "no_downgrade", (int)i->boot.no_downgrade, "slots", slots);
    json_dumpf(o, stdout, JSON_COMPACT);
    putchar('\n');
    json_decref(o);
}

static void print_text(const struct info *i)
{
    if (i->os[0] != '\0')
        printf("system      %s\n", i->os);
    if (i->buf_size != 0)
        printf("buffers     %u of %u bytes\n", (unsigned)i->buf_count, (unsigned)i->buf_size);
    if (i->boot.bootloader[0] != '\0')
        printf("bootloader  %s, %s%s\n", i->boot.bootloader, alk_boot_mode_words(i->boot.mode),
               i->boot.no_downgrade ? ", no way back to older versions" : "");
    for (size_t k = 0; k < i->places; k++) {
        const struct alk_slot_place *p = &i->place[k];

        printf("image %u     slot %u of %u bytes", (unsigned)p->image, (unsigned)p->slot, (unsigned)p->size);
        if (p->upload_id != UINT32_MAX)
            printf(", upload with --image %u", (unsigned)p->upload_id);
        putchar('\n');
    }
}

static int run(struct cli *c)
{
    struct info i = {.boot.mode = -1};
    struct alk_smp_reply r = {0};
    struct cli_link l;
    int status = cli_link_open(&l, c);

    if (status != CLI_YES)
        return status;
    if (gather(&i, l.client, &r) != ALK_OK)
        status = cli_link_refused(&l, &r);
    else if (cli_json(c))
        print_json(&i);
    else
        print_text(&i);
    cli_link_close(&l);
    return status;
}

const struct cli_cmd cli_cmd_info = {
    .name = "info",
    .operands = "",
    .summary = "Show what a device tells about its system, buffers, bootloader and slots",
    .examples = "airlock info --serial /dev/ttyACM0\nairlock info --udp 192.168.1.20 --json",
    .shared = cli_link_options,
    .run = run,
};
