/* SPDX-License-Identifier: Apache-2.0 */
/* Looking at images and changing them, from outside: check, hex, dfu, resign and their kin. */
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

#include "airlock/file.h"
#include "host/cli/cli.h"
#include "tool.h"

static void check_says_what_the_bootloader_would(void **unused)
{
    (void)unused;
    tool_expect("provision boot.bin -k sign.pub.pem -d enc.pem --no-downgrade -o factory.hex", CLI_YES, NULL);
    tool_expect("sign app.bin --bootloader boot.bin -k sign.pem -E enc.pub.pem -v 2.0.0 -o good.bin", CLI_YES,
                NULL);
    tool_expect("sign app.bin --bootloader boot.bin -k other.pem -E enc.pub.pem -v 2.0.0 -o stranger.bin",
                CLI_YES, NULL);
    tool_expect("sign app.bin --bootloader boot.bin -k sign.pem -E other.pub.pem -v 2.0.0 -o closed.bin",
                CLI_YES, NULL);
    tool_expect("sign app.bin --bootloader boot.bin -k sign.pem -v 2.0.0 -o plain.bin", CLI_YES, NULL);
    tool_expect("sign app.bin -H 0x20 -k sign.pem -E enc.pub.pem -v 2.0.0 -o header.bin", CLI_YES, NULL);
    tool_expect("sign app.bin --bootloader boot.bin -F 0x9000 -k sign.pem -E enc.pub.pem -v 2 -o fixed.bin",
                CLI_YES, NULL);
    tool_expect("check good.bin --bootloader factory.hex", CLI_YES, NULL);
    tool_expect("check good.bin --bootloader factory.hex --installed 2.0.0", CLI_YES, NULL);
    tool_expect("check good.bin --bootloader factory.hex --installed 2.0.1", CLI_NO, NULL);
    tool_expect("check good.bin --bootloader boot.bin", CLI_NO, NULL); /* not provisioned */
    tool_expect("check stranger.bin --bootloader factory.hex", CLI_NO, NULL);
    tool_expect("check closed.bin --bootloader factory.hex", CLI_NO, NULL);
    tool_expect("check plain.bin --bootloader factory.hex", CLI_NO, NULL);
    tool_expect("check header.bin --bootloader factory.hex", CLI_NO, NULL);
    tool_expect("check fixed.bin --bootloader factory.hex", CLI_NO, NULL);
    tool_expect("check good.bin --bootloader app.bin", CLI_NO, "no MCUboot with keys");
}

static void check_finds_the_keys_in_an_mcuboot(void **unused)
{
    (void)unused;
    tool_expect("pubkey sign.pem -e der -o sign.der", CLI_YES, NULL);
    tool_expect("privkey enc.pem -e der --minimal -o enc.der", CLI_YES, NULL);
    assert_int_equal(system("(head -c 777 app.bin; cat sign.der; echo 0000; cat enc.der; "
                            "echo 'Booting MCUboot v2.1.0-rc1 now'; head -c 99 data.bin) >mcuboot.bin"),
                     0);
    tool_expect("check good.bin --bootloader mcuboot.bin -S 0x4000", CLI_YES, NULL);
    tool_expect("check plain.bin --bootloader mcuboot.bin", CLI_YES, NULL);
    tool_expect("check good.bin --bootloader mcuboot.bin -S 0x400", CLI_NO, NULL);
    tool_expect("check stranger.bin --bootloader mcuboot.bin", CLI_NO, NULL);
    tool_expect("check closed.bin --bootloader mcuboot.bin", CLI_NO, NULL);
}

static void hex_merges_and_splits(void **unused)
{
    (void)unused;
    tool_expect("provision boot.bin -k sign.pub.pem -d enc.pem -o factory.hex", CLI_YES, NULL);
    tool_expect("sign app.bin --bootloader boot.bin -k sign.pem -v 1 --confirm -o app.hex", CLI_YES, NULL);
    tool_expect("hex merge factory.hex app.hex -o product.hex", CLI_YES, NULL);
    tool_expect("hex show product.hex", CLI_YES, NULL);
    tool_expect("inspect product.hex", CLI_YES, NULL);
    tool_expect("hex split product.hex --range 0x8000 0xc000 -o slot.bin", CLI_YES, NULL);
    tool_expect("verify slot.bin -k sign.pub.pem", CLI_YES, NULL);
    tool_expect("hex split product.hex --range 0 0x8000 -o boot-again.hex", CLI_YES, NULL);
    assert_int_equal(system("cmp boot-again.hex factory.hex"), 0);
    tool_expect("hex merge factory.hex app.bin@0x7ff0 -o bad.hex", CLI_NO,
                "factory.hex both have data at 0x7ff0");
    tool_expect("hex merge factory.hex app.bin@0x7ff0 --overlap first -o first.hex", CLI_YES, NULL);
    tool_expect("hex merge app.bin@0x7ff0 factory.hex --overlap last -o last.hex", CLI_YES, NULL);
    assert_int_equal(system("cmp first.hex last.hex"), 0);
    tool_expect("hex merge app.bin -o bad.hex", CLI_USAGE, "names no address");
    tool_expect("hex split product.hex --range 0x90000 0x90010 -o bad.hex", CLI_NO, "no data");
    assert_false(alk_file_exists("bad.hex"));
}

