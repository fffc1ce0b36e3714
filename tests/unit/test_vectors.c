/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every image of tests/vectors through the core: what an independent reader
 * found in it (expected.json), and what MCUboot does with it
 * (mcuboot_verdicts.txt).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <jansson.h>

#include "airlock/mailbox.h"
#include "airlock/memory.h"
#include "airlock/verify.h"
#include "keyring.h"

/* Where we and MCUboot part, and why. */
static const struct {
    const char *name;
    bool in_primary;
    const char *why;
} differences[] = {
    {"enc_ecdsa-p256__ecdsa-p256_aes256", false, "that MCUboot was built for AES-128 only"},
    {"pad_enc_aes256", false, "that MCUboot was built for AES-128 only"},
    {"header_not16_0x2c_enc", false, "MCUboot loses the key stream when the header is no multiple of 16"},
};

struct vector {
    const char *name;
    json_t *want;
    uint8_t *bytes;
    size_t len;
    struct alk_flash area;
};

static json_t *expected;

static const char *text(const struct vector *v, const char *key)
{
    return json_string_value(json_object_get(v->want, key));
}

static long number(const struct vector *v, const char *key)
{
    return (long)json_integer_value(json_object_get(v->want, key));
}

static void hex(char *out, const uint8_t *p, size_t len)
{
    out[0] = 0;
    for (size_t i = 0; i < len; i++)
        sprintf(out + 2 * i, "%02x", p[i]);
}

static void digest_hex(char out[65], const uint8_t *p, size_t len)
{
    struct alk_sha256 c;
    uint8_t digest[32];

    alk_sha256_init(&c);
    alk_sha256_update(&c, p, len);
    alk_sha256_final(digest, &c);
    hex(out, digest, 32);
}

/* Not an image of ours: a raw vector to sign, or one in the other byte order. */
static bool foreign(const struct vector *v)
{
    return text(v, "note") != NULL || text(v, "endian") != NULL;
}

static void each(void (*check)(const struct vector *))
{
    const char *name;
    json_t *want;
    unsigned n = 0;

    json_object_foreach(expected, name, want)
    {
        struct vector v = {.name = name, .want = want};

        v.bytes = vector_load(&v.len, text(&v, "file"));
        alk_flash_memory(&v.area, v.bytes, v.len);
        print_message("vector %s\n", name);
        check(&v);
        free(v.bytes);
        n++;
    }
    assert_true(n >= 56);
}

static void check_header(const struct vector *v)
{
    struct alk_image img;
    char version[32], digest[65];
    int err = alk_image_open(&img, &v->area, 0, (uint32_t)v->len);

    digest_hex(digest, v->bytes, v->len);
    assert_string_equal(digest, text(v, "sha256_of_file"));
    if (foreign(v)) {
        assert_true(err == ALK_E_FORMAT || err == ALK_E_SIZE);
        return;
    }
    assert_int_equal(err, ALK_OK);
    assert_int_equal(img.hdr_size, number(v, "hdr_size"));
    assert_int_equal(img.prot_size, number(v, "protect_tlv_size"));
    assert_int_equal(img.img_size, number(v, "img_size"));
    assert_int_equal(img.load_addr, number(v, "load_addr"));
    assert_int_equal(img.end, number(v, "tlv_end"));
    assert_int_equal(img.flags, strtoul(text(v, "flags"), NULL, 16));
    snprintf(version, sizeof version, "%u.%u.%u+%u", img.version.major, img.version.minor,
             img.version.revision, (unsigned)img.version.build);
    assert_true(strncmp(version, text(v, "version"), strlen(text(v, "version"))) == 0);
}

static void check_tlvs(const struct vector *v)
{
    static uint8_t value[0x10000];
    static char found[2 * sizeof value + 1];
    struct alk_tlv t = {0};
    struct alk_image img;
    json_t *want;
    size_t i;

    if (foreign(v))
        return;
    assert_int_equal(alk_image_open(&img, &v->area, 0, (uint32_t)v->len), ALK_OK);
    json_array_foreach(json_object_get(v->want, "tlvs"), i, want)
    {
        assert_int_equal(alk_tlv_next(&t, &img), 1);
        assert_int_equal(t.type, strtoul(json_string_value(json_object_get(want, "type")), NULL, 16));
        assert_int_equal(t.len, json_integer_value(json_object_get(want, "len")));
        assert_int_equal(t.prot, json_is_true(json_object_get(want, "protected")));
        assert_int_equal(alk_tlv_read(value, &img, &t, t.len), ALK_OK);
        hex(found, value, t.len);
        assert_string_equal(found, json_string_value(json_object_get(want, "value")));
    }
    assert_int_equal(alk_tlv_next(&t, &img), 0);
}

