/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "airlock/keys.h"
#include "airlock/memory.h"
#include "airlock/text.h"
#include "host/cli/provision.h"

static const char *const uses[] = {"?", "verify", "decrypt", "vendor", "class"};

/* Read the key area out of the program; bytes must be freed. */
static int open_area(struct alk_keys *keys, struct alk_flash *flash, struct alk_buf *bytes,
                     const struct alk_hex *h, const struct alk_board *b)
{
    if (alk_buf_fill(bytes, 0xff, b->keys_size) == NULL) {
        return ALK_E_MEMORY;
    }
    alk_hex_read(bytes->data, h, b->keys_addr, b->keys_size);
    alk_flash_memory(flash, bytes->data, bytes->len);
    flash->unit = b->unit;
    return alk_keys_open(keys, flash);
}

static const char *state_word(int e)
{
    return e == ALK_OK ? "provisioned" : e == ALK_E_KEY ? "empty: nothing boots" : "damaged: nothing boots";
}

static void show_entry(const struct alk_keys *keys, const struct alk_key *k)
{
    uint8_t uuid[16];
    char text[65];

    if (k->use == ALK_USE_VERIFY || k->use == ALK_USE_DECRYPT) {
        alk_hex_text(text, k->id, 32);
        printf("    %-8s %.8s %.8s %.8s %.8s...  %s%s\n", uses[k->use], text, text + 8, text + 16, text + 24,
               k->alg == ALK_ALG_P256 ? "ECDSA P-256" : "?", k->revoked ? "  REVOKED" : "");
        return;
    }
    if (k->use <= ALK_USE_CLASS && alk_keys_read(uuid, keys, k, 16) == ALK_OK) {
        alk_uuid_text(text, uuid);
        printf("    %-8s %s%s\n", uses[k->use], text, k->revoked ? "  REVOKED" : "");
    }
}

int cli_show_keys(const struct alk_hex *h, const struct alk_board *b)
{
    struct alk_buf bytes = {0};
    struct alk_flash flash;
    struct alk_keys keys;
    struct alk_key k = {0};
    int e = open_area(&keys, &flash, &bytes, h, b);

    printf("  keys       0x%06x  %s\n", b->keys_addr, state_word(e));
    while (e == ALK_OK && alk_keys_next(&k, &keys) > 0) {
        show_entry(&keys, &k);
    }
    if (e == ALK_OK) {
        printf("    policy   %s%s%s\n",
               keys.policy & ALK_POLICY_REQUIRE_ENCRYPTION ? "require-encryption " : "",
               keys.policy & ALK_POLICY_NO_DOWNGRADE ? "no-downgrade " : "", keys.policy == 0 ? "none" : "");
    }
    alk_buf_free(&bytes);
    return e;
}

json_t *cli_json_keys(const struct alk_hex *h, const struct alk_board *b)
{
    struct alk_buf bytes = {0};
    struct alk_flash flash;
    struct alk_keys keys;
    struct alk_key k = {0};
    json_t *list = json_array();
    int e = open_area(&keys, &flash, &bytes, h, b);
    uint32_t policy = e == ALK_OK ? keys.policy : 0;

    while (e == ALK_OK && alk_keys_next(&k, &keys) > 0) {
        json_array_append_new(list, json_pack("{s:s, s:o, s:b}", "use", uses[k.use <= 4 ? k.use : 0], "id",
                                              cli_json_hex(k.id, 32), "revoked", k.revoked));
    }
    alk_buf_free(&bytes);
    return json_pack("{s:s, s:b, s:b, s:o}", "state",
                     e == ALK_OK      ? "provisioned"
                     : e == ALK_E_KEY ? "empty"
                                      : "damaged",
                     "require_encryption", (policy & ALK_POLICY_REQUIRE_ENCRYPTION) != 0, "no_downgrade",
                     (policy & ALK_POLICY_NO_DOWNGRADE) != 0, "entries", list);
}
