# SPDX-License-Identifier: Apache-2.0
"""What a maker of devices does before and after they leave: keys, provisioned
boot program, signed images, and talk to a board.  Used by tools/demo and by
tests/target; all of it through the airlock tool, as a user would.
"""
import base64
import json
import os
import subprocess

from board import Board

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PRIMARY, SECONDARY, SLOT = 0x8000, 0x22000, 0x1A000
KEYS, JOURNAL, JOURNAL_SIZE = 0x6000, 0x7000, 0x1000
PAGE = 1024
MAGIC = bytes.fromhex("77c295f360d2ef7f3552500f2cb67980")
HEADER = 0x200


class Refused(Exception):
    """The tool said no, or worse: status and what it said."""

    def __init__(self, args, status, said):
        super().__init__("airlock %s: exit status %d: %s" % (" ".join(args), status, said.strip()))
        self.status, self.said = status, said


class Factory:
    def __init__(self, folder, build=os.path.join(ROOT, "build")):
        self.folder = folder
        self.tool = os.environ.get("AIRLOCK", os.path.join(build, "bin", "airlock"))
        self.programs = os.path.join(build, "microbit", "programs")

    def path(self, name):
        return os.path.join(self.folder, name)

    def bootloader(self):
        return os.path.join(self.programs, "boot", "boot.hex")

    def program(self, version):
        return os.path.join(self.programs, "demo", "demo-%s.bin" % version)

    def airlock(self, *args, timeout=300, show=False):
        """Run the tool; returns its stdout.  show: its talk goes to our stderr."""
        done = subprocess.run([self.tool, *args], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=None if show else subprocess.PIPE, timeout=timeout, text=True, check=False)
        if done.returncode != 0:
            raise Refused(args, done.returncode, (done.stderr or "") + done.stdout)
        return done.stdout

    def keys(self, name="sign"):
        self.airlock("keygen", self.path(name + ".pem"))

    def encryption_keys(self, name="enc"):
        self.airlock("keygen", "--encryption", self.path(name + ".pem"))

    def provision(self, *policy):
        out = self.path("factory.hex")
        self.airlock("provision", self.bootloader(), "--verify-key", self.path("sign.pub.pem"),
                     "--decrypt-key", self.path("enc.pem"), *policy, "-o", out)
        return out

    def sign(self, version, encrypt=False, key="sign", name=None, extra=()):
        """A demo program of that version as an image file."""
        out = self.path(name or "demo-%s%s.img" % (version, ".enc" if encrypt else ""))
        args = ["sign", self.program(version), "--key", self.path(key + ".pem"), "--version", version,
                "--bootloader", self.path("factory.hex"), "--pad-header", *extra]
        if encrypt:
            args += ["--encrypt-to", self.path("enc.pub.pem")]
        self.airlock(*args, "-o", out)
        return out

    def make(self):
        """Keys and a provisioned boot program."""
        self.keys()
        self.encryption_keys()
        self.provision()


class Device(Board):
    """A board from this factory."""

    def __init__(self, factory, image=None, seed=1):
        super().__init__(seed)
        self.factory = factory
        self.program(factory.path("factory.hex"))
        if image:
            self.program(image, PRIMARY)

    def tool(self, verb, *args, **options):
        """An airlock command that talks to this board."""
        self.check_alive()
        return self.factory.airlock(*verb.split(), *args, "--serial", self.link, **options)

    def images(self):
        """{slot: entry} as the board's server lists them."""
        told = json.loads(self.tool("image list", "--json"))
        return {entry.get("slot", 0): entry for entry in told["images"]}

    def slot(self, at):
        return self.flash(at, SLOT)

    def runs(self, version, timeout=20.0):
        """Wait until that version says so on the console."""
        self.expect("airlock demo %s\r\n" % version, timeout)

    def settled(self, timeout=20.0):
        """The self test's word."""
        self.expect("self test: ", timeout)
        self.expect("\r\n", timeout)


def payload(image_path):
    """Payload of an image file."""
    with open(image_path, "rb") as f:
        data = f.read()
    start = int.from_bytes(data[8:10], "little")
    return data[start:start + int.from_bytes(data[12:16], "little")]


def telling(data, size=16):
    """The pieces of a program that would give it away: 16 bytes each, not blank, not repetitive, and not the
    mailbox's magic, which an application holds as a constant and every slot has at its end."""
    pieces = (data[i:i + size] for i in range(0, len(data) - size, size))
    return {p for p in pieces if len(set(p)) >= 8} - {MAGIC}


def traces(pieces, where, size=16):
    """How many of the pieces are found anywhere in these bytes."""
    return len({where[i:i + size] for i in range(len(where) - size + 1)} & pieces)


def frames(raw):
    """What the SMP frames on a recorded line carry, end to end."""
    out = b""
    for line in raw.split(b"\n"):
        at = max(line.rfind(b"\x06\x09"), line.rfind(b"\x04\x14"))
        if at >= 0:
            part = base64.b64decode(line[at + 2:])
            out += part[2:] if line[at] == 6 else part
    return out
