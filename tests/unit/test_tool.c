/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The image and key verbs from outside: exit status, message, and files.  A
 * refused call leaves no output behind and touches none that was there.
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

#include "airlock/bootinfo.h"
#include "airlock/build.h"
#include "airlock/file.h"
#include "airlock/hexfile.h"
#include "host/cli/cli.h"

static char said[4096];

/* Run a line ("airlock" left out); what it says on stderr goes to `said`. */
static int call(const char *line)
{
    char text[1024], *argv[48] = {(char *)"airlock"}, *end;
    FILE *err = stderr, *out = stdout;
    int argc = 1, status;

    snprintf(text, sizeof text, "%s", line);
    for (char *p = strtok_r(text, " ", &end); p != NULL; p = strtok_r(NULL, " ", &end)) {
        argv[argc++] = p;
    }
    memset(said, 0, sizeof said);
    stderr = fmemopen(said, sizeof said - 1, "w");
    stdout = fopen("/dev/null", "w");
    status = cli_main(cli_cmds, argc, argv);
    fclose(stderr);
    fclose(stdout);
    stderr = err;
    stdout = out;
    return status;
}

static void expect(const char *line, int status, const char *words)
{
    int got = call(line);

    if (got != status || (words != NULL && strstr(said, words) == NULL)) {
        fail_msg("airlock %s: status %d, want %d; said: %s", line, got, status, said);
    }
}

static void put_file(const char *name, const void *data, size_t len)
{
    FILE *f = fopen(name, "wb");

    assert_non_null(f);
    assert_int_equal(fwrite(data, 1, len, f), len);
    fclose(f);
}

/* 1 KiB of code with boot info in it, for a part with 1 KiB pages. */
static void make_bootloader(const char *name)
{
    static uint8_t code[1024];
    struct alk_bootinfo info = {
        .magic = ALK_BOOTINFO_MAGIC,
        .version = ALK_BOOTINFO_VERSION,
        .size = ALK_BOOTINFO_SIZE,
        .board = "test",
        .code_end = sizeof code,
        .keys_addr = 0x6000,
        .keys_size = 0x400,
        .primary_addr = 0x8000,
        .primary_size = 0x4000,
        .secondary_addr = 0xc000,
        .secondary_size = 0x4000,
        .journal_addr = 0x7000,
        .journal_size = 0x1000,
        .sector_size = 0x400,
        .unit = 4,
        .hdr_size = 0x200,
        .features = ALK_FEATURE_P256 | ALK_FEATURE_EC256 | ALK_FEATURE_AES128,
    };

    memcpy(code + 192, &info, sizeof info);
    put_file(name, code, sizeof code);
}

static int setup(void **unused)
{
    static char dir[] = "/tmp/airlock-tool.XXXXXX";
    static uint8_t program[3000];

    (void)unused;
    assert_non_null(mkdtemp(dir));
    assert_int_equal(chdir(dir), 0);
    make_bootloader("boot.bin");
    put_file("room.bin", program, sizeof program);
    memset(program, 0x55, sizeof program);
    put_file("data.bin", program, sizeof program);
    memset(program, 0, 0x200);
    put_file("app.bin", program, sizeof program);
    expect("keygen sign.pem", CLI_YES, "fingerprint");
    expect("keygen other.pem", CLI_YES, NULL);
    expect("keygen --encryption enc.pem", CLI_YES, NULL);
    return 0;
}

static int teardown(void **unused)
{
    char dir[128], line[160];

    (void)unused;
    assert_non_null(getcwd(dir, sizeof dir));
    snprintf(line, sizeof line, "rm -rf %s", dir);
    return system(line);
}

static void tool_keeps_private_keys_private(void **unused)
{
    struct stat st;

    (void)unused;
    assert_int_equal(stat("sign.pem", &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    expect("keygen sign.pem", CLI_NO, "exists already");
    expect("keygen --encryption -t ed25519 x.pem", CLI_USAGE, "no bootloader opens");
    assert_false(alk_file_exists("x.pem"));
    expect("provision boot.bin -k sign.pub.pem -d enc.pem -o factory.hex", CLI_YES, NULL);
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
        expect(cases[i].line, CLI_NO, cases[i].words);
        assert_false(alk_file_exists("bad.hex"));
    }
    expect("provision factory.hex -k other.pub.pem --replace -o again.hex", CLI_YES, NULL);
    expect("provision boot.bin -k sign.pub.pem --class widget -o bad.hex", CLI_USAGE, "--vendor");
}

static void factory_hex_carries_an_empty_journal(void **unused)
{
    struct alk_hex h = {0};
    struct alk_why why;
    uint8_t journal[0x1000], blank[0x1000];

    (void)unused;
    expect("provision boot.bin -k sign.pub.pem -d enc.pem -o factory.hex", CLI_YES, NULL);
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
        expect(cases[i].line, cases[i].status, cases[i].words);
        assert_false(alk_file_exists("bad.bin") || alk_file_exists("bad.hex"));
    }
}

