# SPDX-License-Identifier: Apache-2.0
"""An emulated micro:bit as a board on the desk: programmed through its debug
port, switched on and off, with a console line that is recorded.

    with Board() as board:
        board.program(factory_hex)      # as a debug probe would: survives resets
        board.power_on()
        board.expect("airlock demo")    # text on the console
        board.link                      # "tcp:127.0.0.1:PORT" for the airlock tool
        board.cut_power()               # RAM is scrambled, flash stays

QEMU keeps flash over resets only if it was written through the debug port;
its blank flash reads 0, so all of it is programmed.  Standard library only.
"""
import contextlib
import json
import os
import random
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

FLASH_SIZE = 256 * 1024
RAM_BASE, RAM_SIZE = 0x20000000, 16 * 1024
NVMC_ERASEPAGE = 0x4001E508
QEMU = "qemu-system-arm"
WAIT = 20.0  # seconds until the other side is given up


class BoardError(Exception):
    pass


def available():
    return shutil.which(QEMU) is not None


def read_hex(path):
    """Intel HEX -> {address: bytes}, one entry a record."""
    out, upper = {}, 0
    with open(path, encoding="ascii") as f:
        for line in f:
            record = bytes.fromhex(line.strip()[1:])
            if sum(record) & 255:
                raise BoardError("%s: bad checksum in %s" % (path, line.strip()))
            count, at, kind, data = record[0], record[1] << 8 | record[2], record[3], record[4:-1]
            if kind == 0:
                out[upper + at] = data[:count]
            elif kind == 4:
                upper = int.from_bytes(data, "big") << 16
            elif kind == 2:
                upper = int.from_bytes(data, "big") << 4
            elif kind == 1:
                break
    return out


class Debug:
    """The debug port: GDB's remote protocol."""

    def __init__(self, path):
        self.sock = connect(path)
        self.buf = b""

    def _byte(self):
        while not self.buf:
            self.buf = self.sock.recv(65536)
            if not self.buf:
                raise BoardError("the emulator has gone")
        byte, self.buf = self.buf[:1], self.buf[1:]
        return byte

    def send(self, text):
        data = text.encode()
        self.sock.sendall(b"$%s#%02x" % (data, sum(data) & 255))

    def receive(self):
        while self._byte() != b"$":
            pass
        out = b""
        while (byte := self._byte()) != b"#":
            out += byte
        self._byte(), self._byte()
        self.sock.sendall(b"+")
        return out.decode("latin1")

    def ask(self, text):
        self.send(text)
        return self.receive()

    def stop(self):
        self.sock.sendall(b"\x03")
        self.receive()

    def go(self):
        self.send("c")

    def write(self, at, data):
        for i in range(0, len(data), 1024):
            part = data[i:i + 1024]
            if self.ask("M%x,%x:%s" % (at + i, len(part), part.hex())) != "OK":
                raise BoardError("cannot write memory at 0x%x" % (at + i))

    def read(self, at, size):
        out = b""
        while len(out) < size:
            out += bytes.fromhex(self.ask("m%x,%x" % (at + len(out), min(1024, size - len(out)))))
        return out

    def reset(self):
        reply = self.ask("qRcmd," + b"system_reset".hex())
        while reply.startswith("O") and reply != "OK":
            reply = self.receive()

    def watch(self, at, size, on):
        if self.ask("%s2,%x,%x" % ("Z" if on else "z", at, size)) != "OK":
            raise BoardError("cannot watch 0x%x" % at)

    def halted(self, timeout):
        """Wait for the CPU to stop; False when it did not in time."""
        end = time.monotonic() + timeout
        while b"$" not in self.buf:
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.sock], [], [], left)[0]:
                return False
            self.buf += self.sock.recv(65536)
        self.receive()
        return True