static uint8_t field_of(long byte)
{
    if (byte == 0xff)
        return ALK_UNSET;
    return byte == 1 ? ALK_SET : ALK_BAD;
}

static void check_mailbox(const struct vector *v)
{
    struct alk_flash area = v->area;
    struct alk_mailbox m;

    if (text(v, "trailer_magic") == NULL)
        return;
    area.unit = (uint16_t)number(v, "max_align");
    assert_int_equal(alk_mailbox_read(&m, &area), ALK_OK);
    assert_int_equal(m.magic, ALK_SET);
    assert_int_equal(m.image_ok, field_of(number(v, "image_ok")));
    assert_int_equal(m.copy_done, field_of(number(v, "copy_done")));
    assert_int_equal(m.swap_info, number(v, "swap_info"));
}

/* What this build must say of the image in the secondary, from what the independent reader found. */
static int right_answer(const struct vector *v)
{
    unsigned long flags = strtoul(text(v, "flags"), NULL, 16);

    if ((flags & ALK_IMAGE_ENCRYPTED) != 0 && text(v, "enc_tlv") == NULL)
        return ALK_E_KEY;
    if (text(v, "enc_tlv") != NULL && strcmp(text(v, "enc_tlv"), "0x32") != 0)
        return ALK_E_SUPPORT;
    if ((flags & ALK_IMAGE_COMPRESSED) != 0 || strcmp(text(v, "hash_alg"), "sha256") != 0)
        return ALK_E_SUPPORT;
    if (strncmp(v->name, "clear_", 6) == 0)
        return ALK_E_AUTH;
    if (text(v, "sig_type") == NULL)
        return ALK_E_KEY;
    if (strcmp(text(v, "sig_type"), "0x22") != 0)
        return ALK_E_SUPPORT;
    assert_string_equal(text(v, "sig_by"), "sign-ecdsa-p256");
    return ALK_OK;
}

static int verdict(const struct vector *v, const struct keyring *r, bool in_primary,
                   struct alk_content_key *key)
{
    static const struct alk_demand demand = {.max_size = 0x8000};
    uint8_t buf[256];
    struct alk_check c = {.keys = &r->keys, .buf = buf, .buf_len = sizeof buf};
    struct alk_verdict made;
    struct alk_image img;
    int err = alk_image_open(&img, &v->area, 0, (uint32_t)v->len);

    if (err != ALK_OK)
        return err;
    err = in_primary ? alk_verify(&made, &img, &c) : alk_verify_secondary(&made, &img, &c);
    assert_true((made.word == ALK_VERDICT_GOOD) == (err == ALK_OK));
    *key = c.key;
    return err != ALK_OK ? err : alk_admit(&img, &demand, &r->keys);
}

/*
 * REQUIRE_ENCRYPTION leaves a plain image one reading, as an outgoing one,
 * under a key made of its SHA-256: it fails, or there is none.
 */
static int under_policy(const struct vector *v, int err)
{
    if (foreign(v) || (strtoul(text(v, "flags"), NULL, 16) & ALK_IMAGE_ENCRYPTED) != 0)
        return err;
    if (strcmp(text(v, "hash_alg"), "sha256") != 0)
        return ALK_E_POLICY;
    return err == ALK_E_SUPPORT && json_object_get(v->want, "decompressed_size") != NULL ? err : ALK_E_AUTH;
}

static void check_verdict(const struct vector *v)
{
    struct alk_content_key key;
    struct keyring r;
    int err;

    keyring_usual(&r, 0);
    err = verdict(v, &r, false, &key);
    if (foreign(v))
        assert_true(err == ALK_E_FORMAT || err == ALK_E_SIZE);
    else
        assert_int_equal(err, right_answer(v));
    keyring_usual(&r, ALK_POLICY_REQUIRE_ENCRYPTION);
    assert_int_equal(verdict(v, &r, false, &key), under_policy(v, err));
}

static void check_strangers(const struct vector *v)
{
    static const struct {
        const char *verify, *decrypt;
    } rings[] = {{"sign2-ecdsa-p256", "enc-ecdsa-p256"}, {"sign2-ecdsa-p256", "sign2-ecdsa-p256"}};

    for (unsigned i = 0; i < 2; i++) {
        struct alk_content_key key;
        struct keyring r;

        keyring_begin(&r, 0);
        keyring_add_pem(&r, ALK_USE_VERIFY, rings[i].verify);
        keyring_add_pem(&r, ALK_USE_DECRYPT, rings[i].decrypt);
        assert_int_equal(keyring_finish(&r), ALK_OK);
        assert_int_not_equal(verdict(v, &r, false, &key), ALK_OK);
        assert_int_not_equal(verdict(v, &r, true, &key), ALK_OK);
    }
}

