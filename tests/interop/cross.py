#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""imgtool_and_airlock_make_the_same_images: random option sets, both directions.

For each round: options are drawn, both tools sign the same payload with them.
  * one refuses: the other must too, but for the rows of DIFFERENCES;
  * ours: imgtool's verify and dumpinfo take it, and every TLV but the random
    ones is byte for byte that of imgtool's image, as are header and slot end;
  * theirs: `airlock verify` and `decrypt` give back the payload.
A failure prints the round and the command; --round N replays it.
usage: cross.py AIRLOCK VECTORS [--rounds N] [--seed S] [--round N]
"""
import argparse
import io
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from contextlib import redirect_stderr, redirect_stdout

import click
from imgtool.dumpinfo import dump_imginfo
from imgtool.main import imgtool, sign as imgtool_sign

SIGNERS = ["ecdsa-p256", "ecdsa-p384", "ed25519", "rsa-2048", "rsa-3072"]
RECIPIENTS = ["ecdsa-p256", "x25519", "rsa-2048", "rsa-3072", "ed25519", "ecdsa-p384"]
# hash and signature are random, or differ with them
RANDOM_TLVS = {0x20, 0x22, 0x23, 0x72, 0x30, 0x31, 0x32, 0x33, 0x34}


class Failure(Exception):
    pass


def need(condition, text):
    if not condition:
        raise Failure(text)


def ours(*args):
    run = subprocess.run([AIRLOCK, *args], capture_output=True, text=True, timeout=60)
    need(run.returncode in (0, 1, 2, 3), f"airlock {' '.join(args)}: status {run.returncode}: {run.stderr}")
    return run


def theirs(*args):
    """(refused, text)"""
    out = io.StringIO()
    try:
        with redirect_stdout(out), redirect_stderr(out):
            imgtool(list(args), standalone_mode=False)
        return False, out.getvalue()
    except (click.ClickException, SystemExit, Exception) as e:  # a traceback refuses too
        message = e.format_message() if isinstance(e, click.ClickException) else f"{type(e).__name__}: {e}"
        return True, out.getvalue() + message


def draw_options(r, case):
    o = ["-v", r.choice(["1.2.3+4", "0", "1.0", "255.255.65535+4294967295", "2.7.18"])]
    case["hdr"] = r.choice([0x20, 0x20, 0x2C, 0x80, 0x200, 0x400, 0x800])
    o += ["-H", hex(case["hdr"])]
    case["pad_header"] = r.random() < 0.6
    if case["pad_header"]:
        o += ["--pad-header"]
    o += ["-S", hex(r.choice([0x4000, 0x8000, 0x10000])), "--align", r.choice("1 2 4 8 16 32".split())]
    if r.random() < 0.2:
        o += ["--max-align", r.choice(["8", "16", "32"])]
    if r.random() < 0.2:
        o += ["-M", str(r.choice([8, 64, 256]))]
    for chance, words in [
        (0.1, ["--pad"]), (0.1, ["--confirm"]), (0.1, ["--test"]), (0.1, ["--overwrite-only"]), (0.1, ["--save-enctlv"]),
        (0.1, ["-R", "0"]), (0.1, ["-L", "0x20000000"]), (0.1, ["-F", "0x8000"]), (0.08, ["-e", "big"]),
        (0.1, ["--non-bootable"]), (0.15, ["-s", r.choice(["auto", "0", "7", "0xffffffff"])]),
        (0.15, ["-d", r.choice(["(0,1.2.3)", "(1, 1.0.0+5)(2, 3.4)", "(3,9)"])]),
        (0.15, ["--boot-record", r.choice(["SPE", "NSPE", "abcdefghijkl", "abcdefghijklm"])]),
        (0.15, ["--vid", r.choice(["example.com", "12345678-1234-5678-1234-567812345678"])]),
        (0.15, ["--custom-tlv", hex(r.choice([0xA0, 0xFE, 0x01A0, 0x12FE, 0xFFFE])), r.choice(["0x00ff", "text", "0x"])]),
        (0.05, ["--custom-tlv", hex(r.choice([0x40, 0x9F, 0xFFFF])), "0x01"]),
        (0.1, ["--pad-sig"]), (0.15, ["--public-key-format", "full"]),
        (0.15, ["--sha", r.choice(["256", "384", "512"])]),
        (0.15, ["--compression", r.choice(["lzma2", "lzma2armthumb"])]),
    ]:
        if r.random() < chance:
            o += words
    if "--vid" in o and r.random() < 0.5:
        o += ["--cid", r.choice(["widget-9", "87654321-1234-5678-1234-567812345678"])]
    return o


def draw(seed):
    r = random.Random(seed)
    case = {"seed": seed}
    options = draw_options(r, case)
    case["signer"] = r.choice(SIGNERS) if r.random() < 0.9 else None
    if case["signer"]:
        options += ["-k", f"{VECTORS}/keys/sign-{case['signer']}.pem"]
        if case["signer"] == "ed25519" and r.random() < 0.3:
            options += ["--pure"]
    case["recipient"] = r.choice(RECIPIENTS) if r.random() < 0.5 else None
    if case["recipient"]:
        options += ["-E", f"{VECTORS}/keys/enc-{case['recipient']}.pub.pem"]
        options += ["--encrypt-keylen", r.choice(["128", "256"])] if r.random() < 0.5 else []
        options += ["--clear"] if r.random() < 0.15 else []
        options += ["--hmac-sha", r.choice(["256", "512"])] if r.random() < 0.3 else []
    payload = r.randbytes(r.choice([1, 15, 16, 17, 1000, 1013, 4096, 12000, 15500]))
    if "--compression" in options and r.random() < 0.7:
        payload = (payload[:50] * 400)[: len(payload) * 4]  # else it gets no smaller
    case["options"] = options
    case["program"] = payload
    case["infile"] = payload if case["pad_header"] else bytes(case["hdr"]) + payload
    case["hex"] = r.random() < 0.2
    return case


def may_differ(case, we_refuse, they_refuse, our_text, their_text):
    """Where we do otherwise on purpose (docs/IMGTOOL.md says why)."""
    o = case["options"]
    if they_refuse and not we_refuse:
        return "must use the same type of key" in their_text
    return any([
        case["recipient"] in ("ed25519", "ecdsa-p384", "rsa-3072"),  # nobody could open it
        "--confirm" in o and "--overwrite-only" in o,  # imgtool drops the confirm
    ])


def dump(path):
    run = ours("inspect", path, "--json")
    need(run.returncode == 0, f"inspect {path}: {run.stderr}")
    return json.loads(run.stdout)


def compare(case, mine, other):
    a, b = dump(mine), dump(other)
    if "--compression" in case["options"]:
        if case["signer"] not in (None, "ed25519"):
            return  # a random signature is hashed
        if {"--test", "--non-bootable"} & set(case["options"]):
            return  # imgtool drops these
        if case["recipient"] and not a["flags"] & 0x400:
            return  # no smaller when compressed: imgtool flags it as encrypted and leaves it plain
    for field in ("version", "load_addr", "hdr_size", "protect_tlv_size", "img_size", "flags", "big_endian", "mailbox",
                  "address"):
        need(a.get(field) == b.get(field), f"{field}: {a.get(field)} and {b.get(field)}")
    need([t["type"] for t in a["tlvs"]] == [t["type"] for t in b["tlvs"]], "other TLVs")
    for s, t in zip(a["tlvs"], b["tlvs"]):
        if s["type"] in RANDOM_TLVS:
            need(s["type"] == 0x22 or s["len"] == t["len"], f"TLV {s['name']}: other length")
        else:
            need(s == {**t, "offset": s["offset"]}, f"TLV {s['name']}: other value")
    if not case["hex"]:
        x, y = open(mine, "rb").read(), open(other, "rb").read()
        need(x[: case["hdr"]] == y[: case["hdr"]], "other header")
        need(len(x) == len(y) or a["end"] == len(x), "other length")
        if len(x) > a["end"]:
            need(x[-2048:] == y[-2048:], "other end of the slot")


def check_key_args(case):
    args = []
    if case["signer"]:
        args += ["--key", f"{VECTORS}/keys/sign-{case['signer']}.pub.pem"]
    else:
        args += ["--hash-only"]
    if case["recipient"]:
        args += ["--decrypt-key", f"{VECTORS}/keys/enc-{case['recipient']}.pem"]
    return args


def read_back(case, image, folder):
    """Our verify and decrypt on either tool's image."""
    run = ours("verify", image, *check_key_args(case))
    need(run.returncode == 0, f"airlock verify {image}: {run.stderr}")
    if case["recipient"] and "--clear" not in case["options"]:
        plain = f"{folder}/plain.bin"
        run = ours("decrypt", image, "--decrypt-key", f"{VECTORS}/keys/enc-{case['recipient']}.pem", "--payload", "-o", plain)
        need(run.returncode == 0, f"airlock decrypt: {run.stderr}")
        got = open(plain, "rb").read()
        need("--compression" in case["options"] or got[: len(case["program"])] == case["program"] and not any(got[len(case["program"]) :]), "other payload")