static void dfu_packs_checks_and_unpacks(void **unused)
{
    (void)unused;
    setenv("SOURCE_DATE_EPOCH", "1700000000", 1);
    tool_expect("sign app.bin -H 0x200 -k sign.pem -v 1.2.3+4 -o net.bin", CLI_YES, NULL);
    tool_expect("dfu make good.bin net.bin=1 --board b --soc s -o dfu.zip", CLI_YES, NULL);
    tool_expect("dfu make good.bin net.bin=1 --board b --soc s -o dfu2.zip", CLI_YES, NULL);
    assert_int_equal(system("cmp dfu.zip dfu2.zip"), 0);
    tool_expect("dfu show dfu.zip", CLI_YES, NULL);
    tool_expect("dfu check dfu.zip -k sign.pub.pem --decrypt-key enc.pem", CLI_YES, "net.bin: good, image 1");
    tool_expect("dfu check dfu.zip -k other.pub.pem --decrypt-key enc.pem", CLI_NO, "another key");
    assert_int_equal(system("mkdir -p out && python3 -m zipfile -t dfu.zip >/dev/null"), 0);
    tool_expect("dfu extract dfu.zip -o out", CLI_YES, NULL);
    assert_int_equal(system("cmp out/good.bin good.bin && cmp out/net.bin net.bin"), 0);
    assert_int_equal(system("head -c 700 dfu.zip >cut.zip"), 0);
    tool_expect("dfu show cut.zip", CLI_NO, "no zip file");
    tool_expect("dfu show missing.zip", CLI_IO, "cannot be opened");
    tool_expect("dfu make data.bin -o bad.zip", CLI_NO, "no image");
    assert_false(alk_file_exists("bad.zip"));
    assert_int_equal(
        system("python3 -c \"import zipfile, json; z = zipfile.ZipFile('evil.zip', 'w'); "
               "z.writestr('manifest.json', json.dumps({'files': [{'file': '../x', 'size': 1}]})); "
               "z.writestr('../x', 'x')\""),
        0);
    tool_expect("dfu extract evil.zip -o out", CLI_NO, "elsewhere");
    unsetenv("SOURCE_DATE_EPOCH");
}

static void nrf5_packages_go_there_and_back(void **unused)
{
    (void)unused;
    tool_expect("nrf5 make app.bin -k sign.pem --hw-version 52 --fw-version 7 --sd-req 0x100 -t bootloader "
                "-o old.zip",
                CLI_YES, NULL);
    tool_expect("nrf5 show old.zip -k sign.pub.pem -o back.bin", CLI_YES, NULL);
    assert_int_equal(system("cmp back.bin app.bin"), 0);
    tool_expect("nrf5 show old.zip -k other.pub.pem", CLI_NO, "not signed by");
    tool_expect("dfu show old.zip", CLI_NO, "nRF5 SDK");
    tool_expect("nrf5 show dfu.zip", CLI_NO, "no package of the nRF5 SDK");
    assert_int_equal(system("python3 -c \"import zipfile; a = zipfile.ZipFile('old.zip'); b = "
                            "zipfile.ZipFile('bent.zip', 'w'); "
                            "[b.writestr(n, a.read(n) if n[-3:] != 'bin' else b'x' + a.read(n)[1:]) for n in "
                            "a.namelist()]\""),
                     0);
    tool_expect("nrf5 show bent.zip", CLI_NO, "for another firmware");
}

static void rework_keeps_the_program(void **unused)
{
    static const char *const lines[] = {
        "sign app.bin -H 0x200 -k sign.pem -E enc.pub.pem -v 1.2.3 -s 7 --custom-tlv 0xa0 hello -o one.bin",
        "resign one.bin --key sign.pub.pem --decrypt-key enc.pem -k other.pem -o two.bin",
        "verify two.bin --key other.pub.pem --decrypt-key enc.pem",
        "resign two.bin --decrypt-key enc.pem -k sign.pem -E other.pub.pem --encrypt-keylen 256 -o three.bin",
        "verify three.bin --key sign.pub.pem --decrypt-key other.pem",
        "resign three.bin --decrypt-key other.pem -k sign.pem --plain -o four.bin",
        "verify four.bin --key sign.pub.pem",
        "extract one.bin -k enc.pem -o one.out",
        "extract three.bin -k other.pem -o three.out",
        "extract four.bin -o four.out",
        "diff one.bin one.bin",
        "strip four.bin --signatures -o five.bin",
        "verify five.bin --hash-only",
        "sign app.bin -H 0x200 -S 0x4000 --confirm -k sign.pem -v 1 -o padded.bin",
        "strip padded.bin -o stripped.bin",
        "verify stripped.bin --key sign.pub.pem",
        "sign app.bin -H 0x200 -k sign.pem -E enc.pub.pem --compression lzma2armthumb -v 1 -o small.bin",
        "extract small.bin --header -k enc.pem -o small.out",
    };

    (void)unused;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        tool_expect(lines[i], CLI_YES, NULL);
    }
    tool_expect("resign one.bin -k other.pem -o bad.bin", CLI_NO, "--decrypt-key");
    tool_expect("resign one.bin --key other.pub.pem --decrypt-key enc.pem -k other.pem -o bad.bin", CLI_NO,
                "another key");
    tool_expect("verify five.bin --key sign.pub.pem", CLI_NO, "no signature");
    tool_expect("diff one.bin three.bin", CLI_NO, NULL);
    assert_int_equal(system("cmp one.out three.out && cmp one.out four.out && cmp small.out app.bin"), 0);
    assert_int_equal(system("tail -c +513 app.bin | cmp - one.out -n 2488"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(check_says_what_the_bootloader_would),
        cmocka_unit_test(check_finds_the_keys_in_an_mcuboot),
        cmocka_unit_test(hex_merges_and_splits),
        cmocka_unit_test(dfu_packs_checks_and_unpacks),
        cmocka_unit_test(nrf5_packages_go_there_and_back),
        cmocka_unit_test(rework_keeps_the_program),
    };

    return cmocka_run_group_tests(tests, tool_setup, tool_teardown);
}