static void check_plaintext(const struct vector *v)
{
    struct alk_content_key key = {.len = 0};
    struct alk_image img;
    struct keyring r;
    uint8_t buf[ALK_WRAP_MAX];
    char found[65];
    int err;

    if (foreign(v))
        return;
    keyring_usual(&r, 0);
    assert_int_equal(alk_image_open(&img, &v->area, 0, (uint32_t)v->len), ALK_OK);
    if (text(v, "enc_tlv") != NULL) {
        err = alk_content_open(&key, buf, &img, &r.keys);
        if (err == ALK_E_SUPPORT)
            return;
        assert_int_equal(err, ALK_OK);
        hex(found, key.key, key.len);
        assert_string_equal(found, text(v, "aes_key"));
    }
    if (strncmp(v->name, "clear_", 6) == 0)
        key.len = 0;
    alk_image_crypt(v->bytes, v->len, &img, 0, &key);
    digest_hex(found, v->bytes + img.hdr_size, img.img_size);
    assert_string_equal(found, text(v, "plaintext_sha256"));
}

static bool differs_for_a_reason(const char *name, bool in_primary)
{
    for (unsigned i = 0; i < sizeof differences / sizeof *differences; i++)
        if (strcmp(differences[i].name, name) == 0 && differences[i].in_primary == in_primary)
            return true;
    return false;
}

static void compare_with_mcuboot(const char *file, bool boots, bool installs)
{
    struct vector v = {.name = file};
    struct alk_content_key key;
    char path[128], name[128];
    struct keyring r;

    keyring_usual(&r, 0);
    snprintf(path, sizeof path, "img/%s", file);
    snprintf(name, sizeof name, "%.*s", (int)(strlen(file) - 4), file);
    v.bytes = vector_load(&v.len, path);
    alk_flash_memory(&v.area, v.bytes, v.len);
    print_message("vector %s\n", name);
    assert_true(((verdict(&v, &r, true, &key) == ALK_OK) == boots) != differs_for_a_reason(name, true));
    assert_true(((verdict(&v, &r, false, &key) == ALK_OK) == installs) != differs_for_a_reason(name, false));
    free(v.bytes);
}

static void core_agrees_with_mcuboot_but_for_the_listed(void **unused)
{
    size_t len;
    uint8_t *all = vector_load(&len, "mcuboot_verdicts.txt");
    char *rest = (char *)all;
    unsigned n = 0;

    (void)unused;
    all[len] = 0;
    for (char *line; (line = strsep(&rest, "\n")) != NULL && line[0] != 0; n++) {
        char file[100], primary[40], secondary[40];

        assert_int_equal(sscanf(line, "%99s primary:%39s secondary-upgrade:%39s", file, primary, secondary),
                         3);
        compare_with_mcuboot(file, strcmp(primary, "boots") == 0, strcmp(secondary, "installed") == 0);
    }
    assert_true(n >= 56);
    free(all);
}

static void core_reads_every_header(void **unused)
{
    (void)unused;
    each(check_header);
}

static void core_reads_every_tlv(void **unused)
{
    (void)unused;
    each(check_tlvs);
}

static void core_reads_every_mailbox(void **unused)
{
    (void)unused;
    each(check_mailbox);
}

static void core_verifies_what_it_supports_and_refuses_the_rest(void **unused)
{
    (void)unused;
    each(check_verdict);
}

static void core_refuses_every_vector_for_a_stranger(void **unused)
{
    (void)unused;
    each(check_strangers);
}

static void core_decrypts_to_the_expected_plaintext(void **unused)
{
    (void)unused;
    each(check_plaintext);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(core_reads_every_header),
        cmocka_unit_test(core_reads_every_tlv),
        cmocka_unit_test(core_reads_every_mailbox),
        cmocka_unit_test(core_verifies_what_it_supports_and_refuses_the_rest),
        cmocka_unit_test(core_refuses_every_vector_for_a_stranger),
        cmocka_unit_test(core_decrypts_to_the_expected_plaintext),
        cmocka_unit_test(core_agrees_with_mcuboot_but_for_the_listed),
    };
    json_error_t error;
    int failed;

    expected = json_load_file(ALK_VECTORS "/expected.json", 0, &error);
    if (expected == NULL) {
        fprintf(stderr, "expected.json:%d: %s\n", error.line, error.text);
        return 1;
    }
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    json_decref(expected);
    return failed;
}
