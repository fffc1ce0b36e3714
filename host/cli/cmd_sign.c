/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "airlock/text.h"
#include "host/cli/commands.h"
#include "host/cli/sign.h"

static const struct cli_opt options[] = {
    {"key", 'k', "PEM", "Private key to sign with; several make several signatures.", true, false},
    {"encrypt-to", 'E', "PEM", "Encrypt to this public key, whose private half is in the devices.", true,
     false},
    {"version", 'v', "X.Y.Z+B", "Version of the image; what is left out is 0.", false, true},
    {"output", 'o', "FILE", "The image: .hex for Intel HEX, else binary.", false, false},

    {"board", 0, "NAME", "Take header and slot size from the table of boards: microbit, nrf52840dk.", false,
     false},
    {"bootloader", 0, "FILE", "Take header and slot size out of this bootloader (.hex, .bin, .elf).", false,
     false},
    {"header-size", 'H', "N", "Bytes of header room, at least 32.", false, false},
    {"pad-header", 0, NULL, "Put the header in front of the payload, which has no room for it.", false,
     false},
    {"slot-size", 'S', "N", "Size of the slot (of the smaller one): must the image fit, as MCUboot counts?",
     false, false},
    {"layout", 0, "move|offset|scratch|overwrite|slide",
     "How the bootloader installs: the size check becomes exact (unless given: as imgtool counts).", false,
     false},
    {"sector-size", 0, "N", "Erase size for --layout; 4096 unless given.", false, false},
    {"align", 0, "1|2|4|8|16|32", "Write unit of the flash; 1 unless given.", false, false},
    {"max-align", 0, "8|16|32", "Largest write unit of both slots, if over 8.", false, false},
    {"max-sectors", 'M', "N", "Sectors MCUboot keeps a status of; 128 unless given.", false, false},
    {"overwrite-only", 0, NULL, "MCUboot overwrites and never swaps: the trailer is small.", false, false},
    {"save-enctlv", 0, NULL, "MCUboot saves wrapped keys in the trailer, not plain ones.", false, false},
    {"pad", 0, NULL, "Pad to the slot size, with the mailbox's magic at the end.", false, false},
    {"test", 0, NULL, "As --pad: asks for a test boot.", false, false},
    {"confirm", 0, NULL, "As --pad, and confirmed: the factory image.", false, false},
    {"erased-val", 'R', "0|0xff", "What erased flash reads as; 0xff unless given.", false, false},
    {"hex-addr", 'x', "ADDR", "Address of the image in a .hex output.", false, false},
    {"load-addr", 'L', "ADDR", "RAM address the bootloader copies the image to.", false, false},
    {"rom-fixed", 'F', "ADDR", "Flash address the image must run from.", false, false},
    {"endian", 'e', "little|big", "Byte order of the header; little unless given.", false, false},
    {"compression", 0, "disabled|lzma2|lzma2armthumb",
     "Compress the payload, for a bootloader that decompresses; not if it gets no smaller.", false, false},
    {"non-bootable", 0, NULL, "Mark the image as not to be started.", false, false},

    {"security-counter", 's', "N", "Anti-rollback counter; \"auto\": from the version.", false, false},
    {"dependencies", 'd', "LIST", "Versions other images must have: \"(1, 1.2.3)(2, 4.5)\".", false, false},
    {"vid", 0, "NAME", "Vendor: a UUID, or a domain name to make one of.", false, false},
    {"cid", 0, "NAME", "Product class: a UUID, or a name to make one of (with --vid).", false, false},
    {"custom-tlv", 0, "TAG VALUE",
     "Own TLV in the signed area, tag 0xa0 and up; VALUE is text, or hex "
     "behind 0x.",
     true, false},
    {"custom-tlv-file", 0, "TAG FILE", "The same with a file's content.", true, false},
    {"boot-record", 0, "TYPE", "Boot record for attestation, of at most 12 letters.", false, false},

    {"public-key-format", 0, "hash|full", "Name the key by its hash (unless given) or carry it.", false,
     false},
    {"sha", 0, "auto|256|384|512", "Hash of the image; auto: the key's own.", false, false},
    {"pure", 0, NULL, "Ed25519 over the whole image, not over its hash.", false, false},
    {"pad-sig", 0, NULL, "Pad ECDSA signatures to one length (MCUboot before 1.5).", false, false},
    {"sig-out", 0, "FILE", "Write the signature too, as base64.", false, false},
    {"vector-to-sign", 0, "payload|digest", "Write what is to be signed instead, to sign it elsewhere.",
     false, false},
    {"fix-sig", 0, "FILE", "Take this signature, made elsewhere: base64 or binary, ECDSA as DER or r and s.",
     false, false},
    {"fix-sig-pubkey", 0, "PEM", "The public key of --fix-sig.", false, false},
    {"encrypt", 0, "PEM", "As --encrypt-to.", false, false},
    {"encrypt-keylen", 0, "128|256", "Bits of the AES key; 128 unless given.", false, false},
    {"hmac-sha", 0, "auto|256|512", "Hash of X25519 key wrapping.", false, false},
    {"clear", 'c', NULL, "Add the wrapped key but leave the payload plain: for the factory.", false, false},
    {"reproducible", 0, NULL, "ECDSA after RFC 6979: the same input gives the same signature.", false, false},
    {"seed", 0, "TEXT", "For tests only: content and ephemeral keys from this text, no secret at all.", false,
     false},
    {"allow-sample-key", 0, NULL, "Use a key whose private half is on the web.", false, false},
    {NULL, 0, NULL, NULL, false, false},
};

