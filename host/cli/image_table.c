/* SPDX-License-Identifier: Apache-2.0 */
/* image_table.c - what a device lists, for people and for scripts. */
#include "host/cli/link.h"

#include <stdio.h>
#include <string.h>

#include <jansson.h>

static const struct {
    uint8_t flag;
    const char *name;
} flags[] = {
    {ALK_SLOT_ACTIVE, "active"},       {ALK_SLOT_CONFIRMED, "confirmed"}, {ALK_SLOT_PENDING, "pending"},
    {ALK_SLOT_PERMANENT, "permanent"}, {ALK_SLOT_BOOTABLE, "bootable"},
};

#define FLAGS (sizeof flags / sizeof flags[0])

static void hex(char *out, const uint8_t *p, size_t len)
{
    for (size_t i = 0; i < len; i++)
        sprintf(out + 2 * i, "%02x", p[i]);
    out[2 * len] = '\0';
}

static json_t *json_of(const struct alk_slot_state *s)
{
    char text[2 * ALK_DEVICE_HASH_MAX + 1];
    json_t *o = json_object();

    hex(text, s->hash, s->hash_len);
    json_object_set_new(o, "image", json_integer(s->image));
    json_object_set_new(o, "slot", json_integer(s->slot));
    json_object_set_new(o, "version", json_string(s->version));
    json_object_set_new(o, "hash", json_string(text));
    for (size_t i = 0; i < FLAGS; i++)
        json_object_set_new(o, flags[i].name, json_boolean((s->flags & flags[i].flag) != 0));
    return o;
}

static void print_json(const struct alk_slot_list *l)
{
    json_t *a = json_array(), *o;

    for (size_t i = 0; i < l->count; i++)
        json_array_append_new(a, json_of(&l->slot[i]));
    o = json_pack("{s:o}", "images", a);
    json_dumpf(o, stdout, JSON_COMPACT);
    putchar('\n');
    json_decref(o);
}

static void print_line(const struct alk_slot_state *s)
{
    char text[2 * ALK_DEVICE_HASH_MAX + 1];

    hex(text, s->hash, s->hash_len);
    printf("image %u  slot %u  %-16s  %s ", (unsigned)s->image, (unsigned)s->slot, s->version,
           s->hash_len == 0 ? "(no hash told)" : text);
    for (size_t i = 0; i < FLAGS; i++)
        if ((s->flags & flags[i].flag) != 0)
            printf(" %s", flags[i].name);
    putchar('\n');
}

void cli_print_images(const struct cli *c, const struct alk_slot_list *l)
{
    if (cli_json(c)) {
        print_json(l);
        return;
    }
    for (size_t i = 0; i < l->count; i++)
        print_line(&l->slot[i]);
    if (l->count == 0)
        puts("no image");
}
