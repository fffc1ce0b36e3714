/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_image.c - the slots of a device: list, test, confirm, erase. */
#include "host/cli/link.h"

#include "host/cli/commands.h"

#include <stdio.h>
#include <string.h>

/* One command on an open link.  return: ALK_OK or as in r */
typedef int (*action)(struct alk_slot_list *list, struct cli_link *l, struct alk_smp_reply *r);

static int with_link(const struct cli *c, action act)
{
    struct alk_slot_list list = {.count = 0};
    struct alk_smp_reply r = {0};
    struct cli_link l;
    int status = cli_link_open(&l, c);

    if (status != CLI_YES)
        return status;
    if (act(&list, &l, &r) != ALK_OK)
        status = r.result == ALK_E_USAGE ? CLI_USAGE : cli_link_refused(&l, &r);
    else
        cli_print_images(c, &list);
    cli_link_close(&l);
    return status;
}

static int nibble(char ch)
{
    const char *digits = "0123456789abcdef0123456789ABCDEF";
    const char *at = ch == '\0' ? NULL : strchr(digits, ch);

    return at == NULL ? -1 : (int)(at - digits) % 16;
}

/* return: number of bytes, 0 for what is no hexadecimal text */
static size_t parse_hash(uint8_t out[ALK_DEVICE_HASH_MAX], const char *text)
{
    size_t n = strlen(text) / 2;

    if (n == 0 || n > ALK_DEVICE_HASH_MAX || strlen(text) % 2 != 0)
        return 0;
    for (size_t i = 0; i < n; i++) {
        int high = nibble(text[2 * i]), low = nibble(text[2 * i + 1]);

        if (high < 0 || low < 0)
            return 0;
        out[i] = (uint8_t)(high << 4 | low);
    }
    return n;
}

/* The one listed image whose hash begins with these bytes. */
static const struct alk_slot_state *find_prefix(const struct alk_slot_list *list, const uint8_t *hash,
                                                size_t n)
{
    const struct alk_slot_state *found = NULL;

    for (size_t i = 0; i < list->count; i++) {
        if (list->slot[i].hash_len < n || memcmp(list->slot[i].hash, hash, n) != 0)
            continue;
        if (found != NULL && memcmp(found->hash, list->slot[i].hash, found->hash_len) != 0)
            return NULL;
        found = &list->slot[i];
    }
    return found;
}

/* The only image that neither runs nor is empty. */
static const struct alk_slot_state *find_other(const struct alk_slot_list *list)
{
    const struct alk_slot_state *found = NULL;

    for (size_t i = 0; i < list->count; i++) {
        if ((list->slot[i].flags & ALK_SLOT_ACTIVE) != 0 || list->slot[i].hash_len == 0)
            continue;
        if (found != NULL)
            return NULL;
        found = &list->slot[i];
    }
    return found;
}

static int usage(struct alk_smp_reply *r, const struct cli *c, const char *what, const char *why)
{
    cli_fail(c, CLI_USAGE, what, "see `airlock image list`", "%s", why);
    return r->result = ALK_E_USAGE;
}

static int choose(struct alk_slot_state *s, struct cli_link *l, struct alk_smp_reply *r)
{
    struct alk_slot_list list;
    const struct alk_slot_state *found;
    uint8_t hash[ALK_DEVICE_HASH_MAX];
    const char *text = cli_operand(l->c, 0);
    size_t n = text == NULL ? 0 : parse_hash(hash, text);

    if (text != NULL && n == 0)
        return usage(r, l->c, text, "a hash is an even number of hexadecimal digits");
    if (alk_device_images(&list, l->client, r) != ALK_OK)
        return r->result;
    found = text == NULL ? find_other(&list) : find_prefix(&list, hash, n);
    if (found == NULL)
        return usage(r, l->c, text,
                     text == NULL ? "which image? none or several wait"
                                  : "no image, or several, with that hash");
    *s = *found;
    return ALK_OK;
}

static int list_images(struct alk_slot_list *list, struct cli_link *l, struct alk_smp_reply *r)
{
    return alk_device_images(list, l->client, r);
}

static int test_image(struct alk_slot_list *list, struct cli_link *l, struct alk_smp_reply *r)
{
    struct alk_slot_state s;
    int rc = choose(&s, l, r);

    return rc != ALK_OK ? rc : alk_device_set_state(list, l->client, s.hash, s.hash_len, false, r);
}

static int confirm_image(struct alk_slot_list *list, struct cli_link *l, struct alk_smp_reply *r)
{
    struct alk_slot_state s;
    int rc;

    if (cli_operands(l->c) == 0)
        return alk_device_set_state(list, l->client, NULL, 0, true, r);
    rc = choose(&s, l, r);
    return rc != ALK_OK ? rc : alk_device_set_state(list, l->client, s.hash, s.hash_len, true, r);
}

static int erase_image(struct alk_slot_list *list, struct cli_link *l, struct alk_smp_reply *r)
{
    unsigned long slot = 0;
    bool given = cli_has(l->c, "slot");
    int rc;

    if (!cli_number(l->c, "slot", &slot))
        return r->result = ALK_E_USAGE;
    cli_say(l->c, "erasing; a large slot takes its time");
    rc = alk_device_erase(l->client, given ? (int)slot : -1, r);
    return rc != ALK_OK ? rc : alk_device_images(list, l->client, r);
}

static int run_list(struct cli *c)
{
    return with_link(c, list_images);
}

static int run_test(struct cli *c)
{
    return with_link(c, test_image);
}

static int run_confirm(struct cli *c)
{
    return with_link(c, confirm_image);
}

static int run_erase(struct cli *c)
{
    return with_link(c, erase_image);
}

const struct cli_cmd cli_cmd_image_list = {
    .name = "image list",
    .operands = "",
    .summary = "Show which images a device holds and what becomes of them",
    .detail =
        "active: it runs.  confirmed: it stays.  pending: it is tried at the next reset; with permanent: it\n"
        "stays then.  The hash is what the image says of itself.",
    .examples = "airlock image list --serial /dev/ttyACM0",
    .shared = cli_link_options,
    .run = run_list,
};

const struct cli_cmd cli_cmd_image_test = {
    .name = "image test",
    .operands = "[HASH]",
    .summary = "Ask for an image to be tried at the next reset",
    .detail = "HASH may be its first digits; without it the one image that does not run is meant.",
    .examples = "airlock image test 3fa9 --udp 192.168.1.20",
    .shared = cli_link_options,
    .max_operands = 1,
    .run = run_test,
};

const struct cli_cmd cli_cmd_image_confirm = {
    .name = "image confirm",
    .operands = "[HASH]",
    .summary = "Keep the running image, or ask for another one for good",
    .detail = "Without HASH the running image is confirmed.  With the hash of an image that does not run yet "
              "there\n"
              "will be no way back from it: `airlock image test` is the careful way.",
    .examples = "airlock image confirm --serial /dev/ttyACM0",
    .shared = cli_link_options,
    .max_operands = 1,
    .run = run_confirm,
};

static const struct cli_opt erase_options[] = {
    {"slot", 0, "N", "The slot; if not given, the one that does not run.", false, false},
    {NULL, 0, NULL, NULL, false, false},
};

const struct cli_cmd cli_cmd_image_erase = {
    .name = "image erase",
    .operands = "",
    .summary = "Erase the slot that does not run",
    .examples = "airlock image erase --serial /dev/ttyACM0",
    .options = erase_options,
    .shared = cli_link_options,
    .run = run_erase,
};
