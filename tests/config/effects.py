#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Options have effects: boot programs are built from fragments, and what was
chosen is found in the binary (features, size, key area, bytes).

usage: effects.py AIRLOCK      (skipped, 77, without the cross compiler)
"""
import json
import os
import shutil
import struct
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TOOL = os.path.abspath(sys.argv[1])
FOLDER = os.path.join(ROOT, "build", "config-test")
RX_CNF = 0x50000700  # where the pins of port 0 are set up
failures = []


def claim(holds, text):
    print("%s %s" % ("ok  " if holds else "FAIL", text), flush=True)
    if not holds:
        failures.append(text)


class Boot:
    def __init__(self, name, conf="", board="microbit", program="boot", goals=()):
        self.out = os.path.join(FOLDER, name)
        path = os.path.join(FOLDER, name + ".conf")
        with open(path, "w", encoding="utf-8") as f:
            f.write(conf)
        words = ["cmake", "-S", ROOT, "-B", self.out, "-G", "Ninja", "-DALK_BOARD=" + board, "-DCMAKE_BUILD_TYPE=MinSizeRel",
                 "-DCMAKE_TOOLCHAIN_FILE=" + os.path.join(ROOT, "cmake", "arm-none-eabi.cmake"), "-DALK_TOOL=" + TOOL,
                 "-DALK_CONF=" + path]
        run(words)
        made = program + "-provisioned" if "KEY_FILE" in conf else program
        run(["cmake", "--build", self.out, "-j2", "--target", made, *goals])
        self.folder = os.path.join(self.out, "programs", program)
        self.hex = os.path.join(self.folder, made + ".hex")
        self.told = json.loads(run([TOOL, "inspect", "--json", self.hex]))
        self.size = self.told["code"][1] - self.told["code"][0]
        with open(os.path.join(self.folder, program + ".bin"), "rb") as f:
            self.bytes = f.read()

    def has(self, feature):
        return any(feature in f for f in self.told["features"])

    def holds(self, value):
        return struct.pack("<I", value) in self.bytes


def run(words):
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit("FAIL %s:\n%s%s" % (" ".join(words), done.stdout[-2000:], done.stderr[-2000:]))
    return done.stdout


def keys():
    for name, kind in (("sign", []), ("enc", ["--encryption"])):
        run([TOOL, "-q", "keygen", "-f", *kind, os.path.join(FOLDER, name + ".pem")])


def main():
    if not shutil.which("arm-none-eabi-gcc"):
        print("SKIPPED: arm-none-eabi-gcc is not installed")
        return 77
    os.makedirs(FOLDER, exist_ok=True)
    keys()
    base = Boot("default")
    claim(base.has("ECDSA P-256") and base.has("slide") and base.has("recovery"), "default: P-256, slide, recovery")
    claim(base.has("ECIES") or base.has("EC256") or base.has("encrypt"), "default: encryption; %s" % base.told["features"])
    claim(base.holds(RX_CNF + 4 * 25), "default: the board's pin to receive on")
    for name, pins in (("TX", "CONFIG_ALK_UART_PIN_TX=23\n"), ("RX", "CONFIG_ALK_UART_PIN_RX=22\n")):
        moved = Boot("default", pins)
        changed = sum(a != b for a, b in zip(base.bytes, moved.bytes))
        claim(base.size == moved.size and 0 < changed < 16, "ALK_UART_PIN_%s: %d bytes of code differ" % (name, changed))
    claim(moved.holds(RX_CNF + 4 * 22), "ALK_UART_PIN_RX: the other pin's register")

    plain = Boot("plain", "CONFIG_BOOT_ENCRYPT_IMAGE=n\n")
    claim(not any(x in f for f in plain.told["features"] for x in ("ECIES", "AES", "EC256")), "BOOT_ENCRYPT_IMAGE=n: no key wrap, no cipher")
    claim(plain.size < base.size - 1500, "BOOT_ENCRYPT_IMAGE=n: %d bytes instead of %d" % (plain.size, base.size))

    silent = Boot("silent", "CONFIG_MCUBOOT_SERIAL=n\nCONFIG_ALK_DEMO=n\n")
    claim(not silent.has("recovery"), "MCUBOOT_SERIAL=n: no recovery")
    claim(silent.size < base.size - 3000, "MCUBOOT_SERIAL=n: %d bytes instead of %d" % (silent.size, base.size))

    bare = Boot("bare", "CONFIG_ALK_RECOVERY_BREAK=n\nCONFIG_BOOT_WATCHDOG_FEED=n\nCONFIG_FPROTECT=n\nCONFIG_BOOT_MGMT_ECHO=n\n"
                "CONFIG_BOOT_MAX_LINE_INPUT_LEN=1024\nCONFIG_ALK_UART_BAUD=1000000\n")
    claim(bare.size < base.size - 80, "no break, watchdog, protection, echo: %d bytes instead of %d" % (bare.size, base.size))
    claim(base.holds(0x01D7E000) and not bare.holds(0x01D7E000) and bare.holds(0x10000000), "ALK_UART_BAUD: the rate is chosen")
    claim(base.holds(0x6E524635) and not bare.holds(0x6E524635),
          "BOOT_WATCHDOG_FEED=n: nothing writes a watchdog's reload value")
    claim(base.holds(0x40000600) and not bare.holds(0x40000600), "FPROTECT=n: nothing touches the protection unit")
    claim(base.holds(0x40002480) and not bare.holds(0x40002480), "ALK_RECOVERY_BREAK=n: nothing looks for a break")
    ram = [ram_of(b) for b in (base, bare)]
    claim(ram[1] >= ram[0] + 1024, "BOOT_SERIAL_MAX_RECEIVE_SIZE: 1024 instead of 512: %d bytes of RAM instead of %d" % (ram[1], ram[0]))

    keyed = Boot("keyed", 'CONFIG_BOOT_SIGNATURE_KEY_FILE="sign.pem"\nCONFIG_BOOT_ENCRYPTION_KEY_FILE="%s"\n'
                 "CONFIG_MCUBOOT_DOWNGRADE_PREVENTION=y\nCONFIG_BOOT_UPGRADE_ONLY=y\nCONFIG_ALK_VENDOR=\"example.com\"\n"
                 % os.path.join(FOLDER, "enc.pem"))
    told = keyed.told["keys"]
    claim(keyed.has("overwrite") and not keyed.has("slide"), "BOOT_UPGRADE_ONLY: overwrite, no slide")
    claim(told["no_downgrade"] and told["require_encryption"], "keys configured: both policies are in the key area")
    claim({"verify", "decrypt", "vendor"} <= {e["use"].split()[0] for e in told["entries"]}, "keys configured: %s" % [e["use"] for e in told["entries"]])
    mine = json.loads(run([TOOL, "inspect", "--json", os.path.join(FOLDER, "sign.pub.pem")]))["sha256"]
    claim(mine in json.dumps(told), "CONFIG_BOOT_SIGNATURE_KEY_FILE: this very key")
    with open(os.path.join(FOLDER, "sign.pub.pem"), encoding="ascii") as f:
        claim(f.read().strip() not in keyed.bytes.decode("latin1"), "no key is in boot.bin")
    open_too = Boot("keyed", 'CONFIG_BOOT_SIGNATURE_KEY_FILE="sign.pem"\nCONFIG_BOOT_ENCRYPTION_KEY_FILE="enc.pem"\n'
                    "CONFIG_ALK_REQUIRE_ENCRYPTION=n\n").told["keys"]
    claim(not open_too["require_encryption"] and not open_too["no_downgrade"], "ALK_REQUIRE_ENCRYPTION=n: the policy is lifted")
    whole = Boot("whole", "CONFIG_LTO=n\n")
    claim(whole.size > base.size, "LTO=n: %d bytes instead of %d" % (whole.size, base.size))

    chain = Boot("chain", 'CONFIG_BOOT_SIGNATURE_KEY_FILE="sign.pem"\nCONFIG_MCUBOOT_SERIAL=n\n', "microbit-chain", "stage1",
                 ["boot-s0", "boot-s1"])
    claim(mine in json.dumps(chain.told["keys"]), "chain: the key is in the first stage's key area")
    second = json.loads(run([TOOL, "inspect", "--json", os.path.join(chain.out, "programs", "boot", "boot-s1.hex")]))
    claim("serial recovery" not in second["features"], "chain: the second stage is the configured one: %s" % second["features"])
    print("%d claims wrong" % len(failures))
    return 1 if failures else 0


def ram_of(boot):
    elf = os.path.join(boot.folder, "boot.elf")
    line = run(["arm-none-eabi-size", elf]).splitlines()[1].split()
    return int(line[1]) + int(line[2])


if __name__ == "__main__":
    sys.exit(main())
