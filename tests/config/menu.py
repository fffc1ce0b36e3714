#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""menuconfig on a terminal: what is chosen lands in the fragment, beside its
remarks, and the fragment is taken; what is not saved changes nothing."""
import os
import pty
import select
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
KCONFIG = os.path.join(ROOT, "tools", "kconfig")


def menu(folder, keys):
    """Run it with these keys pressed; returns what it printed."""
    master, slave = pty.openpty()
    env = dict(os.environ, TERM="xterm", LINES="40", COLUMNS="120")
    run = subprocess.Popen([KCONFIG, "menuconfig", "--board", "microbit", "--conf", "my.conf"], cwd=folder, env=env,
                           stdin=slave, stdout=slave, stderr=slave, start_new_session=True)
    os.close(slave)
    said, end, left = b"", time.monotonic() + 30, list(keys)
    while run.poll() is None and time.monotonic() < end:
        if select.select([master], [], [], 0.4)[0]:
            try:
                said += os.read(master, 65536)
            except OSError:
                break
        elif left:
            os.write(master, left.pop(0).encode())
    if run.poll() is None and time.monotonic() >= end:
        run.kill()
    run.wait()
    return run.returncode, said.decode("utf-8", "replace")


def main():
    failed = []
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "my.conf")
        with open(path, "w", encoding="utf-8") as f:
            f.write("# our lamp\nCONFIG_BOOT_SWAP_USING_MOVE=y\nCONFIG_BOOT_MGMT_ECHO=n\n")
        before = open(path, encoding="utf-8").read()
        status, said = menu(folder, ["q"])
        if status != 0 or open(path, encoding="utf-8").read() != before:
            failed.append("leaving it changes nothing: %s %s" % (status, said[-500:]))
        # search MCUBOOT_SERIAL, jump there, switch it off, save where it says, leave
        status, said = menu(folder, ["/", "MCUBOOT_SERIAL$", "\n", "n", "s", "\n", "\n", "q"])
        text = open(path, encoding="utf-8").read()
        if status != 0 or "CONFIG_MCUBOOT_SERIAL=n\n" not in text:
            failed.append("a change is kept: %s %r %s" % (status, text, said[-800:]))
        if "# our lamp\nCONFIG_BOOT_SWAP_USING_MOVE=y\n" not in text:
            failed.append("remarks and MCUboot's names stay: %r" % text)
        if "ECHO" in text:
            failed.append("what has no meaning any more goes: %r" % text)
        done = subprocess.run([KCONFIG, "configure", "--board", "microbit", "--out", folder, "--conf", path],
                              capture_output=True, text=True, check=False)
        if done.returncode != 0:
            failed.append("the fragment is taken: " + done.stderr)
    for text in failed:
        print("FAILED: " + text)
    return 1 if failed else 0


sys.exit(main())