class Control:
    """The emulator's own control channel."""

    def __init__(self, path):
        self.file = connect(path).makefile("rwb")
        self.file.readline()
        self.do("qmp_capabilities")

    def do(self, what, **arguments):
        request = {"execute": what}
        if arguments:
            request["arguments"] = arguments
        self.file.write(json.dumps(request).encode() + b"\n")
        self.file.flush()
        while True:
            line = self.file.readline()
            if not line:
                raise BoardError("the emulator has gone")
            reply = json.loads(line)
            if "error" in reply:
                raise BoardError("%s: %s" % (what, reply["error"]["desc"]))
            if "return" in reply:
                return reply["return"]


def connect(path):
    end = time.monotonic() + WAIT
    while True:
        sock = socket.socket(socket.AF_UNIX)
        try:
            sock.connect(path)
            sock.settimeout(WAIT)
            return sock
        except OSError:
            sock.close()
            if time.monotonic() > end:
                raise BoardError("no answer from %s" % path) from None
            time.sleep(0.01)


class Wire(threading.Thread):
    """Between the board's console line and one TCP client: carries and records."""

    def __init__(self, path):
        super().__init__(daemon=True)
        self.board = connect(path)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.client = None
        self.to_board, self.from_board = bytearray(), bytearray()
        self.news = threading.Condition()
        self.wake = socket.socketpair()
        self.done = False
        self.start()

    def run(self):
        with contextlib.suppress(OSError):
            while not self.done:
                sources = [self.board, self.listener, self.wake[0]] + ([self.client] if self.client else [])
                for ready in select.select(sources, [], [])[0]:
                    self._serve(ready)
        for sock in (self.board, self.listener, self.client):
            if sock:
                sock.close()

    def _serve(self, ready):
        if ready is self.listener:
            if self.client:
                self.client.close()
            self.client = self.listener.accept()[0]
            self.client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        elif ready is self.client:
            self._from_client()
        elif ready is self.board:
            data = self.board.recv(65536)
            self.done = self.done or not data
            with self.news:
                self.from_board += data
                self.news.notify_all()
            if self.client:
                try:
                    self.client.sendall(data)
                except OSError:
                    self._hang_up()

    def _from_client(self):
        try:
            data = self.client.recv(65536)
        except OSError:
            data = b""
        if not data:
            return self._hang_up()
        self.to_board += data
        self.board.sendall(data)

    def _hang_up(self):
        self.client.close()
        self.client = None

    def send(self, data):
        self.to_board += data
        self.board.sendall(data)

    def close(self):
        self.done = True
        self.wake[1].send(b".")
        self.join(WAIT)