static void image_goes_all_the_way(void **unused)
{
    (void)unused;
    expect("sign app.bin --bootloader boot.bin -k sign.pem -E enc.pub.pem -v 2.0.0 -o app.enc", CLI_YES,
           "encrypted");
    expect("verify app.enc -k sign.pub.pem --decrypt-key enc.pem", CLI_YES, NULL);
    expect("verify app.enc -k other.pub.pem --decrypt-key enc.pem", CLI_NO, "another key");
    expect("verify app.enc -k sign.pub.pem", CLI_NO, "--decrypt-key");
    expect("verify app.enc -k sign.pub.pem --decrypt-key other.pem", CLI_NO, "does not open it");
    expect("verify app.enc", CLI_USAGE, "whose signature");
    expect("decrypt app.enc -k enc.pem --payload -o plain.bin", CLI_YES, NULL);
    assert_int_equal(system("tail -c +513 app.bin | head -c 2488 > a; head -c 2488 plain.bin | cmp - a"), 0);
    expect("decrypt app.enc -k other.pem -o nothing.bin", CLI_NO, "does not open it");
    assert_false(alk_file_exists("nothing.bin"));
    expect("sign app.enc -k sign.pem -v 3 -H 0x200 -o twice.bin", CLI_NO, "an image already");
    expect("inspect app.enc", CLI_YES, NULL);
    expect("inspect boot.bin --json", CLI_YES, NULL);
    expect("inspect sign.pem", CLI_YES, NULL);
    expect("inspect data.bin", CLI_NO, "no image");
    expect("sign app.bin -k sign.pem -v 1 -o guessed.bin", CLI_YES, "512 empty bytes");
}

static void check_says_what_the_bootloader_would(void **unused)
{
    (void)unused;
    expect("provision boot.bin -k sign.pub.pem -d enc.pem --no-downgrade -o factory.hex", CLI_YES, NULL);
    expect("sign app.bin --bootloader boot.bin -k sign.pem -E enc.pub.pem -v 2.0.0 -o good.bin", CLI_YES,
           NULL);
    expect("sign app.bin --bootloader boot.bin -k other.pem -E enc.pub.pem -v 2.0.0 -o stranger.bin", CLI_YES,
           NULL);
    expect("sign app.bin --bootloader boot.bin -k sign.pem -E other.pub.pem -v 2.0.0 -o closed.bin", CLI_YES,
           NULL);
    expect("sign app.bin --bootloader boot.bin -k sign.pem -v 2.0.0 -o plain.bin", CLI_YES, NULL);
    expect("sign app.bin -H 0x20 -k sign.pem -E enc.pub.pem -v 2.0.0 -o header.bin", CLI_YES, NULL);
    expect("sign app.bin --bootloader boot.bin -F 0x9000 -k sign.pem -E enc.pub.pem -v 2 -o fixed.bin",
           CLI_YES, NULL);
    expect("check good.bin --bootloader factory.hex", CLI_YES, NULL);
    expect("check good.bin --bootloader factory.hex --installed 2.0.0", CLI_YES, NULL);
    expect("check good.bin --bootloader factory.hex --installed 2.0.1", CLI_NO, NULL);
    expect("check good.bin --bootloader boot.bin", CLI_NO, NULL); /* not provisioned */
    expect("check stranger.bin --bootloader factory.hex", CLI_NO, NULL);
    expect("check closed.bin --bootloader factory.hex", CLI_NO, NULL);
    expect("check plain.bin --bootloader factory.hex", CLI_NO, NULL);
    expect("check header.bin --bootloader factory.hex", CLI_NO, NULL);
    expect("check fixed.bin --bootloader factory.hex", CLI_NO, NULL);
    expect("check good.bin --bootloader app.bin", CLI_NO, "no MCUboot with keys");
}

/* Random bytes with keys between them, as a compiler leaves them. */
static void check_finds_the_keys_in_an_mcuboot(void **unused)
{
    (void)unused;
    expect("pubkey sign.pem -e der -o sign.der", CLI_YES, NULL);
    expect("privkey enc.pem -e der --minimal -o enc.der", CLI_YES, NULL);
    assert_int_equal(system("(head -c 777 app.bin; cat sign.der; echo 0000; cat enc.der; "
                            "echo 'Booting MCUboot v2.1.0-rc1 now'; head -c 99 data.bin) >mcuboot.bin"),
                     0);
    expect("check good.bin --bootloader mcuboot.bin -S 0x4000", CLI_YES, NULL);
    expect("check plain.bin --bootloader mcuboot.bin", CLI_YES, NULL);
    expect("check good.bin --bootloader mcuboot.bin -S 0x400", CLI_NO, NULL);
    expect("check stranger.bin --bootloader mcuboot.bin", CLI_NO, NULL);
    expect("check closed.bin --bootloader mcuboot.bin", CLI_NO, NULL);
}

