#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The tool's verbs against airlock-device: real processes, a pty, UDP, signals.

usage: client.py AIRLOCK DEVICE MAKE_KEYS KEYS_DIR [TEST...]
"""
import hashlib
import json
import os
import random
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import zlib

AIRLOCK, DEVICE, MAKE_KEYS, KEYS = sys.argv[1:5]
TESTS = []


def test(f):
    TESTS.append(f)
    return f


class Wrong(Exception):
    pass


def claim(ok, what):
    if not ok:
        raise Wrong(what)


class Bench:
    """A directory with a key area, images, and the device that runs the first."""

    def __init__(self, device_options=()):
        self.dir = tempfile.TemporaryDirectory(prefix="airlock-client-")
        subprocess.run([MAKE_KEYS, self.path("keys")], check=True)
        self.image("one", "1.0.0", 60000)
        self.options = list(device_options)
        self.port = 0
        self.start()

    def path(self, name):
        return os.path.join(self.dir.name, name)

    def image(self, name, version, size, key="sign-ecdsa-p256", encrypt=True):
        with open(self.path("raw"), "wb") as f:
            f.write(random.Random(name).randbytes(size))
        to = ["--encrypt-to", KEYS + "/enc-ecdsa-p256.pub.pem"] if encrypt and name != "one" else []
        self.tool("sign", self.path("raw"), self.path(name), "--key", "%s/%s.pem" % (KEYS, key),
                  "--version", version, "--board", "microbit", "--pad-header", *to)
        return self.path(name)

    def start(self):
        self.device = subprocess.Popen(
            [DEVICE, "--flash", self.path("flash"), "--keys", self.path("keys"), "--image", self.path("one"),
             "--udp=%d" % self.port, "--pty-link", self.path("pty")] + self.options,
            stdout=subprocess.PIPE, text=True)
        while True:
            line = self.device.stdout.readline()
            claim(line, "the device ends at once")
            if line.startswith("udp "):
                self.port = int(line.split()[2])
            if line.startswith("running ") or line.startswith("recovery"):
                break
        self.udp = ["--udp", "127.0.0.1:%d" % self.port]
        self.pty = ["--serial", self.path("pty")]

    def run(self, *args):
        return subprocess.run([AIRLOCK, *args], capture_output=True, text=True, timeout=120)

    def tool(self, *args, status=0):
        done = self.run(*args)
        claim(done.returncode == status, "%s: exit status %d, expected %d: %s"
              % (" ".join(args), done.returncode, status, done.stderr))
        return done

    def images(self):
        return json.loads(self.tool("image", "list", "--json", *self.udp).stdout)["images"]

    def runs(self, version):
        running = [i for i in self.images() if i["active"]]
        claim(len(running) == 1 and running[0]["version"] == version, "%s does not run: %s" % (version, running))
        return running[0]

    def restart(self):
        self.tool("reset", *self.udp)
        time.sleep(0.7)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.device.kill()
        self.device.wait()
        self.device.stdout.close()
        self.dir.cleanup()


def events(text):
    return [json.loads(line) for line in text.splitlines()]


def cbor(value):
    def head(kind, n):
        if n < 24:
            return bytes([kind << 5 | n])
        return bytes([kind << 5 | 25]) + n.to_bytes(2, "big") if n < 65536 else bytes([kind << 5 | 26]) + n.to_bytes(4, "big")
    if isinstance(value, int):
        return head(0, value)
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    if isinstance(value, str):
        return head(3, len(value)) + value.encode()
    return head(5, len(value)) + b"".join(cbor(k) + cbor(v) for k, v in value.items())


def first_packet(port, upload):
    """What `off` a server answers to the first packet of an upload."""
    body = cbor(upload)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.settimeout(10)
        s.sendto(b"\x0a\0" + len(body).to_bytes(2, "big") + b"\0\x01\x07\x01" + body, ("127.0.0.1", port))
        answer = s.recv(2000)
    at = answer.index(b"\x63off") + 4
    size = {24: 1, 25: 2, 26: 4}.get(answer[at], 0)
    return int.from_bytes(answer[at + 1:at + 1 + size], "big") if size else answer[at]


@test
def upgrade_over_a_pty_lets_the_application_confirm():
    with Bench(["--confirm-after", "1"]) as b:
        done = b.tool("upgrade", b.image("two", "2.0.0", 80000), "--json", *b.pty)
        claim(events(done.stdout)[-1] == {"event": "done", "version": "2.0.0", "already_running": False,
                                          "confirmed_by": "application"}, done.stdout)
        claim(b.runs("2.0.0")["confirmed"], "it is not confirmed")
        done = b.tool("upgrade", b.path("two"), "--json", *b.pty)
        claim(events(done.stdout)[-1]["already_running"], done.stdout)


@test
def upgrade_over_udp_confirms_what_does_not_confirm_itself():
    with Bench() as b:
        done = b.tool("upgrade", b.image("two", "2.0.0", 80000), "--json", "--confirm-wait", "1", *b.udp)
        claim(events(done.stdout)[-1]["confirmed_by"] == "airlock", done.stdout)
        b.restart()
        b.runs("2.0.0")


@test
def small_buffers_and_one_request_at_a_time_will_do():
    with Bench(["--buffers", "256x1"]) as b:
        b.tool("upgrade", b.image("two", "2.0.0", 30000), "--confirm-wait", "0", *b.pty)
        b.runs("2.0.0")


@test
def test_only_goes_back_at_the_next_reset():
    with Bench() as b:
        b.tool("upgrade", b.image("two", "2.0.0", 30000), "--test-only", *b.udp)
        claim(not b.runs("2.0.0")["confirmed"], "it is confirmed")
        said = b.tool("upgrade", b.image("three", "3.0.0", 30000), *b.udp, status=1).stderr
        claim("on trial" in said and "airlock image confirm" in said, said)
        b.restart()
        b.runs("1.0.0")


@test
def permanent_needs_no_confirmation():
    with Bench() as b:
        b.tool("upgrade", b.image("two", "2.0.0", 30000), "--confirm-only", *b.udp)
        b.restart()
        claim(b.runs("2.0.0")["confirmed"], "it is not confirmed")


@test
def steps_of_an_upgrade_work_one_by_one():
    with Bench() as b:
        b.tool("upload", b.image("two", "2.0.0", 30000), *b.pty)
        new = b.images()[1]
        claim(new["version"] == "2.0.0" and not new["pending"], str(new))
        b.tool("image", "test", new["hash"][:8], *b.pty)
        claim(b.images()[1]["pending"], "not pending")
        b.restart()
        b.runs("2.0.0")
        b.tool("image", "confirm", *b.udp)
        claim(b.runs("2.0.0")["confirmed"], "not confirmed")
        b.tool("image", "erase", *b.udp)
        claim(len(b.images()) == 1, "not erased")


@test
def image_of_a_stranger_is_refused_with_a_reason():
    with Bench() as b:
        image = b.image("bad", "2.0.0", 30000, key="sign2-ecdsa-p256")
        said = b.tool("upgrade", image, *b.udp, status=1).stderr
        claim(said.startswith("airlock upgrade: ") or "airlock upgrade:" in said.splitlines()[-1], said)
        b.restart()
        b.runs("1.0.0")


@test
def pending_image_gives_way_to_another():
    with Bench() as b:
        b.tool("upload", b.image("two", "2.0.0", 30000), *b.udp)
        b.tool("image", "test", *b.udp)
        b.tool("upgrade", b.image("three", "3.0.0", 30000), "--confirm-wait", "0", *b.udp)
        b.runs("3.0.0")


class Relay(threading.Thread):
    """Between tool and device on UDP: lets so many requests through, then none until `gate` is opened."""

    def __init__(self, port, requests):
        super().__init__(daemon=True)
        self.device, self.left = ("127.0.0.1", port), requests
        self.gate, self.shut = threading.Event(), threading.Event()
        self.near, self.far = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
        self.near.bind(("127.0.0.1", 0))
        self.link = ["--udp", "127.0.0.1:%d" % self.near.getsockname()[1]]
        self.start()

    def run(self):
        tool = None
        while True:
            for s in select.select([self.near, self.far], [], [])[0]:
                packet, sender = s.recvfrom(4096)
                if s is self.far:
                    self.near.sendto(packet, tool)
                    continue
                tool, self.left = sender, self.left - 1
                if self.left >= 0 or self.gate.is_set():
                    self.far.sendto(packet, self.device)
                else:
                    self.shut.set()


def begin_upgrade(b, image, *options):
    """A running upgrade whose link has fallen silent in mid-upload."""
    relay = Relay(b.port, 150)
    p = subprocess.Popen([AIRLOCK, "upgrade", image, "--packet", "192", *options, *relay.link],
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    claim(relay.shut.wait(20), "the upload does not begin")
    return p, relay


@test
def interrupt_leaves_the_device_well_and_the_upload_goes_on():
    with Bench() as b:
        p, relay = begin_upgrade(b, b.image("two", "2.0.0", 80000))
        p.send_signal(signal.SIGINT)
        _, err = p.communicate(timeout=10)
        claim(p.returncode == 3 and "same command" in err, "%d %s" % (p.returncode, err))
        b.runs("1.0.0")
        done = b.tool("upgrade", b.path("two"), "--json", "--confirm-wait", "0", *b.udp)
        first = [e for e in events(done.stdout) if e["event"] == "progress"][0]
        claim(first["off"] > 10000, "it began anew: %s" % first)
        b.runs("2.0.0")


@test
def link_that_falls_silent_in_mid_upload_is_waited_for():
    with Bench() as b:
        p, relay = begin_upgrade(b, b.image("two", "2.0.0", 80000), "--confirm-wait", "0")
        time.sleep(3)
        relay.gate.set()
        _, err = p.communicate(timeout=60)
        claim(p.returncode == 0, "%d %s" % (p.returncode, err))
        b.runs("2.0.0")


@test
def device_that_loses_power_in_mid_upload_is_sent_all_again():
    with Bench() as b:
        p, relay = begin_upgrade(b, b.image("two", "2.0.0", 80000), "--confirm-wait", "0")
        b.device.kill()
        b.device.wait()
        b.start()
        b.runs("1.0.0")
        relay.gate.set()
        _, err = p.communicate(timeout=60)
        claim(p.returncode == 0, "%d %s" % (p.returncode, err))
        b.runs("2.0.0")


@test
def recovery_takes_an_image_too():
    with Bench(["--recovery"]) as b:
        b.tool("upload", b.image("two", "2.0.0", 30000), *b.pty)
        b.options = []
        b.device.kill()
        b.device.wait()
        b.start()
        b.runs("2.0.0")


@test
def upgrade_through_recovery_brings_the_new_image_up():
    with Bench(["--recovery"]) as b:
        b.tool("upgrade", b.image("two", "2.0.0", 30000), "--confirm-wait", "0", *b.pty)
        b.runs("2.0.0")


@test
def info_and_echo_tell():
    with Bench() as b:
        info = json.loads(b.tool("info", "--json", *b.pty).stdout)
        claim(info["buf_size"] == 1024 and info["buf_count"] == 4 and len(info["slots"]) == 2, str(info))
        claim(b.tool("echo", "hello there", *b.pty).stdout == "hello there\n", "echo")
        claim(json.loads(b.tool("echo", "--json", *b.udp).stdout) == {"echo": "airlock"}, "echo --json")


@test
def wrong_words_and_files_have_their_exit_status():
    with Bench() as b:
        b.tool("echo", status=2)
        b.tool("echo", *b.udp, *b.pty, status=2)
        b.tool("upgrade", b.path("one"), "--test-only", "--upload-only", *b.udp, status=2)
        b.tool("upgrade", b.path("nothing"), *b.udp, status=3)
        b.tool("upgrade", b.path("keys"), *b.udp, status=1)
        b.tool("image", "test", "xyz", *b.udp, status=2)
        b.tool("image", "confirm", "00112233", *b.udp, status=2)
        b.tool("echo", "--serial", b.path("no-such-tty"), status=3)
        with open(b.path("one"), "rb") as f, open(b.path("cut"), "wb") as g:
            g.write(f.read()[:30000])
        b.tool("upgrade", b.path("cut"), *b.udp, status=1)
        said = b.tool("image", "test", b.images()[0]["hash"], *b.udp, status=1).stderr
        claim("running already" in said and "airlock image list" in said, said)


@test
def nobody_there_is_status_3():
    with Bench() as b:
        b.device.kill()
        b.device.wait()
        said = b.tool("echo", *b.udp, status=3).stderr
        claim("does not answer" in said, said)


@test
def settings_survive_a_restart_and_need_an_open_class():
    with Bench() as b:
        b.options += ["--settings", b.path("settings")]
        b.device.kill(); b.device.wait(); b.start()
        said = b.tool("settings", "set", "net/name", "pump7", *b.udp, status=1).stderr
        claim("does not allow that over this link" in said, said)
        b.options += ["--open", "destructive"]
        b.device.kill(); b.device.wait(); b.start()
        b.tool("settings", "set", "net/name", "pump7", *b.udp)
        b.device.kill(); b.device.wait(); b.start()
        done = b.tool("settings", "get", "net/name", "--json", *b.pty)
        claim(json.loads(done.stdout) == {"val": "pump7"}, done.stdout)
        b.tool("settings", "delete", "net/name", *b.udp)
        b.tool("settings", "get", "net/name", *b.udp, status=1)
        b.tool("settings", "set", "a", "b", *b.udp)
        b.tool("settings", "erase", *b.udp)
        b.tool("settings", "get", "a", *b.udp, status=1)


@test
def files_go_there_and_come_back():
    with tempfile.TemporaryDirectory() as files, Bench(["--files", files, "--open", "destructive"]) as b:
        data = random.Random(5).randbytes(5000)
        with open(b.path("data"), "wb") as f:
            f.write(data)
        b.tool("fs", "put", b.path("data"), "/lfs/data", *b.udp)
        b.tool("fs", "get", "data", b.path("back"), *b.pty)
        with open(b.path("back"), "rb") as f:
            claim(f.read() == data, "other bytes")
        claim(json.loads(b.tool("fs", "status", "data", "--json", *b.udp).stdout) == {"len": 5000}, "status")
        done = json.loads(b.tool("fs", "hash", "data", "sha256", "--json", *b.udp).stdout)
        claim(done["output"] == hashlib.sha256(data).hexdigest(), done)
        done = json.loads(b.tool("fs", "hash", "data", "--json", *b.udp).stdout)
        claim(done["output"] == zlib.crc32(data), done)
        b.tool("fs", "get", "../keys", *b.udp, status=1)
        b.tool("fs", "get", "absent", *b.udp, status=1)


@test
def shell_is_closed_until_it_is_opened():
    with Bench() as b:
        b.tool("shell", "version", *b.udp, status=1)
        b.options += ["--open=dangerous"]
        b.device.kill(); b.device.wait(); b.start()
        claim(b.tool("shell", "say", "a", "b", *b.udp).stdout == "a b\n", "say")
        b.tool("shell", "nothing", *b.udp, status=1)


@test
def device_tells_of_itself():
    with Bench() as b:
        def ask(*words):
            return json.loads(b.tool(*words, "--json", *b.udp).stdout)
        groups = [g["group"] for g in ask("device", "groups")["groups"]]
        claim(groups == [0, 1, 2, 3, 4, 8, 9, 10, 63, 64], groups)
        claim(ask("device", "capabilities")["open"] == 3, "open")
        with open(b.path("one"), "rb") as f:
            claim(ask("device", "hash")["sha"] == hashlib.sha256(f.read()).hexdigest(), "hash")
        claim(ask("device", "erased", "1")["blank"] == 104, "erased")
        claim(len(ask("device", "keys")["keys"]) > 0, "keys")
        claim("device" in ask("stat", "list")["stat_list"], "stat list")
        claim(ask("stat", "show", "device")["fields"]["boots"] == 1, "stat")
        claim(ask("log", "show")["logs"][0]["entries"][0]["msg"].startswith("1.0.0"), "log")
        claim("main" in ask("device", "tasks")["tasks"], "tasks")
        ask("device", "pools")
        b.tool("device", "settime", "2031-01-02T03:04:05", *b.udp)
        claim(ask("device", "time")["datetime"].startswith("2031-01-02T03:0"), "time")


@test
def journal_tells_why_an_update_was_taken_back():
    with Bench() as b:
        b.tool("upgrade", b.image("two", "2.0.0", 30000), "--test-only", *b.udp)
        b.restart()
        b.runs("1.0.0")
        done = json.loads(b.tool("device", "journal", "--json", *b.udp).stdout)
        claim(done["result"] != 0 and done["last"] != "0" * 24, done)


@test
def resets_without_end_are_refused():
    with Bench(["--pace", "1000"]) as b:
        for i in range(30):
            b.tool("device", "pools", *b.udp)
            b.tool("reset", *b.udp)
        said = b.tool("reset", *b.udp, status=1).stderr
        claim("busy" in said, said)


@test
def upload_goes_on_after_a_power_cut():
    with Bench() as b:
        image = b.image("two", "2.0.0", 80000)
        b.options += ["--cut", "12000"]
        b.device.kill(); b.device.wait(); b.start()
        b.run("upload", image, *b.udp)
        claim(b.device.wait(60) == 9, "no power cut")
        del b.options[-2:]
        b.start()
        with open(image, "rb") as f:
            data = f.read()
        head = {"off": 0, "len": len(data), "sha": hashlib.sha256(data).digest(), "data": data[:512]}
        off = first_packet(b.port, head)
        claim(off > 20000 and off % 1024 == 0, "it starts over: %d" % off)
        b.tool("upgrade", image, "--confirm-wait", "0", *b.udp)
        b.runs("2.0.0")


def main():
    wanted = sys.argv[5:]
    bad = 0
    for f in TESTS:
        if wanted and f.__name__ not in wanted:
            continue
        began = time.time()
        try:
            f()
            print("ok     %s  %.1f s" % (f.__name__, time.time() - began), flush=True)
        except (Wrong, subprocess.SubprocessError, OSError, ValueError, LookupError) as e:
            bad += 1
            print("FAILED %s: %s" % (f.__name__, e), flush=True)
    return 1 if bad else 0


sys.exit(main())
