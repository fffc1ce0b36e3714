#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""airlock and airlock-device over BlueZ, both ends of a virtual radio.

Runs in the guest of tools/bluetooth-bed.
usage: cases.py AIRLOCK DEVICE MAKE_KEYS KEYS_DIR [CASE...]
"""
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time

import bed
from bed import claim

AIRLOCK, DEVICE, MAKE_KEYS, KEYS = sys.argv[1:5]
NAME = "Door 7"
CASES = []


def case(*options):
    """Options of the device."""
    def take(f):
        CASES.append((f, options))
        return f
    return take


class Bench:
    """A device that advertises, and what a client does to it."""

    def __init__(self, name, options):
        self.name = name
        self.dir = tempfile.TemporaryDirectory(prefix="bluetooth-")
        subprocess.run([MAKE_KEYS, self.path("keys")], check=True)
        self.image("one", "1.0.0", 20000, encrypt=False)
        self.radio = bed.Radio(name)
        self.device = bed.Lines([DEVICE, "--flash", self.path("flash"), "--keys", self.path("keys"),
                                 "--image", self.path("one"), "--ble", NAME, "--ble-rearm", "250", *options],
                                name + "-device", stdin=subprocess.PIPE)
        self.device.expect("running 1.0.0")
        self.device.expect("advertising " + NAME)

    def path(self, name):
        return os.path.join(self.dir.name, name)

    def image(self, name, version, size, encrypt=True):
        with open(self.path("raw"), "wb") as f:
            f.write(random.Random(name).randbytes(size))
        to = ["--encrypt-to", KEYS + "/enc-ecdsa-p256.pub.pem"] if encrypt else []
        subprocess.run([AIRLOCK, "sign", self.path("raw"), self.path(name), "--key", KEYS + "/sign-ecdsa-p256.pem",
                        "--version", version, "--board", "microbit", "--pad-header", "--quiet", *to], check=True)
        return self.path(name)

    def argv(self, *args):
        return [AIRLOCK, *args, "--ble", NAME, "--adapter", "hci1"]

    def tool(self, *args, status=0):
        done = subprocess.run(self.argv(*args), capture_output=True, text=True, timeout=120,
                              stdin=subprocess.DEVNULL)
        with open("%s/%s-client.log" % (bed.LOGS, self.name), "a", encoding="utf-8") as f:
            f.write("$ %s\n%s%s-> %d\n" % (" ".join(args), done.stdout, done.stderr, done.returncode))
        claim(done.returncode == status, "airlock %s: exit status %d, expected %d: %s"
              % (" ".join(args), done.returncode, status, done.stderr))
        return done

    def typist(self, *args):
        return bed.Typist(self.argv(*args), self.name + "-client")

    def pair_by_passkey(self):
        """One command that pairs, the digits typed as read from the device."""
        t = self.typist("echo", "hello")
        t.lines.expect("type the six digits")
        t.type(self.device.expect(r"passkey (\d{6})").group(1))
        t.lines.expect("^hello$")
        claim(t.end() == 0, "the passkey was typed, and it did not work")

    def runs(self, version):
        running = [i for i in json.loads(self.tool("image", "list", "--json").stdout)["images"] if i["active"]]
        claim(len(running) == 1 and running[0]["version"] == version, "%s does not run: %s" % (version, running))
        return running[0]

    def drop_link(self):
        """The device's side hangs up."""
        address = bed.dbus("/org/bluez/hci1", "org.freedesktop.DBus.Properties.Get", "string:org.bluez.Adapter1",
                           "string:Address").split('"')[1]
        bed.dbus("/org/bluez/hci0/dev_" + address.replace(":", "_"), "org.bluez.Device1.Disconnect")

    def close(self):
        self.device.end(signal.SIGKILL)
        self.dir.cleanup()
        self.radio.close()


