#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Boot programs that are configured otherwise, alive on the emulated board: what
an option takes away is gone, what it promises holds, and the rest still works.

usage: lives.py AIRLOCK      (skipped, 77, without cross compiler, emulator or demo)
"""
import os
import shutil
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "..", "tools")]
from board import BoardError, available  # noqa: E402
from effects import FOLDER, TOOL, Boot  # noqa: E402
from factory import SECONDARY, SLOT, Device, Factory, Refused, payload, telling, traces  # noqa: E402


class Wrong(AssertionError):
    pass


def claim(holds, what):
    if not holds:
        raise Wrong(what)


class Made(Factory):
    """A factory whose boot program is a configured one."""

    def __init__(self, folder, boot):
        super().__init__(folder)
        self.tool, self.boot = TOOL, boot

    def bootloader(self):
        return self.boot.hex

    def provision(self, *policy):
        keys = ["--verify-key", self.path("sign.pub.pem")]
        if any("ECIES" in f for f in self.boot.told["features"]):
            keys += ["--decrypt-key", self.path("enc.pem")]
        self.airlock("provision", self.bootloader(), *keys, *policy, "-o", self.path("factory.hex"))


def refused(device, verb, *words):
    try:
        device.tool(verb, *words)
    except Refused:
        return
    raise Wrong("airlock %s was not refused" % verb)


def started(factory):
    device = Device(factory, factory.sign("1.0.0"))
    device.power_on()
    device.runs("1.0.0")
    device.settled()
    return device


def install(device, image):
    """Upload, ask for a trial, start over."""
    device.tool("upload", image)
    device.tool("image test", device.images()[1]["hash"])
    device.forget()
    device.tool("reset")


def upgrade_only(folder):
    """BOOT_UPGRADE_ONLY: encrypted updates are installed, and there is no way back."""
    factory = Made(folder, Boot("overwrite", "CONFIG_BOOT_UPGRADE_ONLY=y\n"))
    factory.make()
    with started(factory) as device:
        install(device, factory.sign("2.1.0", encrypt=True))  # which fails its self test
        device.runs("2.1.0")
        device.settled()
        device.forget()
        device.tool("reset")
        device.runs("2.1.0")
        old = telling(payload(factory.sign("1.0.0")))
        claim(traces(old, device.slot(SECONDARY)) == 0, "the old image is in the secondary, in the clear")
        device.settled()
        images = device.images()
        claim(images.get(1, {}).get("version") != "1.0.0", "the old image is kept")


def upgrade_only_through_cuts(folder):
    """BOOT_UPGRADE_ONLY: power cuts while it overwrites."""
    factory = Made(folder, Boot("overwrite", "CONFIG_BOOT_UPGRADE_ONLY=y\n"))
    factory.make()
    with started(factory) as device:
        device.tool("upload", factory.sign("2.0.0", encrypt=True))
        device.tool("image test", device.images()[1]["hash"])
        device.forget()
        cuts = sum(bool(device.cut_at_erase(pages, torn)) for pages, torn in ((3, None), (5, 300), (4, 1)))
        device.power_on()
        device.runs("2.0.0")
        claim(cuts >= 2, "the power failed %d times" % cuts)


def without_encryption(folder):
    """BOOT_ENCRYPT_IMAGE=n: plain updates with their way back; encrypted ones are refused."""
    factory = Made(folder, Boot("plain", "CONFIG_BOOT_ENCRYPT_IMAGE=n\n"))
    factory.make()
    with started(factory) as device:
        install(device, factory.sign("2.1.0"))
        device.runs("2.1.0")
        device.settled()
        device.forget()
        device.tool("reset")
        device.runs("1.0.0")
        device.settled()
        device.tool("upgrade", factory.sign("2.0.0"))
        device.runs("2.0.0")
        device.settled()
        before = device.slot(0x8000)
        try:
            install(device, factory.sign("2.1.0", encrypt=True))
            device.runs("2.0.0")
            device.settled()
        except Refused:
            pass
        claim(device.slot(0x8000) == before, "the running image is another after an encrypted update")


def without_recovery(folder):
    """MCUBOOT_SERIAL=n: updates through the application; a blank primary waits in silence."""
    factory = Made(folder, Boot("silent", "CONFIG_MCUBOOT_SERIAL=n\nCONFIG_ALK_DEMO=n\n"))
    factory.make()
    with started(factory) as device:
        device.tool("upgrade", factory.sign("2.0.0", encrypt=True))
        device.runs("2.0.0")
    with Device(factory) as device:
        device.power_on()
        refused(device, "echo", "--timeout", "1", "hello")


def recovery_without_echo(folder):
    """BOOT_MGMT_ECHO=n, a longer message, no watchdog, no protection: recovery takes an image."""
    factory = Made(folder, Boot("bare", "CONFIG_ALK_RECOVERY_BREAK=n\nCONFIG_BOOT_WATCHDOG_FEED=n\nCONFIG_FPROTECT=n\n"
                                "CONFIG_BOOT_MGMT_ECHO=n\nCONFIG_BOOT_MAX_LINE_INPUT_LEN=1024\nCONFIG_ALK_UART_BAUD=1000000\n"))
    factory.make()
    with Device(factory) as device:
        device.power_on()
        refused(device, "echo", "hello")
        device.tool("upload", factory.sign("1.0.0", encrypt=True))
        device.tool("reset")
        device.runs("1.0.0")


LIVES = (upgrade_only, upgrade_only_through_cuts, without_encryption, without_recovery, recovery_without_echo)


def main():
    demo = os.path.join(HERE, "..", "..", "build", "microbit", "programs", "demo", "demo-2.1.0.bin")
    if not available() or not shutil.which("arm-none-eabi-gcc") or not os.path.exists(demo):
        print("SKIPPED: no emulator, no cross compiler, or build/microbit is not built (make microbit)")
        return 77
    os.makedirs(FOLDER, exist_ok=True)
    failed = 0
    for life in LIVES:
        with tempfile.TemporaryDirectory() as folder:
            try:
                life(folder)
                print("ok   " + life.__doc__, flush=True)
            except (Wrong, Refused, BoardError) as why:
                failed += 1
                print("FAIL %s\n     %s: %s" % (life.__doc__, life.__name__, why), flush=True)
    return 1 if failed else 0


sys.exit(main())
