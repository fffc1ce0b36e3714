#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""No assignment is lost in silence: random fragments of every symbol there is.
Either the fragment is refused, or each of its lines is what .config says, read
back without the code that judged it.

usage: silent.py [ROUNDS [SEED]]      a failure prints the seed that replays it
"""
import os
import random
import re
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tools", "lib"))
from kconf_load import Load, boards, kconfiglib, symbols  # noqa: E402
from kconf_parse import table  # noqa: E402

VALUES = {kconfiglib.BOOL: ("y", "n"), kconfiglib.INT: ("0", "1", "25", "512", "9600", "4096"),
          kconfiglib.STRING: ('""', '"lamp"')}


def names():
    """{symbol: values to try}; key files, which are looked at, are another test's."""
    own = symbols("microbit").syms
    kinds = {name: VALUES[sym.orig_type] for name, sym in own.items() if sym.nodes and name != "ALK_BOARD"}
    for name, row in table().items():
        kind = own[row.target].orig_type if row.when == "*" else kconfiglib.INT if row.what == "1" else kconfiglib.BOOL
        kinds.setdefault(name, VALUES[kind])
    return {name: values for name, values in kinds.items() if "KEY_FILE" not in name}


def read_back(path):
    """{symbol: value} of a .config, as text."""
    out = {}
    with open(path, encoding="utf-8") as f:
        for line in f:
            m = re.match(r"CONFIG_(\w+)=(.*)\n", line)
            n = re.match(r"# CONFIG_(\w+) is not set", line)
            if m:
                out[m.group(1)] = m.group(2)
            elif n:
                out[n.group(1)] = "n"
    return out


def lost(assignments, config, rows):
    """The assignments that .config does not bear out."""
    choices = {"ALK_PLAN_SLIDE"}
    for name, value in assignments:
        row = rows.get(name)
        if row is None or row.fate == "same":
            if config.get(name, "n" if value == "n" else '""' if value == '""' else None) != value:
                yield name, value
        elif row.fate in ("always", "refused"):
            if value != row.what:
                yield name, value
        elif row.when == "*":
            if config.get(row.target, '""') != value:
                yield name, value
        else:
            target = config.get(row.target, '""' if row.value == "" else "n")
            wanted = row.value or '""'
            if (value == row.when) != (target == wanted) and not (value == "n" and row.target in choices):
                yield name, value


def one(seed, kinds, rows, folder):
    rng = random.Random(seed)
    assignments = [(name, rng.choice(kinds[name])) for name in rng.sample(sorted(kinds), rng.choice((1, 1, 2, 3)))]
    path = os.path.join(folder, "random.conf")
    with open(path, "w", encoding="utf-8") as f:
        f.writelines("CONFIG_%s=%s\n" % a for a in assignments)
    load = Load(rng.choice(boards()), [path])
    if load.errors:
        return False, []
    out = os.path.join(folder, ".config")
    load.kconf.write_config(out, save_old=False)
    return True, list(lost(assignments, read_back(out), rows))


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    kinds, rows, taken, wrong = names(), table(), 0, 0
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(first, first + rounds):
            ok, missing = one(seed, kinds, rows, folder)
            taken += ok
            for name, value in missing:
                wrong += 1
                print("FAILED: CONFIG_%s=%s was lost in silence (replay: silent.py 1 %d)" % (name, value, seed))
    print("%d fragments, %d taken, %d lines lost" % (rounds, taken, wrong))
    return 1 if wrong or not 0 < taken < rounds else 0


sys.exit(main())