@case("--ble-security", "none", "--ble-pairing", "none")
def scan_lists_name_address_strength_and_service(b):
    done = subprocess.run([AIRLOCK, "scan", "--adapter", "hci1", "--seconds", "4", "--json"],
                          capture_output=True, text=True, timeout=60)
    claim(done.returncode == 0, "scan: %d %s" % (done.returncode, done.stderr))
    found = [json.loads(line) for line in done.stdout.splitlines()]
    claim(len(found) == 1 and found[0]["name"] == NAME and found[0]["smp"] and "rssi" in found[0],
          "scan says %s" % found)
    done = subprocess.run([AIRLOCK, "scan", "--adapter", "hci1", "--seconds", "2", "--name", "nobody"],
                          capture_output=True, text=True, timeout=60)
    claim(done.returncode == 1 and done.stdout == "", "a scan for nobody finds %s" % done.stdout)
    # by address, and by a name that nobody has
    b.tool("echo", "--ble", found[0]["address"], "--no-pair")


@case("--ble-security", "none", "--ble-pairing", "none")
def open_device_is_spoken_to_without_pairing(b):
    claim(b.tool("echo", "hello").stdout == "hello\n", "no echo")
    b.runs("1.0.0")


@case()
def unpaired_client_is_refused(b):
    done = b.tool("echo", "hello", "--no-pair", status=3)
    claim("paired with" in done.stderr or "pairing" in done.stderr, done.stderr)
    claim(b.device.process.poll() is None, "the device ended")


@case("--ble-security", "encrypted", "--ble-pairing", "none")
def device_that_pairs_with_nobody_refuses(b):
    b.tool("echo", "hello", status=3)


@case("--ble-security", "encrypted", "--ble-pairing", "just-works")
def just_works_may_read_and_not_update(b):
    b.runs("1.0.0")
    done = b.tool("upload", b.image("two", "2.0.0", 30000), status=1)
    claim("ACCESS" in done.stderr.upper(), done.stderr)
    b.tool("reset", status=1)


@case("--ble-pairing", "just-works")
def just_works_is_not_enough_for_an_authenticated_door(b):
    b.tool("echo", "hello", status=3)


@case()
def passkey_typed_from_the_device_lets_in(b):
    b.pair_by_passkey()
    # the bond stays: nobody is asked again
    b.runs("1.0.0")
    listed = subprocess.run([AIRLOCK, "scan", "--adapter", "hci1", "--seconds", "2", "--all", "--json"],
                            capture_output=True, text=True, timeout=60).stdout
    claim(all(json.loads(line)["paired"] for line in listed.splitlines()), listed)


@case()
def wrong_passkey_is_refused(b):
    done = b.tool("echo", "hello", "--passkey", "000001", status=3)
    claim("pairing" in done.stderr, done.stderr)
    b.device.expect(r"passkey \d{6}")
    # and the right one still works after it
    b.pair_by_passkey()


@case()
def passkey_with_nobody_to_type_it_is_refused(b):
    done = b.tool("echo", "hello", status=3)
    claim("--passkey" in done.stderr, done.stderr)


@case("--ble-pairing", "compare")
def numeric_comparison_agreed_on_both_sides_lets_in(b):
    t = b.typist("echo", "hello")
    number = t.lines.expect(r"does the device show (\d{6})\?").group(1)
    claim(b.device.expect(r"compare (\d{6})").group(1) == number, "the two numbers differ")
    b.device.process.stdin.write(b"y\n")
    t.type("yes")
    t.lines.expect("^hello$")
    claim(t.end() == 0, "it did not work")
    b.runs("1.0.0")


@case("--ble-pairing", "compare")
def numeric_comparison_denied_by_the_client_is_refused(b):
    t = b.typist("echo", "hello")
    t.lines.expect(r"does the device show (\d{6})\?")
    b.device.expect(r"compare (\d{6})")
    b.device.process.stdin.write(b"y\n")
    t.type("no")
    claim(t.end() == 3, "it was let in")


