/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Making keys, key areas and images, from outside: exit status, message, and
 * files.  A refused call leaves no output behind and touches none that was there.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "airlock/build.h"
#include "airlock/file.h"
#include "airlock/hexfile.h"
#include "host/cli/cli.h"
#include "tool.h"

static void tool_keeps_private_keys_private(void **unused)
{
    struct stat st;

    (void)unused;
    assert_int_equal(stat("sign.pem", &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    tool_expect("keygen sign.pem", CLI_NO, "exists already");
    tool_expect("keygen --encryption -t ed25519 x.pem", CLI_USAGE, "no bootloader opens");
    assert_false(alk_file_exists("x.pem"));
    tool_expect("provision boot.bin -k sign.pub.pem -d enc.pem -o factory.hex", CLI_YES, NULL);
    assert_int_equal(stat("factory.hex", &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
}

static void provision_refuses_what_would_not_be_safe(void **unused)
{
    static const struct {
        const char *line, *words;
    } cases[] = {
        {"provision boot.bin -k sign.pem -o bad.hex", "is a private key"},
        {"provision boot.bin -k sign.pub.pem -d enc.pub.pem -o bad.hex", "is a public key"},
        {"provision boot.bin -k sign.pub.pem -d sign.pem -o bad.hex", "is the key that signs"},
        {"provision app.bin -k sign.pub.pem -o bad.hex", "no airlock bootloader"},
        {"provision factory.hex -k other.pub.pem -o bad.hex", "holds keys already"},
        {"provision sign.pub.pem -k sign.pub.pem -o bad.hex", "no airlock bootloader"},
        {"provision boot.bin -k app.bin -o bad.hex", "holds no key"},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        tool_expect(cases[i].line, CLI_NO, cases[i].words);
        assert_false(alk_file_exists("bad.hex"));
    }
    tool_expect("provision factory.hex -k other.pub.pem --replace -o again.hex", CLI_YES, NULL);
    tool_expect("provision boot.bin -k sign.pub.pem --class widget -o bad.hex", CLI_USAGE, "--vendor");
}

static void factory_hex_carries_an_empty_journal(void **unused)
{
    struct alk_hex h = {0};
    struct alk_why why;
    uint8_t journal[0x1000], blank[0x1000];

    (void)unused;
    tool_expect("provision boot.bin -k sign.pub.pem -d enc.pem -o factory.hex", CLI_YES, NULL);
    assert_int_equal(alk_hex_load(&h, NULL, "factory.hex", 0, &why), ALK_OK);
    memset(blank, 0xff, sizeof blank);
    assert_int_equal(alk_hex_read(journal, &h, 0x7000, sizeof journal), sizeof journal);
    assert_memory_equal(journal, blank, sizeof blank);
    assert_int_equal(alk_hex_read(journal, &h, 0, 1024), 1024);
    alk_hex_free(&h);
}

static void sign_refuses_with_a_reason_and_no_output(void **unused)
{
    static const struct {
        const char *line;
        int status;
        const char *words;
    } cases[] = {
        {"sign app.bin -k sign.pem -v 1 -H 0x200 -S 0x800 -o bad.bin", CLI_NO, "does not fit"},
        {"sign data.bin -k sign.pem -v 1 -H 0x200 -o bad.bin", CLI_USAGE, "where does the header go"},
        {"sign data.bin -k sign.pem -v 1 -o bad.bin", CLI_USAGE, "--board"},
        {"sign app.bin -k sign.pem -v 1.2.3.4 -H 0x200 -o bad.bin", CLI_USAGE, "not a version"},
        {"sign app.bin -k sign.pem -v 256 -H 0x200 -o bad.bin", CLI_USAGE, "not a version"},
        {"sign app.bin -k sign.pub.pem -v 1 -H 0x200 -o bad.bin", CLI_NO, "is a public key"},
        {"sign app.bin -k enc.pem -E enc.pub.pem -v 1 -H 0x200 -o bad.bin", CLI_NO,
         "same key signs and encrypts"},
        {"sign app.bin -k app.bin -v 1 -H 0x200 -o bad.bin", CLI_NO, "holds no key"},
        {"sign missing.bin -k sign.pem -v 1 -H 0x200 -o bad.bin", CLI_IO, "cannot be opened"},
        {"sign app.bin -k sign.pem -v 1 -H 16 -o bad.bin", CLI_USAGE, "between 32"},
        {"sign app.bin -k sign.pem -v 1 --board toaster -o bad.bin", CLI_USAGE, "no such board"},
        {"sign app.bin -k sign.pem -v 1 --bootloader boot.bin -H 0x20 -o bad.bin", CLI_USAGE,
         "header of 512"},
        {"sign app.bin -k sign.pem -v 1 -H 0x200 -o bad.hex", CLI_USAGE, "address of the image"},
        {"sign app.bin -k sign.pem -v 1 -H 0x200 --pad -o bad.bin", CLI_USAGE, "what size"},
        {"sign app.bin -v 1 -H 0x200 --clear -o bad.bin", CLI_USAGE, "no key to wrap"},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        tool_expect(cases[i].line, cases[i].status, cases[i].words);
        assert_false(alk_file_exists("bad.bin") || alk_file_exists("bad.hex"));
    }
}

static void image_goes_all_the_way(void **unused)
{
    (void)unused;
    tool_expect("sign app.bin --bootloader boot.bin -k sign.pem -E enc.pub.pem -v 2.0.0 -o app.enc", CLI_YES,
                "encrypted");
    tool_expect("verify app.enc -k sign.pub.pem --decrypt-key enc.pem", CLI_YES, NULL);
    tool_expect("verify app.enc -k other.pub.pem --decrypt-key enc.pem", CLI_NO, "another key");
    tool_expect("verify app.enc -k sign.pub.pem", CLI_NO, "--decrypt-key");
    tool_expect("verify app.enc -k sign.pub.pem --decrypt-key other.pem", CLI_NO, "does not open it");
    tool_expect("verify app.enc", CLI_USAGE, "whose signature");
    tool_expect("decrypt app.enc -k enc.pem --payload -o plain.bin", CLI_YES, NULL);
    assert_int_equal(system("tail -c +513 app.bin | head -c 2488 > a; head -c 2488 plain.bin | cmp - a"), 0);
    tool_expect("decrypt app.enc -k other.pem -o nothing.bin", CLI_NO, "does not open it");
    assert_false(alk_file_exists("nothing.bin"));
    tool_expect("sign app.enc -k sign.pem -v 3 -H 0x200 -o twice.bin", CLI_NO, "an image already");
    tool_expect("inspect app.enc", CLI_YES, NULL);
    tool_expect("inspect boot.bin --json", CLI_YES, NULL);
    tool_expect("inspect sign.pem", CLI_YES, NULL);
    tool_expect("inspect data.bin", CLI_NO, "no image");
    tool_expect("sign app.bin -k sign.pem -v 1 -o guessed.bin", CLI_YES, "512 empty bytes");
}

static void outputs_survive_a_refusal(void **unused)
{
    struct alk_buf b = {0};
    struct alk_why why;

    (void)unused;
    tool_put_file("kept.bin", "precious", 8);
    tool_expect("sign data.bin -k sign.pem -v 1 -H 0x200 -o kept.bin", CLI_USAGE, NULL);
    tool_expect("decrypt data.bin -k enc.pem -o kept.bin", CLI_NO, NULL);
    tool_expect("provision app.bin -k sign.pub.pem -o kept.bin", CLI_NO, NULL);
    assert_int_equal(alk_file_read(&b, "kept.bin", &why), ALK_OK);
    assert_int_equal(b.len, 8);
    assert_memory_equal(b.data, "precious", 8);
    alk_buf_free(&b);
    tool_expect("sign app.bin -k sign.pem -v 1 -H 0x200 -o no/such/place.bin", CLI_IO, "cannot be made");
}

static void layout_counts_as_the_bootloader_does(void **unused)
{
    static const struct {
        enum alk_layout layout;
        uint32_t align, key, trailer; /* rounded up to sectors where the mode does */
    } cases[] = {
        {ALK_LAYOUT_SCRATCH, 4, 0, 1584},        {ALK_LAYOUT_SCRATCH, 4, 16, 1616},
        {ALK_LAYOUT_SCRATCH, 8, 0, 3120},        {ALK_LAYOUT_MOVE, 4, 0, 4096 + 4096},
        {ALK_LAYOUT_OFFSET, 4, 16, 4096 + 4096}, {ALK_LAYOUT_SLIDE, 4, 16, 4096 + 40},
        {ALK_LAYOUT_OVERWRITE, 4, 16, 40},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct alk_trailer t = {.slot_size = 0x76000,
                                .align = cases[i].align,
                                .max_align = 8,
                                .max_sectors = 128,
                                .saved_key = cases[i].key};

        assert_int_equal(alk_layout_limit(cases[i].layout, &t, 4096), 0x76000 - cases[i].trailer);
    }
    tool_expect(
        "sign app.bin -k sign.pem -v 1 -H 0x200 -S 0x2000 --layout slide --sector-size 0x400 -o fits.bin",
        CLI_YES, NULL);
    tool_expect(
        "sign app.bin -k sign.pem -v 1 -H 0x200 -S 0x2000 --layout move --sector-size 0x1000 -o bad.bin",
        CLI_NO, "largest payload would be 0 bytes");
}

static void sign_attaches_what_was_signed_elsewhere(void **unused)
{
    static const char *const ways[] = {
        "openssl pkeyutl -sign -inkey sign.pem -in digest | base64 >sig",
        "openssl pkeyutl -sign -inkey sign.pem -in digest >sig",
        "openssl pkeyutl -sign -inkey sign.pem -in digest | python3 -c 'import sys; d = "
        "sys.stdin.buffer.read(); "
        "n = d[3]; r = d[4:4 + n]; s = d[6 + n:]; z = bytes(32); sys.stdout.buffer.write((z + r)[-32:] + (z "
        "+ s)[-32:])' "
        ">sig",
    };

    (void)unused;
    tool_expect("sign app.bin -H 0x200 -v 5 --vector-to-sign digest -o digest", CLI_YES, NULL);
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        assert_int_equal(system(ways[i]), 0);
        tool_expect("sign app.bin -H 0x200 -v 5 --fix-sig sig --fix-sig-pubkey sign.pub.pem -o att.bin",
                    CLI_YES, NULL);
        tool_expect("verify att.bin -k sign.pub.pem", CLI_YES, NULL);
    }
    tool_expect("sign app.bin -H 0x200 -v 6 --fix-sig sig --fix-sig-pubkey sign.pub.pem -o bad.bin", CLI_NO,
                "signature of this");
    tool_expect("sign app.bin -H 0x200 -v 5 --fix-sig sig --fix-sig-pubkey other.pub.pem -o bad.bin", CLI_NO,
                "signature of this");
    tool_expect("sign app.bin -H 0x200 -v 5 --fix-sig app.bin --fix-sig-pubkey sign.pub.pem -o bad.bin",
                CLI_NO, NULL);
    assert_false(alk_file_exists("bad.bin"));
}

static void same_seed_same_image(void **unused)
{
    (void)unused;
    tool_expect("sign app.bin -k sign.pem -E enc.pub.pem -v 1 -H 0x200 --seed x -o s1.bin", CLI_YES,
                "tests only");
    tool_expect("sign app.bin -k sign.pem -E enc.pub.pem -v 1 -H 0x200 --seed x -o s2.bin", CLI_YES, NULL);
    tool_expect("sign app.bin -k sign.pem -E enc.pub.pem -v 1 -H 0x200 --seed y -o s3.bin", CLI_YES, NULL);
    assert_int_equal(system("cmp -s s1.bin s2.bin"), 0);
    assert_int_not_equal(system("cmp -s s1.bin s3.bin"), 0);
    tool_expect("verify s1.bin -k sign.pub.pem --decrypt-key enc.pem", CLI_YES, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tool_keeps_private_keys_private),
        cmocka_unit_test(provision_refuses_what_would_not_be_safe),
        cmocka_unit_test(factory_hex_carries_an_empty_journal),
        cmocka_unit_test(sign_refuses_with_a_reason_and_no_output),
        cmocka_unit_test(image_goes_all_the_way),
        cmocka_unit_test(outputs_survive_a_refusal),
        cmocka_unit_test(layout_counts_as_the_bootloader_does),
        cmocka_unit_test(sign_attaches_what_was_signed_elsewhere),
        cmocka_unit_test(same_seed_same_image),
    };

    return cmocka_run_group_tests(tests, tool_setup, tool_teardown);
}