static void hex_merges_and_splits(void **unused)
{
    (void)unused;
    expect("provision boot.bin -k sign.pub.pem -d enc.pem -o factory.hex", CLI_YES, NULL);
    expect("sign app.bin --bootloader boot.bin -k sign.pem -v 1 --confirm -o app.hex", CLI_YES, NULL);
    expect("hex merge factory.hex app.hex -o product.hex", CLI_YES, NULL);
    expect("hex show product.hex", CLI_YES, NULL);
    expect("inspect product.hex", CLI_YES, NULL);
    expect("hex split product.hex --range 0x8000 0xc000 -o slot.bin", CLI_YES, NULL);
    expect("verify slot.bin -k sign.pub.pem", CLI_YES, NULL);
    expect("hex split product.hex --range 0 0x8000 -o boot-again.hex", CLI_YES, NULL);
    assert_int_equal(system("cmp boot-again.hex factory.hex"), 0);
    expect("hex merge factory.hex app.bin@0x7ff0 -o bad.hex", CLI_NO, "factory.hex both have data at 0x7ff0");
    expect("hex merge factory.hex app.bin@0x7ff0 --overlap first -o first.hex", CLI_YES, NULL);
    expect("hex merge app.bin@0x7ff0 factory.hex --overlap last -o last.hex", CLI_YES, NULL);
    assert_int_equal(system("cmp first.hex last.hex"), 0);
    expect("hex merge app.bin -o bad.hex", CLI_USAGE, "names no address");
    expect("hex split product.hex --range 0x90000 0x90010 -o bad.hex", CLI_NO, "no data");
    assert_false(alk_file_exists("bad.hex"));
}

static void dfu_packs_checks_and_unpacks(void **unused)
{
    (void)unused;
    setenv("SOURCE_DATE_EPOCH", "1700000000", 1);
    expect("sign app.bin -H 0x200 -k sign.pem -v 1.2.3+4 -o net.bin", CLI_YES, NULL);
    expect("dfu make good.bin net.bin=1 --board b --soc s -o dfu.zip", CLI_YES, NULL);
    expect("dfu make good.bin net.bin=1 --board b --soc s -o dfu2.zip", CLI_YES, NULL);
    assert_int_equal(system("cmp dfu.zip dfu2.zip"), 0);
    expect("dfu show dfu.zip", CLI_YES, NULL);
    expect("dfu check dfu.zip -k sign.pub.pem --decrypt-key enc.pem", CLI_YES, "net.bin: good, image 1");
    expect("dfu check dfu.zip -k other.pub.pem --decrypt-key enc.pem", CLI_NO, "another key");
    assert_int_equal(system("mkdir -p out && python3 -m zipfile -t dfu.zip >/dev/null"), 0);
    expect("dfu extract dfu.zip -o out", CLI_YES, NULL);
    assert_int_equal(system("cmp out/good.bin good.bin && cmp out/net.bin net.bin"), 0);
    assert_int_equal(system("head -c 700 dfu.zip >cut.zip"), 0);
    expect("dfu show cut.zip", CLI_NO, "no zip file");
    expect("dfu show missing.zip", CLI_IO, "cannot be opened");
    expect("dfu make data.bin -o bad.zip", CLI_NO, "no image");
    assert_false(alk_file_exists("bad.zip"));
    assert_int_equal(
        system("python3 -c \"import zipfile, json; z = zipfile.ZipFile('evil.zip', 'w'); "
               "z.writestr('manifest.json', json.dumps({'files': [{'file': '../x', 'size': 1}]})); "
               "z.writestr('../x', 'x')\""),
        0);
    expect("dfu extract evil.zip -o out", CLI_NO, "elsewhere");
    unsetenv("SOURCE_DATE_EPOCH");
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
        expect(lines[i], CLI_YES, NULL);
    }
    expect("resign one.bin -k other.pem -o bad.bin", CLI_NO, "--decrypt-key");
    expect("resign one.bin --key other.pub.pem --decrypt-key enc.pem -k other.pem -o bad.bin", CLI_NO,
           "another key");
    expect("verify five.bin --key sign.pub.pem", CLI_NO, "no signature");
    expect("diff one.bin three.bin", CLI_NO, NULL);
    assert_int_equal(system("cmp one.out three.out && cmp one.out four.out && cmp small.out app.bin"), 0);
    assert_int_equal(system("tail -c +513 app.bin | cmp - one.out -n 2488"), 0);
}