def imgtool_reads(case, image):
    if "big" in case["options"]:
        return  # it reads little-endian only
    with redirect_stdout(io.StringIO()):
        dump_imginfo(image, None, "human", True)
    if case["recipient"] and "--clear" not in case["options"]:
        return  # it cannot look through encryption
    args = ["-k", f"{VECTORS}/keys/sign-{case['signer']}.pub.pem"] if case["signer"] else []
    refused, text = theirs("verify", *args, image)
    if refused and "Key type does not match" in text:
        return  # imgtool's verify wants a private key for pure signatures
    need(not refused, f"imgtool verify: {text}")


def options_of_imgtool_are_all_here():
    text = ours("sign", "--help").stdout.replace(",", " ").split()
    missing = [o for p in imgtool_sign.params for o in p.opts if o.startswith("-") and o not in text]
    need(not missing, f"options of imgtool that airlock sign lacks: {missing}")


def play(case, folder):
    infile = f"{folder}/in.bin"
    open(infile, "wb").write(case["infile"])
    kind = "hex" if case["hex"] else "bin"
    options = case["options"] + (["-x", "0x8000"] if case["hex"] else [])
    mine, other = f"{folder}/ours.{kind}", f"{folder}/theirs.{kind}"
    we = ours("sign", *options, infile, mine)
    they_refuse, their_text = theirs("sign", *options, infile, other)
    we_refuse = we.returncode != 0
    if we_refuse:
        need(not os.path.exists(mine), "refused, and yet there is an output")
        need("airlock sign: " in we.stderr, f"message: {we.stderr}")
    if we_refuse != they_refuse:
        need(may_differ(case, we_refuse, they_refuse, we.stderr, their_text),
             f"we {'refuse' if we_refuse else 'accept'}: {we.stderr}\nimgtool: {their_text}")
    if not we_refuse:
        read_back(case, mine, folder)
        imgtool_reads(case, mine)
    if not they_refuse and not we_refuse:
        if not (case["recipient"] and "--compression" in case["options"]):  # see compare()
            read_back(case, other, folder)
        compare(case, mine, other)
    return "both" if not we_refuse and not they_refuse else "neither" if we_refuse and they_refuse else "one"


