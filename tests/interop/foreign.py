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
from smpclient.requests.enumeration_management import (
    CountSupportedGroups, GroupDetails, GroupId, ListSupportedGroups)
from smpclient.requests.file_management import (
    FileClose, FileDownload, FileHashChecksum, FileStatus, FileUpload, SupportedFileHashChecksumTypes)
from smpclient.requests.image_management import ImageErase, ImageStatesRead, ImageStatesWrite
from smpclient.requests.os_management import (
    BootloaderInformationRead, EchoWrite, MCUMgrParametersRead, OSApplicationInfoRead, ResetWrite)
from smpclient.requests.os_management import (
    DateTimeRead, DateTimeWrite, TaskStatisticsRead)
from smpclient.requests.settings_management import (
    CommitSettings, DeleteSetting, LoadSettings, ReadSetting, SaveSettings, WriteSetting)
from smpclient.requests.shell_management import Execute
from smpclient.requests.statistics_management import GroupData, ListOfGroups
from smpclient.requests.zephyr_management import EraseStorage
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
             "--udp=%d" % port, "--pty-link", self.path("pty"), "--files", directory, "--open", "destructive",
             "--open", "dangerous"], stdout=subprocess.PIPE, text=True)
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


async def groups(client):
    """The other groups; smpclient refuses answers with a key too many."""
    listed = (await ask(client, ListSupportedGroups())).groups
    claim((await ask(client, CountSupportedGroups())).count == len(listed), "enumeration")
    claim((await ask(client, GroupId(index=1))).group == listed[1], "enumeration by index")
    claim(len((await ask(client, GroupDetails(groups=[0, 64]))).groups) == 2, "details of groups")
    claim("main" in (await ask(client, TaskStatisticsRead())).tasks, "tasks")
    await ask(client, DateTimeWrite(datetime="2031-02-03T04:05:06"))
    claim((await ask(client, DateTimeRead())).datetime.startswith("2031-02-03T04:0"), "date-time")
    claim("boots" in (await ask(client, GroupData(name=(await ask(client, ListOfGroups())).stat_list[0]))).fields,
          "statistics")
    await ask(client, WriteSetting(name="a/b", val=b"hello"))
    claim((await ask(client, ReadSetting(name="a/b"))).val == b"hello", "setting")
    for request in (CommitSettings(), SaveSettings(), LoadSettings(), DeleteSetting(name="a/b"), EraseStorage()):
        await ask(client, request)
    claim(error(await client.request(ReadSetting(name="a/b"))), "a deleted setting")
    await ask(client, FileUpload(name="/lfs/f", off=0, data=b"12345", len=9))
    await ask(client, FileUpload(name="/lfs/f", off=5, data=b"6789"))
    claim((await ask(client, FileDownload(name="/lfs/f", off=0))).data == b"123456789", "file")
    claim((await ask(client, FileStatus(name="/lfs/f"))).len == 9, "status of a file")
    claim((await ask(client, FileHashChecksum(name="/lfs/f", type="crc32"))).output == 0xcbf43926, "checksum of a file")
    claim(len((await ask(client, SupportedFileHashChecksumTypes())).types) == 2, "kinds of checksums")
    await ask(client, FileClose())
    claim(error(await client.request(FileStatus(name="/lfs/none"))), "a file that is not there")
    done = await ask(client, Execute(argv=["say", "hello"]))
    claim(done.o.strip() == "hello", "shell")


async def smpclient_over(transport, address, port):
    with tempfile.TemporaryDirectory(prefix="airlock-foreign-") as directory:
        device = Device(directory, port)
        try:
            async with SMPClient(transport, address or device.path("pty")) as client:
                await asyncio.wait_for(groups(client), 50)
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
