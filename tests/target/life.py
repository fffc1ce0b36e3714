#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The life of a device, on the emulated board: the shipped boot program, the
demo application and the airlock tool, over the board's UART.

usage: life.py [--list | NAME...]     exit 77: no emulator here
"""
import os
import random
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tools"))
from board import BoardError, available  # noqa: E402
from factory import (JOURNAL, JOURNAL_SIZE, KEYS, MAGIC, PAGE, PRIMARY, SECONDARY, SLOT, Device, Factory,  # noqa: E402
                     Refused, frames, payload, telling, traces)

SKIPPED = 77
TESTS = []


class Wrong(AssertionError):
    pass


def test(run):
    TESTS.append(run)
    return run


def claim(holds, what):
    if not holds:
        raise Wrong(what)


def refused(device, verb, *args):
    """The tool's message; it must not say yes."""
    try:
        device.tool(verb, *args)
    except Refused as no:
        claim(no.status == 1, "%s: exit status %d, 1 expected: %s" % (verb, no.status, no.said))
        return no.said
    raise Wrong("airlock %s was not refused" % verb)


def started(factory, version="1.0.0", **options):
    device = Device(factory, factory.sign(version), **options)
    device.power_on()
    device.runs(version)
    device.settled()
    return device


def hash_of(device, slot):
    return device.images()[slot]["hash"]


def restart(device):
    device.forget()
    device.tool("reset")


@test
def upgrade_brings_the_new_version_and_it_confirms_itself(factory):
    with started(factory) as device:
        device.forget()
        device.tool("upgrade", factory.sign("2.0.0", encrypt=True))
        device.runs("2.0.0")
        images = device.images()
        claim(images[0]["version"] == "2.0.0" and images[0]["confirmed"], "2.0.0 runs but is not confirmed")
        device.forget()
        device.cut_power()
        device.runs("2.0.0")


@test
def upload_then_test_then_no_word_goes_back(factory):
    with started(factory) as device:
        device.tool("upload", factory.sign("2.1.0", encrypt=True))
        device.tool("image test", hash_of(device, 1))
        restart(device)
        device.runs("2.1.0")
        device.settled()
        claim(not device.images()[0]["confirmed"], "an image whose self test failed is confirmed")
        restart(device)
        device.runs("1.0.0")
        device.settled()
        device.forget()
        device.cut_power()
        device.runs("1.0.0")


@test
def confirmed_by_the_client_stays(factory):
    with started(factory) as device:
        device.tool("upload", factory.sign("2.1.0", encrypt=True))
        device.tool("image test", hash_of(device, 1))
        restart(device)
        device.runs("2.1.0")
        device.settled()
        device.tool("image confirm")
        for _ in range(2):
            restart(device)
            device.runs("2.1.0")
            device.settled()


@test
def old_image_comes_back_on_request(factory):
    with started(factory) as device:
        device.tool("upgrade", factory.sign("2.0.0", encrypt=True))
        device.settled()
        device.tool("image test", hash_of(device, 1))
        restart(device)
        device.runs("1.0.0")