@case("--ble-pairing", "compare")
def numeric_comparison_denied_by_the_device_is_refused(b):
    t = b.typist("echo", "hello")
    t.lines.expect(r"does the device show (\d{6})\?")
    b.device.expect(r"compare (\d{6})")
    t.type("yes")
    b.device.process.stdin.write(b"n\n")
    claim(t.end() == 3, "it was let in")


def upgrade_events(lines):
    """What the client says, to its end."""
    while lines.read(5) and lines.process.poll() is None:
        pass
    while lines.read(0.2):
        pass
    return [json.loads(line) for line in lines.lines if line.startswith("{")]


@case()
def encrypted_image_is_upgraded_tried_and_confirmed(b):
    b.pair_by_passkey()
    done = b.tool("upgrade", b.image("two", "2.0.0", 80000), "--confirm-wait", "1", "--json")
    last = json.loads(done.stdout.splitlines()[-1])
    claim(last == {"event": "done", "version": "2.0.0", "already_running": False, "confirmed_by": "airlock"}, last)
    claim(b.runs("2.0.0")["confirmed"], "it is not confirmed")
    rates = [json.loads(line).get("bytes_per_s", 0) for line in done.stdout.splitlines()]
    print("   80 kB in a window of 3: %.1f kB/s" % (max(rates) / 1000))


@case()
def commands_one_after_the_other_find_the_device_again(b):
    b.pair_by_passkey()
    for i in range(6):
        b.runs("1.0.0")
        time.sleep((0, 0.4, 0.8, 1.6, 2.0, 2.4)[i])


@case("--buffers", "256x2")
def upload_goes_on_after_the_link_was_dropped(b):
    b.pair_by_passkey()
    lines = bed.Lines(b.argv("upgrade", b.image("two", "2.0.0", 90000), "--confirm-wait", "1", "--json"),
                      b.name + "-client")
    lines.expect('"progress"')
    b.device.read(0)
    b.device.lines.clear()
    b.drop_link()
    b.device.expect("disconnected")
    claim(not any('"mark"' in line for line in lines.lines), "dropped too late")
    b.device.expect("^connected")
    found = lines.expect('"event":"done"', 120)
    claim(found is not None and lines.end() == 0, "the upgrade did not end well")
    claim(b.runs("2.0.0")["confirmed"], "it is not confirmed")


@case("--buffers", "400x4")
def upload_goes_on_when_the_program_is_started_again(b):
    b.pair_by_passkey()
    image = b.image("two", "2.0.0", 90000)
    lines = bed.Lines(b.argv("upload", image, "--json"), b.name + "-client")
    sent = json.loads(lines.expect('(.*"progress".*)').group(1))["off"]
    claim(lines.end(signal.SIGINT) == 3, "a stopped upload has another exit status")
    claim(0 < sent < 90000, "stopped too late: %d" % sent)
    done = b.tool("upload", image, "--json")
    first = [json.loads(line) for line in done.stdout.splitlines() if "progress" in line][0]["off"]
    claim(first > sent, "it began again: %d after %d" % (first, sent))


def main():
    wanted = sys.argv[5:]
    bed.start_bus()
    failed = 0
    done = open(bed.LOGS + "/done", "a+", encoding="utf-8")  # of a guest before this one, whose kernel died
    done.seek(0)
    before = done.read().split()
    for run, options in CASES:
        if (wanted and run.__name__ not in wanted) or run.__name__ in before:
            continue
        began = time.monotonic()
        bench = None
        try:
            bench = Bench(run.__name__, options)
            try:
                run(bench)
            finally:
                bench.close()
            print("ok      %4.1f s  %s" % (time.monotonic() - began, run.__name__), flush=True)
            done.write(run.__name__ + "\n")
            done.flush()
        except (bed.Wrong, subprocess.SubprocessError, ValueError, LookupError, OSError) as e:
            failed += 1
            print("FAILED  %4.1f s  %s: %s" % (time.monotonic() - began, run.__name__, e), flush=True)
    print("%d of the cases failed" % failed)
    return 1 if failed else 0


sys.exit(main())
