#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""airlock is installed, and a project outside the tree makes firmware with it:
examples/external, whose factory file then runs on the emulated board.

usage: package.py BUILD      (the host's; skipped, 77, without compiler or boot program)
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tools"))
from board import Board, available  # noqa: E402

failures = []


def claim(holds, text):
    print("%s %s" % ("ok  " if holds else "FAIL", text), flush=True)
    if not holds:
        failures.append(text)


def run(*words, expect=0, cwd=None):
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=cwd)
    if expect is not None and done.returncode != expect:
        sys.exit("FAIL %s: exit %d\n%s%s" % (" ".join(words), done.returncode, done.stdout[-3000:], done.stderr[-3000:]))
    return done.stdout + done.stderr


class Project:
    def __init__(self, folder, prefix):
        self.folder, self.prefix = folder, prefix
        self.source, self.build = os.path.join(folder, "lamp"), os.path.join(folder, "lamp-build")
        self.tool = os.path.join(prefix, "bin", "airlock")
        shutil.copytree(os.path.join(ROOT, "examples", "external"), self.source)
        with open(os.path.join(self.source, "CMakeLists.txt"), encoding="utf-8") as f:
            self.text = f.read()

    def keys(self):
        keys = os.path.join(self.source, "keys")
        os.mkdir(keys)
        run(self.tool, "-q", "keygen", os.path.join(keys, "sign.pem"))
        run(self.tool, "-q", "keygen", "--encryption", os.path.join(keys, "enc.pem"))

    def configure(self, expect=0, old="", new=""):
        with open(os.path.join(self.source, "CMakeLists.txt"), "w", encoding="utf-8") as f:
            f.write(self.text.replace(old, new) if old else self.text)
        toolchain = [os.path.join(d, "arm-none-eabi.cmake") for d, _, names in os.walk(self.prefix) if "arm-none-eabi.cmake" in names][0]
        return run("cmake", "-S", self.source, "-B", self.build, "-G", "Ninja", "-DCMAKE_PREFIX_PATH=" + self.prefix,
                   "-DCMAKE_TOOLCHAIN_FILE=" + toolchain, expect=expect)

    def path(self, name):
        return os.path.join(self.build, name)


def firmware(project):
    project.configure()
    run("cmake", "--build", project.build)
    told = json.loads(run(project.tool, "inspect", "--json", project.path("lamp.factory.hex")))
    claim(told["keys"]["require_encryption"] and told["board"] == "microbit", "factory: the boot program with its keys")
    claim(told["primary_image"]["version"].startswith("1.2.3"), "factory: the application, version 1.2.3")
    out = run(project.tool, "check", project.path("lamp.update.img"), "--bootloader", project.path("lamp.factory.hex"))
    claim(True, "update: that boot program takes it: " + out.strip().split("\n")[0])
    with open(project.path("lamp.update.img"), "rb") as f:
        claim(b"lamp 1.2.3" not in f.read(), "update: encrypted")
    if available():
        with Board() as board:
            board.program(project.path("lamp.factory.hex"))
            board.power_on()
            board.expect("lamp 1.2.3\r\n")
        claim(True, "factory: it runs on the emulated board")


def other_ways(project):
    """A boot program of one's own, prebuilt and provisioned; one built from source."""
    boot = project.path("lamp.boot.hex")
    shutil.copy(boot, os.path.join(project.folder, "mine.hex"))
    project.configure(old="    DECRYPT_KEY ${KEYS}/enc.pem)", new="    BOOTLOADER ../mine.hex PROVISIONED)")
    run("cmake", "--build", project.build)
    claim(os.path.getmtime(project.path("lamp.factory.hex")) > os.path.getmtime(boot), "a provisioned boot program is taken as it is")
    with open(os.path.join(project.source, "small.conf"), "w", encoding="utf-8") as f:
        f.write("CONFIG_MCUBOOT_SERIAL=n\n")
    project.configure(old="    DECRYPT_KEY", new="    SOURCE %s CONF small.conf\n    DECRYPT_KEY" % ROOT)
    run("cmake", "--build", project.build)
    told = json.loads(run(project.tool, "inspect", "--json", project.path("lamp.factory.hex")))
    claim("serial recovery" not in told["features"] and told["primary_image"], "from source, with a fragment: no recovery in it")


def zephyr(project):
    """A program file with room for the header, for another board."""
    with open(os.path.join(project.source, "zephyr.bin"), "wb") as f:
        f.write(bytes(512) + bytes(range(256)) * 64)
    project.configure(old="    BOARD microbit\n    APP app", new="    BOARD nrf52840dk\n    APP zephyr.bin HEADER_IN_APP")
    run("cmake", "--build", project.build, "--target", "lamp")
    told = json.loads(run(project.tool, "inspect", "--json", project.path("lamp.factory.hex")))
    claim(told["board"] == "nrf52840dk" and told["primary_image"]["version"].startswith("1.2.3"), "a program with room for the header")


def refusals(project):
    for old, new, words in (
        ("${KEYS}/sign.pem", "none.pem", ["SIGN_KEY none.pem", "there is no file", "none.pem"]),
        ("    DECRYPT_KEY ${KEYS}/enc.pem)", ")", ["ENCRYPT_TO without DECRYPT_KEY"]),
        ("BOARD microbit", "BOARD nothing", ["BOARD nothing", "microbit"]),
        ("    APP app", "    APP app CONF a.conf", ["CONF has no effect"]),
        ("    APP app", "    APP app BOOTLODER x.hex", ["no such argument"]),
    ):
        said = " ".join(project.configure(expect=1, old=old, new=new).split())
        claim(all(w in said for w in words), "refused: %s" % words[0])


def library(folder, prefix):
    """libairlock through find_package."""
    source = os.path.join(folder, "watch")
    os.mkdir(source)
    shutil.copy(os.path.join(ROOT, "host", "example", "watch.c"), source)
    with open(os.path.join(source, "CMakeLists.txt"), "w", encoding="utf-8") as f:
        f.write("cmake_minimum_required(VERSION 3.25)\nproject(watch C)\nfind_package(airlock REQUIRED COMPONENTS library)\n"
                "add_executable(watch watch.c)\ntarget_link_libraries(watch PRIVATE airlock::airlock)\n")
    run("cmake", "-S", source, "-B", source + "/b", "-DCMAKE_PREFIX_PATH=" + prefix)
    run("cmake", "--build", source + "/b")
    said = run(source + "/b/watch", "/nowhere/at/all", expect=3)
    claim("No such file" in said, "libairlock through find_package: builds and runs")


def main():
    boots = [os.path.join(ROOT, "build", board, "programs", "boot", "boot.hex") for board in ("microbit", "nrf52840dk")]
    if not shutil.which("arm-none-eabi-gcc") or not all(os.path.exists(boot) for boot in boots):
        print("SKIPPED: no cross compiler, or boot programs are not built (make microbit nrf52840dk)")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        prefix = os.path.join(folder, "prefix")
        run("cmake", "--install", sys.argv[1], "--prefix", prefix)
        project = Project(folder, prefix)
        project.keys()
        firmware(project)
        other_ways(project)
        zephyr(project)
        refusals(project)
        library(folder, prefix)
    return 1 if failures else 0


sys.exit(main())
