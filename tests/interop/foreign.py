#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""smpclient and smpmgr against airlock-device, over UDP and over the console of a pty.

usage: foreign.py SMPMGR AIRLOCK DEVICE MAKE_KEYS KEYS_DIR   (see foreign.sh)
"""
import asyncio
import os
import random
import subprocess
import sys
import tempfile

from smpclient import SMPClient
from smpclient.generics import error, success
from smpclient.requests.image_management import ImageErase, ImageStatesRead, ImageStatesWrite
from smpclient.requests.os_management import (
    BootloaderInformationRead, EchoWrite, MCUMgrParametersRead, OSApplicationInfoRead, ResetWrite)
from smpclient.transport.serial import SMPSerialTransport
from smpclient.transport.udp import SMPUDPTransport

SMPMGR, AIRLOCK, DEVICE, MAKE_KEYS, KEYS = sys.argv[1:6]


def claim(ok, what):
    if not ok:
        raise SystemExit("foreign: " + what)


class Device:
    def __init__(self, directory, port):
        self.dir = directory
        subprocess.run([MAKE_KEYS, self.path("keys")], check=True)
        for name, version in (("one", "1.0.0"), ("two", "2.1.0+7")):
            with open(self.path("raw"), "wb") as f:
                f.write(random.Random(name).randbytes(30000))
            subprocess.run([AIRLOCK, "sign", self.path("raw"), self.path(name), "--key",
                            KEYS + "/sign-ecdsa-p256.pem", "--version", version, "--board", "microbit",
                            "--pad-header"], check=True, capture_output=True)
        self.process = subprocess.Popen(
            [DEVICE, "--flash", self.path("flash"), "--keys", self.path("keys"), "--image", self.path("one"),
             "--udp=%d" % port, "--pty-link", self.path("pty")], stdout=subprocess.PIPE, text=True)
        self.expect("running 1.0.0+0")

    def path(self, name):
        return os.path.join(self.dir, name)

    def expect(self, line):
        while True:
            got = self.process.stdout.readline()
            claim(got, "the device ended before `%s`" % line)
            if got.strip() == line:
                return


async def ask(client, request):
    reply = await client.request(request)
    claim(success(reply), "%s: %s" % (type(request).__name__, reply))
    return reply


async def images(client):
    return {i.slot: i for i in (await ask(client, ImageStatesRead())).images}


async def life(client, device):
    """List, upload, test, reset, confirm, erase, echo, and what they answer."""
    claim((await ask(client, EchoWrite(d="hello"))).r == "hello", "echo")
    params = await ask(client, MCUMgrParametersRead())
    claim((params.buf_size, params.buf_count) == (1024, 4), "params")
    claim((await ask(client, OSApplicationInfoRead(format="n"))).output == "device", "info")
    await ask(client, BootloaderInformationRead())
    before = await images(client)
    claim(list(before) == [0] and before[0].active and before[0].confirmed, "the first list")
    with open(device.path("two"), "rb") as f:
        data = f.read()
    async for _ in client.upload(data, upgrade=True):
        pass
    after = await images(client)
    claim(after[1].version == "2.1.0.7" and not after[1].pending, "the uploaded image")
    claim(error(await client.request(ImageStatesWrite(hash=before[0].hash, confirm=False))), "test of the running one")
    await ask(client, ImageStatesWrite(hash=after[1].hash, confirm=False))
    claim((await images(client))[1].pending, "pending")
    await ask(client, ResetWrite())
    device.expect("running 2.1.0+7")
    trial = await images(client)
    claim(trial[0].version == "2.1.0.7" and not trial[0].confirmed and trial[1].confirmed, "the trial")
    claim(error(await client.request(ImageErase(slot=1))), "erase of what would come back")
    await ask(client, ImageStatesWrite(confirm=True))
    claim((await images(client))[0].confirmed, "confirmed")
    await ask(client, ResetWrite())
    device.expect("running 2.1.0+7")
    await ask(client, ImageErase(slot=1))
    claim(list(await images(client)) == [0], "erased")


async def smpclient_over(transport, address, port):
    with tempfile.TemporaryDirectory(prefix="airlock-foreign-") as directory:
        device = Device(directory, port)
        try:
            async with SMPClient(transport, address or device.path("pty")) as client:
                await asyncio.wait_for(life(client, device), 100)
        finally:
            device.process.kill()
            device.process.wait()


def smpmgr_over(link, port):
    with tempfile.TemporaryDirectory(prefix="airlock-foreign-") as directory:
        device = Device(directory, port)
        where = ["--ip", "127.0.0.1"] if link == "udp" else ["--port", device.path("pty")]

        def run(*args):
            done = subprocess.run([SMPMGR, "--timeout", "5", *where, *args], capture_output=True, text=True,
                                  timeout=100, env=dict(os.environ, COLUMNS="200", NO_COLOR="1"))
            claim(done.returncode == 0, "smpmgr %s: %s%s" % (" ".join(args), done.stdout, done.stderr))
            return done.stdout

        try:
            claim("hello" in run("os", "echo", "hello"), "smpmgr os echo")
            claim("1.0.0" in run("image", "state-read"), "smpmgr image state-read")
            run("upgrade", "--confirm", device.path("two"))
            device.expect("running 2.1.0+7")
            claim("2.1.0.7" in run("image", "state-read"), "smpmgr sees the new image run")
            run("image", "erase", "1")
        finally:
            device.process.kill()
            device.process.wait()


def main():
    port = 1337  # smpmgr has no option for another
    for name, work in (
            ("smpclient over UDP", lambda: asyncio.run(smpclient_over(SMPUDPTransport(), "127.0.0.1", port))),
            ("smpclient over the console", lambda: asyncio.run(smpclient_over(SMPSerialTransport(), None, port))),
            ("smpmgr over UDP", lambda: smpmgr_over("udp", port)),
            ("smpmgr over the console", lambda: smpmgr_over("pty", port))):
        work()
        print("ok", name)


main()
