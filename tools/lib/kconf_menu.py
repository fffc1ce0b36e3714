# SPDX-License-Identifier: Apache-2.0
"""menuconfig on a fragment: what differs from the defconfig is kept in it, and so are its comments."""
import os
import sys
import tempfile

from kconf_load import Load
from kconf_parse import parse, parse_line, show


def differences(kconf, folder):
    """{name: line} of a minimal configuration."""
    path = os.path.join(folder, "minimal")
    kconf.write_min_config(path, header="")
    return {a.name: a.text() for a in parse(path, [])}


def merge(old, wanted, load):
    """The lines of the old file, with what changed replaced, and what is new behind them."""
    out, left = [], dict(wanted)
    for line in old:
        found = parse_line(line)
        if not isinstance(found, tuple):
            out.append(line)
            continue
        row = load.rows.get(found[0])
        if row is not None and row.fate != "same":
            if row.fate != "mapped" or row.when != "*" and load.kconf.syms[row.target].str_value == row.value:
                out.append(line)
                left.pop(row.target, None)
        elif found[0] in left:
            out.append(left.pop(found[0]))
    return out + list(left.values())


def run(board, conf):
    if len(conf) != 1:
        sys.exit("kconfig: menuconfig edits one file: make menuconfig CONF=my.conf")
    path = conf[0]
    load = Load(board, [path] if os.path.exists(path) else [])
    if load.errors:
        for text in load.errors:
            print("kconfig: error: " + text, file=sys.stderr)
        return 1
    import menuconfig
    with tempfile.TemporaryDirectory() as folder:
        base = differences(Load(board, []).kconf, folder)
        saved = os.path.join(folder, "config")
        load.kconf.write_config(saved, save_old=False)
        before = os.stat(saved).st_mtime_ns
        os.environ["KCONFIG_CONFIG"] = saved
        load.kconf.load_config(saved)
        menuconfig.menuconfig(load.kconf)
        if os.stat(saved).st_mtime_ns == before:
            print("kconfig: nothing saved, %s is as it was" % show(path))
            return 0
        load.kconf.load_config(saved)
        now = differences(load.kconf, folder)
    wanted = {name: line for name, line in now.items() if base.get(name) != line}
    for name in base.keys() - now.keys():  # back from the defconfig's value to Kconfig's default
        sym = load.kconf.syms[name]
        if sym.str_value:
            wanted[name] = "CONFIG_%s=%s" % (name, sym.str_value)
    old = open(path, encoding="utf-8").read().splitlines() if os.path.exists(path) else []
    with open(path, "w", encoding="utf-8") as f:
        f.write("\n".join(merge(old, wanted, load)) + "\n")
    print("kconfig: %s written; build with it: make %s CONF=%s" % (show(path), board, show(path)))
    return 0