class Board:
    def __init__(self, seed=1, icount=False):
        self.random = random.Random(seed)
        self.dir = tempfile.mkdtemp(prefix="airlock-board-")
        path = lambda name: os.path.join(self.dir, name)
        args = [QEMU, "-M", "microbit", "-display", "none", "-monitor", "none", "-S"]
        for option, name in (("-serial", "uart"), ("-gdb", "gdb"), ("-qmp", "qmp")):
            args += [option, "unix:%s,server=on,wait=off" % path(name)]
        if icount:
            args += ["-icount", "shift=6,sleep=off"]
        self.log = open(path("log"), "wb")
        self.process = subprocess.Popen(args, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        self.mark = 0
        self.running = False
        try:
            self.control = Control(path("qmp"))
            self.debug = Debug(path("gdb"))
            self.wire = Wire(path("uart"))
            self.link = "tcp:127.0.0.1:%d" % self.wire.port
            self.debug.write(0, b"\xff" * FLASH_SIZE)
        except BaseException:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        if hasattr(self, "wire"):
            self.wire.close()
        self.process.kill()
        self.process.wait()
        self.log.close()
        shutil.rmtree(self.dir, ignore_errors=True)

    # Flash -------------------------------------------------------------

    def program(self, what, at=0):
        """A .hex file, a .bin file at an address, or bytes at an address."""
        with self.halt():
            if isinstance(what, (bytes, bytearray)):
                self.debug.write(at, what)
            elif str(what).endswith(".hex"):
                for address, data in read_hex(what).items():
                    self.debug.write(address, data)
            else:
                with open(what, "rb") as f:
                    self.debug.write(at, f.read())

    def flash(self, at=0, size=FLASH_SIZE):
        name = os.path.join(self.dir, "dump")
        self.control.do("memsave", val=at, size=size, filename=name)
        with open(name, "rb") as f:
            return f.read()

    # Power -------------------------------------------------------------

    def power_on(self):
        """From no power: RAM holds anything."""
        with self.halt():
            self.scramble()
            self.debug.reset()
        if not self.running:
            self.debug.go()
            self.running = True

    def scramble(self):
        self.debug.write(RAM_BASE, self.random.randbytes(RAM_SIZE))

    @contextlib.contextmanager
    def halt(self):
        was = self.running
        if was:
            self.debug.stop()
            self.running = False
        yield
        if was:
            self.debug.go()
            self.running = True

    def cut_power(self):
        """Off and on again, at whatever the board is doing."""
        self.check_alive()
        with self.halt():
            self.scramble()
            self.debug.reset()

    def reset(self):
        """The reset button: RAM stays."""
        with self.halt():
            self.debug.reset()

    def reset_with_break(self):
        """Hold the console line in a break while the board comes out of reset."""
        with self.halt():
            self.debug.reset()
            self.control.do("query-status")
            self.control.do("chardev-send-break", id="serial0")

    def cut_at_erase(self, count, torn=None, timeout=2.0):
        """Switch on, let count page erases pass, and cut the power before the next one is done.
        torn: that many bytes of the page are erased.  The power stays off: power_on() again.
        False: there were not so many erases, and the board runs on."""
        if self.running:
            self.debug.stop()
        self.scramble()
        self.debug.reset()
        self.running = True
        while True:
            self.debug.watch(NVMC_ERASEPAGE, 4, True)
            self.debug.go()
            hit = self.debug.halted(timeout)
            if not hit:
                self.debug.stop()
            self.debug.watch(NVMC_ERASEPAGE, 4, False)
            if not hit:
                self.debug.go()
                return False
            if count == 0:
                break
            count -= 1
            self.debug.ask("s")
        if torn:
            self.debug.write(self._page_being_erased(), b"\xff" * torn)
        self.running = False
        return True

    def _page_being_erased(self):
        """The page address is in one of the low registers, as the driver stores it."""
        regs = bytes.fromhex(self.debug.ask("g"))
        pc = int.from_bytes(regs[60:64], "little")
        opcode = int.from_bytes(self.debug.read(pc, 2), "little")
        if opcode >> 11 != 0b01100 and opcode >> 9 != 0b0101000:  # str rt, [..]
            raise BoardError("the watched instruction at 0x%x is no store" % pc)
        rt = opcode & 7
        return int.from_bytes(regs[4 * rt:4 * rt + 4], "little") & ~0x3FF

    def wait(self, seconds):
        """Let the board run for a while."""
        time.sleep(seconds)
        self.check_alive()

    def check_alive(self):
        code = self.process.poll()
        if code is not None:
            with open(self.log.name, "rb") as f:
                said = f.read().decode("latin1").strip()
            what = "locked up (a brick)" if code == -signal.SIGABRT else "ended (%d)" % code
            raise BoardError("the board %s: %s" % (what, said[-300:]))

    # Console -----------------------------------------------------------

    def console(self):
        """Everything the board has sent, from the last mark on."""
        return bytes(self.wire.from_board[self.mark:])

    def forget(self):
        self.mark = len(self.wire.from_board)

    def expect(self, text, timeout=WAIT):
        """Wait for text on the console, and go on behind it; returns what came before."""
        data, end = text.encode(), time.monotonic() + timeout
        with self.wire.news:
            while (found := self.wire.from_board.find(data, self.mark)) < 0:
                left = end - time.monotonic()
                if left <= 0 or self.wire.done:
                    break
                self.wire.news.wait(left)
        self.check_alive()
        if found < 0:
            raise BoardError("no '%s' on the console within %g s; it said: %r" % (
                text, timeout, self.console()[-400:]))
        before = bytes(self.wire.from_board[self.mark:found])
        self.mark = found + len(data)
        return before.decode("latin1")