def main():
    global AIRLOCK, VECTORS
    p = argparse.ArgumentParser()
    p.add_argument("airlock")
    p.add_argument("vectors")
    p.add_argument("--rounds", type=int, default=300)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--round", type=int)
    a = p.parse_args()
    AIRLOCK, VECTORS = os.path.abspath(a.airlock), os.path.abspath(a.vectors)
    folder = tempfile.mkdtemp(prefix="airlock-interop.")
    options_of_imgtool_are_all_here()
    tally = {"both": 0, "neither": 0, "one": 0}
    failed = 0
    for i in [a.round] if a.round is not None else range(a.rounds):
        case = draw(a.seed * 1000003 + i)
        try:
            tally[play(case, folder)] += 1
        except Failure as e:
            failed += 1
            print(f"--round {i} --seed {a.seed}: {e}\n  sign {' '.join(case['options'])}")
        for name in os.listdir(folder):
            os.remove(f"{folder}/{name}")
    shutil.rmtree(folder)
    print(f"{sum(tally.values())} option sets: {tally['both']} signed by both and read by each other, "
          f"{tally['neither']} refused by both, {tally['one']} by one for a reason; {failed} failed")
    sys.exit(1 if failed or (a.round is None and tally["both"] < a.rounds // 4) else 0)


main()
