#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What tools/kconfig says about fragments: each row is a file, and what the
message must name; an empty list means that it is taken.

usage: refusals.py AIRLOCK [ROW]
"""
import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tools", "lib"))
from kconf_load import Load  # noqa: E402

TOOL = os.path.abspath(sys.argv[1])
# The public half of MCUboot's root-ec-p256.pem: everybody has the private one.
SAMPLE = """-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEKstAPOj+7VukSZWhqR2u6Nu+GTfN
FPsvJFc35ZU5iNmUudZa69fN1TCK1v5IskpqgQ7l8H2LaDTMOmr8U476wQ==
-----END PUBLIC KEY-----
"""

SIGN = 'CONFIG_BOOT_SIGNATURE_KEY_FILE="%s"\n'
ENC = 'CONFIG_BOOT_ENCRYPTION_KEY_FILE="%s"\n'

# name: (fragment, words of the error in any order; [] = taken)
ROWS = {
    "nothing_is_taken": ("", []),
    "remarks_are_taken": ("# a remark\n\n", []),
    "default_said_again": ("CONFIG_MCUBOOT_SERIAL=y\nCONFIG_BOOT_VALIDATE_SLOT0=y\n", []),
    "not_set_lines_are_assignments": ("# CONFIG_MCUBOOT_SERIAL is not set\n", []),
    "not_set_line_that_cannot_be": ("# CONFIG_BOOT_VALIDATE_SLOT0 is not set\n", ["my.conf:1", "=n", "always y"]),
    "unknown_symbol": ("\nCONFIG_MCUBOOT_SERAIL=y\n", ["my.conf:2", "no such symbol", "CONFIG_MCUBOOT_SERIAL"]),
    "unknown_and_far": ("CONFIG_ZZZZZZ=y\n", ["my.conf:1", "no such symbol", "KCONFIG.md"]),
    "sysbuild_symbol": ('SB_CONFIG_BOOT_SIGNATURE_KEY_FILE="a.pem"\n',
                        ["my.conf:1", "sysbuild", "write CONFIG_BOOT_SIGNATURE_KEY_FILE"]),
    "application_symbol": ('CONFIG_MCUBOOT_SIGNATURE_KEY_FILE="a.pem"\n',
                           ["my.conf:1", "application's symbol", "CONFIG_BOOT_SIGNATURE_KEY_FILE"]),
    "prefix_forgotten": ("MCUBOOT_SERIAL=y\n", ["my.conf:1", "write CONFIG_MCUBOOT_SERIAL=y"]),
    "blanks_at_the_sign": ("CONFIG_MCUBOOT_SERIAL = y\n", ["my.conf:1", "without blanks"]),
    "remark_behind_value": ("CONFIG_MCUBOOT_SERIAL=y # yes\n", ["my.conf:1", "remark"]),
    "noise": ("hello\n", ["my.conf:1", "no assignment"]),
    "open_string": ('CONFIG_BOOT_SIGNATURE_KEY_FILE="a.pem\n', ["my.conf:1", "no end"]),
    "bool_is_not_yes": ("CONFIG_MCUBOOT_SERIAL=yes\n", ["my.conf:1", "=yes", "y or n"]),
    "bool_is_not_m": ("CONFIG_MCUBOOT_SERIAL=m\n", ["my.conf:1", "y or n"]),
    "bool_is_no_string": ('CONFIG_MCUBOOT_SERIAL="y"\n', ["my.conf:1", "y or n"]),
    "string_needs_quotes": ("CONFIG_BOOT_SIGNATURE_KEY_FILE=sign.pem\n", ["my.conf:1", "quotes"]),
    "int_is_no_word": ("CONFIG_ALK_UART_BAUD=fast\n", ["my.conf:1", "a number"]),
    "range": ("CONFIG_ALK_UART_PIN_TX=40\n", ["my.conf:1", "=40", "from 0 to 31"]),
    "rate": ("CONFIG_ALK_UART_BAUD=14400\n", ["my.conf:1", "14400", "no such rate", "115200"]),
    "rate_that_there_is": ("CONFIG_ALK_UART_BAUD=1000000\n", []),
    "unmet_dependency": ("CONFIG_MCUBOOT_SERIAL=n\nCONFIG_BOOT_MGMT_ECHO=y\n",
                         ["my.conf:2", "did not take effect, it is n", "needs CONFIG_MCUBOOT_SERIAL=y",
                          "which is n (my.conf:1)"]),
    "unmet_dependency_of_string": (ENC % "enc.pem", ["my.conf:1", 'it is ""', "it needs", "CONFIG_BOOT_SIGNATURE_KEY_FILE"]),
    "downgrade_without_key_area": ("CONFIG_MCUBOOT_DOWNGRADE_PREVENTION=y\n",
                                   ["my.conf:1", "it is n", 'a value for CONFIG_BOOT_SIGNATURE_KEY_FILE']),
    "hidden_symbol_follows": ("CONFIG_BOOT_ENCRYPT_IMAGE=n\nCONFIG_BOOT_ENCRYPT_EC256=y\n",
                              ["my.conf:2", "it is n", "follows from CONFIG_BOOT_ENCRYPT_IMAGE", "my.conf:1"]),
    "hidden_symbol_that_agrees": ("CONFIG_BOOT_ENCRYPT_EC256=y\n", []),
    "type_without_row": ("CONFIG_BOOT_SIGNATURE_TYPE_RSA=y\n", ["my.conf:1", "not to be had", "airlock keygen"]),
    "type_said_off": ("CONFIG_BOOT_SIGNATURE_TYPE_RSA=n\nCONFIG_BOOT_SIGNATURE_TYPE_ECDSA_P256=y\n", []),
    "no_signature": ("CONFIG_BOOT_SIGNATURE_TYPE_NONE=y\n", ["my.conf:1", "Nothing unsigned runs"]),
    "only_type_said_off": ("CONFIG_BOOT_SIGNATURE_TYPE_ECDSA_P256=n\n", ["my.conf:1", "did not take effect, it is y"]),
    "swap_modes_are_one_plan": ("CONFIG_BOOT_SWAP_USING_MOVE=y\n", []),
    "swap_modes_are_one_plan_offset": ("CONFIG_BOOT_SWAP_USING_OFFSET=y\nCONFIG_BOOT_SWAP_USING_MOVE=n\n", []),
    "two_plans": ("CONFIG_BOOT_SWAP_USING_SCRATCH=y\nCONFIG_BOOT_UPGRADE_ONLY=y\n",
                  ["my.conf:1", "overridden by", "my.conf:2", "delete one"]),
    "same_symbol_twice": ("CONFIG_MCUBOOT_SERIAL=y\nCONFIG_MCUBOOT_SERIAL=n\n", ["my.conf:1", "overridden by", "my.conf:2"]),
    "mapped_off": ("CONFIG_BOOT_SERIAL_BOOT_MODE=n\n", ["my.conf:1", "follows from CONFIG_MCUBOOT_SERIAL=y"]),
    "mapped_value": ("CONFIG_BOOT_MAX_LINE_INPUT_LEN=1024\n", []),
    "mapped_value_out_of_range": ("CONFIG_BOOT_MAX_LINE_INPUT_LEN=16\n", ["my.conf:1", "from 256 to 2048"]),
    "constant": ("CONFIG_UPDATEABLE_IMAGE_NUMBER=1\n", []),
    "constant_otherwise": ("CONFIG_UPDATEABLE_IMAGE_NUMBER=2\n", ["my.conf:1", "always 1"]),
    "number_that_means_nothing": ("CONFIG_BOOT_MAX_IMG_SECTORS=256\n", ["my.conf:1", "delete the line"]),
    "log": ("CONFIG_MCUBOOT_LOG_LEVEL_DBG=y\n", ["my.conf:1", "prints nothing"]),
    # keys
    "key_beside_the_file": (SIGN % "keys/sign.pem", []),
    "key_absolute": (SIGN % "@/keys/sign.pem", []),
    "public_half_is_enough": (SIGN % "keys/sign.pub.pem", []),
    "several_keys": (SIGN % "keys/sign.pem,keys/sign2.pub.pem", []),
    "both_keys": (SIGN % "keys/sign.pem" + ENC % "keys/enc.pem" + "CONFIG_ALK_REQUIRE_ENCRYPTION=n\n", []),
    "key_missing": (SIGN % "keys/none.pem", ["my.conf:1", "there is no file @/keys/none.pem", "relative path begins"]),
    "key_elsewhere": (SIGN % "somewhere/sign2.pem", ["my.conf:1", "no file @/somewhere/sign2.pem", "did you mean", "sign2.pem"]),
    "key_with_backslash": (SIGN % "keys\\\\sign.pem", ["my.conf:1", 'did you mean "keys/sign.pem"']),
    "key_with_tilde": (SIGN % "~/sign.pem", ["my.conf:1", "not expanded"]),
    "key_is_folder": (SIGN % "keys", ["my.conf:1", "is a folder"]),
    "key_is_no_key": (SIGN % "my.conf", ["my.conf:1", "no key file"]),
    "key_of_other_type": (SIGN % "keys/rsa.pem", ["my.conf:1", "of type rsa-2048", "ecdsa-p256", "airlock keygen sign.pem"]),
    "key_of_other_type_ed25519": (SIGN % "keys/ed.pem", ["my.conf:1", "of type ed25519"]),
    "sample_key": (SIGN % "keys/sample.pem", ["my.conf:1", "sample key", "CONFIG_ALK_RELEASE=n"]),
    "sample_key_on_a_desk": (SIGN % "keys/sample.pem" + "CONFIG_ALK_RELEASE=n\n", []),
    "decrypt_key_is_public": (SIGN % "keys/sign.pem" + ENC % "keys/enc.pub.pem", ["my.conf:2", "public key", "private half"]),
    "one_key_for_both": (SIGN % "keys/sign.pem" + ENC % "keys/sign.pem", ["my.conf:2", "every device would hold"]),
    "encryption_key_without_encryption": (
        SIGN % "keys/sign.pem" + "CONFIG_BOOT_ENCRYPT_IMAGE=n\n" + ENC % "keys/enc.pem",
        ["my.conf:3", "did not take effect", "CONFIG_BOOT_ENCRYPT_IMAGE=y", "my.conf:2"]),
    "class_without_vendor": (SIGN % "keys/sign.pem" + 'CONFIG_ALK_CLASS="lamp"\n', ["my.conf:2", "CONFIG_ALK_VENDOR"]),
}


def prepare(folder):
    keys = os.path.join(folder, "keys")
    os.mkdir(keys)
    for name, kind in (("sign", []), ("sign2", []), ("enc", ["--encryption"]), ("rsa", ["-t", "rsa-2048"]), ("ed", ["-t", "ed25519"])):
        subprocess.run([TOOL, "-q", "keygen", *kind, os.path.join(keys, name + ".pem")], check=True)
    os.rename(os.path.join(keys, "sign2.pem"), os.path.join(folder, "sign2.pem"))
    with open(os.path.join(keys, "sample.pem"), "w", encoding="ascii") as f:
        f.write(SAMPLE)


def configure(folder, *conf):
    """(status, what it said) of the command."""
    out = os.path.join(folder, "out")
    words = [x for c in conf for x in ("--conf", os.path.join(folder, c))]
    done = subprocess.run([os.path.join(ROOT, "tools", "kconfig"), "configure", "--board", "microbit", "--out", out,
                           "--tool", TOOL, *words], capture_output=True, text=True, cwd=folder, check=False)
    return done.returncode, done.stderr


def row(name, folder):
    text, words = ROWS[name]
    with open(os.path.join(folder, "my.conf"), "w", encoding="utf-8") as f:
        f.write(text.replace("@", folder))
    os.chdir(folder)
    load = Load("microbit", ["my.conf"])
    load.check_keys(TOOL)
    said = "\n".join(load.errors)
    missing = [w for w in words if w.replace("@", folder) not in said]
    if len(load.errors) != (1 if words else 0) or missing:
        return "%s: %d errors, without %s in:\n%s" % (name, len(load.errors), missing, said)
    return None


def other_rules(folder):
    """Two files, two errors, and what is written."""
    write = lambda name, text: open(os.path.join(folder, name), "w", encoding="utf-8").write(text)
    write("a.conf", "CONFIG_MCUBOOT_SERIAL=n\n")
    write("b.conf", "CONFIG_MCUBOOT_SERIAL=y\n")
    status, said = configure(folder, "a.conf", "b.conf")
    if status != 0 or not re.search(r"note: a\.conf:1.*overridden by b\.conf:1", said):
        yield "a later file may override, and says so: %d %s" % (status, said)
    write("c.conf", "CONFIG_A=y\nCONFIG_B=y\n")
    status, said = configure(folder, "c.conf")
    if said.count("error:") != 2:
        yield "all errors are told at once: " + said
    status, said = configure(folder, "none.conf")
    if status != 1 or "none.conf: cannot be read" not in said:
        yield "a fragment that is missing is an error: " + said
    write("d.conf", SIGN % "keys/sign.pem" + "CONFIG_MCUBOOT_DOWNGRADE_PREVENTION=y\nCONFIG_ALK_UART_PIN_TX=3\n")
    status, said = configure(folder, "d.conf")
    header = open(os.path.join(folder, "out", "alk_config.h"), encoding="utf-8").read()
    lists = open(os.path.join(folder, "out", "config.cmake"), encoding="utf-8").read()
    if status != 0 or "#define CONFIG_ALK_UART_PIN_TX 3\n" not in header:
        yield "numbers reach the header: " + said + header
    if "sign.pem" in header or folder in header:
        yield "no path reaches the compiler: " + header
    if '"--no-downgrade"' not in lists or 'ALK_VERIFY_KEYS "%s/keys/sign.pem"' % folder not in lists:
        yield "keys and policy reach the build: " + lists


def main():
    names = sys.argv[2:] or list(ROWS)
    with tempfile.TemporaryDirectory() as folder:
        folder = os.path.realpath(folder)
        prepare(folder)
        failed = [text for text in (row(name, folder) for name in names) if text]
        failed += list(other_rules(folder)) if not sys.argv[2:] else []
        os.chdir(ROOT)
    for text in failed:
        print("FAILED: " + text)
    print("%d fragments, %d wrong" % (len(names), len(failed)))
    return 1 if failed else 0


sys.exit(main())