@test
def erase_leaves_nothing_in_the_secondary(factory):
    with started(factory) as device:
        device.tool("upload", factory.sign("2.0.0", encrypt=True))
        claim(1 in device.images(), "an uploaded image is not listed")
        device.tool("image erase")
        claim(1 not in device.images(), "an erased image is listed")
        claim(device.slot(SECONDARY)[:SLOT // 2] == b"\xff" * (SLOT // 2), "the erased slot is not blank")


@test
def downgrade_is_allowed_unless_the_policy_forbids_it(factory):
    with started(factory, "2.0.0") as device:
        device.tool("upgrade", factory.sign("1.0.0", encrypt=True))
        device.runs("1.0.0")


@test
def downgrade_is_refused_where_the_policy_forbids_it(factory):
    factory.provision("--no-downgrade")
    with started(factory, "2.0.0") as device:
        refused(device, "upgrade", factory.sign("1.0.0", encrypt=True))
        restart(device)
        device.runs("2.0.0")


@test
def plain_image_is_refused_where_keys_ask_for_sealed_ones(factory):
    with started(factory) as device:
        before = device.slot(PRIMARY)
        refused(device, "upgrade", factory.sign("2.0.0"))
        restart(device)
        device.runs("1.0.0")
        claim(device.slot(PRIMARY) == before, "the running image's slot has changed")


@test
def image_at_the_second_sector_is_installed_too(factory):
    """As an application built for swap-offset leaves it."""
    with open(factory.sign("2.1.0", encrypt=True), "rb") as f:
        image = f.read()
    with started(factory) as device:
        device.program(b"\xff" * SLOT, SECONDARY)
        device.program(image, SECONDARY + PAGE)
        request(device)
        device.forget()
        device.reset()
        device.runs("2.1.0")
        device.settled()
        restart(device)
        device.runs("1.0.0")


def request(device):
    """A test request, as an application writes it."""
    device.program(MAGIC, SECONDARY + SLOT - 16)
    device.program(b"\x02", SECONDARY + SLOT - 40)


@test
def noise_on_the_line_never_wedges_the_server(factory):
    chance = random.Random(5)
    with started(factory) as device:
        for where in ("application", "recovery"):
            for _ in range(40):
                noise = chance.randbytes(chance.randrange(1, 2000)).replace(b"?", b"").replace(b"!", b"")
                device.wire.send(chance.choice((b"", b"\x06\x09", b"\n\x06\x09", b"\x04\x14")) + noise)
            device.wire.send(b"\n")
            claim("alive" in device.tool("echo", "alive"), "no answer after noise in the " + where)
            if where == "application":
                device.reset_with_break()
                device.wait(0.2)


@test
def image_with_a_flipped_bit_is_never_asked_for(factory):
    path = factory.path("flipped.img")
    with open(factory.sign("2.0.0", encrypt=True), "rb") as f:
        data = bytearray(f.read())
    data[len(data) // 2] ^= 0x10
    with open(path, "wb") as f:
        f.write(data)
    with started(factory) as device:
        before = device.slot(PRIMARY)
        refused(device, "upgrade", path)
        restart(device)
        device.runs("1.0.0")
        claim(device.slot(PRIMARY) == before, "the running image's slot has changed")


@test
def image_of_a_stranger_is_refused_and_the_running_one_untouched(factory):
    factory.keys("stranger")
    image = factory.sign("2.0.0", encrypt=True, key="stranger", name="stranger.img")
    with started(factory) as device:
        before = device.slot(PRIMARY)
        said = refused(device, "upgrade", image)
        claim("signed with a key it does not have" in said, "the refusal does not say why: " + said)
        claim(device.slot(PRIMARY) == before, "the running image's slot has changed")
        restart(device)
        device.runs("1.0.0")
        claim(device.slot(PRIMARY) == before, "the running image's slot has changed at the reset")


@test
def request_forced_past_the_server_is_still_refused(factory):
    """An application that writes the mailbox itself: the bootloader checks, before it erases."""
    factory.keys("stranger")
    with open(factory.sign("2.0.0", encrypt=True, key="stranger", name="stranger.img"), "rb") as f:
        image = f.read()
    with started(factory) as device:
        before = device.slot(PRIMARY)
        device.program(b"\xff" * SLOT, SECONDARY)
        device.program(image, SECONDARY)
        request(device)
        device.forget()
        device.reset()
        device.runs("1.0.0")
        claim(device.slot(PRIMARY) == before, "the running image's slot has changed")


@test
def plaintext_is_neither_on_the_wire_nor_in_the_secondary(factory):
    old, new = factory.sign("1.0.0"), factory.sign("2.0.0", encrypt=True)
    old_pieces = telling(payload(factory.sign("1.0.0")))
    new_pieces = telling(payload(factory.sign("2.0.0")))
    with Device(factory, old) as device:
        device.power_on()
        device.settled()
        device.tool("upgrade", new)
        claim(traces(new_pieces, device.slot(PRIMARY)) == len(new_pieces), "the search does not find what is there")
        claim(traces(new_pieces | old_pieces, device.slot(SECONDARY)) == 0, "plaintext lies in the secondary")
        claim(traces(new_pieces, frames(bytes(device.wire.to_board))) == 0, "plaintext was on the wire")


@test
def power_cut_at_any_erase_of_an_update_loses_nothing(factory):
    cut_through(factory, range(0, 120, 7), torn=None)


@test
def power_cut_in_torn_erases_loses_nothing(factory):
    cut_through(factory, range(3, 120, 11), torn=512)


def cut_through(factory, counts, torn):
    """From the same start, cut at each of these erases, and again a few pages later; 2.0.0 must run at the end."""
    with started(factory) as device:
        device.tool("upload", factory.sign("2.0.0", encrypt=True))
        device.tool("image test", hash_of(device, 1))
        start = device.flash()
        for count in counts:
            device.program(start)
            device.forget()
            hits = device.cut_at_erase(count, torn)
            hits += hits and device.cut_at_erase(2, torn)
            device.power_on()
            device.runs("2.0.0")
            device.settled()
            print("   cut at erase %d: %d cuts" % (count, hits))
            if not hits:
                break


@test
def power_cuts_at_random_moments_lose_nothing(factory):
    chance = random.Random(20)
    with started(factory) as device:
        device.tool("upload", factory.sign("2.0.0", encrypt=True))
        device.tool("image test", hash_of(device, 1))
        start = device.flash()
        for _ in range(10):
            device.program(start)
            device.forget()
            device.reset()
            for _ in range(chance.randrange(1, 5)):
                device.wait(chance.random() * 0.03)
                device.cut_power()
            device.wait(0.5)
            device.check_alive()
            said = device.console().decode("latin1")
            claim("airlock demo" in said, "after the cuts nothing runs")
            device.tool("echo", "alive")


@test
def break_held_at_reset_enters_recovery(factory):
    recover(factory, lambda device: device.reset_with_break())


@test
def boot_mode_asked_for_enters_recovery(factory):
    recover(factory, lambda device: device.tool("reset", "--recovery"))


def recover(factory, enter):
    """Recovery takes 2.0.0; upload and reset are enough, as with MCUboot."""
    with started(factory) as device:
        device.forget()
        enter(device)
        device.wait(0.3)
        claim(b"airlock demo" not in device.console(), "the application started")
        device.tool("upload", factory.sign("2.0.0", encrypt=True))
        restart(device)
        device.runs("2.0.0")
        device.settled()
        device.forget()
        device.cut_power()
        device.runs("2.0.0")


@test
def empty_primary_enters_recovery_and_takes_an_image(factory):
    with Device(factory) as device:
        device.power_on()
        device.tool("upload", factory.sign("1.0.0", encrypt=True))
        restart(device)
        device.runs("1.0.0")


@test
def recovery_refuses_a_bad_image_at_its_last_byte(factory):
    factory.keys("stranger")
    image = factory.sign("2.0.0", encrypt=True, key="stranger", name="stranger.img")
    with started(factory) as device:
        device.reset_with_break()
        device.wait(0.2)
        refused(device, "upload", image)
        restart(device)
        device.runs("1.0.0")


@test
def unprovisioned_board_boots_nothing_and_accepts_nothing(factory):
    with Device(factory, factory.sign("1.0.0")) as device:
        device.program(b"\xff" * PAGE, KEYS)
        device.power_on()
        device.wait(0.5)
        claim(b"airlock demo" not in device.console(), "an unprovisioned board runs something")
        said = refused(device, "upload", factory.sign("2.0.0", encrypt=True))
        claim("no keys" in said, "the refusal does not say that there are no keys: " + said)


@test
def keys_and_boot_code_are_the_same_after_an_update(factory):
    with started(factory) as device:
        before = device.flash(0, JOURNAL)
        device.tool("upgrade", factory.sign("2.0.0", encrypt=True))
        claim(device.flash(0, JOURNAL) == before, "boot code or keys have changed")
        claim(device.flash(JOURNAL, JOURNAL_SIZE) != b"\xff" * JOURNAL_SIZE, "the journal was not used")


def main(names):
    if names == ["--list"]:
        print("\n".join(run.__name__ for run in TESTS))
        return 0
    if not available():
        print("SKIPPED: there is no qemu-system-arm here")
        return SKIPPED
    failed = 0
    for run in TESTS:
        if names and run.__name__ not in names:
            continue
        with tempfile.TemporaryDirectory(prefix="airlock-life-") as folder:
            factory = Factory(folder)
            try:
                factory.make()
                run(factory)
                print("ok    ", run.__name__, flush=True)
            except (Wrong, Refused, BoardError, OSError) as why:
                failed += 1
                print("FAILED %s: %s\n       again: tests/target/life.py %s" % (run.__name__, why, run.__name__),
                      flush=True)
    return 1 if failed else 0


sys.exit(main(sys.argv[1:]))
