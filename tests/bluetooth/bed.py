# SPDX-License-Identifier: Apache-2.0
"""What the cases stand on: virtual controllers, bluetoothd, a device, a client.

Runs in the guest of tools/bluetooth-bed.  Two controllers in one kernel: hci0
is the device's, hci1 the client's.
"""
import glob
import os
import pty
import re
import select
import signal
import subprocess
import time

BUS_CONF = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>unix:path=/run/dbus/system_bus_socket</listen><auth>EXTERNAL</auth>
<policy context="default"><allow user="*"/><allow own="*"/><allow send_destination="*" eavesdrop="true"/>
<allow receive_sender="*"/><allow send_type="method_call"/></policy></busconfig>
"""
# Like a small device: LE alone, no look around on the central, no second bearer, nothing remembered of services.
BLUEZ_CONF = """[General]
ControllerMode=le
Privacy=off
ReverseServiceDiscovery=false
[GATT]
Cache=no
Channels=1
"""
LOGS = "/run/host"


class Wrong(Exception):
    pass


def claim(ok, what):
    if not ok:
        raise Wrong(what)


def wait_for(condition, seconds, what):
    end = time.monotonic() + seconds
    while not condition():
        claim(time.monotonic() < end, "no %s in %s s" % (what, seconds))
        time.sleep(0.02)


def write(path, text):
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    return path


def start_bus():
    os.makedirs("/run/dbus", exist_ok=True)
    subprocess.run(["dbus-daemon", "--config-file=" + write("/tmp/bus.conf", BUS_CONF), "--fork", "--nopidfile"],
                   check=True)


def dbus(path, method, *args):
    """Call a method of BlueZ; its answer as text."""
    done = subprocess.run(["dbus-send", "--system", "--print-reply", "--dest=org.bluez", path, method, *args],
                          capture_output=True, text=True, timeout=60)
    return done.stdout


def bluetoothd():
    for path in ("/usr/libexec/bluetooth/bluetoothd", "/usr/lib/bluetooth/bluetoothd", "/usr/sbin/bluetoothd"):
        if os.path.exists(path):
            return path
    raise Wrong("there is no bluetoothd")


class Lines:
    """A process whose stdout is read line by line."""

    def __init__(self, argv, name, stdin=None):
        self.log = open("%s/%s.log" % (LOGS, name), "a", encoding="utf-8")
        self.log.write("$ %s\n" % " ".join(argv))
        self.process = subprocess.Popen(argv, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, bufsize=0)
        self.text = ""
        self.lines = []

    def read(self, seconds):
        """Take what has come; False at the end."""
        out = self.process.stdout
        if not select.select([out], [], [], seconds)[0]:
            return True
        got = os.read(out.fileno(), 65536).decode(errors="replace")
        self.log.write(got)
        self.log.flush()
        self.text += got
        *whole, self.text = self.text.split("\n")
        self.lines += whole
        return got != ""

    def expect(self, pattern, seconds=30):
        """The match of the first line not yet looked at that has the pattern."""
        end = time.monotonic() + seconds
        while True:
            while self.lines:
                found = re.search(pattern, self.lines.pop(0))
                if found:
                    return found
            left = end - time.monotonic()
            claim(left > 0, "%s: no line with '%s' in %s s" % (os.path.basename(self.log.name), pattern, seconds))
            claim(self.read(min(left, 1)), "%s ended before a line with '%s'" % (os.path.basename(self.log.name), pattern))

    def end(self, sig=None):
        if sig is not None and self.process.poll() is None:
            self.process.send_signal(sig)
        while self.read(30) and self.process.poll() is None:
            pass
        while select.select([self.process.stdout], [], [], 0)[0] and self.read(0):
            pass
        status = self.process.wait(30)
        self.process.stdout.close()
        self.log.close()
        return status


class Radio:
    """Two virtual controllers and one bluetoothd, without any memory."""

    def __init__(self, case, controllers=("-l2", "-L")):
        for bond in glob.glob("/var/lib/bluetooth/*"):
            subprocess.run(["rm", "-rf", bond], check=True)
        log = open("%s/%s-bluetoothd.log" % (LOGS, case), "w", encoding="utf-8")
        self.virtual = subprocess.Popen(["btvirt", *controllers], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.daemon = subprocess.Popen([bluetoothd(), "-n", *(["-d"] if os.path.exists(LOGS + "/debug") else []), "-f", write("/tmp/bluez.conf", BLUEZ_CONF)],
                                       stdout=log, stderr=log)
        log.close()
        for path in ("/org/bluez/hci0", "/org/bluez/hci1")[:int(controllers[0][2:])]:
            wait_for(lambda p=path: "Address" in dbus(p, "org.freedesktop.DBus.Properties.GetAll",
                                                      "string:org.bluez.Adapter1"), 20, path)
            dbus(path, "org.freedesktop.DBus.Properties.Set", "string:org.bluez.Adapter1", "string:Powered",
                 "variant:boolean:true")

    def close(self):
        self.daemon.send_signal(signal.SIGTERM)
        status = self.daemon.wait(20)
        self.virtual.kill()
        self.virtual.wait()
        wait_for(lambda: not os.path.exists("/sys/class/bluetooth/hci0"), 10, "end of the controllers")
        claim(status == 0, "bluetoothd ended with status %d" % status)


class Typist:
    """airlock with a person at its terminal."""

    def __init__(self, argv, name):
        self.keys, terminal = pty.openpty()
        self.lines = Lines(argv, name, stdin=terminal)
        os.close(terminal)

    def type(self, text):
        os.write(self.keys, (text + "\n").encode())

    def end(self):
        status = self.lines.end()
        os.close(self.keys)
        return status
