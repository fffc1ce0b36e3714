#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every command a guide shows is run, in the order it is shown.

  ```sh run          commands; they must all succeed
  ```sh fails        commands of which the last must fail
  ```sh              refused: a guide shows no command that is not run
  ```NAME FILE       the block is the file FILE
  <!-- run: ... -->  commands a reader has behind him already
  <!-- says: ... --> words the block before must have printed

All of a page runs in one new folder, with build/bin in PATH, the prebuilt boot
programs in boards/, airlock's sources as airlock/, and `device KEYS.hex IMAGE`: a
virtual device with that key area (provision --keys-only) and image, whose console
is /dev/ttyACM0 (which is replaced by a file of the folder).

usage: run.py PAGE      (skipped, 77, without boot programs)
"""
import os
import re
import signal
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BOARDS = ("microbit", "nrf52840dk")
PIECE = re.compile(r"^```(\w*)[ \t]*([^\n]*)\n(.*?)^```\n|^<!-- (run|says): (.*?) -->\n", re.M | re.S)
DEVICE = """#!/bin/sh
# device KEYS.hex IMAGE
airlock -q hex merge "$1" -o device-keys.bin || exit 1
airlock-device --board microbit --keys device-keys.bin --image "$2" --pty-link ttyACM0 --confirm-after 1 >device.log 2>&1 &
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do [ -e ttyACM0 ] && exit 0; sleep 0.2; done
cat device.log; exit 1
"""


def prepare(folder):
    os.mkdir(os.path.join(folder, "bin"))
    for board in BOARDS:
        os.makedirs(os.path.join(folder, "boards", board))
        os.symlink(os.path.join(ROOT, "build", board, "programs", "boot", "boot.hex"),
                   os.path.join(folder, "boards", board, "boot.hex"))
    os.symlink(ROOT, os.path.join(folder, "airlock"))
    path = os.path.join(folder, "bin", "device")
    with open(path, "w", encoding="ascii") as f:
        f.write(DEVICE)
    os.chmod(path, 0o755)


class Page:
    def __init__(self, path, folder):
        self.path, self.folder, self.said, self.count = path, folder, "", 0
        self.env = dict(os.environ, ROOT=ROOT, PATH=":".join((os.path.join(folder, "bin"), os.path.join(ROOT, "build", "bin"),
                                                              os.environ["PATH"])))

    def run(self, text, line, fails=False):
        self.count += 1
        script = "set -e\n" + text.replace("/dev/ttyACM0", os.path.join(self.folder, "ttyACM0"))
        # its own session, so that what it left behind can be ended with it
        run = subprocess.Popen(["/bin/bash", "-c", script], cwd=self.folder, env=self.env, stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)
        self.sessions.append(run.pid)
        self.said = run.communicate(timeout=300)[0]
        if (run.returncode != 0) != fails:
            sys.exit("%s:%d: %s:\n%s\n%s" % (self.path, line, "succeeded, and should not" if fails else
                                             "exit status %d" % run.returncode, text, self.said))

    def piece(self, found, line):
        kind, rest, body, hidden, words = found.groups()
        if hidden == "run":
            self.run(words, line)
        elif hidden == "says":
            if " ".join(words.split()) not in " ".join(self.said.split()):
                sys.exit("%s:%d: did not say '%s':\n%s" % (self.path, line, words, self.said))
        elif kind == "sh" and rest in ("run", "fails"):
            self.run(body, line, rest == "fails")
        elif kind in ("sh", "bash", "console", "shell"):
            sys.exit("%s:%d: commands that are not run; begin the block with ```sh run" % (self.path, line))
        elif rest:
            with open(os.path.join(self.folder, rest.strip()), "w", encoding="utf-8") as f:
                f.write(body)

    def all(self):
        with open(self.path, encoding="utf-8") as f:
            text = f.read()
        self.sessions = []
        try:
            for found in PIECE.finditer(text):
                self.piece(found, text.count("\n", 0, found.start()) + 1)
        finally:
            for pid in self.sessions:
                try:
                    os.killpg(pid, signal.SIGTERM)
                except ProcessLookupError:
                    pass
        if self.count == 0:
            sys.exit("%s: shows no command" % self.path)
        print("%s: %d blocks of commands run" % (os.path.basename(self.path), self.count))


def main():
    for board in BOARDS:
        if not os.path.exists(os.path.join(ROOT, "build", board, "programs", "boot", "boot.hex")):
            print("SKIPPED: build/%s is not built (make %s)" % (board, board))
            return 77
    with tempfile.TemporaryDirectory() as folder:
        prepare(folder)
        Page(os.path.abspath(sys.argv[1]), folder).all()
    return 0


sys.exit(main())
