#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A foreign stack, bumble, as the central of airlock-device (which is on BlueZ).

Runs in the guest of tools/bluetooth-bed, with the python of bumble's venv.
usage: foreign.py DEVICE MAKE_KEYS
"""
import asyncio
import os
import signal
import struct
import subprocess
import sys

from bumble.att import ATT_Error
from bumble.core import UUID
from bumble.device import Device, Peer
from bumble.hci import Address
from bumble.pairing import PairingConfig, PairingDelegate
from bumble.transport import open_transport

import bed
from bed import claim

DEVICE, MAKE_KEYS = sys.argv[1:3]
SERVICE = UUID("8D53DC1D-1DB7-4CD3-868B-8A527460AA84")
CHARACTERISTIC = UUID("DA2E7828-FBCE-4E01-AE9E-261174997C48")


class Reader(PairingDelegate):
    """Types what the device shows."""

    def __init__(self, device):
        super().__init__(PairingDelegate.KEYBOARD_INPUT_ONLY)
        self.device = device

    async def get_number(self):
        match = await asyncio.to_thread(self.device.expect, r"passkey (\d{6})")
        return int(match.group(1))


def echo(text, sequence):
    """An SMP echo request, version 2."""
    payload = b"\xa1\x61d\x79" + struct.pack(">H", len(text)) + text.encode()
    return struct.pack(">BBHHBB", 0x0A, 0, len(payload), 0, sequence, 0) + payload


async def exchange(characteristic, queue, packet, piece):
    for at in range(0, len(packet), piece):
        await characteristic.write_value(packet[at:at + piece], with_response=False)
    got = b""
    pieces = 0
    while len(got) < 8 or len(got) < 8 + struct.unpack(">H", got[2:4])[0]:
        got += await asyncio.wait_for(queue.get(), 20)
        pieces += 1
    return got, pieces


async def talk(device, address):
    async with await open_transport("unix:/tmp/bt-server-le") as hci:
        central = Device.with_hci("central", Address("F0:F1:F2:F3:F4:F5"), hci.source, hci.sink)
        central.pairing_config_factory = lambda _: PairingConfig(sc=True, mitm=True, bonding=True,
                                                                 delegate=Reader(device))
        await central.power_on()
        connection = await central.connect(Address(address, Address.PUBLIC_DEVICE_ADDRESS), timeout=30)
        peer = Peer(connection)
        mtu = await peer.request_mtu(247)
        await peer.discover_services()
        service = peer.get_services_by_uuid(SERVICE)[0]
        await service.discover_characteristics()
        characteristic = service.get_characteristics_by_uuid(CHARACTERISTIC)[0]
        queue = asyncio.Queue()

        def heard(value):
            queue.put_nowait(bytes(value))

        try:
            await characteristic.subscribe(heard)
            refused = ""
        except ATT_Error as e:
            refused = str(e).split(":")[0]
        claim("AUTHENTICATION" in refused, "an unpaired central may subscribe: %s" % refused)
        await connection.pair()
        claim(connection.is_encrypted, "paired, and the link is not encrypted")
        await characteristic.subscribe(heard)
        text = "y" * 600
        for sequence in range(5):
            got, pieces = await exchange(characteristic, queue, echo(text, sequence), mtu - 3)
            claim(got[0] == 0x0B and got[6] == sequence and text.encode() in got, "no echo: %s" % got[:40].hex())
            claim(pieces == 3, "%d notifications for 620 bytes at MTU %d" % (pieces, mtu))
        await connection.disconnect()


def main():
    bed.start_bus()
    radio = bed.Radio("bumble", ["-l1", "-L", "-s"])
    subprocess.run([MAKE_KEYS, "/tmp/keys"], check=True)
    device = bed.Lines([DEVICE, "--flash", "/tmp/flash", "--keys", "/tmp/keys", "--recovery", "--ble", "Door 7",
                        "--ble-rearm", "250"], "bumble-device", stdin=subprocess.PIPE)
    status = 1
    try:
        device.expect("advertising")
        address = bed.dbus("/org/bluez/hci0", "org.freedesktop.DBus.Properties.Get", "string:org.bluez.Adapter1",
                           "string:Address").split('"')[1]
        asyncio.run(asyncio.wait_for(talk(device, address), 120))
        print("ok      bumble pairs with a passkey and is answered in several notifications")
        status = 0
    except (bed.Wrong, asyncio.TimeoutError) as e:
        print("FAILED  bumble: %s %s" % (type(e).__name__, e))
    device.end(signal.SIGKILL)
    radio.close()
    return status


status = main()
sys.stdout.flush()
os._exit(status)