static int report(const struct sign *s, const struct alk_built *built)
{
    char version[ALK_VERSION_TEXT], print[CLI_FINGERPRINT];

    alk_version_text(version, &s->b.version);
    if (cli_json(s->c)) {
        return cli_print_json(json_pack("{s:s, s:s, s:i, s:i, s:o, s:b}", "file", s->out, "version", version,
                                        "header_size", (int)s->b.hdr_size, "size", (int)built->image.len,
                                        "digest", cli_json_hex(built->digest, built->digest_len), "encrypted",
                                        s->b.n_recipients > 0 && !s->b.clear));
    }
    cli_say(s->c, "%s: version %s, header %u, %zu bytes in all%s", s->out, version, s->b.hdr_size,
            built->image.len, s->b.n_signers == 0 ? ", NOT signed" : "");
    for (size_t i = 0; i < s->signers.n && !s->b.only_hashed; i++) {
        cli_fingerprint(print, &s->signers.key[i]);
        cli_say(s->c, "  signed by     %s  %s", print, s->signers.key[i].kind->says);
    }
    for (size_t i = 0; i < s->recipients.n; i++) {
        cli_fingerprint(print, &s->recipients.key[i]);
        cli_say(s->c, "  %s  %s  %s", s->b.clear ? "key wrapped to" : "encrypted to", print,
                s->recipients.key[i].kind->says);
    }
    return CLI_YES;
}

static int build(struct sign *s)
{
    struct alk_built built;
    struct alk_why why;
    int e = alk_build(&built, &s->b, s->payload.data, s->payload.len, &why), status;

    if (e != ALK_OK) {
        return cli_refuse(s->c, e, s->in, &why);
    }
    status = sign_write(s, &built);
    if (status == CLI_YES) {
        status = report(s, &built);
    }
    alk_built_free(&built);
    return status;
}

static int run(struct cli *c)
{
    struct sign s = {.c = c, .in = cli_operand(c, 0), .out = cli_output(c, 1)};
    int status;

    if (s.out == NULL) {
        return cli_fail(c, CLI_USAGE, NULL, "-o app.signed.bin", "which file is the image to go to?");
    }
    status = sign_read_options(&s);
    if (status == CLI_YES) {
        status = sign_read_keys(&s);
    }
    if (status == CLI_YES) {
        status = sign_read_input(&s);
    }
    if (status == CLI_YES) {
        status = sign_compress(&s);
    }
    if (status == CLI_YES) {
        status = build(&s);
    }
    sign_free(&s);
    return status;
}

const struct cli_cmd cli_cmd_sign = {
    .name = "sign",
    .operands = "IN [OUT]",
    .summary = "Make an image of a program: header, hash, signature, and encrypt it.",
    .detail =
        "IN is a .bin, .hex or .elf file. Every option of imgtool's sign is there with its meaning.\n\n"
        "Header and slot size come from --board, from --bootloader, or from -H and -S. With none of them "
        "the header room is found by the zeros in front of a .bin file, and no slot is checked.\n\n"
        "The image's header lies in front of the program. Either the program file begins with empty room "
        "for it, as Zephyr makes it, or --pad-header puts it there. A file whose first bytes are data is "
        "refused without that option.\n\n"
        "A key in hardware is named by its PKCS#11 URI: -k 'pkcs11:token=release;object=sign'; the PIN is "
        "asked "
        "for, or comes from --passphrase-env or --passphrase-file. Or write what is to be signed with "
        "--vector-to-sign, sign it anywhere, and attach the signature with --fix-sig.",
    .examples =
        "airlock sign app.bin --board microbit -k sign.pem -E enc.pub.pem -v 2.0.0 -o app.signed.bin\n"
        "airlock sign app.hex --bootloader factory.hex -k sign.pem -v 1.0.0 --confirm -o factory-app.hex\n"
        "airlock sign -k sign.pem -v 1.2.3 -H 0x200 -S 0x76000 --align 4 zephyr.bin zephyr.signed.bin",
    CLI_OPTIONS_AND_PASS(options),
    .min_operands = 1,
    .max_operands = 2,
    .run = run,
};