static void outputs_survive_a_refusal(void **unused)
{
    struct alk_buf b = {0};
    struct alk_why why;

    (void)unused;
    put_file("kept.bin", "precious", 8);
    expect("sign data.bin -k sign.pem -v 1 -H 0x200 -o kept.bin", CLI_USAGE, NULL);
    expect("decrypt data.bin -k enc.pem -o kept.bin", CLI_NO, NULL);
    expect("provision app.bin -k sign.pub.pem -o kept.bin", CLI_NO, NULL);
    assert_int_equal(alk_file_read(&b, "kept.bin", &why), ALK_OK);
    assert_int_equal(b.len, 8);
    assert_memory_equal(b.data, "precious", 8);
    alk_buf_free(&b);
    expect("sign app.bin -k sign.pem -v 1 -H 0x200 -o no/such/place.bin", CLI_IO, "cannot be made");
}

/* The examples of MCUboot's own documentation: 128 sectors, unit 4 or 8, AES-128. */
static void layout_counts_as_the_bootloader_does(void **unused)
{
    static const struct {
        enum alk_layout layout;
        uint32_t align, key, trailer; /* rounded up to sectors where the mode does */
    } cases[] = {
        {ALK_LAYOUT_SCRATCH, 4, 0, 1584},        {ALK_LAYOUT_SCRATCH, 4, 16, 1616},
        {ALK_LAYOUT_SCRATCH, 8, 0, 3120},        {ALK_LAYOUT_MOVE, 4, 0, 4096 + 4096},
        {ALK_LAYOUT_OFFSET, 4, 16, 4096 + 4096}, {ALK_LAYOUT_SLIDE, 4, 16, 4096},
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
    expect("sign app.bin -k sign.pem -v 1 -H 0x200 -S 0x2000 --layout slide --sector-size 0x400 -o fits.bin",
           CLI_YES, NULL);
    expect("sign app.bin -k sign.pem -v 1 -H 0x200 -S 0x2000 --layout move --sector-size 0x1000 -o bad.bin",
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
    expect("sign app.bin -H 0x200 -v 5 --vector-to-sign digest -o digest", CLI_YES, NULL);
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        assert_int_equal(system(ways[i]), 0);
        expect("sign app.bin -H 0x200 -v 5 --fix-sig sig --fix-sig-pubkey sign.pub.pem -o att.bin", CLI_YES,
               NULL);
        expect("verify att.bin -k sign.pub.pem", CLI_YES, NULL);
    }
    expect("sign app.bin -H 0x200 -v 6 --fix-sig sig --fix-sig-pubkey sign.pub.pem -o bad.bin", CLI_NO,
           "signature of this");
    expect("sign app.bin -H 0x200 -v 5 --fix-sig sig --fix-sig-pubkey other.pub.pem -o bad.bin", CLI_NO,
           "signature of this");
    expect("sign app.bin -H 0x200 -v 5 --fix-sig app.bin --fix-sig-pubkey sign.pub.pem -o bad.bin", CLI_NO,
           NULL);
    assert_false(alk_file_exists("bad.bin"));
}

static void same_seed_same_image(void **unused)
{
    (void)unused;
    expect("sign app.bin -k sign.pem -E enc.pub.pem -v 1 -H 0x200 --seed x -o s1.bin", CLI_YES, "tests only");
    expect("sign app.bin -k sign.pem -E enc.pub.pem -v 1 -H 0x200 --seed x -o s2.bin", CLI_YES, NULL);
    expect("sign app.bin -k sign.pem -E enc.pub.pem -v 1 -H 0x200 --seed y -o s3.bin", CLI_YES, NULL);
    assert_int_equal(system("cmp -s s1.bin s2.bin"), 0);
    assert_int_not_equal(system("cmp -s s1.bin s3.bin"), 0);
    expect("verify s1.bin -k sign.pub.pem --decrypt-key enc.pem", CLI_YES, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tool_keeps_private_keys_private),
        cmocka_unit_test(provision_refuses_what_would_not_be_safe),
        cmocka_unit_test(factory_hex_carries_an_empty_journal),
        cmocka_unit_test(sign_refuses_with_a_reason_and_no_output),
        cmocka_unit_test(image_goes_all_the_way),
        cmocka_unit_test(check_says_what_the_bootloader_would),
        cmocka_unit_test(check_finds_the_keys_in_an_mcuboot),
        cmocka_unit_test(hex_merges_and_splits),
        cmocka_unit_test(dfu_packs_checks_and_unpacks),
        cmocka_unit_test(rework_keeps_the_program),
        cmocka_unit_test(outputs_survive_a_refusal),
        cmocka_unit_test(layout_counts_as_the_bootloader_does),
        cmocka_unit_test(sign_attaches_what_was_signed_elsewhere),
        cmocka_unit_test(same_seed_same_image),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
